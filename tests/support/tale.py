"""The definition that the fault tests run: a branch, a parallel step and a loop, every answer used."""

from collections.abc import Sequence

from symphony_core.agent_config import AgentConfig
from symphony_core.orchestration.step import WorkflowStep
from symphony_core.orchestration.steps import ConditionalStep, LoopStep, ParallelStep, TaskStep
from symphony_core.orchestration.workflow_definition import WorkflowDefinition

WRITER = AgentConfig(id="writer", name="Writer", role="Writer", instruction_template="Answer.")


def ask(step_id: str, question: str) -> TaskStep:
    """Return a step that asks the writer a question marked with the step's id."""
    step = TaskStep(
        step_id.capitalize(),
        {"input_data": {"query": f"[{step_id}] {question}"}},
        agent_id=WRITER.id,
    )
    step.id = step_id
    return step


def named(step: WorkflowStep, step_id: str) -> WorkflowStep:
    """Return the step with an id that is known."""
    step.id = step_id
    return step


def workflow(*steps: WorkflowStep) -> WorkflowDefinition:
    """Return a definition of these steps."""
    definition = WorkflowDefinition(name="A tale")
    for step in steps:
        definition = definition.add_step(step)
    return definition


def tale(sides: int = 2, turns: int = 2) -> WorkflowDefinition:
    """Return eight steps that ask ten questions (with more sides and turns: more).

    The marker of the loop's question is `turn after N`.
    """
    turn = ask("turn", "")
    turn.task_template = {"input_data": {"query": "[turn after {{step.refine.result}}] go on"}}
    both = [ask(f"side{n}", "tell {{step.facts.result}}") for n in range(1, sides + 1)]
    deep = [ask("deep", "dig {{step.facts.result}}")]
    flat = [ask("flat", "skim {{step.facts.result}}")]
    return workflow(
        ask("plan", "about {{topic}}"),
        ask("facts", "for {{step.plan.result}}"),
        named(ConditionalStep("Path", "'facts' in step.facts.result", deep, flat), "path"),
        named(ParallelStep("Sides", both), "sides"),
        named(
            LoopStep("Refine", turn, f"step.result == '{turns}'", max_iterations=9, start="0"),
            "refine",
        ),
        ask("check", "{{step.path.result}} {{step.sides.result}}"),
        ask("title", "{{step.check.result}} after {{step.refine.result}}"),
        ask("end", "{{step.title.result}}"),
    )


def questions(sides: int = 2, turns: int = 2) -> list[str]:
    """Return the markers of all questions of `tale`, in its order."""
    middle: Sequence[str] = [f"side{n}" for n in range(1, sides + 1)]
    loop = [f"turn after {n}" for n in range(turns)]
    return ["plan", "facts", "deep", *middle, *loop, "check", "title", "end"]
