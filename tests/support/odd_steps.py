"""Steps of one's own that raise what no step should, or leave what cannot be kept."""

import asyncio
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self

from symphony_core.orchestration.step import StepResult, WorkflowStep
from symphony_core.orchestration.workflow_definition import WorkflowContext


class Catastrophe(BaseException):
    """What no `except Exception` catches."""


def _endless() -> None:
    _endless()


def _raise(error: type[BaseException]) -> Callable[[], None]:
    def now() -> None:
        raise error(f"the {error.__name__} of the step")

    return now


KINDS: dict[str, Callable[[], None]] = {
    error.__name__: _raise(error)
    for error in (
        ValueError,
        MemoryError,
        KeyboardInterrupt,
        SystemExit,
        asyncio.CancelledError,
        GeneratorExit,
        Catastrophe,
    )
} | {"RecursionError": _endless}


def _cycle() -> list[Any]:
    inside: list[Any] = []
    inside.append(inside)
    return inside


OUTPUTS: dict[str, Callable[[], Any]] = {
    "set": lambda: {"a"},
    "bytes": lambda: b"a",
    "object": object,
    "cycle": _cycle,
    "NaN": lambda: float("nan"),
    "infinity": lambda: float("inf"),
}


class _OddStep(WorkflowStep, type_name="odd"):
    def __init__(self, name: str, kind: str) -> None:
        super().__init__(name)
        self.kind = kind

    def to_dict(self) -> dict[str, Any]:
        return {**super().to_dict(), "kind": self.kind}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        return cls(data["name"], data["kind"])

    async def execute(self, context: WorkflowContext) -> StepResult:
        raise NotImplementedError


class RaisingStep(_OddStep, type_name="raising"):
    """Raises one of `KINDS`."""

    async def execute(self, context: WorkflowContext) -> StepResult:
        await asyncio.sleep(0)
        KINDS[self.kind]()
        return StepResult(True)


class OutputStep(_OddStep, type_name="output"):
    """Returns one of `OUTPUTS` as a part of its result."""

    async def execute(self, context: WorkflowContext) -> StepResult:
        return StepResult(True, {"result": "done", "more": OUTPUTS[self.kind]()})


class SurrogateStep(_OddStep, type_name="surrogate"):
    """Returns half of a character, which JSON can write down and UTF-8 cannot."""

    async def execute(self, context: WorkflowContext) -> StepResult:
        return StepResult(True, {"result": "\ud800"})


class LeavingStep(_OddStep, type_name="leaving"):
    """Leaves one of `OUTPUTS` in the context."""

    async def execute(self, context: WorkflowContext) -> StepResult:
        context.set(f"step.{self.id}.more", OUTPUTS[self.kind]())
        return StepResult(True, {"result": "done"})


class DyingStep(WorkflowStep, type_name="dying"):
    """Ends its process at once, the first time; later it answers."""

    async def execute(self, context: WorkflowContext) -> StepResult:
        """Leave a file behind before the end, by which the next time is known."""
        left = Path(context.get("folder")) / self.id
        if not left.exists():
            left.touch()
            os._exit(1)
        return StepResult(True, {"result": "alive"})


class LastingStep(WorkflowStep, type_name="lasting"):
    """Says nothing, and goes on until it is cancelled."""

    async def execute(self, context: WorkflowContext) -> StepResult:
        """Wait."""
        await asyncio.Event().wait()
        return StepResult(True)
