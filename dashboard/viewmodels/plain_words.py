"""What one step of a run did, in a sentence for people who do not program.

What is said follows from the step's name, its place in the workflow, what its question refers to
and what is stored of it. Where these tell nothing, no more is said than that it answered.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.viewmodels.definitions import Scopes, Step, prompt_template
from dashboard.viewmodels.paths import loops_around, step_id_of
from dashboard.viewmodels.steps import AttemptView, StepView
from dashboard.viewmodels.words import cut, duration
from symphony_core import references
from symphony_core.errors import TemplateError

SHORT_ANSWER = 40
LONGEST_REASON = 200
LONGEST_QUOTE = 140
LOOKED_AT = 2_000  # characters at an answer's beginning, for this is done at each look at a run
MOST_NAMES = 3
SO_FAR = "the text so far"


def _word(*beginnings: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(beginnings)})", re.IGNORECASE)


_FEEDBACK = _word("critiq", "critic", "review", "feedback", "comment")
_AGAIN = _word("revis", "rewrit", "improv", "refin")
_COMBINE = _word("synthes", "summar", "combin", "merg")
_JUDGE = _word("judg", "score", "rat(?:e|ing)", "evaluat", "assess", "grad(?:e|ing)")
_FIRST = _word("draft", "initial", "first")
_PERSON = re.compile(
    r"\b(?:expert|critic|editor|writer|author|reviewer|judge|analyst|advocate|moderator|researcher"
    r"|optimist|pessimist|sceptic|skeptic|proponent|opponent)$",
    re.IGNORECASE,
)
_SCORE = re.compile(r"\b(\d+(?:\.\d+)?)\s*(?:/|of|out of)\s*(5|10|100)\b")

# Our own sentences about models, and what they mean to people who do not run one.
_MEANT = (
    (re.compile("asked too often|overloaded"), "The model was busy"),
    (re.compile("took too long|took longer than its time limit"), "It took too long"),
    (re.compile("^The connection to the model"), "The connection to the model broke off"),
    (re.compile("^The server of the model"), "The model's server had a problem"),
)


@dataclass(frozen=True)
class Doing:
    """What a step does, while it does it and once it is done."""

    now: str
    done: str


def who(step: StepView) -> str:
    """Return who does a step: the part its name speaks of, else the agent's name."""
    if _PERSON.search(step.name):
        name = step.name if step.name.lower().startswith("the ") else f"the {step.name}"
        return name[0].upper() + name[1:]
    return step.agent or f"“{step.name}”"


def doing(step: StepView, reads: Sequence[str]) -> Doing:
    """Return what a step that asks an agent does with what it reads."""
    read = [name for name in reads if not _FEEDBACK.search(name)]
    heard = [name for name in reads if _FEEDBACK.search(name)]
    what = _listed(reads)
    if _AGAIN.search(step.name) and reads:
        if heard:
            again = f"again, with {_listed(heard)} in mind"
            return Doing(f"is trying {again}", f"tried {again}")
        return Doing(f"is working on {what} again", f"worked on {what} again")
    if _COMBINE.search(step.name) and reads:
        return Doing(f"is putting {what} together", f"put {what} together")
    if _JUDGE.search(step.name) and reads:
        return Doing(f"is judging {what}", f"judged {what}")
    if _FEEDBACK.search(step.name):
        on = f" on {_listed(read or reads)}" if reads else ""
        return Doing(f"is giving feedback{on}", f"gave feedback{on}")
    if _FIRST.search(step.name) and not reads:
        return Doing("is writing a first version", "wrote a first version")
    if reads:
        return Doing(f"has read {what} and is answering", f"read {what} and answered")
    return Doing("is answering the question", "answered the question")


def called(step: Step) -> str:
    """Return what a step leaves, as people call it."""
    name = f"“{step.get('name', '')}”"
    return f"the answers of {name}" if step.get("type") == "parallel" else name


def reads_of(scopes: Scopes, path: str) -> list[str]:
    """Return what the question of the task at a path takes up of other steps."""
    try:
        found = references.find(prompt_template(scopes.step(path)) or "")
    except TemplateError:
        return []
    ids = [path.split(".")[1] for path in found if path.startswith("step.")]
    loops = {step_id_of(loop) for loop, _ in loops_around(path)}
    known = scopes.known(path)
    return list(
        dict.fromkeys(SO_FAR if i in loops else called(known[i]) for i in ids if i in known)
    )


def called_tools(step: StepView) -> str:
    """Return a sentence that names the tools it called; nothing if it called none."""
    tools = list(dict.fromkeys(use.tool for use in step.tool_uses))
    return f" On the way it called {_listed(tools)}." if tools else ""


def answer_in_short(step: StepView) -> str:
    """Return what the answer came to, where it is a few words or a score; else nothing."""
    text = " ".join(step.output[:LOOKED_AT].split())
    if not text:
        return ""
    if len(text) <= SHORT_ANSWER and len(step.output) < LOOKED_AT:
        return f": “{text.rstrip('.')}”"
    is_verdict = _JUDGE.search(step.name) or _FEEDBACK.search(step.name)
    score = _SCORE.search(text) if is_verdict else None
    return f": {score[1]} of {score[2]}" if score else ""


def decided(step: StepView) -> str:
    """Return what a person decided about what a step asks them."""
    said = step.decision or ""
    word, _, note = said.partition(": ")
    told = {
        "Approved": f"A person approved “{step.name}”",
        "Approved with changes": f"A person changed the text of “{step.name}” and approved it",
        "Rejected": f"A person rejected “{step.name}”",
        "Not answered in time": f"Nobody answered “{step.name}” in time",
    }.get(word, f"“{step.name}” was answered")
    return f"{told}: {_as_reason(note)}" if note else f"{told}."


def tried_again(attempt: AttemptView, wait_s: float | None) -> str:
    """Return why an attempt was not the last, and when the next began."""
    if not attempt.error:
        return "The work was cut off in the middle, and was begun again."
    when = f" after {duration(wait_s)}" if wait_s is not None else ""
    return f"{meaning(attempt.error)}; it was asked again{when}."


def meaning(error: str) -> str:
    """Return what went wrong, without a full stop."""
    for pattern, plain in _MEANT:
        if pattern.search(error):
            return plain
    return f"It did not work ({cut(error, LONGEST_REASON).rstrip('.')})"


def failure(error: str) -> str:
    """Return why a step failed, in plain words first where there are any."""
    said = _as_reason(error)
    plain = next((plain for pattern, plain in _MEANT if pattern.search(error)), None)
    return f"{plain}. ({said})" if plain else said


def first_words(answer: str) -> str:
    """Return how an answer begins."""
    return cut(answer[:LOOKED_AT], LONGEST_QUOTE)


def done_side_by_side(several: str) -> str:
    """Return that what `several` names has come to its end."""
    verb = "was" if several.startswith("One ") else "were"
    is_somebody = not several.endswith(("step", "steps"))
    return f"{several} {'answered' if is_somebody else f'{verb} done'} side by side."


def several(names: Sequence[str]) -> str:
    """Return how many there are of what, at the beginning of a sentence: `Three experts`."""
    last = {name.split()[-1].lower() for name in names if name.split()}
    noun = last.pop() if len(last) == 1 else ""
    is_person = _PERSON.search(noun) is not None
    number = dict(enumerate(_NUMBERS, 1)).get(len(names), str(len(names)))
    return f"{number} {noun if is_person else 'step'}{'' if len(names) == 1 else 's'}"


_NUMBERS = ("One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")


def _listed(names: Sequence[str]) -> str:
    shown, more = list(names[:MOST_NAMES]), len(names) - MOST_NAMES
    if more > 0:
        return f"{', '.join(shown)} and {more} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def _as_reason(text: str) -> str:
    said = cut(text, LONGEST_REASON)
    return said if said.endswith((".", "!", "?", "…")) else f"{said}."
