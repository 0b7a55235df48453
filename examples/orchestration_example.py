"""A template, a branch, experts side by side, and a step of one's own.

Run it: SYMPHONY_MODEL=scripted python -m examples.orchestration_example
"""

import asyncio
from typing import Any, Self

from symphony_core.orchestration import register_orchestration_components
from symphony_core.orchestration.steps import ConditionalStep, ParallelStep, TaskStep
from symphony_core.orchestration.workflow_definition import (
    StepResult,
    WorkflowContext,
    WorkflowDefinition,
    WorkflowInput,
    WorkflowStep,
)
from symphony_core.registry import ServiceRegistry


class CountWords(WorkflowStep):
    """Counts the words that another step has written; it asks no model."""

    def __init__(self, name: str, source_id: str, description: str = "") -> None:
        super().__init__(name, description)
        self.source_id = source_id

    async def execute(self, context: WorkflowContext) -> StepResult:
        """Count."""
        words = str(len(context.get(f"step.{self.source_id}.result", "").split()))
        context.set(f"step.{self.id}.result", words)
        return StepResult(success=True, output={"result": words})

    def to_dict(self) -> dict[str, Any]:
        """Return the step as plain data."""
        return {**super().to_dict(), "source_id": self.source_id}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """Make the step again."""
        return cls(data["name"], data["source_id"], data.get("description", ""))


def ask(name: str, query: str, **fields: Any) -> TaskStep:
    """Return a step that asks one thing."""
    return TaskStep(name=name, task_template={"input_data": {"query": query}}, **fields)


def triage() -> WorkflowDefinition:
    """Sort a question, take one of two ways, and count what came of it."""
    sort = ask(
        "Sort",
        "Is this question SHORT or LONG to answer? {{question}}",
        answer_choices=["SHORT", "LONG"],
    )
    short = ask("Answer", "Answer in one sentence: {{question}}")
    views = [
        ask(f"View {n}", f"Argue {n} in two sentences: {{{{question}}}}")
        for n in ("for", "against")
    ]
    both = ParallelStep("Both sides", views)
    combine = ask("Combine", f"Combine these views:\n\n{{{{step.{both.id}.result}}}}")
    way = ConditionalStep("Way", f"step.{sort.id}.result == 'LONG'", [both, combine], short)
    return (
        WorkflowDefinition(name="Triage", inputs=(WorkflowInput(name="question"),))
        .add_step(sort)
        .add_step(way)
        .add_step(CountWords("Count", way.id))
    )


async def main() -> None:
    """Run a template, then a workflow of our own twice."""
    registry = ServiceRegistry.get_instance()
    register_orchestration_components(registry)
    engine = registry.get_service("workflow_engine")
    templates = registry.get_service("workflow_templates")

    poem = templates.critic_revise(
        "A poem", "Write two lines about rain.", "What is weak about this?", "Write it anew."
    )
    run = await engine.execute_workflow(poem)
    print(f"critic and revise: {run.status}, {run.steps_done} answers")

    definition = triage()
    await registry.get_repository("workflow_definition").save(definition)
    for question in ("What is two and two?", "Should towns ban cars?"):
        run = await engine.execute_workflow_by_id(definition.id, {"question": question})
        context = run.metadata["context"]
        steps = definition.get_steps()
        branch = context[f"step.{steps[1].id}.branch_taken"]
        words = context[f"step.{steps[2].id}.result"]
        print(f"triage: {question!r} took the branch {branch!r} and {words} words")


if __name__ == "__main__":
    asyncio.run(main())
