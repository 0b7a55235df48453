"""What each attempt at a step looked like over time, out of a run's events and rows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dashboard.viewmodels.definitions import BRANCHES, Scopes, most_turns, nodes
from dashboard.viewmodels.paths import loops_around, node_of
from dashboard.viewmodels.steps import StepView
from symphony_core.run_event import STEP_STARTED, RunEvent
from symphony_core.step_run import StepRun

WORKING = "running"
ENDS = ("completed", "failed", "cancelled")
OF_STEP = "step_"

Change = tuple[float, str]  # from this second on the status is this


@dataclass
class Scene:
    """One attempt at a step, in seconds since the run's start.

    `growth` tells how long the text was when; `words` is what stands beside the status from when.
    """

    path: str
    number: int
    start: float
    changes: list[Change]
    end: float
    error: str | None = None
    is_interrupted: bool = False
    is_last: bool = False
    growth: list[tuple[float, int]] = field(default_factory=list)
    words: list[Change] = field(default_factory=list)

    @property
    def status(self) -> str:
        """The status at its end."""
        return self.changes[-1][1]

    def change(self, at: float, status: str, error: str | None = None) -> None:
        """Note another status, if it is another."""
        self.error = error or self.error
        self.end = at
        if status != self.status:
            self.changes.append((at, status))

    def give_way(self, at: float) -> None:
        """Note that the next attempt begins."""
        self.is_interrupted = self.status == WORKING
        if self.status not in ENDS:
            self.end = at

    def work(self) -> Iterator[tuple[float, float]]:
        """Yield the spans in which somebody is known to have worked at it."""
        ends = [at for at, _ in self.changes[1:]] + [self.end]
        for (start, status), end in zip(self.changes, ends, strict=True):
            if status == WORKING and not (self.is_interrupted and end == self.end):
                yield start, end


def scenes_of(events: Sequence[RunEvent], zero: datetime, seconds: float) -> list[Scene]:
    """Return the attempts that the events tell of, in the order they began."""
    scenes: list[Scene] = []
    latest: dict[str, Scene] = {}
    for event in events:
        if event.path is None or not event.type.startswith(OF_STEP):
            continue
        at, scene = since(zero, event.at), latest.get(event.path)
        if scene is not None and not _begins(event, scene):
            scene.change(at, _status(event), event.data.get("error"))
            continue
        if scene is not None:
            scene.give_way(at)
        number = int(event.data.get("attempt", 1))
        latest[event.path] = Scene(event.path, number, at, [(at, WORKING)], at)
        scenes.append(latest[event.path])
    for scene in latest.values():
        scene.is_last = True
        if scene.status not in ENDS:
            scene.end = seconds
    return scenes


def _begins(event: RunEvent, scene: Scene) -> bool:
    """Whether another attempt begins; a step that stood still goes on instead."""
    return event.type == STEP_STARTED and scene.status not in ("waiting", "paused")


def _status(event: RunEvent) -> str:
    if event.type == STEP_STARTED:
        return WORKING
    status = event.type.removeprefix(OF_STEP)
    return "retrying" if status == "failed" and "retry_in_s" in event.data else status


def taken_over(path: str, number: int) -> Scene:
    """Return the scene of a step that another run did: it is there from the start."""
    return Scene(path, number, 0.0, [(0.0, "completed")], 0.0, is_last=True)


def let_grow(scene: Scene, record: StepRun, view: StepView, zero: datetime) -> None:
    """Fill in how a step's text grew in its last attempt; evenly where that was not noted."""
    size = len(view.output)
    if not size or view.is_group:
        return
    if scene.start == scene.end or (record.model is None and record.type != "approval"):
        scene.growth = [(scene.end, size)]
    elif record.type == "approval":
        asked = next((at for at, status in scene.changes if status == "waiting"), scene.end)
        was_changed = record.output and record.result.get("decision") == "edited"
        scene.growth = [(scene.end if was_changed else asked, size)]
    elif not record.rhythm:
        scene.growth = [(scene.start, 0), (scene.end, size)]
    else:
        began = since(zero, record.started_at)
        noted = [(began + ms / 1000, min(written, size)) for ms, written in record.rhythm]
        scene.growth = [(min(at, scene.end), written) for at, written in noted]
        if scene.growth[-1][1] < size:
            scene.growth.append((scene.end, size))


def count_turns(scenes: Sequence[Scene], limits: Mapping[str, int]) -> None:
    """Fill in which turn the loops are in; `limits` are their most turns by their node."""
    loops = {scene.path: scene for scene in scenes if node_of(scene.path) in limits}
    for scene in scenes:
        for path, turn in loops_around(scene.path):
            loop = loops.get(path)
            words = f"turn {turn} of {limits[node_of(path)]}"
            if loop is not None and (not loop.words or loop.words[-1][1] != words):
                loop.words.append((scene.start, words))


def loop_limits(definition: Mapping[str, Any] | None) -> dict[str, int]:
    """Return the most turns of each loop of a workflow by its node."""
    every = nodes((definition or {}).get("steps"))
    return {node: most_turns(step) for node, step in every if step.get("type") == "loop"}


def skipped(
    scenes: Sequence[Scene], records: Mapping[str, StepRun], definition: Mapping[str, Any] | None
) -> dict[str, list[float]]:
    """Note which way the conditions went, and return, by node, when a step was passed by."""
    scopes, found = Scopes(definition), dict[str, list[float]]()
    for scene in scenes:
        record = records.get(scene.path)
        if record is None or "condition_result" not in record.result:
            continue
        step = scopes.step(record.path)
        ways = list(BRANCHES)
        taken, other = ways if record.result["condition_result"] else reversed(ways)
        scene.words = [(scene.start, BRANCHES[taken])]
        for node, _ in nodes(step.get(other), node_of(scene.path)):
            found.setdefault(node, []).append(scene.start)
    return found


def since(zero: datetime, moment: datetime) -> float:
    """Return how many seconds after the start a moment was; what was before counts as the start."""
    return max((moment - zero).total_seconds(), 0.0)
