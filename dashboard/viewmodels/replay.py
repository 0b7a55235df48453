"""A finished run as something to be played again: who did what when, in a replay's own seconds.

Everything comes from what is stored of the run, its times too.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from dashboard.viewmodels.definitions import Step, as_steps
from dashboard.viewmodels.flow import Flow, flow_of
from dashboard.viewmodels.paths import around, node_of
from dashboard.viewmodels.replay_captions import Caption, captions_of, together
from dashboard.viewmodels.replay_clock import Clock
from dashboard.viewmodels.replay_scenes import (
    Scene,
    count_turns,
    let_grow,
    loop_limits,
    scenes_of,
    since,
    skipped,
    taken_over,
)
from dashboard.viewmodels.runs import RunView
from dashboard.viewmodels.steps import StepView
from dashboard.viewmodels.words import duration, tokens
from symphony_core.run_event import RunEvent
from symphony_core.step_run import StepRun

MOST_LETTERS = 200_000  # of one text
MOST_LETTERS_IN_ALL = 6_000_000
MOST_OF_PROMPT = 5_000

BESIDE, ABOVE = (480, 460), (840, 190)  # pixels for the graph on a screen of the usual size


@dataclass(frozen=True)
class Replay:
    """Plain data for the player: see `data`."""

    run: RunView
    flow: Flow
    seconds: float
    scenes: list[dict[str, Any]]
    skips: dict[str, list[float]]
    captions: list[Caption]
    cuts: list[tuple[float, float, str]]

    @property
    def data(self) -> dict[str, Any]:
        """What the player is given; times are seconds, lengths of text are JavaScript's."""
        result, _ = _cut(self.run.result or "", MOST_LETTERS)
        return {
            "id": self.run.row.id,
            "flow": asdict(self.flow),
            "seconds": self.seconds,
            "scenes": self.scenes,
            "skips": self.skips,
            "captions": self.captions,
            "cuts": self.cuts,
            "name": self.run.row.name,
            "status": self.run.row.status,
            "result": result,
            "error": self.run.error or "",
        }


def replay_of(run: RunView, events: Sequence[RunEvent]) -> Replay | None:
    """Return a run that is over to be played; None if nothing of it can be.

    `events` are all of the run's, in their order.
    """
    begun = next((event.at for event in events if event.type == "run_started"), None)
    if not run.row.is_over or begun is None or not run.steps:
        return None
    records = {record.path: record for record in run.records}
    views = {view.path: view for view in run.steps}
    seconds = max(since(begun, event.at) for event in events)
    own = [s for s in scenes_of(events, begun, seconds) if s.path in records]
    before = [taken_over(r.path, r.attempt) for r in run.records if r.taken_over]
    scenes = [*before, *own]
    for scene in scenes:
        if scene.is_last:
            let_grow(scene, records[scene.path], views[scene.path], begun)
    count_turns(scenes, loop_limits(run.definition))
    skips = skipped(scenes, records, run.definition)
    clock = Clock((span for scene in _leaves(own) for span in scene.work()), seconds)
    told = captions_of(scenes, views, events, begun) + _breaks(own, clock)
    share = max(MOST_LETTERS_IN_ALL // len(scenes), 1_000)
    return Replay(
        run=run,
        flow=_flow(as_steps((run.definition or {}).get("steps"))),
        seconds=clock.seconds,
        scenes=[_plain(s, records[s.path], views[s.path], clock, share) for s in scenes],
        skips={node: [clock.played(at) for at in moments] for node, moments in skips.items()},
        captions=together([(clock.played(at), words) for at, words in told]),
        cuts=[(clock.played(c.start), clock.played(c.end), c.words) for c in clock.cuts],
    )


def _flow(steps: Sequence[Step]) -> Flow:
    """Return the graph that can be drawn larger: down beside the texts, or across above them."""
    down, across = (flow_of(steps, direction=direction) for direction in ("TB", "LR"))
    return down if _zoom(down, BESIDE) >= _zoom(across, ABOVE) else across


def _zoom(flow: Flow, room: tuple[int, int]) -> float:
    return min(1.0, room[0] / max(flow.width, 1), room[1] / max(flow.height, 1))


def _leaves(scenes: Sequence[Scene]) -> list[Scene]:
    """Return the scenes of steps with none inside: one that holds others waits for them."""
    parents = {parent for scene in scenes for parent in around(scene.path)}
    return [scene for scene in scenes if scene.path not in parents]


def _breaks(scenes: Sequence[Scene], clock: Clock) -> list[Caption]:
    """Say what was left out; a step that was interrupted shows it from then on.

    When it was interrupted nobody knows, so that is told in the middle of the time without work.
    """
    told = [((c.start + c.end) / 2, c.words) for c in clock.cuts]
    for scene in scenes:
        cut = clock.cut_in(scene.start, scene.end) if scene.is_interrupted else None
        if cut is not None:
            scene.changes.append((max((cut.start + cut.end) / 2, scene.start), "interrupted"))
    return told


def _plain(
    scene: Scene, record: StepRun, view: StepView, clock: Clock, share: int
) -> dict[str, Any]:
    text, growth = _cut(view.output, min(MOST_LETTERS, share)) if scene.growth else ("", 0)
    sizes = _in_javascript(text, [min(size, growth) for _, size in scene.growth])
    is_last = scene.is_last
    return {
        "path": scene.path,
        "node": node_of(scene.path),
        "label": view.label,
        "kind": view.type,
        "group": view.is_group,
        "agent": view.agent or "",
        "number": scene.number,
        "took": duration(scene.end - scene.start),
        "start": clock.played(scene.start),
        "end": clock.played(scene.end),
        "changes": [(clock.played(at), status) for at, status in scene.changes],
        "words": [(clock.played(at), words) for at, words in scene.words],
        "growth": [
            (clock.played(at), size) for (at, _), size in zip(scene.growth, sizes, strict=True)
        ],
        "text": text,
        "prompt": _cut(view.message or view.prompt, MOST_OF_PROMPT)[0],
        "decision": (view.decision or "") if is_last else "",
        "error": scene.error or "",
        "tokens": tokens(record.input_tokens, record.output_tokens) if is_last else "",
        "takenOver": record.taken_over,
    }


def _cut(text: str, most: int) -> tuple[str, int]:
    """Return at most so much of a text, with a mark where more was, and how much is its own."""
    if len(text) <= most:
        return text, len(text)
    return f"{text[:most]}\n\n[cut here: {len(text):,} characters in all]", most


def _in_javascript(text: str, sizes: Sequence[int]) -> list[int]:
    """Return lengths as JavaScript counts them: an emoji is two. The last one is the text's whole."""
    lengths, done, at = [], 0, 0
    for size in sizes:
        done += len(text[at:size].encode("utf-16-le")) // 2
        at = max(at, size)
        lengths.append(done)
    if lengths:
        lengths[-1] += len(text[at:].encode("utf-16-le")) // 2  # the mark of what was cut
    return lengths
