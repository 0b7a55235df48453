"""One writes, one criticises, the first rewrites."""

from collections.abc import Mapping
from typing import Any

from symphony_core.orchestration.templates.base import (
    Agents,
    Template,
    TemplateRole,
    ask,
    result_of,
)
from symphony_core.orchestration.workflow_definition import WorkflowDefinition, WorkflowInput


def critic_revise(
    name: str,
    main_prompt: str,
    critique_prompt: str,
    revision_prompt: str,
    agent_id: str | None = None,
    critic_agent_id: str | None = None,
) -> WorkflowDefinition:
    """Build a first answer, a critique of it, and a revision that is given both.

    `agent_id` writes and revises; `critic_agent_id` criticises, or the writer where it is None.
    """
    first = ask("Initial Response", main_prompt, agent_id)
    critique = ask(
        "Critique",
        f"{result_of(first.id)}\n\n{critique_prompt}",  # last, or small models forget it
        critic_agent_id or agent_id,
    )
    revision = ask(
        "Revision",
        f"{revision_prompt}\n\nThe text:\n{result_of(first.id)}\n\n"
        f"The feedback:\n{result_of(critique.id)}",
        agent_id,
    )
    workflow = WorkflowDefinition(name=name, description="Write, criticise, revise.")
    return workflow.add_step(first).add_step(critique).add_step(revision)


def _build(agents: Agents, _options: Mapping[str, Any]) -> WorkflowDefinition:
    return critic_revise(
        TEMPLATE.name,
        MAIN_PROMPT,
        CRITIQUE_PROMPT,
        REVISION_PROMPT,
        agents.get("writer"),
        agents.get("critic"),
    )


MAIN_PROMPT = "Write two short paragraphs about {{topic}}."
CRITIQUE_PROMPT = (
    "As an editor, what is your feedback on this text about {{topic}}? Give two suggestions."
)
REVISION_PROMPT = "Rewrite the text about {{topic}} in one paragraph, following the feedback."

TEMPLATE = Template(
    key="critic-revise",
    name="Critic and revise",
    summary="A writer drafts, a critic says what is wrong, the writer tries again.",
    roles=(
        TemplateRole("writer", "Writer", "Drafts the text and rewrites it."),
        TemplateRole("critic", "Critic", "Says what could be better."),
    ),
    inputs=(WorkflowInput(name="topic", label="Topic", default="the benefits of a morning walk"),),
    options=(),
    build_steps=_build,
)
