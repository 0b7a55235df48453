"""Nothing goes out before a person has seen it."""

from collections.abc import Mapping
from typing import Any

from symphony_core.orchestration.steps import ApprovalStep
from symphony_core.orchestration.templates.base import (
    Agents,
    Template,
    TemplateRole,
    ask,
    result_of,
)
from symphony_core.orchestration.workflow_definition import WorkflowDefinition, WorkflowInput


def _build(agents: Agents, _options: Mapping[str, Any]) -> WorkflowDefinition:
    draft = ask("Draft", DRAFT_PROMPT, agents.get("writer"))
    approval = ApprovalStep("Approval", APPROVAL_MESSAGE, result_of(draft.id))
    post = ask(
        "Announcement",
        f"{result_of(approval.id)}\n\n{POST_PROMPT}",
        agents.get("publisher"),
    )
    workflow = WorkflowDefinition(name=TEMPLATE.name, description="Draft, ask a person, announce.")
    return workflow.add_step(draft).add_step(approval).add_step(post)


DRAFT_PROMPT = "Write one paragraph of news about {{topic}}."
APPROVAL_MESSAGE = "May this go out? You can change it before you approve it."
POST_PROMPT = "Write one sentence that announces this news about {{topic}}."

TEMPLATE = Template(
    key="approval-before-publishing",
    name="Approval before publishing",
    summary="A draft waits for you: approve it, change it or reject it, and only then it goes on.",
    roles=(
        TemplateRole("writer", "Writer", "Writes the draft."),
        TemplateRole("publisher", "Publisher", "Writes the announcement."),
    ),
    inputs=(WorkflowInput(name="topic", label="Topic", default="a new park in our town"),),
    options=(),
    build_steps=_build,
)
