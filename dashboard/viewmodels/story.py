"""A run told from its beginning, a sentence for each thing that happened, in plain words."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from dashboard.viewmodels import plain_conditions, plain_words
from dashboard.viewmodels.definitions import BRANCHES, Scopes, as_steps
from dashboard.viewmodels.paths import loops_around
from dashboard.viewmodels.runs import RunView
from dashboard.viewmodels.steps import AttemptView, StepView
from dashboard.viewmodels.words import as_text, count, cut, duration

LONGEST_INPUT = 80
MOST_TAKEN_OVER = 6


@dataclass(frozen=True)
class Sentence:
    """One thing that happened; `kind` says what sort of thing, `key` stays while it changes.

    `detail` names the step and what it took, `quote` is how the answer begins, and `after` tells
    the time since the run was started; each is empty where there is none.
    """

    key: str
    kind: str
    text: str
    detail: str = ""
    after: str = ""
    depth: int = 0
    quote: str = ""


def story_of(run: RunView) -> list[Sentence]:
    """Return what has happened in a run so far, in the order of time."""
    told = sorted(_Teller(run).tell(), key=lambda moment: moment.at)
    middle = [moment.sentence for moment in told]
    return [_beginning(run), *_taken_over(run), *middle, *_standing(run)]


@dataclass(frozen=True)
class _Moment:
    at: datetime
    sentence: Sentence


class _Teller:
    """Tells of each step of one run."""

    def __init__(self, run: RunView) -> None:
        self._run = run
        self._scopes = Scopes(run.definition)
        self._records = {record.path: record for record in run.records}

    def tell(self) -> Iterator[_Moment]:
        """Yield what happened, step by step."""
        own = [step for step in self._run.steps if not step.taken_over]
        yield from self._turns(own)
        for step in own:
            tell = _TELL.get(step.type, _Teller._task)
            if not step.is_group:
                yield from self._tries(step)
            yield from tell(self, step)

    def _task(self, step: StepView) -> Iterator[_Moment]:
        who = plain_words.who(step)
        doing = plain_words.doing(step, plain_words.reads_of(self._scopes, step.path))
        if step.agent is None and step.type != "task":
            who, doing = f"“{step.name}”", plain_words.Doing("is at work", "did its work")
        match step.status:
            case "completed":
                short = plain_words.answer_in_short(step)
                quote = "" if short.endswith("”") else plain_words.first_words(step.output)
                text = f"{who} {doing.done}{short}.{plain_words.called_tools(step)}"
                yield self._moment(step, "done", text, quote=quote)
            case "failed":
                why = plain_words.failure(step.error or "It gave no reason.")
                yield self._moment(step, "failed", f"“{step.name}” failed. {why}")
            case "retrying":
                yield self._moment(step, "live", self._between_tries(step))
            case "cancelled":
                yield self._moment(step, "stopped", f"{who} was stopped in the middle of it.")
            case "interrupted":
                yield self._moment(step, "stopped", f"{who} was cut off in the middle of it.")
            case "running":
                yield self._moment(step, "live", f"{who} {doing.now} …")
            case _:
                yield self._moment(step, "waits", f"“{step.name}” has not begun yet.")

    def _approval(self, step: StepView) -> Iterator[_Moment]:
        if step.decision is not None:
            yield self._moment(step, "person", plain_words.decided(step))
        elif step.status == "waiting":
            yield self._moment(step, "person", f"A person is asked to approve “{step.name}”.")
        elif step.status == "pending":
            yield self._moment(step, "person", f"A person has answered “{step.name}”.")
        elif step.status in ("failed", "cancelled"):
            why = f" {step.error}" if step.error else ""
            yield self._moment(step, "stopped", f"Nobody has answered “{step.name}”.{why}")

    def _parallel(self, step: StepView) -> Iterator[_Moment]:
        inside = self._scopes.step(step.path).get("steps") or ()
        several = plain_words.several([str(each.get("name", "")) for each in inside])
        text = {
            "completed": plain_words.done_side_by_side(several),
            "failed": f"{several} began side by side, and not all of them came to their end.",
            "cancelled": f"{several} were at work side by side when they were stopped.",
        }.get(step.status, f"{several} are at work side by side.")
        yield self._moment(step, "parallel", text)

    def _workflow(self, step: StepView) -> Iterator[_Moment]:
        name = (self._scopes.step(step.path).get("definition") or {}).get("name", step.name)
        text = f"“{step.name}” began: the steps of the workflow “{name}”."
        yield self._at(_began(step), step, "workflow", text)

    def _conditional(self, step: StepView) -> Iterator[_Moment]:
        way = self._way_taken(step)
        if way is None:
            return
        condition = str(self._scopes.step(step.path).get("condition", ""))
        why = plain_conditions.reason(
            condition, self._held(step, way), self._scopes.names(step.path)
        )
        so = f"{_capital(why)}, so" if why else f"At “{step.name}” there was a choice:"
        went = {"if": "the run took the Yes way", "else": "the run took the No way"}
        yield self._moment(step, "branch", f"{so} {went.get(way, 'there was nothing to do here')}.")

    def _loop(self, step: StepView) -> Iterator[_Moment]:
        defined = self._scopes.step(step.path)
        most = defined.get("max_iterations")
        limit = f", {count(most, 'time')} at most" if isinstance(most, int) else ""
        yield self._at(_began(step), step, "loop", f"What follows is repeated{limit}.")
        record = self._records[step.path]
        turns = record.result.get("total_iterations")
        if turns is None or record.completed_at is None:
            return
        if record.result.get("converged"):
            condition = str(defined.get("exit_condition", ""))
            why = plain_conditions.reason(condition, True, self._scopes.names(step.path))
            end = why or "the condition for stopping was met"
            text = f"After {count(turns, 'turn')} it could stop: {end}."
        else:
            text = f"After {count(turns, 'turn')}, as many as it may take, it stopped."
        yield self._at(record.completed_at, step, "loop", text, part="end")

    def _turns(self, steps: Sequence[StepView]) -> Iterator[_Moment]:
        """Tell that a turn after the first began, and why."""
        begun: dict[tuple[str, int], StepView] = {}
        for step in steps:
            for turn in loops_around(step.path):
                if turn[1] > 1 and (turn not in begun or _began(step) < _began(begun[turn])):
                    begun[turn] = step
        for (path, number), first in begun.items():
            defined = self._scopes.step(path)
            condition = str(defined.get("exit_condition", ""))
            why = plain_conditions.reason(condition, False, self._scopes.names(path))
            so = f"{_capital(why)}, so turn" if why else "Turn"
            most = defined.get("max_iterations", number)
            text = f"{so} {number} of at most {most} began."
            at, key, depth = _began(first), f"turn-{path}#{number}", path.count("/")
            yield _Moment(at, Sentence(key, "loop", text, "", self._after(at), depth))

    def _tries(self, step: StepView) -> Iterator[_Moment]:
        """Tell of the attempts before the latest one."""
        starts = [attempt.started_at for attempt in step.attempts[1:]] + [step.started_at]
        if step.status == "retrying":
            return
        for attempt, next_start in zip(step.attempts, starts, strict=False):
            text = plain_words.tried_again(attempt, _wait(attempt, next_start))
            part = f"attempt-{attempt.number}"
            yield self._at(attempt.started_at, step, "retry", text, part=part)

    def _between_tries(self, step: StepView) -> str:
        wait = duration(step.retry_in_s or 0.0)
        return f"{plain_words.meaning(step.error or '')}; it is asked again in {wait}."

    def _way_taken(self, step: StepView) -> str | None:
        """Return the branch that was taken; None where that is not decided yet."""
        told = self._records[step.path].result.get("branch_taken")
        if told is not None:
            return str(told)
        inside = {s.step_id for s in self._run.steps if s.path.startswith(f"{step.path}/")}
        for name in BRANCHES:
            branch = as_steps(self._scopes.step(step.path).get(name))
            if any(each.get("id") in inside for each in branch):
                return name.removesuffix("_branch")
        return None

    def _held(self, step: StepView, way: str) -> bool:
        result = self._records[step.path].result
        return bool(result.get("condition_result", way == "if"))

    def _moment(self, step: StepView, kind: str, text: str, *, quote: str = "") -> _Moment:
        is_told = step.status == "completed" and step.type != "conditional"
        at = _began(step) if step.is_group else step.started_at
        took = step.duration_s if is_told else None
        return self._at(at, step, kind, text, took=took, quote=quote)

    def _at(
        self,
        at: datetime,
        step: StepView,
        kind: str,
        text: str,
        *,
        part: str = "",
        took: float | None = None,
        quote: str = "",
    ) -> _Moment:
        facts = [step.label] if f"“{step.name}”" not in text or step.turn is not None else []
        facts += [step.agent] if step.agent and step.agent not in text else []
        facts += [f"took {duration(took)}"] if took is not None else []
        key = f"{step.path}-{part}" if part else step.path
        detail = " · ".join(facts)
        after = self._after(at)
        return _Moment(at, Sentence(key, kind, text, detail, after, step.depth, quote))

    def _after(self, at: datetime) -> str:
        seconds = max((at - self._run.row.created_at).total_seconds(), 0.0)
        return f"after {duration(seconds)}"


_Tell = Callable[[_Teller, StepView], Iterator[_Moment]]
_TELL: dict[str, _Tell] = {
    "approval": _Teller._approval,
    "parallel": _Teller._parallel,
    "conditional": _Teller._conditional,
    "loop": _Teller._loop,
    "workflow": _Teller._workflow,
}


def _beginning(run: RunView) -> Sentence:
    declared = (run.definition or {}).get("inputs") or ()
    labels = {each["name"]: each.get("label") or each["name"] for each in declared}
    given = [
        f"{labels.get(name, name)} “{cut(as_text(value), LONGEST_INPUT)}”"
        for name, value in run.inputs.items()
    ]
    first = f"The run was started with {', '.join(given)}." if given else "The run was started."
    return Sentence("start", "start", first)


def _taken_over(run: RunView) -> list[Sentence]:
    names = [step.label for step in run.steps if step.taken_over and not step.is_group]
    if not names:
        return []
    shown = ", ".join(f"“{name}”" for name in names[:MOST_TAKEN_OVER])
    more = f" and {len(names) - MOST_TAKEN_OVER} more" if len(names) > MOST_TAKEN_OVER else ""
    text = f"What an earlier run had done was taken over and not asked again: {shown}{more}."
    return [Sentence("taken-over", "taken_over", text)]


def _standing(run: RunView) -> list[Sentence]:
    """Return how the run stands, where its steps do not say that."""
    row = run.row
    took = f"It took {duration(row.duration_s)}."
    said = {
        "completed": ("end", f"The run is complete. {took}"),
        "failed": (
            "failed",
            "The run stopped there. “Retry from the failed step” starts a new run that keeps what "
            "was done and goes on from there.",
        ),
        "cancelled": (
            "stopped",
            "Somebody cancelled the run. “Go on where it stopped” starts a new run that keeps "
            "what was done.",
        ),
        "interrupted": (
            "stopped",
            "The program that did the work is gone. The run goes on by itself as soon as another "
            "one is there.",
        ),
        "paused": ("waits", f"The run stands still. {run.waits_for or ''}".rstrip()),
        "waiting": ("person", "The run goes on as soon as the answer is there."),
        "pending": ("waits", "The run waits for its turn."),
    }.get(row.status)
    if said is None:
        return []
    kind, text = said
    return [Sentence("standing", kind, text)]


def _began(step: StepView) -> datetime:
    return step.attempts[0].started_at if step.attempts else step.started_at


def _wait(attempt: AttemptView, next_start: datetime) -> float | None:
    if attempt.duration_s is None:
        return None
    return (next_start - attempt.started_at).total_seconds() - attempt.duration_s


def _capital(text: str | None) -> str:
    return text[0].upper() + text[1:] if text else ""
