"""The whole job with no browser."""

import asyncio
import json
from pathlib import Path

from symphony_core.orchestration.templates import GALLERY
from symphony_core.runtime.bootstrap import open_registry
from symphony_core.runtime.samples import SAMPLES, remove_samples
from tests.support.command_line import symphony

ROOT = Path(__file__).parent.parent


def test_a_template_runs_from_start_to_end_and_is_found_again() -> None:
    done = symphony("run", "critic-revise", "--input", "topic=the tides", "--json")
    assert done.returncode == 0, done.stderr
    run = json.loads(done.stdout)
    assert run["status"] == "completed"
    assert run["inputs"] == {"topic": "the tides"}
    assert [step["name"] for step in run["steps"]] == ["Initial Response", "Critique", "Revision"]
    assert run["result"] == run["steps"][-1]["output"]
    assert {step["model"] for step in run["steps"]} == {"scripted"}

    listed = json.loads(symphony("runs", "--json").stdout)
    assert listed[0]["id"] == run["id"]
    assert len(listed) == 4  # and the samples of a new store
    assert json.loads(symphony("show", run["id"], "--json").stdout) == run
    assert run["result"] in symphony("show", run["id"]).stdout


def test_a_person_reads_how_it_goes() -> None:
    done = symphony("run", "parallel-experts", "--input", "experts=law")
    assert done.returncode == 0
    told = [line.strip() for line in done.stdout.splitlines() if line.endswith(" …")]
    assert told == ["Expert Consultation …", "law Expert …", "Response Synthesis …"]
    assert "completed" in done.stdout


def test_a_model_that_cannot_be_used_fails_the_run_in_one_sentence() -> None:
    done = symphony("run", "critic-revise", "--model", "openai-chat:gpt-x", OPENAI_API_KEY="")
    assert done.returncode == 1
    assert "OPENAI_API_KEY" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_what_cannot_be_done_is_said_in_one_line() -> None:
    for arguments, words in [
        (["run", "nonsense"], "'nonsense'"),
        (["run", "critic-revise", "--input", "topik=x"], "'topik'"),
        (["run", "critic-revise", "--input", "topic"], "NAME=VALUE"),
        (["run", "critic-revise", "--agent", "singer=x"], "'singer'"),
        (["show", "nowhere"], "'nowhere'"),
        (["cancel", "../x"], "'../x'"),
        (["resume", "nowhere"], "'nowhere'"),
    ]:
        done = symphony(*arguments)
        assert done.returncode == 2, arguments
        assert words in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1


def test_the_templates_are_listed_with_what_they_ask_for() -> None:
    rows = json.loads(symphony("templates", "--json").stdout)
    assert [row["template"] for row in rows] == [template.key for template in GALLERY]
    assert rows[0]["agents"] == ["writer", "critic"]


def test_a_new_store_holds_the_samples_and_an_emptied_one_says_that_it_is_empty() -> None:
    assert symphony("runs").stdout.count("completed") == len(SAMPLES)
    asyncio.run(remove_samples(open_registry()))
    assert symphony("runs").stdout.strip() == "No runs yet."
