"""Several experts answer side by side, one puts their answers together."""

from collections.abc import Mapping, Sequence
from typing import Any

from symphony_core.errors import DefinitionError
from symphony_core.orchestration.steps import ParallelStep
from symphony_core.orchestration.templates.base import (
    Agents,
    Template,
    TemplateOption,
    TemplateRole,
    ask,
    lines,
    results_of,
)
from symphony_core.orchestration.workflow_definition import (
    InputType,
    WorkflowDefinition,
    WorkflowInput,
)

MAX_EXPERTS = 20


def parallel_experts(
    name: str,
    prompt: str,
    expert_roles: Sequence[str],
    summary_prompt: str,
    expert_agent_ids: Sequence[str | None] | None = None,
    summary_agent_id: str | None = None,
) -> WorkflowDefinition:
    """Build one question to every expert role at once, and a synthesis of their answers.

    `expert_agent_ids` has one entry a role, None where the router chooses.

    Raises:
        DefinitionError: no roles, too many, or as many agents as roles are not given.
    """
    if not 1 <= len(expert_roles) <= MAX_EXPERTS:
        raise DefinitionError(f"There are 1 to {MAX_EXPERTS} experts, not {len(expert_roles)}.")
    agent_ids = list(expert_agent_ids or [None] * len(expert_roles))
    if len(agent_ids) != len(expert_roles):
        raise DefinitionError(f"{len(expert_roles)} experts need as many agents: {agent_ids!r}.")
    experts = [
        ask(f"{role} Expert"[:200], f"Answer as an expert in {role}.\n\n{prompt}", agent_id)
        for role, agent_id in zip(expert_roles, agent_ids, strict=True)
    ]
    consultation = ParallelStep("Expert Consultation", experts)
    answers = "\n\n".join(
        f"{role}:\n{answer}"
        for role, answer in zip(expert_roles, results_of(consultation), strict=True)
    )
    synthesis = ask("Response Synthesis", f"{answers}\n\n{summary_prompt}", summary_agent_id)
    workflow = WorkflowDefinition(name=name, description="Ask experts side by side, then combine.")
    return workflow.add_step(consultation).add_step(synthesis)


def _build(agents: Agents, options: Mapping[str, Any]) -> WorkflowDefinition:
    roles = lines(options, "experts")
    expert = agents.get("expert")
    return parallel_experts(
        TEMPLATE.name,
        PROMPT,
        roles,
        SUMMARY_PROMPT,
        [expert] * len(roles) if expert else None,
        agents.get("editor"),
    )


PROMPT = "What matters most about this? Answer in three sentences: {{question}}"
SUMMARY_PROMPT = "Combine what the experts say into two short paragraphs that answer: {{question}}"

TEMPLATE = Template(
    key="parallel-experts",
    name="Parallel experts",
    summary="Several experts answer the same question at once; an editor combines their answers.",
    roles=(
        TemplateRole("expert", "Experts", "Answers once for each field."),
        TemplateRole("editor", "Editor", "Combines the answers."),
    ),
    inputs=(
        WorkflowInput(
            name="question",
            label="Question",
            type=InputType.LONG_TEXT,
            default="What should a family think of when it sets up a smart home?",
        ),
    ),
    options=(
        TemplateOption(
            "experts",
            "Fields, one a line",
            InputType.LONG_TEXT,
            "Technology\nSecurity\nHome design",
            "Each line becomes one expert; they all answer at once.",
        ),
    ),
    build_steps=_build,
)
