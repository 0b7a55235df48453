"""Two sides argue in turns, and a judge says who was more convincing."""

from collections.abc import Mapping
from typing import Any

from symphony_core.ids import new_id
from symphony_core.orchestration.steps import LoopStep
from symphony_core.orchestration.templates.base import (
    Agents,
    Template,
    TemplateOption,
    TemplateRole,
    ask,
    result_of,
    whole_number,
)
from symphony_core.orchestration.workflow_definition import (
    InputType,
    WorkflowDefinition,
    WorkflowInput,
)


def _build(agents: Agents, options: Mapping[str, Any]) -> WorkflowDefinition:
    opening = ask("Opening", OPENING_PROMPT, agents.get("advocate"))
    loop_id = new_id()
    newest = f"In favour:\n{result_of(loop_id)}"
    against = ask("Against", f"{newest}\n\n{AGAINST_PROMPT}", agents.get("opponent"))
    objection = f"Against:\n{result_of(against.id)}"
    reply = ask("Reply", f"{newest}\n\n{objection}\n\n{REPLY_PROMPT}", agents.get("advocate"))
    exchange = LoopStep(
        "Exchange",
        [against, reply],
        max_iterations=whole_number(options, "turns"),
        start=result_of(opening.id),
    )
    exchange.id = loop_id
    verdict = ask("Verdict", f"{newest}\n\n{objection}\n\n{VERDICT_PROMPT}", agents.get("judge"))
    workflow = WorkflowDefinition(name=TEMPLATE.name, description="Argue in turns, then judge.")
    return workflow.add_step(opening).add_step(exchange).add_step(verdict)


OPENING_PROMPT = "Argue in three sentences in favour of this: {{claim}}"
AGAINST_PROMPT = "Argue in three sentences against this: {{claim}}"
REPLY_PROMPT = "Answer what was said against it. Argue in three sentences in favour of: {{claim}}"
VERDICT_PROMPT = "As a judge, say in three sentences which side is more convincing: {{claim}}"

TEMPLATE = Template(
    key="debate",
    name="Debate",
    summary="One argues for, one against, turn after turn; a judge says who convinces.",
    roles=(
        TemplateRole("advocate", "Advocate", "Argues in favour."),
        TemplateRole("opponent", "Opponent", "Argues against."),
        TemplateRole("judge", "Judge", "Says which side convinces."),
    ),
    inputs=(
        WorkflowInput(
            name="claim", label="Claim", default="Schools should start later in the morning."
        ),
    ),
    options=(
        TemplateOption("turns", "Turns", InputType.NUMBER, 2, "Each turn is two model calls."),
    ),
    build_steps=_build,
)
