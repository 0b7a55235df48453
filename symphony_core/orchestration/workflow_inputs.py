"""The values that a run of a workflow needs: how each is asked for, and what it may be."""

import math
import operator
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    field_validator,
    model_validator,
)

MAX_FILE_TEXT = 100_000  # characters


class InputType(StrEnum):
    """How an input is asked for; a file is one of text, and its text is the value."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    CHOICE = "choice"
    BOOLEAN = "boolean"
    FILE = "file"


class WorkflowInput(BaseModel):
    """A value that a run needs; prompts refer to it as `{{name}}`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,63}$")]
    label: str = ""
    type: InputType = InputType.TEXT
    choices: Annotated[tuple[str, ...], PlainSerializer(list)] = Field(
        default=(), exclude_if=operator.not_
    )
    default: bool | str | int | float | None = None
    required: bool = True

    @field_validator("name")
    @classmethod
    def _free(cls, name: str) -> str:
        if name == "step":
            raise ValueError("'step' is taken: it begins the names of what steps leave")
        return name

    @model_validator(mode="after")
    def _fitting(self) -> Self:
        if self.type != InputType.CHOICE and self.choices:
            raise ValueError("'choices' are for an input of type 'choice' only")
        if self.type == InputType.CHOICE:
            is_odd = len(set(self.choices)) < len(self.choices)
            if not self.choices or is_odd or not all(choice.strip() for choice in self.choices):
                raise ValueError(
                    "an input of type 'choice' needs 'choices': one or more different texts, "
                    "none of them empty"
                )
        if self.default is not None and (problem := self.problem_with(self.default)):
            raise ValueError(f"'default' {problem}")
        return self

    @property
    def empty(self) -> bool | str:
        """What stands for an optional value that was not given."""
        return False if self.type == InputType.BOOLEAN else ""

    def problem_with(self, value: Any) -> str | None:
        """Return what is wrong with a value, to be read after the input's name; None if nothing."""
        if self.type == InputType.CHOICE and value not in self.choices:
            return f"is one of {', '.join(map(repr, self.choices)):.300}, not {value!r:.60}"
        if self.type == InputType.NUMBER and not _is_number(value):
            return f"is a number, and {value!r:.60} is none"
        if self.type == InputType.BOOLEAN and not isinstance(value, bool):
            return f"is yes or no (true or false), and {value!r:.60} is neither"
        if self.type == InputType.FILE and not isinstance(value, str):
            return f"is the text of a file, and {value!r:.60} is no text"
        if self.type == InputType.FILE and len(value) > MAX_FILE_TEXT:
            return f"is too long: it may have {MAX_FILE_TEXT:,} characters, not {len(value):,}"
        return None


def _is_number(value: Any) -> bool:
    is_one = isinstance(value, int | float) and not isinstance(value, bool)
    return is_one and math.isfinite(value)
