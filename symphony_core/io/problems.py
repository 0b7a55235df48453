"""Everything that is wrong with a workflow while it is edited, each at the field it concerns."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from symphony_core.errors import DocumentError, ExpressionError, SymphonyError, TemplateError
from symphony_core.io.documents import workflow_from
from symphony_core.io.editable import Document, Step, closed, every_step, lanes_of
from symphony_core.io.fields import Check, prompt
from symphony_core.io.place import Place
from symphony_core.io.step_fields import EVERY_STEP, FIELDS
from symphony_core.io.workflow_fields import FIELDS as WORKFLOW_FIELDS
from symphony_core.io.workflow_fields import INPUT
from symphony_core.orchestration import expressions, references
from symphony_core.orchestration.scopes import Inside, scopes
from symphony_core.paths import leads, suggestion
from symphony_core.references import texts_in

PROMPT = "prompt"
WORDS = {
    "agent_id": "agent",
    "answer_choices": "list of answers",
    "exit_condition": "exit condition",
    "max_concurrency": "number at once",
    "max_iterations": "number of turns",
    "on_reject": "choice on a rejection",
    "start": "text to start with",
    "task_template": PROMPT,
    "timeout_s": "time limit",
    "workflow_id": "workflow",
}
TEMPLATES = {
    "task": {"task_template": PROMPT},
    "approval": {"message": "message", "text": "text"},
    "loop": {"start": "start"},
    "workflow": {"inputs": "inputs"},
}
"""The fields of each step type whose texts refer to the context, and as what they are shown."""
CONDITIONS = {"conditional": "condition", "loop": "exit_condition"}


@dataclass(frozen=True)
class Problem:
    """What is wrong, in a sentence; with a step and a field where it concerns one.

    What is only a warning keeps nothing from running. An input's field is `inputs.NUMBER.NAME`,
    counted from 0.
    """

    message: str
    step: str | None = None
    field: str | None = None
    is_warning: bool = False


def problems_of(
    document: Document,
    agents: Collection[str] | None = None,
    workflows: Mapping[str, Collection[str]] | None = None,
) -> list[Problem]:
    """Return what is wrong with an edited document; nothing if it can be saved and run.

    `agents` are the ids of those that are there, and so are `workflows`, each with the inputs that
    it must be given; None asks nothing of them.
    """
    steps: Sequence[Step] = document.get("steps") or ()
    found = [*_of_workflow(document), *_of_inputs(document)]
    for step in every_step(steps):
        found += _of_fields(step)
        found += _of_lanes(step)
        found += _of_agent(step, agents)
        found += _of_other(step, workflows)
    unreadable = {(problem.step, problem.field) for problem in found}
    found += _of_references(document, unreadable)
    return found if any(not one.is_warning for one in found) else found + _of_the_whole(document)


def known_at(document: Document, names: Collection[str]) -> Iterator[tuple[Step, frozenset[str]]]:
    """Yield every step with what it can refer to: these names, and keys such as `step.draft`."""
    steps: Sequence[Step] = document.get("steps") or ()
    return scopes(steps, frozenset(names), lambda step: str(step["id"]), _inside)


def input_names(document: Document) -> list[str]:
    """Return the names of the inputs that are declared."""
    return [str(declared.get("name", "")) for declared in document.get("inputs") or ()]


def _of_workflow(document: Document) -> Iterator[Problem]:
    for field in ("name", "description"):
        message = _refusal(WORKFLOW_FIELDS[field].check, document.get(field, ""), field)
        if message:
            yield Problem(message, field=field)
    if not document.get("steps"):
        yield Problem("The workflow has no steps yet: add one first.", field="steps")


def _of_inputs(document: Document) -> Iterator[Problem]:
    names: set[str] = set()
    for number, declared in enumerate(document.get("inputs") or ()):
        at = f"inputs.{number}"
        for field, value in declared.items():
            message = field in INPUT and _refusal(INPUT[field].check, value, f"input's {field}")
            if message:
                yield Problem(message, field=f"{at}.{field}")
        name = declared.get("name", "")
        if name in names:
            yield Problem(f"There are two inputs named {name!r}.", field=f"{at}.name")
        names.add(name)


def _of_fields(step: Step) -> Iterator[Problem]:
    elsewhere = {"type", *lanes_of(step)}
    fields = {**EVERY_STEP, **FIELDS.get(str(step.get("type")), {})}
    for name, field in fields.items():
        if name in elsewhere:
            continue
        message = _of_field(name, field.check, step.get(name), is_there=name in step)
        if message and (name in step or field.required):
            yield Problem(message, str(step["id"]), PROMPT if name == "task_template" else name)


def _of_field(name: str, check: Check, value: Any, *, is_there: bool) -> str | None:
    word = WORDS.get(name, name)
    if name == "workflow_id" and value == "":
        return None  # nobody has chosen one, which is said in other words
    if not is_there:
        return f"The {word} is missing."
    if name in CONDITIONS.values():
        return _unreadable(value)
    if name == "task_template" and isinstance(value, dict):
        query = (value.get("input_data") or {}).get("query", "")
        return _refusal(prompt, query, word) or _refusal(check, value, word)
    return _refusal(check, value, word)


def _of_lanes(step: Step) -> Iterator[Problem]:
    id, lanes = str(step.get("id")), lanes_of(step)
    if "if_branch" in lanes and not step.get("if_branch"):
        yield Problem("Yes leads to no step: put one there.", id, "if_branch")
    elif lanes == ["steps"] and not step.get("steps"):
        yield Problem("It holds no step yet: put one into it.", id, "steps")


def _of_agent(step: Step, agents: Collection[str] | None) -> Iterator[Problem]:
    agent = step.get("agent_id")
    if agents is not None and agent and agent not in agents:
        message = f"There is no agent {agent!r} here: choose another."
        yield Problem(message, str(step["id"]), "agent_id")


def _of_other(step: Step, workflows: Mapping[str, Collection[str]] | None) -> Iterator[Problem]:
    other = step.get("workflow_id")
    if step.get("type") != "workflow" or other is None:
        return
    if not other:
        yield Problem("Choose the workflow that runs here.", str(step["id"]), "workflow_id")
    elif workflows is not None and other not in workflows:
        message = f"No workflow {other!r} is here: choose another."
        yield Problem(message, str(step["id"]), "workflow_id")
    else:
        given = step.get("inputs") or {}
        for name in (workflows or {}).get(other, ()):
            if not str(given.get(name, "")).strip():
                yield Problem(f"Its input {name!r} needs a value.", str(step["id"]), "inputs")


def _of_references(document: Document, unreadable: Collection[object]) -> Iterator[Problem]:
    """Yield what leads nowhere. Where no inputs are declared, any name is asked for at the start."""
    names = set(input_names(document)) or _names_used(document, unreadable)
    for step, known in known_at(document, names):
        for field, text in templates_of(step, unreadable):
            try:
                references.check(text, known)
            except TemplateError as error:
                yield Problem(str(error), str(step["id"]), field)
        for field, condition in conditions_of(step, unreadable):
            yield from _of_condition(step, field, condition, known)


def _of_condition(
    step: Step, field: str, condition: str, known: frozenset[str]
) -> Iterator[Problem]:
    if step["type"] == "loop":
        known = known | {f"step.{inner['id']}" for inner in every_step([step])} | {"step.result"}
    paths = expressions.paths(condition)
    for path in paths:
        if not leads(path, known):
            message = f"{path!r} is not there by then.{suggestion(path, known)}"
            yield Problem(message, str(step["id"]), field)
    if step["type"] == "conditional" and not paths:
        yield from _of_constant(step, condition)


def _of_constant(step: Step, condition: str) -> Iterator[Problem]:
    """Warn of steps that no run can reach, because a condition never changes."""
    try:
        lane, word = (
            ("else_branch", "No") if expressions.evaluate(condition, {}) else ("if_branch", "Yes")
        )
    except ExpressionError:
        return  # it fails in the run, with its own sentence
    if step.get(lane):
        message = f"The steps under {word} are never reached: the condition is always the same."
        yield Problem(message, str(step["id"]), "condition", is_warning=True)


def _of_the_whole(document: Document) -> list[Problem]:
    try:
        workflow_from(closed(document))
    except SymphonyError as error:
        return [Problem(str(error))]
    return []


def _names_used(document: Document, unreadable: Collection[object]) -> set[str]:
    paths: list[str] = []
    for step in every_step(document.get("steps") or ()):
        for _, text in templates_of(step, unreadable):
            paths += references.find(text)
        for _, condition in conditions_of(step, unreadable):
            paths += expressions.paths(condition)
    return {path.split(".")[0] for path in paths} - {"step"}


def templates_of(step: Step, unreadable: Collection[object] = ()) -> Iterator[tuple[str, str]]:
    """Yield the texts of a step that refer to the context, each with its field."""
    for field, shown in TEMPLATES.get(str(step.get("type")), {}).items():
        if (step["id"], shown) not in unreadable:
            yield from ((shown, text) for text in texts_in(step.get(field)))


def conditions_of(step: Step, unreadable: Collection[object] = ()) -> Iterator[tuple[str, str]]:
    """Yield the condition of a step that has one, with its field."""
    field = CONDITIONS.get(str(step.get("type")))
    if field and (step["id"], field) not in unreadable:
        yield field, str(step.get(field, "False"))


def _unreadable(condition: Any) -> str | None:
    try:
        expressions.check(str(condition))
    except ExpressionError as error:
        return str(error)
    return None


def _refusal(check: Check, value: Any, word: str) -> str | None:
    try:
        check(value, Place(word))
    except DocumentError as error:
        return str(error)
    return None


def _inside(step: Step) -> Inside[Step]:
    lanes = [step.get(lane) or () for lane in lanes_of(step)]
    if step.get("type") == "parallel":
        return Inside([[lane] for lane in lanes[0]])
    return Inside(lanes, again=step.get("type") == "loop")
