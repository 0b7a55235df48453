"""The system prompt that an agent's form makes, and what is wrong with it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard.viewmodels.agents import AgentForm
from symphony_core.agent_config import doubled
from symphony_core.references import split

PLAIN, MISSING = "plain", "missing"

_SINGLE = re.compile(r"(?<!\{)\{([A-Za-z_][A-Za-z0-9_-]*)\}(?!\})")


@dataclass(frozen=True)
class Piece:
    """A part of the prompt: as it will be sent, or a name that has no value yet."""

    kind: str
    text: str


@dataclass(frozen=True)
class PromptView:
    """The finished prompt in pieces.

    `missing` are the names that no variable has, `problems` what keeps it from being sent in every
    run, and `remarks` what may be a slip.
    """

    pieces: Sequence[Piece]
    missing: Sequence[str]
    problems: Sequence[str]
    remarks: Sequence[str]

    @property
    def text(self) -> str:
        """The prompt, with what has no value as it stands in the instructions."""
        return "".join(
            piece.text if piece.kind == PLAIN else f"{{{{{piece.text}}}}}" for piece in self.pieces
        )


def prompt_view(form: AgentForm) -> PromptView:
    """Return the prompt of a form.

    Raises:
        TemplateError: the instructions cannot be read.
    """
    values = {name.strip(): text for name, text in form.variables if name.strip()}
    parts = split(doubled(form.instructions.strip(), values))
    pieces = [
        _piece(part, is_path=place % 2 == 1, values=values) for place, part in enumerate(parts)
    ]
    missing = dict.fromkeys(piece.text for piece in pieces if piece.kind == MISSING)
    return PromptView(
        pieces=[piece for piece in pieces if piece.text],
        missing=[name for name in missing if "." not in name],
        problems=[_problem(name) for name in missing],
        remarks=_remarks(parts, values),
    )


def _piece(part: str, *, is_path: bool, values: Mapping[str, str]) -> Piece:
    if not is_path:
        return Piece(PLAIN, part)
    return Piece(PLAIN, values[part]) if part in values else Piece(MISSING, part)


def _problem(name: str) -> str:
    if "." in name:
        return f"{{{{{name}}}}} is a step's value, and instructions know names only."
    return (
        f"{{{{{name}}}}} has no variable here. A workflow with an input {name!r} fills it; in any "
        "other the agent cannot answer."
    )


def _remarks(parts: Sequence[str], values: Mapping[str, str]) -> list[str]:
    used = set(parts[1::2])
    unused = [f"The variable {name!r} stands nowhere in it." for name in values if name not in used]
    empty = [
        f"The variable {name!r} is empty." for name in values if name in used and not values[name]
    ]
    single = dict.fromkeys(name for part in parts[::2] for name in _SINGLE.findall(part))
    slips = [f"{{{name}}} stays as it is: no variable has that name." for name in single]
    return [*unused, *empty, *slips]
