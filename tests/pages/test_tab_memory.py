"""A tab costs what it shows, however many pages it has shown."""

import gc

from streamlit.runtime.state.common import WidgetMetadata
from streamlit.testing.v1 import AppTest

from symphony_core.registry import ServiceRegistry
from tests.pages.conftest import Open, run_template


def known_widgets() -> dict[int, WidgetMetadata]:
    """Every widget that Streamlit knows in this process, of this tab and of others."""
    gc.unfreeze()  # what is frozen after the first page is not listed
    gc.collect()
    return {id(known): known for known in gc.get_objects() if isinstance(known, WidgetMetadata)}


def look_at(at: AppTest, run_id: str) -> None:
    at.query_params["run"] = run_id
    at.switch_page("../pages/run.py").run()
    assert not at.exception


def test_what_is_not_shown_any_more_is_forgotten(open_page: Open, store: ServiceRegistry) -> None:
    runs = [run_template(store) for _ in range(4)]
    elsewhere = known_widgets()
    at = open_page("run", run=runs[0].id)
    at.run()
    first = len(known_widgets().keys() - elsewhere.keys())
    assert first
    for run in runs[1:]:
        look_at(at, run.id)
    at.run()
    assert len(known_widgets().keys() - elsewhere.keys()) == first


def test_what_was_seen_is_not_noted_for_ever(open_page: Open, store: ServiceRegistry) -> None:
    runs = [run_template(store) for _ in range(3)]
    at = open_page("run", run=runs[0].id)
    noted = len(repr(at.session_state.to_dict()))
    for run in runs[1:]:
        look_at(at, run.id)
    assert len(repr(at.session_state.to_dict())) == noted
