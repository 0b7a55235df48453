"""A question is taken apart, thought through, and only then answered."""

from collections.abc import Mapping
from typing import Any

from symphony_core.orchestration.templates.base import (
    Agents,
    Template,
    TemplateRole,
    ask,
    result_of,
)
from symphony_core.orchestration.workflow_definition import (
    InputType,
    WorkflowDefinition,
    WorkflowInput,
)


def _build(agents: Agents, _options: Mapping[str, Any]) -> WorkflowDefinition:
    thinker = agents.get("thinker")
    facts = ask("Facts", FACTS_PROMPT, thinker)
    thought = ask("Thought", f"{result_of(facts.id)}\n\n{THOUGHT_PROMPT}", thinker)
    answer = ask(
        "Answer",
        f"{result_of(thought.id)}\n\n{ANSWER_PROMPT}",
        agents.get("speaker") or thinker,
    )
    workflow = WorkflowDefinition(name=TEMPLATE.name, description="Facts, thought, answer.")
    return workflow.add_step(facts).add_step(thought).add_step(answer)


FACTS_PROMPT = "List the facts that matter for this question, without answering it: {{question}}"
THOUGHT_PROMPT = "With these facts in mind, think step by step about the question: {{question}}"
ANSWER_PROMPT = "Now answer in one short paragraph: {{question}}"

TEMPLATE = Template(
    key="chain-of-thought",
    name="Chain of thought",
    summary="First the facts, then the thinking, then the answer, each as a step you can read.",
    roles=(
        TemplateRole("thinker", "Thinker", "Collects the facts and thinks them through."),
        TemplateRole("speaker", "Speaker", "Gives the answer; the thinker, if nobody is chosen."),
    ),
    inputs=(
        WorkflowInput(
            name="question",
            label="Question",
            type=InputType.LONG_TEXT,
            default="Is it better to water a garden in the morning or at noon?",
        ),
    ),
    options=(),
    build_steps=_build,
)
