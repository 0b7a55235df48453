"""What happens in a replay, in sentences with their times."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from dashboard.viewmodels.replay_scenes import Scene, since
from dashboard.viewmodels.steps import StepView
from dashboard.viewmodels.words import count, cut
from symphony_core.run_event import RunEvent

Caption = tuple[float, str]

TOGETHER_SECONDS = 0.3  # what happens within this time is told as one
MOST_TOGETHER = 3
MOST_LETTERS = 160

_RUN = {
    "run_resumed": "The run goes on",
    "run_paused": "The run is paused",
    "run_handed_back": "The worker stops, and the next one goes on",
    "run_failed": "The run has failed",
    "run_cancelled": "The run was cancelled",
    "run_completed": "The run is finished",
}


def captions_of(
    scenes: Sequence[Scene],
    views: Mapping[str, StepView],
    events: Sequence[RunEvent],
    zero: datetime,
) -> list[Caption]:
    """Return everything that is said, in the run's own seconds, in order."""
    of_run = [(since(zero, event.at), _RUN[event.type]) for event in events if event.type in _RUN]
    of_tools = _of_tools(views, events, zero)
    told = [(0.0, "The run begins"), *_of_steps(scenes, views), *of_tools, *of_run]
    return [(at, cut(words, MOST_LETTERS)) for at, words in sorted(told, key=_moment)]


def _of_tools(
    views: Mapping[str, StepView], events: Sequence[RunEvent], zero: datetime
) -> Iterator[Caption]:
    for event in events:
        view = views.get(event.path or "")
        if view is not None and event.type == "tool_called":
            yield since(zero, event.at), f"{view.label} calls {event.data['tool']}"


def _of_steps(scenes: Sequence[Scene], views: Mapping[str, StepView]) -> list[Caption]:
    told: list[Caption] = []
    inside: dict[str, int] = {}
    for path in {scene.path for scene in scenes}:
        parent = path.rpartition("/")[0]
        inside[parent] = inside.get(parent, 0) + 1
    earlier: dict[str, Scene] = {}
    for scene in scenes:
        view = views.get(scene.path)
        if view is None or view.taken_over:
            continue
        if view.is_group:
            told += _group(scene, view, inside.get(scene.path, 0))
        else:
            told += _leaf(scene, view, earlier.get(scene.path))
        earlier[scene.path] = scene
    return told


def _moment(caption: Caption) -> float:
    return caption[0]


def together(captions: Sequence[Caption]) -> list[Caption]:
    """Put together what happens at nearly the same time, so that it can be read."""
    heaps: list[tuple[float, list[str]]] = []
    for at, words in sorted(captions, key=_moment):
        if heaps and at - heaps[-1][0] < TOGETHER_SECONDS:
            heaps[-1][1].append(words)
        else:
            heaps.append((at, [words]))
    return [(at, _joined(heap)) for at, heap in heaps]


def _joined(heap: Sequence[str]) -> str:
    told, rest = list(heap), len(heap) - MOST_TOGETHER
    if rest > 0:
        told[MOST_TOGETHER - 1 : -1] = [f"And {rest} more"]
    return ". ".join(words.rstrip(".") for words in told)


def _group(scene: Scene, view: StepView, inside: int) -> Iterator[Caption]:
    if view.type == "parallel" and inside > 1:
        yield scene.start, f"{view.label}: {count(inside, 'step')} side by side"
    if view.type == "conditional" and view.note:
        yield scene.start, f"{view.label}: {view.note.rstrip('.')}"
    if view.type == "workflow":
        yield scene.start, f"{view.label}: {(view.note or 'Another workflow runs').rstrip('.')}"
    if view.type == "loop":
        yield from ((at, f"{view.label}: {words}") for at, words in scene.words)
        if view.note and scene.status == "completed":
            yield scene.end, f"{view.label}: {view.note.rstrip('.')}"


def _leaf(scene: Scene, view: StepView, before: Scene | None) -> Iterator[Caption]:
    if before is not None and (before.is_interrupted or before.status == "cancelled"):
        yield scene.start, f"{view.label} begins again: it was interrupted"
    elif before is not None:
        yield scene.start, f"{view.label} is tried again"
    elif view.type != "approval":
        yield scene.start, f"{view.label} starts" + (f": {view.agent}" if view.agent else "")
    why = f": {scene.error}" if scene.error else ""
    says = {
        "waiting": f"{view.label} waits for a person",
        "retrying": f"{view.label} failed{why}",
        "failed": f"{view.label} failed{why}",
        "cancelled": f"{view.label} was stopped",
        "completed": f"{view.label}: {view.decision}" if view.decision else f"{view.label} is done",
    }
    yield from ((at, says[status]) for at, status in scene.changes if status in says)
