"""A draft is improved in turns until it is good enough."""

from collections.abc import Mapping
from typing import Any

from symphony_core.errors import DefinitionError
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


def iterative_refinement(
    name: str,
    initial_prompt: str,
    feedback_prompt: str,
    max_iterations: int = 3,
    convergence_condition: str = "False",
    agent_id: str | None = None,
    feedback_agent_id: str | None = None,
) -> WorkflowDefinition:
    """Build a first draft and a loop of feedback on the newest draft and a better one.

    The condition is read after each turn; there `step.result` is the newest draft.
    """
    first = ask("Initial Response", initial_prompt, agent_id)
    loop_id = new_id()
    newest = result_of(loop_id)
    feedback = ask("Feedback", f"{newest}\n\n{feedback_prompt}", feedback_agent_id or agent_id)
    improved = ask(
        "Improved Draft",
        f"The text:\n{newest}\n\n"
        f"What was said about it:\n{result_of(feedback.id)}\n\n{IMPROVE_PROMPT}",
        agent_id,
    )
    loop = LoopStep(
        "Refinement Loop",
        [feedback, improved],
        exit_condition=convergence_condition,
        max_iterations=max_iterations,
        start=result_of(first.id),
    )
    loop.id = loop_id
    workflow = WorkflowDefinition(name=name, description="Draft, then improve in turns.")
    return workflow.add_step(first).add_step(loop)


def _build(agents: Agents, options: Mapping[str, Any]) -> WorkflowDefinition:
    word = str(options["stop_word"]).strip().lower()
    if not word.replace(" ", "").isalnum():
        raise DefinitionError(f"'stop_word' must be letters and digits, not {word!r}.")
    return iterative_refinement(
        TEMPLATE.name,
        INITIAL_PROMPT,
        FEEDBACK_PROMPT,
        whole_number(options, "max_iterations"),
        f"'{word}' in step.result.lower()",
        agents.get("writer"),
        agents.get("critic"),
    )


INITIAL_PROMPT = "Write one paragraph about {{topic}}."
FEEDBACK_PROMPT = "As an editor, suggest one improvement of this text about {{topic}}."
IMPROVE_PROMPT = "Write a new version of the text, in one paragraph, that follows the suggestion."

TEMPLATE = Template(
    key="iterative-refinement",
    name="Iterative refinement",
    summary="A draft gets feedback and is rewritten, turn after turn, until it is good enough.",
    roles=(
        TemplateRole("writer", "Writer", "Drafts the text and improves it."),
        TemplateRole("critic", "Critic", "Suggests improvements."),
    ),
    inputs=(WorkflowInput(name="topic", label="Topic", default="a small vegetable garden"),),
    options=(
        TemplateOption(
            "max_iterations", "Turns at most", InputType.NUMBER, 2, "Each turn is two model calls."
        ),
        TemplateOption(
            "stop_word",
            "Stop when the draft says",
            InputType.TEXT,
            "the end",
            "The loop ends early as soon as a draft contains these words.",
        ),
    ),
    build_steps=_build,
)
