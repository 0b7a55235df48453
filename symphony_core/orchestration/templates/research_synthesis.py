"""A topic is looked at from several sides at once, and the notes become one text."""

from collections.abc import Mapping
from typing import Any

from symphony_core.orchestration.steps import ParallelStep
from symphony_core.orchestration.templates.base import (
    Agents,
    Template,
    TemplateOption,
    TemplateRole,
    ask,
    lines,
    result_of,
    results_of,
)
from symphony_core.orchestration.workflow_definition import (
    InputType,
    WorkflowDefinition,
    WorkflowInput,
)

MAX_SIDES = 20


def _build(agents: Agents, options: Mapping[str, Any]) -> WorkflowDefinition:
    sides = lines(options, "sides", MAX_SIDES)
    researcher = agents.get("researcher")
    outline = ask("Outline", OUTLINE_PROMPT, researcher)
    notes = ParallelStep(
        "Notes",
        [
            ask(side[:200], f"{result_of(outline.id)}\n\n{NOTE_PROMPT} {side}", researcher)
            for side in sides
        ],
    )
    found = "\n\n".join(
        f"{side}:\n{note}" for side, note in zip(sides, results_of(notes), strict=True)
    )
    synthesis = ask("Synthesis", f"{found}\n\n{SYNTHESIS_PROMPT}", agents.get("editor"))
    workflow = WorkflowDefinition(name=TEMPLATE.name, description="Outline, notes, synthesis.")
    return workflow.add_step(outline).add_step(notes).add_step(synthesis)


OUTLINE_PROMPT = "What should somebody find out about {{topic}}? Answer in three short lines."
NOTE_PROMPT = "Write three sentences of notes about {{topic}}, only about this side of it:"
SYNTHESIS_PROMPT = "Write two short paragraphs about {{topic}} out of these notes."

TEMPLATE = Template(
    key="research-synthesis",
    name="Research synthesis",
    summary="Notes on several sides of a topic are made at once, and become one text.",
    roles=(
        TemplateRole("researcher", "Researcher", "Plans, and makes the notes."),
        TemplateRole("editor", "Editor", "Makes one text of the notes."),
    ),
    inputs=(WorkflowInput(name="topic", label="Topic", default="tidal power"),),
    options=(
        TemplateOption(
            "sides",
            "Sides of the topic, one a line",
            InputType.LONG_TEXT,
            "How it works\nWhat speaks for it\nWhat speaks against it",
            "Each line is looked into by itself; all at once.",
        ),
    ),
    build_steps=_build,
)
