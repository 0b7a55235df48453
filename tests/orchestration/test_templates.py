"""Every template of the gallery runs, and no prompt that reaches a model has anything unfilled."""

from typing import Any

import pytest

from symphony_core.approval import ApprovalStatus
from symphony_core.errors import DefinitionError
from symphony_core.orchestration.templates import GALLERY, WorkflowTemplates, get_template
from symphony_core.orchestration.templates.base import Template
from symphony_core.registry import ServiceRegistry
from tests.support.openai_server import OpenAIServer
from tests.support.scripted import answer_with

CALLS = {
    "critic-revise": 3,
    "parallel-experts": 4,
    "iterative-refinement": 5,
    "chain-of-thought": 3,
    "research-synthesis": 5,
    "debate": 6,
    "map-and-summarise": 4,
    "route-by-kind": 2,
    "approval-before-publishing": 2,
}


async def run_to_its_end(registry: ServiceRegistry, definition: Any, *args: Any, **kw: Any) -> Any:
    """Run a workflow, and approve whatever it asks."""
    engine = registry.get_service("workflow_engine")
    run = await engine.execute_workflow(definition, *args, **kw)
    while run.status == "waiting":
        for asked in await registry.get_repository("approval").find_all({"status": "waiting"}):
            await engine.control.answer(asked.id, ApprovalStatus.APPROVED)
        run = await engine.run_workflow(run.id)
    return run


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> OpenAIServer:
    with OpenAIServer(
        answer=lambda body: f"ANSWER {len(body['messages'][-1]['content'])}"
    ) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        monkeypatch.setenv("OPENAI_API_KEY", "test")
        yield server


@pytest.mark.parametrize("template", GALLERY, ids=lambda template: template.key)
async def test_no_prompt_on_the_wire_holds_anything_unfilled(
    template: Template, registry: ServiceRegistry, server: OpenAIServer
) -> None:
    run = await run_to_its_end(
        registry, template.build(), template.sample_inputs(), model="openai-chat:any"
    )
    assert run.error is None
    assert run.status == "completed"
    prompts = server.prompts()
    assert len(prompts) == CALLS[template.key]
    assert not any("{{" in prompt or "}}" in prompt for prompt in prompts)
    subject = str(next(iter(template.sample_inputs().values())))
    assert sum(subject in prompt for prompt in prompts) >= min(3, len(prompts))
    assert any("ANSWER" in prompt for prompt in prompts) or template.key == "route-by-kind"


@pytest.mark.parametrize("template", GALLERY, ids=lambda template: template.key)
def test_a_template_can_be_built_and_loaded_again(template: Template) -> None:
    definition = template.build({role.name: "assistant" for role in template.roles})
    again = type(definition).model_validate_json(definition.model_dump_json())
    assert [step.to_dict() for step in again.get_steps()] == list(definition.steps)
    assert get_template(template.key) is template


@pytest.mark.parametrize("template", GALLERY, ids=lambda template: template.key)
async def test_the_agents_chosen_for_the_roles_are_the_ones_asked(
    template: Template, registry: ServiceRegistry
) -> None:
    agents = registry.get_repository("agent_config")
    assistant = await agents.find_by_id("assistant")
    for role in template.roles:
        await agents.save(assistant.model_copy(update={"id": role.name, "name": role.label}))
    definition = template.build({role.name: role.name for role in template.roles})
    run = await run_to_its_end(registry, definition)
    steps = await registry.get_repository("step_run").find_all({"run_id": run.id})
    assert {step.agent_id for step in steps if step.agent_id} == {r.name for r in template.roles}


def test_options_shape_the_workflow() -> None:
    experts = get_template("parallel-experts").build(options={"experts": "law\n\n ethics \nlaw"})
    assert [child.name for child in experts.get_steps()[0].children()] == [
        "law Expert",
        "ethics Expert",
    ]
    assert experts.task_count() == 3
    assert get_template("iterative-refinement").build().task_count() is None


@pytest.mark.parametrize(
    ("key", "options", "sentence"),
    [
        ("parallel-experts", {"experts": "  \n"}, "at least one line"),
        ("parallel-experts", {"experts": "\n".join(map(str, range(21)))}, "1 to 20 experts"),
        ("iterative-refinement", {"max_iterations": "many"}, "whole number"),
        ("iterative-refinement", {"max_iterations": 0}, "1 to 1000"),
        ("iterative-refinement", {"stop_word": "' or 1"}, "letters and digits"),
        ("research-synthesis", {"sides": "\n".join(map(str, range(21)))}, "at most 20 sides"),
        ("map-and-summarise", {"texts": "\n".join(map(str, range(51)))}, "at most 50 texts"),
        ("debate", {"turns": 0}, "1 to 1000"),
    ],
)
def test_options_that_cannot_be_used_are_named(
    key: str, options: dict[str, object], sentence: str
) -> None:
    with pytest.raises(DefinitionError, match=sentence):
        get_template(key).build(options=options)


async def test_a_message_is_answered_by_its_kind(registry: ServiceRegistry) -> None:
    for kind, answered in [("complaint", "Apology"), ("question", "Answer"), ("praise", "Thanks")]:
        answer_with(registry, [{"match": "Is this message", "reply": kind}, {"match": ""}])
        run = await run_to_its_end(
            registry, get_template("route-by-kind").build(), {"message": "Hello."}
        )
        steps = await registry.get_repository("step_run").find_all({"run_id": run.id})
        assert {step.name for step in steps if step.type == "task"} == {"Kind", answered}


async def test_a_text_to_be_summarised_is_never_a_reference(registry: ServiceRegistry) -> None:
    model = answer_with(registry, [{"match": ""}])
    texts = {"texts": "Mustaches: {{topic}} and {{step.x.result}}"}
    await run_to_its_end(registry, get_template("map-and-summarise").build(options=texts), {})
    assert "{ {topic} } and { {step.x.result} }" in model.prompts[0].text


def test_an_unknown_template_is_answered_with_those_there_are() -> None:
    with pytest.raises(DefinitionError, match="critic-revise, parallel-experts"):
        get_template("nonsense")


async def test_a_loop_ends_early_when_the_draft_says_so(registry: ServiceRegistry) -> None:
    definition = WorkflowTemplates.iterative_refinement(
        "R", "Draft it.", "Say what is wrong.", 5, "len(step.result) > 0"
    )
    run = await registry.get_service("workflow_engine").execute_workflow(definition)
    loop_id = definition.get_steps()[1].id
    assert run.metadata["context"][f"step.{loop_id}"]["converged"] is True
    assert run.metadata["context"][f"step.{loop_id}"]["total_iterations"] == 1
