"""Many texts are summarised side by side, and their summaries become one."""

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
    results_of,
)
from symphony_core.orchestration.workflow_definition import (
    InputType,
    WorkflowDefinition,
    WorkflowInput,
)

MAX_TEXTS = 50


def _build(agents: Agents, options: Mapping[str, Any]) -> WorkflowDefinition:
    texts = lines(options, "texts", MAX_TEXTS)
    reader = agents.get("reader")
    readings = ParallelStep(
        "Readings",
        [
            ask(f"Text {number}", f"{_as_text(text)}\n\n{READ_PROMPT}", reader)
            for number, text in enumerate(texts, 1)
        ],
    )
    found = "\n".join(f"{number}. {said}" for number, said in enumerate(results_of(readings), 1))
    summary = ask("Summary", f"{found}\n\n{SUMMARY_PROMPT}", agents.get("editor"))
    workflow = WorkflowDefinition(name=TEMPLATE.name, description="Summarise each, then all.")
    return workflow.add_step(readings).add_step(summary)


def _as_text(text: str) -> str:
    """Return a text in which nothing looks like a reference to be filled."""
    return text.replace("{{", "{ {").replace("}}", "} }")


READ_PROMPT = "What does this text say about {{topic}}? Answer in one sentence."
SUMMARY_PROMPT = "Summarise in one paragraph what these texts say about {{topic}}."

TEXTS = (
    "The new bus line is always on time, and the drivers are friendly.\n"
    "In the evening the buses are full, and twice I had to wait for the next one.\n"
    "The stop at the station is hard to find, but the ride is quick."
)

TEMPLATE = Template(
    key="map-and-summarise",
    name="Map and summarise",
    summary="Each of many texts is read by itself, all at once; then one summary of all.",
    roles=(
        TemplateRole("reader", "Reader", "Reads each text."),
        TemplateRole("editor", "Editor", "Summarises them all."),
    ),
    inputs=(WorkflowInput(name="topic", label="What they are about", default="the new bus line"),),
    options=(
        TemplateOption(
            "texts",
            "Texts, one a line",
            InputType.LONG_TEXT,
            TEXTS,
            "Each line is read by itself; all at once.",
        ),
    ),
    build_steps=_build,
)
