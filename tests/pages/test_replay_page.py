"""The page that plays a run again, and the ways to it and out of it."""

import json
from typing import Any

from streamlit.testing.v1 import AppTest

from symphony_core.registry import ServiceRegistry
from tests.pages.conftest import Open, run_template, start_run, texts


def played(at: AppTest) -> Any:
    """What the player on the page is given; None without one."""
    found = at.get("bidi_component")
    return json.loads(found[0].proto.json) if found else None


def links(at: AppTest) -> list[tuple[str, str]]:
    return [(link.label, link.proto.query_string) for link in at.page_link]


def test_a_finished_run_is_offered_and_played(open_page: Open, store: ServiceRegistry) -> None:
    run = run_template(store)
    assert "Replay" in [button.label for button in open_page("run", run=run.id).button]
    at = open_page("replay", run=run.id)
    assert at.title[0].value == "Critic and revise"
    assert ("The run with all its steps", f"run={run.id}") in links(at)
    assert not at.info
    data = played(at)
    assert (data["id"], data["name"], data["status"]) == (run.id, "Critic and revise", "completed")
    assert [scene["label"] for scene in data["scenes"]] == [
        "Initial Response",
        "Critique",
        "Revision",
    ]
    nodes = {node["id"] for node in data["flow"]["nodes"]}
    assert nodes == {scene["node"] for scene in data["scenes"]}
    statuses = {status for scene in data["scenes"] for _, status in scene["changes"]}
    assert statuses <= set(data["looks"])


def test_a_run_under_way_is_not_played(open_page: Open, store: ServiceRegistry) -> None:
    run = start_run(store)
    assert "Replay" not in [button.label for button in open_page("run", run=run.id).button]
    at = open_page("replay", run=run.id)
    assert "This run is not over yet" in texts(at)
    assert ("Watch it run", f"run={run.id}") in links(at)
    assert played(at) is None


def test_a_run_that_never_began_has_nothing_to_play(
    open_page: Open, store: ServiceRegistry
) -> None:
    run = start_run(store)
    at = open_page("run", run=run.id)
    next(button for button in at.button if button.label == "Cancel").click().run()
    assert "Replay" not in [button.label for button in at.button]
    assert "nothing can be played" in texts(open_page("replay", run=run.id))


def test_an_unknown_run_and_none_lead_to_all_runs(open_page: Open) -> None:
    for parameters, words in (({"run": "nobody"}, "There is no run"), ({}, "No run is chosen")):
        at = open_page("replay", **parameters)
        assert words in texts(at)
        assert [label for label, _ in links(at)] == ["All runs"]
