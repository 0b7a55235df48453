"""The values that a run of a workflow needs: how each is asked for, and what it may be."""

import math
import operator
from collections.abc import Iterable, Mapping
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

from symphony_core.errors import DefinitionError
from symphony_core.plain_data import kept_values

MAX_FILE_TEXT = 100_000  # characters

_YES_OR_NO = {"yes": True, "true": True, "no": False, "false": False}


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

    def read(self, text: str) -> Any:
        """Return a value that was given as text; text that cannot be it as it came."""
        if self.type == InputType.BOOLEAN:
            return _YES_OR_NO.get(text.strip().lower(), text)
        return _number(text) if self.type == InputType.NUMBER else text

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


def filled(inputs: Iterable[WorkflowInput], given: Mapping[str, Any], *, of: str) -> dict[str, Any]:
    """Return what is given to a workflow of that name, and the defaults of what is not.

    Raises:
        DefinitionError: a required input is missing or empty, or one is not what it must be.
    """
    values = dict(given)
    for declared in inputs:
        value = values.get(declared.name, declared.default)
        if value is None or not str(value).strip():
            problem = "needs a value" if declared.required else None
            value = declared.empty if value is None else value
        else:
            problem = declared.problem_with(value)
        if problem:
            raise DefinitionError(f"The input {declared.name!r} of {of!r} {problem}.")
        values[declared.name] = value
    try:
        return kept_values(values)
    except ValueError as error:
        raise DefinitionError(f"The inputs of {of!r} cannot be kept: {error}.") from None


def _number(text: str) -> int | float | str:
    try:
        number = float(text)
        return int(number) if number.is_integer() else number
    except (ValueError, OverflowError):
        return text


def _is_number(value: Any) -> bool:
    is_one = isinstance(value, int | float) and not isinstance(value, bool)
    return is_one and math.isfinite(value)
