"""What a step is: a name, an id, `execute`, and a form as plain data.

Every subclass is known by its type's name as soon as it is defined, so a definition that holds
its data can be loaded wherever the class has been imported.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Self, cast

from pydantic import ValidationError

from symphony_core.errors import DefinitionError
from symphony_core.execution.retry import Failure, RetryPolicy
from symphony_core.ids import ID_RULE, is_id, new_id
from symphony_core.texts import text_of

if TYPE_CHECKING:
    from symphony_core.orchestration.context import WorkflowContext

MAX_NAME = 200
MAX_STEPS = 500  # of a workflow in all, and over how many levels they lie in each other
MAX_LEVELS = 32
MAX_SECONDS = 31_536_000  # a year


@dataclass(slots=True)
class StepResult:
    """What a step came to; `output["result"]` is its text.

    `failure` tells whether a failed one is worth another attempt; without it, it is not.
    """

    success: bool
    output: dict[str, Any] = field(default_factory=dict)
    error: str | None = None
    task_id: str | None = None
    failure: Failure | None = None

    @property
    def text(self) -> str:
        """The result as text; empty where there is none."""
        return text_of(self.output.get("result", ""))


class WorkflowStep(ABC):
    """Base of all steps.

    A step of your own defines `execute`, and `to_dict` and `from_dict` for the fields it adds;
    its type's name is its class's. In a run, an attempt that takes longer than `timeout_s` fails,
    `retry` says how often a failure is tried again, and one without `retry_after_crash` fails
    rather than run twice when its run was interrupted in its middle.
    """

    type_name: ClassVar[str]
    arranges: ClassVar[bool] = False  # it does nothing itself but run other steps
    _types: ClassVar[dict[str, type["WorkflowStep"]]] = {}

    def __init_subclass__(cls, type_name: str | None = None, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.type_name = type_name or cls.__name__
        known = cls._types.get(cls.type_name)
        if known is not None and known.__module__.startswith("symphony_core."):
            raise DefinitionError(
                f"The step type {cls.type_name!r} is built in: choose another name."
            )
        cls._types[cls.type_name] = cls

    def __init__(self, name: str, description: str = "") -> None:
        if not isinstance(name, str) or not name.strip() or len(name) > MAX_NAME:
            raise DefinitionError(
                f"A step's name has 1 to {MAX_NAME} characters, not {name!r:.60}."
            )
        self.name = name
        self.description = description
        self.retry: RetryPolicy | None = None
        self.timeout_s: float | None = None
        self.retry_after_crash = True

    @cached_property
    def id(self) -> str:
        """Its id, made where nobody gave it one."""
        return new_id()

    @property
    def attempt_seconds(self) -> float | None:
        """How long one attempt may take; None for no limit."""
        return self.timeout_s

    @abstractmethod
    async def execute(self, context: "WorkflowContext") -> StepResult:
        """Do the work, leave results in the context, and say how it went."""

    def children(self) -> Sequence["WorkflowStep"]:
        """Return the steps inside this one."""
        return ()

    def nested(self) -> Sequence["WorkflowStep"]:
        """Return the steps of another workflow that runs inside this one, in a scope of its own."""
        return ()

    def templates(self) -> Iterable[str]:
        """Return the texts in which this step, its children apart, refers to the context."""
        return ()

    def to_dict(self) -> dict[str, Any]:
        """Return the step as plain data."""
        data: dict[str, Any] = {
            "type": self.type_name,
            "id": self.id,
            "name": self.name,
            "description": self.description,
        }
        if self.retry is not None:
            data["retry"] = self.retry.model_dump()
        if self.timeout_s is not None:
            data["timeout_s"] = self.timeout_s
        if not self.retry_after_crash:
            data["retry_after_crash"] = False
        return data

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Make the step again out of its data; `load_step` restores what all steps have."""
        return cls(data["name"], data.get("description", ""))


def known_types() -> list[str]:
    """Return the names of the step types that can be loaded here."""
    return sorted(WorkflowStep._types)


def step_class(type_name: str) -> type[WorkflowStep] | None:
    """Return the class of a step type, or None if there is none here."""
    return WorkflowStep._types.get(type_name)


def load_step(data: Mapping[str, Any]) -> WorkflowStep:
    """Make any step out of its data, with its id.

    Raises:
        DefinitionError: the type is not known, a field is missing, or the id is not usable.
    """
    step_type = step_class(str(data.get("type")))
    if step_type is None:
        known = ", ".join(known_types())
        raise DefinitionError(f"There is no step type {data.get('type')!r}. Known are: {known}.")
    try:
        step = step_type.from_dict(dict(data))
    except KeyError as missing:
        raise DefinitionError(
            f"The step {data.get('name')!r} of type {step_type.type_name!r} lacks {missing}."
        ) from None
    if "id" in data:
        step.id = data["id"]
        if not is_id(step.id):
            raise DefinitionError(
                f"The step id {step.id!r:.80} is not usable: an id has {ID_RULE}."
            )
    _set_execution(step, data)
    return step


def _set_execution(step: WorkflowStep, data: Mapping[str, Any]) -> None:
    if data.get("retry") is not None:
        try:
            step.retry = RetryPolicy.model_validate(data["retry"])
        except ValidationError as error:
            wrong = error.errors(include_url=False)[0]
            field = ".".join(map(str, ("retry", *wrong["loc"])))
            raise DefinitionError(f"The step {step.name!r}: {field}: {wrong['msg']}.") from None
    step.timeout_s = check_timeout(step.name, data.get("timeout_s"))
    step.retry_after_crash = data.get("retry_after_crash", True) is not False


def check_timeout(name: str, seconds: object) -> float | None:
    """Return a time limit in seconds, or None for none.

    Raises:
        DefinitionError: it is no positive number.
    """
    if seconds is None:
        return None
    is_number = isinstance(seconds, int | float) and not isinstance(seconds, bool)
    if not is_number or not 0 < (limit := float(cast("float", seconds))) <= MAX_SECONDS:
        raise DefinitionError(
            f"The step {name!r}: timeout_s is a number of seconds above 0 and up to "
            f"{MAX_SECONDS:,}, not {seconds!r:.40}."
        )
    return limit


def walk(steps: Iterable[WorkflowStep]) -> Iterable[WorkflowStep]:
    """Yield the steps and all steps inside them, parents first, but none of other workflows."""
    for step in steps:
        yield step
        if inner := step.children():
            yield from walk(inner)


def walk_nested(steps: Iterable[WorkflowStep]) -> Iterable[WorkflowStep]:
    """Yield the steps and all steps inside them, those of workflows in them too."""
    for step in steps:
        yield step
        if inner := (*step.children(), *step.nested()):
            yield from walk_nested(inner)
