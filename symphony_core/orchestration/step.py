"""What a step is: a name, an id, `execute`, and a form as plain data.

Every subclass is known by its type's name as soon as it is defined, so a definition that holds
its data can be loaded wherever the class has been imported.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Self

from symphony_core.errors import DefinitionError
from symphony_core.ids import ID_RULE, is_id, new_id

if TYPE_CHECKING:
    from symphony_core.orchestration.context import WorkflowContext

MAX_NAME = 200


@dataclass(frozen=True)
class StepResult:
    """What a step came to; `output["result"]` is its text."""

    success: bool
    output: dict[str, Any] = field(default_factory=dict)
    error: str | None = None
    task_id: str | None = None

    @property
    def text(self) -> str:
        """The result as text; empty where there is none."""
        return str(self.output.get("result", ""))


class WorkflowStep(ABC):
    """Base of all steps.

    A step of your own defines `execute`, and `to_dict` and `from_dict` for the fields it adds;
    its type's name is its class's.
    """

    type_name: ClassVar[str]
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
        self.id = new_id()

    @abstractmethod
    async def execute(self, context: "WorkflowContext") -> StepResult:
        """Do the work, leave results in the context, and say how it went."""

    def children(self) -> Sequence["WorkflowStep"]:
        """Return the steps inside this one."""
        return ()

    def templates(self) -> Iterable[str]:
        """Return the texts in which this step, its children apart, refers to the context."""
        return ()

    def to_dict(self) -> dict[str, Any]:
        """Return the step as plain data."""
        return {
            "type": self.type_name,
            "id": self.id,
            "name": self.name,
            "description": self.description,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Make the step again out of its data; the id is restored by `load_step`."""
        return cls(data["name"], data.get("description", ""))


def known_types() -> list[str]:
    """Return the names of the step types that can be loaded here."""
    return sorted(WorkflowStep._types)


def load_step(data: Mapping[str, Any]) -> WorkflowStep:
    """Make any step out of its data, with its id.

    Raises:
        DefinitionError: the type is not known, a field is missing, or the id is not usable.
    """
    step_type = WorkflowStep._types.get(str(data.get("type")))
    if step_type is None:
        known = ", ".join(known_types())
        raise DefinitionError(f"There is no step type {data.get('type')!r}. Known are: {known}.")
    try:
        step = step_type.from_dict(dict(data))
    except KeyError as missing:
        raise DefinitionError(
            f"The step {data.get('name')!r} of type {step_type.type_name!r} lacks {missing}."
        ) from None
    step_id = data.get("id", step.id)
    if not is_id(step_id):
        raise DefinitionError(f"The step id {step_id!r:.80} is not usable: an id has {ID_RULE}.")
    step.id = step_id
    return step


def walk(steps: Iterable[WorkflowStep]) -> Iterable[WorkflowStep]:
    """Yield the steps and all steps inside them, parents first."""
    for step in steps:
        yield step
        yield from walk(step.children())
