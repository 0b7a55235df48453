"""A run as JSON, as Markdown, and what is left out of all its files."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from dashboard.report.contents import LEFT_OUT, Report, without_inputs
from dashboard.report.data import to_json
from dashboard.report.markdown import to_markdown
from dashboard.report.page import to_html
from symphony_core.agent_config import AgentConfig
from symphony_core.approval import Approval
from symphony_core.orchestration.steps import ApprovalStep, LoopStep
from symphony_core.registry import ServiceRegistry
from symphony_core.run_event import RunEvent
from symphony_core.step_run import StepRun
from symphony_core.workflow import Workflow
from tests.orchestration.test_engine import ask, engine_of, workflow
from tests.support.reports import hostile_run, report_of
from tests.support.scripted import answer_with
from tests.tools.test_rounds import run as run_with

FORMATS = [to_html, to_markdown, to_json]
PUT_IN = ["input-secret", "instruction-secret", "prompt-secret", "question-secret", "start-secret"]

Make = Callable[[Report], str]


async def guarded(registry: ServiceRegistry) -> Report:
    """The report of a run that waits for a person, after a loop, with a secret in all it is told."""
    answer_with(registry, [{"match": "", "reply": "The answer."}])
    agent = AgentConfig(
        id="writer", name="Writer", role="Writer", instruction_template="instruction-secret"
    )
    await registry.get_repository("agent_config").save(agent)
    draft = ask("draft", "prompt-secret {{topic}}", agent_id="writer")
    loop = LoopStep(
        "Loop", ask("turn", "{{topic}}"), "False", max_iterations=2, start="start-secret"
    )
    check = ApprovalStep("Check", "question-secret", "{{step.draft.result}}")
    run = await engine_of(registry).execute_workflow(
        workflow(draft, loop, check), {"topic": "input-secret"}
    )
    assert run.status == "waiting"
    return await report_of(registry, run)


@pytest.mark.parametrize("make", FORMATS)
async def test_tool_calls_are_told_and_left_out_with_what_was_put_in(
    registry: ServiceRegistry, make: Make
) -> None:
    call = {"tool": "search_texts", "arguments": {"query": "asked-secret"}}
    answer_with(
        registry,
        [{"round": 0, "reply": "said-secret", "calls": [call]}, {"reply": "The answer."}],
    )
    done, _ = await run_with(
        registry, "search_texts", inputs={"note": "asked-secret quoted-secret"}
    )
    report = await report_of(registry, done)
    secrets = ("said-secret", "asked-secret", "quoted-secret")
    whole, rest = make(report), make(without_inputs(report))
    plain = whole.replace("\\", "")
    assert all(secret in plain for secret in secrets)
    assert "search_texts" in plain
    assert "search_texts" in rest.replace("\\", "")
    assert not [secret for secret in secrets if secret in rest.replace("\\", "")]


async def test_json_gives_back_what_is_stored(registry: ServiceRegistry) -> None:
    run = await hostile_run(registry)
    report = await report_of(registry, run)
    data = json.loads(to_json(report))
    assert (data["format"], data["format_version"]) == ("symphony-run", 1)
    assert Workflow.model_validate(data["run"]).to_dict() == run.to_dict()
    read: list[tuple[Any, list[Any], str]] = [
        (StepRun, list(report.facts.records), "steps"),
        (RunEvent, list(report.events), "events"),
    ]
    for entity, stored, name in read:
        assert stored
        assert [entity.model_validate(row).to_dict() for row in data[name]] == [
            each.to_dict() for each in stored
        ]


async def test_json_holds_the_questions_to_people(registry: ServiceRegistry) -> None:
    report = await guarded(registry)
    [asked] = json.loads(to_json(report))["approvals"]
    [stored] = report.facts.approvals
    assert Approval.model_validate(asked).to_dict() == stored.to_dict()


@pytest.mark.parametrize("make", FORMATS)
async def test_what_was_put_in_can_be_left_out(make: Make, registry: ServiceRegistry) -> None:
    report = await guarded(registry)
    whole, rest = make(report), make(without_inputs(report))
    shown = [secret for secret in PUT_IN if secret in whole]
    assert shown == (PUT_IN if make is to_json else PUT_IN[:-1])
    assert [secret for secret in PUT_IN if secret in rest] == []
    assert "The answer." in rest
    assert (LEFT_OUT in rest) == (make is not to_json)
    assert LEFT_OUT not in whole


@pytest.mark.parametrize("make", FORMATS)
async def test_no_key_is_in_any_file(
    make: Make, registry: ServiceRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-this-must-stay-here")
    assert "sk-this-must-stay-here" not in make(await guarded(registry))


@pytest.mark.parametrize("make", [to_html, to_markdown])
async def test_a_run_that_is_not_over_says_when_it_was_so(
    make: Make, registry: ServiceRegistry
) -> None:
    report = await guarded(registry)
    text = make(report)
    assert f"{report.made_at:%d %b %Y, %H:%M:%S} UTC" in text.replace("\\", "")
    assert "as of" in text.lower()
    assert "There is none yet." in text
    assert "Waiting for you" in text


async def test_a_text_in_markdown_stays_a_text(registry: ServiceRegistry) -> None:
    report = await report_of(registry, await hostile_run(registry))
    tokens = MarkdownIt("gfm-like", {"linkify": False, "html": True}).parse(to_markdown(report))
    kinds = {token.type for token in _all(tokens)}
    assert kinds & {"html_block", "html_inline", "link_open", "image", "code_inline"} == set()

    fences = [token.content for token in tokens if token.type == "fence"]
    # what reads Markdown replaces a NUL, and ends lines its own way
    written = [step.output.replace("\x00", "\ufffd") for step in report.facts.records]
    assert {f"{text}\n" for text in written if text} & set(fences)
    assert all(
        step.prompt.replace("\x00", "\ufffd") + "\n" in fences
        for step in report.facts.records
        if step.prompt
    )

    headings = [tokens[i + 1] for i, token in enumerate(tokens) if token.type == "heading_open"]
    names = {" ".join(step.label.split()) for step in report.view.steps}
    shown = {"".join(part.content for part in each.children or ()) for each in headings}
    assert {name.replace("\x00", "\ufffd") for name in names} <= shown


def _all(tokens: list[Token]) -> list[Token]:
    return [each for token in tokens for each in (token, *(token.children or ()))]
