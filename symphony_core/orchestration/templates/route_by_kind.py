"""A message is sorted first, and answered in the way that suits its kind."""

from collections.abc import Mapping
from typing import Any

from symphony_core.orchestration.steps import ConditionalStep, TaskStep
from symphony_core.orchestration.templates.base import Agents, Template, TemplateRole, ask
from symphony_core.orchestration.workflow_definition import (
    InputType,
    WorkflowDefinition,
    WorkflowInput,
)

KINDS = ("complaint", "question", "praise")


def _build(agents: Agents, _options: Mapping[str, Any]) -> WorkflowDefinition:
    writer = agents.get("writer")
    kind = TaskStep(
        "Kind",
        {"name": "Kind", "input_data": {"query": KIND_PROMPT}},
        agent_id=agents.get("sorter"),
        answer_choices=KINDS,
    )
    question = ConditionalStep(
        "Is it a question?",
        f"step.{kind.id}.result == 'question'",
        ask("Answer", ANSWER_PROMPT, writer),
        ask("Thanks", THANKS_PROMPT, writer),
    )
    complaint = ConditionalStep(
        "Is it a complaint?",
        f"step.{kind.id}.result == 'complaint'",
        ask("Apology", APOLOGY_PROMPT, writer),
        question,
    )
    workflow = WorkflowDefinition(name=TEMPLATE.name, description="Sort, then answer accordingly.")
    return workflow.add_step(kind).add_step(complaint)


KIND_PROMPT = "{{message}}\n\nIs this message a complaint, a question or praise?"
APOLOGY_PROMPT = "Write a short, friendly apology in answer to this message: {{message}}"
ANSWER_PROMPT = "Write a short, friendly answer to this question: {{message}}"
THANKS_PROMPT = "Write a short, friendly thank-you in answer to this message: {{message}}"

TEMPLATE = Template(
    key="route-by-kind",
    name="Route by kind",
    summary="A message is sorted: complaints, questions and praise are answered differently.",
    roles=(
        TemplateRole("sorter", "Sorter", "Says what kind of message it is."),
        TemplateRole("writer", "Writer", "Writes the answer."),
    ),
    inputs=(
        WorkflowInput(
            name="message",
            label="Message",
            type=InputType.LONG_TEXT,
            default="My order came two weeks late and the box was broken. I am very unhappy.",
        ),
    ),
    options=(),
    build_steps=_build,
)
