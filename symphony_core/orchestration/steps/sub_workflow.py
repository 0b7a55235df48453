"""Run another workflow as a step."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Self

from symphony_core.errors import StepFailed
from symphony_core.orchestration.context import WorkflowContext
from symphony_core.orchestration.step import StepResult, WorkflowStep, load_step
from symphony_core.orchestration.workflow_inputs import WorkflowInput, filled


class SubWorkflowStep(WorkflowStep, type_name="workflow"):
    """Runs another workflow, which sees nothing of this one but the inputs it is given.

    `inputs` are templates by the names of the other's inputs; one that is not there, or comes to
    an empty text, has its default. A run keeps the other workflow as it was when the run was made:
    its data is then the step's `definition`. Leaves its last step's result as `step.ID.result`.
    """

    arranges = True

    def __init__(
        self,
        name: str,
        workflow_id: str,
        inputs: Mapping[str, str] | None = None,
        description: str = "",
        definition: Mapping[str, Any] | None = None,
        definition_version: int | None = None,
    ) -> None:
        super().__init__(name, description)
        self.workflow_id = workflow_id
        self.inputs = dict(inputs or {})
        self.definition = None if definition is None else dict(definition)
        self.definition_version = definition_version
        kept = self.definition or {}
        self.steps = tuple(load_step(data) for data in kept.get("steps", ()))
        self.declared = tuple(map(WorkflowInput.model_validate, kept.get("inputs", ())))

    async def execute(self, context: WorkflowContext) -> StepResult:
        """Fill the inputs, and run the other workflow's steps with them alone."""
        if self.definition is None:
            raise StepFailed(f"The workflow {self.workflow_id!r} is not part of this run.")
        result = await context.create_scope(self._values(context)).run_steps(self.steps)
        if not result.success:
            return result
        context.set(f"step.{self.id}.name", self.name)
        context.set(f"step.{self.id}.result", result.text)
        return StepResult(True, {"result": result.text})

    def _values(self, context: WorkflowContext) -> dict[str, Any]:
        texts = {name: context.resolve_template(text) for name, text in self.inputs.items()}
        given: dict[str, Any] = {name: text for name, text in texts.items() if text.strip()}
        for declared in self.declared:
            if declared.name in given:
                given[declared.name] = declared.read(given[declared.name])
        name = (self.definition or {}).get("name", self.name)
        return filled(self.declared, given, of=name)

    def nested(self) -> Sequence[WorkflowStep]:
        """Return the other workflow's steps, where it is kept here."""
        return self.steps

    def templates(self) -> Iterable[str]:
        """Return the texts that become the inputs."""
        return self.inputs.values()

    def to_dict(self) -> dict[str, Any]:
        """Return the step as plain data."""
        data = {**super().to_dict(), "workflow_id": self.workflow_id, "inputs": self.inputs}
        if self.definition is None:
            return data
        kept = {"definition": self.definition, "definition_version": self.definition_version}
        return {**data, **kept}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Make the step again out of its data."""
        return cls(
            name=data["name"],
            workflow_id=data["workflow_id"],
            inputs=data.get("inputs"),
            description=data.get("description", ""),
            definition=data.get("definition"),
            definition_version=data.get("definition_version"),
        )
