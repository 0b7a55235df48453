"""Python functions as tools: what a model is told of them is their signature and docstring."""

import inspect
from collections.abc import Callable
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, cast

from pydantic import ValidationError
from pydantic.errors import PydanticUserError
from pydantic_core import to_json

from symphony_core.errors import DefinitionError, ToolError
from symphony_core.models.base import ToolSpec
from symphony_core.outcomes import in_thread
from symphony_core.tools.base import SECONDS

if TYPE_CHECKING:
    from pydantic_ai.tools import Tool as Described

Function = Callable[..., Any]

_MOST_REASONS = 3


class FunctionTool:
    """A function, plain or async. A plain one gets a thread of its own."""

    def __init__(
        self, function: Function, *, name: str | None = None, seconds: float = SECONDS
    ) -> None:
        self.name = name or str(getattr(function, "__name__", type(function).__name__))
        self.seconds = seconds
        self._function = function

    @property
    def summary(self) -> str:
        """The first paragraph of its docstring."""
        paragraphs = (inspect.getdoc(self._function) or "").split("\n\n")
        return " ".join(paragraphs[0].split())

    @cached_property
    def spec(self) -> ToolSpec:
        """What the model is told of it.

        Raises:
            DefinitionError: the function's signature cannot be told as a JSON Schema.
        """
        described = self._described
        schema = described.function_schema.json_schema
        return ToolSpec(self.name, described.description or self.name, schema)

    @cached_property
    def _described(self) -> "Described[None]":
        from pydantic_ai.exceptions import UserError  # noqa: PLC0415  (pydantic-ai takes seconds)
        from pydantic_ai.tools import Tool  # noqa: PLC0415

        try:
            return cast("Described[None]", Tool(self._function, takes_ctx=False, name=self.name))
        except (UserError, PydanticUserError, TypeError, ValueError, NameError) as error:
            reason = str(error).partition(". ")[0].partition("\n")[0]
            raise DefinitionError(
                f"The function {self.name!r} cannot be a tool: {reason}. Give each of its "
                "parameters a type that JSON has."
            ) from None

    async def call(self, arguments: dict[str, Any]) -> str:
        """Check the arguments, and call the function with them; see `Tool`."""
        try:
            checked = self._described.function_schema.validator.validate_python(arguments)
        except ValidationError as error:
            raise ToolError(
                f"The arguments for the tool {self.name!r} are wrong: {_reasons(error)}."
            ) from None
        call = partial(self._function, **checked)
        result = call() if inspect.iscoroutinefunction(self._function) else await in_thread(call)
        if inspect.isawaitable(result):
            result = await result
        return result if isinstance(result, str) else to_json(result, fallback=str).decode()


def _reasons(error: ValidationError) -> str:
    reasons = [
        f"{'.'.join(map(str, found['loc'])) or 'they'}: {found['msg'].lower()}"
        for found in error.errors(include_url=False, include_input=False)[:_MOST_REASONS]
    ]
    return "; ".join(reasons)
