"""What can be done to a workflow's document while it is edited.

Each function returns a new document and leaves the old one as it was; they share what is the same.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dashboard.viewmodels.definitions import BRANCHES
from dashboard.viewmodels.places import Place
from symphony_core.errors import DefinitionError
from symphony_core.io.editable import Document, Step, every_step, lanes_of, step_of

__all__ = [
    "KINDS",
    "Row",
    "change",
    "duplicate",
    "insert",
    "move",
    "new_step",
    "pasted",
    "place_after",
    "place_of",
    "remove",
    "rename",
    "rows",
    "step_of",
]

KINDS = {
    "task": "Ask an agent",
    "conditional": "Branch",
    "parallel": "Side by side",
    "loop": "Loop",
    "approval": "Approval",
    "workflow": "Workflow",
}
"""The kinds of steps that can be added, in the palette's order and words."""
NAMES = {**KINDS, "task": "Task"}
FRESH: dict[str, dict[str, Any]] = {
    "task": {"task_template": {"input_data": {"query": ""}}, "agent_id": None},
    "conditional": {"condition": "", "if_branch": [], "else_branch": []},
    "parallel": {"steps": [], "max_concurrency": 5},
    "loop": {"steps": [], "max_iterations": 3, "exit_condition": "False"},
    "approval": {"message": ""},
    "workflow": {"workflow_id": "", "inputs": {}},
}
LONGEST_ID = 40
_Change = Callable[[Step], Sequence[Step]]


@dataclass(frozen=True)
class Row:
    """A step in the list of all of them, and where it could go; `lane` is Yes or No in a branch."""

    id: str
    kind: str
    name: str
    depth: int
    lane: str
    place: Place
    moves: Mapping[str, Place]
    """By `up`, `down`, `in` and `out`: those that are possible."""


# --- finding


def place_of(document: Document, step_id: str) -> Place | None:
    """Return where a step stands; None if there is none with that id."""
    return next((place for step, place, _ in _placed(document) if step["id"] == step_id), None)


def place_after(document: Document, step_id: str | None) -> Place:
    """Return the place behind a step, or the workflow's end if there is none with that id."""
    place = place_of(document, step_id) if step_id else None
    return _next(place) if place else Place(None, "steps", len(document.get("steps") or ()))


def rows(document: Document) -> list[Row]:
    """Return all steps as a plain list, those inside others after them."""
    placed = list(_placed(document))
    holders = {str(step["id"]): (step, place) for step, place, _ in placed}
    return [
        Row(
            id=str(step["id"]),
            kind=str(step.get("type")),
            name=str(step.get("name") or step["id"]),
            depth=depth,
            lane=BRANCHES.get(place.branch, ""),
            place=place,
            moves=_moves(document, place, holders),
        )
        for step, place, depth in placed
    ]


# --- changing


def new_step(kind: str, document: Document, reserved: Collection[str] = ()) -> dict[str, Any]:
    """Return a step that is not filled in, with a name and an id that are free, not reserved."""
    id = _free(kind, _ids(document).union(reserved))
    name = _free(NAMES[kind], {str(step.get("name")) for step in _steps(document)}, " ")
    return {"type": kind, "id": id, "name": name, "description": "", **FRESH[kind]}


def insert(document: Document, place: Place, *steps: Step) -> Document:
    """Put steps into a place."""
    if place.within is None:
        return {**document, "steps": _with(document.get("steps"), place.index, steps)}

    def put(holder: Step) -> Sequence[Step]:
        return [{**holder, place.branch: _with(holder.get(place.branch), place.index, steps)}]

    return _replaced(document, place.within, put)


def remove(document: Document, step_id: str) -> Document:
    """Take a step out, with what it holds."""
    return _replaced(document, step_id, lambda step: [])


def move(document: Document, step_id: str, place: Place) -> Document:
    """Take a step, with what it holds, to another place, as it was reckoned before the move.

    Raises:
        DefinitionError: the place lies in the step itself.
    """
    step, old = step_of(document, step_id), place_of(document, step_id)
    if step is None or old is None:
        return document
    if place.within in {inner["id"] for inner in every_step([step])}:
        raise DefinitionError(f"The step {step.get('name')!r} cannot be put into itself.")
    is_behind = (place.within, place.branch) == (old.within, old.branch) and place.index > old.index
    target = replace(place, index=place.index - 1) if is_behind else place
    return document if target == old else insert(remove(document, step_id), target, step)


def change(document: Document, step_id: str, fields: Mapping[str, Any]) -> Document:
    """Give a step other values; None takes a field away where the step need not have it."""
    return _replaced(document, step_id, lambda step: [_changed(step, fields)])


def rename(document: Document, step_id: str, name: str) -> tuple[Document, str]:
    """Give a step a name, and return its id.

    Its first name of its own gives the step an id that says it, which all references follow. Later
    the id stays, for runs know the step by it.
    """
    step = step_of(document, step_id)
    if step is None:
        return document, step_id
    named = change(document, step_id, {"name": name})
    wanted = _slug(name)
    if not wanted or wanted == step_id or not re.fullmatch(rf"{step['type']}(_\d+)?", step_id):
        return named, step_id
    new = _free(wanted, _ids(document) - {step_id})
    steps = [_renumbered(one, {step_id: new}) for one in named["steps"]]
    return {**named, "steps": steps}, new


def duplicate(
    document: Document, step_id: str, reserved: Collection[str] = ()
) -> tuple[Document, str]:
    """Put a copy of a step behind it, and return the copy's id."""
    step = step_of(document, step_id)
    if step is None:
        return document, step_id
    (copy,) = pasted(document, [step], reserved)
    copy = {**copy, "name": f"{str(copy.get('name'))[:193]} (copy)"}
    return insert(document, place_after(document, step_id), copy), str(copy["id"])


def pasted(document: Document, steps: Sequence[Step], reserved: Collection[str] = ()) -> list[Step]:
    """Return steps with ids that are free in the document; references among them follow."""
    taken, new = _ids(document).union(reserved), {}
    for step in every_step(steps):
        old = str(step["id"])
        new[old] = old if old not in taken else _free(re.sub(r"_\d+$", "", old), taken)
        taken.add(new[old])
    return [_renumbered(step, new) for step in steps]


def _free(wanted: str, taken: Collection[str], mark: str = "_") -> str:
    """Return the id or name, with a number behind a mark if it is taken."""
    found, number = wanted, 1
    while found in taken:
        number += 1
        found = f"{wanted}{mark}{number}"
    return found


# --- how it is done


def _steps(document: Document) -> Iterator[Step]:
    return every_step(document.get("steps") or ())


def _ids(document: Document) -> set[str]:
    return {str(step["id"]) for step in _steps(document)}


def _placed(document: Document) -> Iterator[tuple[Step, Place, int]]:
    """Yield every step with its place and how deep it lies, in the order of the list."""
    yield from _placed_in(document.get("steps") or (), None, "steps", 0)


def _placed_in(
    steps: Sequence[Step], within: str | None, branch: str, depth: int
) -> Iterator[tuple[Step, Place, int]]:
    for index, step in enumerate(steps):
        yield step, Place(within, branch, index), depth
        for lane in lanes_of(step):
            yield from _placed_in(step.get(lane) or (), str(step["id"]), lane, depth + 1)


def _moves(
    document: Document, place: Place, holders: Mapping[str, tuple[Step, Place]]
) -> dict[str, Place]:
    holder, outside = holders[place.within] if place.within else (document, None)
    lanes = lanes_of(holder) if place.within else ["steps"]
    lane: Sequence[Step] = holder.get(place.branch) or ()
    at = lanes.index(place.branch)
    moves: dict[str, Place] = {}
    if place.index > 0:
        moves["up"] = replace(place, index=place.index - 1)
        before = lane[place.index - 1]
        inner = lanes_of(before)
        if inner:
            moves["in"] = Place(str(before["id"]), inner[0], len(before.get(inner[0]) or ()))
    elif at > 0:
        moves["up"] = Place(place.within, lanes[at - 1], len(holder.get(lanes[at - 1]) or ()))
    if place.index + 1 < len(lane):
        moves["down"] = replace(place, index=place.index + 2)
    elif at + 1 < len(lanes):
        moves["down"] = Place(place.within, lanes[at + 1], 0)
    if outside:
        moves["out"] = _next(outside)
    return moves


def _next(place: Place) -> Place:
    return replace(place, index=place.index + 1)


def _with(lane: Sequence[Step] | None, index: int, steps: Sequence[Step]) -> list[Step]:
    old = list(lane or ())
    return [*old[:index], *steps, *old[index:]]


def _replaced(document: Document, step_id: str, change: _Change) -> Document:
    """Put what `change` makes of one step into its place."""

    def through(steps: Sequence[Step]) -> list[Step]:
        return [new for step in steps for new in one(step)]

    def one(step: Step) -> Sequence[Step]:
        if step["id"] == step_id:
            return change(step)
        lanes = {lane: through(step.get(lane) or ()) for lane in lanes_of(step)}
        return [{**step, **lanes} if lanes else step]

    return {**document, "steps": through(document.get("steps") or ())}


def _changed(step: Step, fields: Mapping[str, Any]) -> Step:
    changed = {**step, **fields}
    needed = FRESH.get(str(step.get("type")), {})
    return {k: v for k, v in changed.items() if v is not None or k in needed or k not in fields}


def _renumbered(step: Step, new: Mapping[str, str]) -> Step:
    """Return a step with other ids, its own and in all that refers to them."""
    reference = re.compile(rf"\bstep\.({'|'.join(map(re.escape, new))})(?![A-Za-z0-9_-])")

    def follow(value: Any) -> Any:
        if isinstance(value, str):
            return reference.sub(lambda found: f"step.{new[found.group(1)]}", value)
        if isinstance(value, Mapping):
            inner = {name: follow(one) for name, one in value.items()}
            return {**inner, "id": new[inner["id"]]} if _is_step(value, new) else inner
        return [follow(one) for one in value] if isinstance(value, list | tuple) else value

    return dict(follow(step))


def _is_step(value: Mapping[str, Any], ids: Collection[str]) -> bool:
    return "type" in value and value.get("id") in ids


def _slug(name: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:LONGEST_ID].strip("_")
    return words if words[:1].isalpha() else ""
