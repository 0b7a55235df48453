import asyncio

import pytest

from symphony_core.agent_config import AgentConfig
from symphony_core.errors import NotPossible
from symphony_core.io.alone import alone, needs_of
from symphony_core.io.documents import workflow_from
from symphony_core.io.editable import closed, editable, every_step, step_of
from symphony_core.orchestration.steps import ApprovalStep, ConditionalStep, LoopStep, TaskStep
from symphony_core.orchestration.templates import GALLERY
from symphony_core.orchestration.workflow_definition import WorkflowDefinition, WorkflowInput
from symphony_core.runtime.dry_run import MOST_CALLS, dry_run
from tests.support.definitions import Keeps


def ask(id, query, **more):
    step = TaskStep(id.capitalize(), {"input_data": {"query": query}}, **more)
    step.id = id
    return step


def tried(definition, inputs=None, agents=()):
    return asyncio.run(dry_run(definition, inputs or {}, agents))


def workflow(*steps):
    definition = WorkflowDefinition(name="Tale", inputs=(WorkflowInput(name="topic"),))
    for step in steps:
        definition = definition.add_step(step)
    return definition


def test_the_way_and_the_finished_prompts_are_shown():
    kind = ask("kind", "Is {{topic}} hard?", answer_choices=["HARD", "EASY"])
    choice = ConditionalStep(
        "Way",
        "step.kind.result == 'HARD'",
        ask("think", "Think about {{topic}}: {{step.kind.result}}"),
        ask("say", "Say {{topic}}."),
    )
    choice.id = "way"
    found = tried(workflow(kind, choice), {"topic": "tides"})
    assert found.run.status == "completed"
    prompts = {step.path: step.prompt for step in found.steps if step.type == "task"}
    assert prompts == {"kind": "Is tides hard?", "way/think": "Think about tides: HARD"}


def test_every_question_is_approved():
    found = tried(workflow(ApprovalStep("Sure?", "Send {{topic}}?")), {"topic": "it"})
    assert found.run.status == "completed"
    assert [asked.status for asked in found.approvals] == ["approved"]


def test_no_model_is_asked_whatever_the_agent_names():
    agent = AgentConfig(
        id="a", name="A", role="R", instruction_template="Be.", model="openai:gpt-x"
    )
    found = tried(workflow(ask("kind", "Why?", agent_id="a")), {"topic": "x"}, [agent])
    assert [(step.status, step.model) for step in found.steps] == [("completed", "scripted")]


def test_a_loop_without_an_end_stops_at_the_limit():
    loop = LoopStep("Again", ask("more", "More?"), max_iterations=1000)
    found = tried(workflow(loop), {"topic": "x"})
    assert (found.run.status, found.run.model_calls) == ("paused", MOST_CALLS)


def test_a_step_of_ones_own_is_not_run():
    with pytest.raises(NotPossible, match="'Mine' is of the type 'Keeps'"):
        tried(workflow(Keeps("Mine", 1)), {"topic": "x"})


@pytest.mark.parametrize("template", GALLERY, ids=lambda template: template.key)
def test_every_template_is_tried_with_its_sample(template):
    found = tried(template.build(), template.sample_inputs())
    assert found.run.status == "completed", found.run.error


def test_a_step_alone_asks_for_what_it_refers_to():
    document = {
        "name": "Tale",
        "inputs": [{"name": "topic", "label": "Topic", "type": "text"}],
        "steps": [
            ask("draft", "Write.").to_dict(),
            ask("mend", "Mend {{step.draft.result}} on {{topic}}, step.draft.").to_dict(),
        ],
    }
    mend = step_of(document, "mend")
    assert needs_of(mend) == {"topic": "topic", "step.draft.result": "draft_result"}
    definition = workflow_from(alone(document, mend))
    found = tried(definition, {"draft_result": "a tale", "topic": "tides"})
    assert [step.prompt for step in found.steps] == ["Mend a tale on tides, step.draft."]


@pytest.mark.parametrize("template", GALLERY, ids=lambda template: template.key)
def test_every_step_of_every_template_runs_alone(template):
    document = editable(template.build())
    for step in every_step(document["steps"]):
        definition = workflow_from(closed(alone(document, step)))
        assert (
            tried(definition, dict.fromkeys(needs_of(step).values(), "a text")).run.status
            == "completed"
        )
