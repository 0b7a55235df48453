"""What a page may ask for that looks further into runs: events, a comparison, a replay."""

from dataclasses import dataclass

from dashboard import agent_services, run_services, store
from dashboard.bridge import wait_for
from dashboard.viewmodels.comparison import Comparison, compare
from dashboard.viewmodels.events import EventRow, event_rows
from dashboard.viewmodels.flow import Flow, flow_of
from dashboard.viewmodels.replay import Replay, replay_of
from dashboard.viewmodels.runs import RunView
from symphony_core.run_event import RunEvent

EVENTS_PAGE = 100
GRAPH_WIDTH, PHONE_WIDTH = 500.0, 330.0  # pixels that a run's graph has on a small desktop, a phone


@dataclass(frozen=True)
class Drawing:
    """A run's workflow as it is drawn where there is room, and on a phone."""

    wide: Flow
    narrow: Flow


def drawing_of(run: RunView) -> Drawing | None:
    """Return a run's workflow as it is drawn; None if its definition was not kept."""
    if run.definition is None:
        return None
    names = agent_services.agent_names()
    steps = run.definition["steps"]
    wide, narrow = (flow_of(steps, wide=w, agents=names) for w in (GRAPH_WIDTH, PHONE_WIDTH))
    return Drawing(wide, narrow)


def events_of(run_id: str) -> list[RunEvent]:
    """Return all of a run's events in their order."""
    events = store.repository("run_event").find_page(
        {"run_id": run_id}, order_by="number", descending=False, limit=None
    )
    return list(wait_for(events))


def find_events(run_id: str, page: int) -> list[EventRow]:
    """Return a page of a run's events, the newest first."""
    offset = (page - 1) * EVENTS_PAGE
    events = store.repository("run_event").find_page(
        {"run_id": run_id}, order_by="number", limit=EVENTS_PAGE, offset=offset
    )
    return event_rows(wait_for(events))


def count_event_pages(run_id: str) -> int:
    """Return how many pages of events a run has, at least one."""
    total = wait_for(store.repository("run_event").count({"run_id": run_id}))
    return max(1, -(-total // EVENTS_PAGE))


def compare_runs(a: str, b: str) -> Comparison | None:
    """Return two runs side by side as they stand; None if one of them is not there."""
    one, other = run_services.view_run(a), run_services.view_run(b)
    return compare(one, other) if one and other else None


def replay(run: RunView) -> Replay | None:
    """Return a run that is over to be played again; None if nothing of it can be."""
    return replay_of(run, events_of(run.row.id))
