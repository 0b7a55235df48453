"""A run told in plain words."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dashboard.components.run_story import ICONS
from dashboard.viewmodels.runs import Facts, run_view
from dashboard.viewmodels.story import Sentence, story_of
from symphony_core.agent_config import ASSISTANT, AgentConfig
from symphony_core.approval import Approval, ApprovalStatus
from symphony_core.execution.retry import RetryPolicy
from symphony_core.ids import utc_now
from symphony_core.orchestration.engine import WorkflowEngine
from symphony_core.orchestration.step import WorkflowStep
from symphony_core.orchestration.steps import ApprovalStep, ConditionalStep, LoopStep, ParallelStep
from symphony_core.orchestration.templates import GALLERY, get_template
from symphony_core.orchestration.templates.base import Template
from symphony_core.orchestration.workflow_definition import WorkflowDefinition
from symphony_core.registry import ServiceRegistry
from symphony_core.step_run import StepAttempt, StepRun, StepStatus
from symphony_core.workflow import Workflow, WorkflowStatus
from tests.support.scripted import answer_with
from tests.support.tale import WRITER, ask, named, tale, workflow

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
BUSY = "The model 'm' is overloaded: no room (503). Wait a little, then try again."


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def run_it(
    registry: ServiceRegistry,
    definition: WorkflowDefinition,
    inputs: dict[str, Any] | None = None,
    replies: Sequence[dict[str, Any]] = (),
) -> list[Sentence]:
    """Run a definition to its end, and return its story."""
    answer_with(registry, replies)
    engine: WorkflowEngine = registry.get_service("workflow_engine")

    async def run() -> Facts:
        critic = AgentConfig(id="critic", name="Ada", role="Critic", instruction_template="Judge.")
        for agent in (ASSISTANT, WRITER, critic):
            await registry.get_repository("agent_config").save(agent.model_copy(deep=True))
        done = await engine.execute_run(engine.new_run(definition, inputs or {}))
        mine = {"run_id": done.id}
        steps = await registry.get_repository("step_run").find_all(mine)
        approvals = await registry.get_repository("approval").find_all(mine)
        return Facts(done, steps, approvals=approvals)

    return story_of(run_view(asyncio.run(run()), utc_now(), {}))


def texts(story: Sequence[Sentence]) -> list[str]:
    return [sentence.text for sentence in story]


def told(
    definition: WorkflowDefinition | None, status: str, *records: StepRun, **facts: Any
) -> list[Sentence]:
    """Return the story of a run that is stored like this."""
    data = definition.to_dict() if definition else {"steps": []}
    run = Workflow(name="R", definition=data, created_at=NOW, started_at=NOW)
    run.mark(WorkflowStatus(status), facts.pop("reason", None))
    held = facts.pop("is_held", True)
    return story_of(run_view(Facts(run, records, held, **facts), later(30), {}))


def row(path: str, status: str, type: str = "task", **fields: Any) -> StepRun:
    step_id = path.rpartition("/")[2].partition("#")[0]
    values = {"name": step_id.capitalize(), "started_at": NOW} | fields
    return StepRun(
        run_id="r", path=path, step_id=step_id, type=type, status=StepStatus(status), **values
    )


@pytest.mark.parametrize("template", GALLERY, ids=lambda template: template.key)
def test_every_template_tells_who_did_each_step(
    registry: ServiceRegistry, template: Template
) -> None:
    story = run_it(registry, template.build(), template.sample_inputs())
    assert story[0].text.startswith("The run was started with ")
    assert story[-1].kind in ("end", "person")  # a template may ask a person
    done = [sentence for sentence in story if sentence.kind == "done"]
    assert done
    assert all("took" in sentence.detail and sentence.after for sentence in done)
    keys = [sentence.key for sentence in story]
    assert len(set(keys)) == len(keys)
    assert {sentence.kind for sentence in story} <= set(ICONS)
    assert not any("step." in text or "{{" in text for text in texts(story))


def test_critic_and_revise_is_told_as_people_would(registry: ServiceRegistry) -> None:
    definition = get_template("critic-revise").build({"critic": "critic"})
    story = run_it(registry, definition, {"topic": "a pond"})
    assert texts(story)[:-1] == [
        "The run was started with Topic “a pond”.",
        "Assistant wrote a first version.",
        "Ada gave feedback on “Initial Response”.",
        "Assistant tried again, with “Critique” in mind.",
    ]
    assert story[1].quote.startswith("Here is a first draft on a pond.")
    assert story[3].detail.startswith("Revision · took ")


def test_experts_answer_side_by_side_and_their_answers_are_put_together(
    registry: ServiceRegistry,
) -> None:
    template = get_template("parallel-experts")
    story = run_it(registry, template.build(), template.sample_inputs())
    assert story[1].text == "Three experts answered side by side."
    assert [(s.text, s.depth) for s in story[2:5]] == [
        ("The Technology Expert answered the question.", 1),
        ("The Security Expert answered the question.", 1),
        ("The Home design Expert answered the question.", 1),
    ]
    assert story[5].text == "Assistant put the answers of “Expert Consultation” together."


def test_branches_and_loops_are_told_with_their_reasons(registry: ServiceRegistry) -> None:
    replies = [
        {"match": "[facts]", "reply": "some facts"},
        {"match": "[turn after 0]", "reply": "1"},
        {"match": "[turn after 1]", "reply": "2"},
    ]
    story = texts(run_it(registry, tale(), {"topic": "tea"}, replies))
    assert story[2:5] == [
        "Writer read “Plan” and answered: “some facts”.",
        "The answer of “Facts” contained “facts”, so the run took the Yes way.",
        "Writer read “Facts” and answered.",
    ]
    assert "Two steps were done side by side." in story
    begins = story.index("What follows is repeated, 9 times at most.")
    assert story[begins + 1 : begins + 5] == [
        "Writer read the text so far and answered: “1”.",
        "The newest text was not “2”, so turn 2 of at most 9 began.",
        "Writer read the text so far and answered: “2”.",
        "After 2 turns it could stop: the newest text was “2”.",
    ]


def test_a_critics_score_is_told_and_the_limit_of_a_loop(registry: ServiceRegistry) -> None:
    critique = ask("critique", "{{step.refine.result}}")
    critique.agent_id = "critic"
    improved = ask("improved", "{{step.critique.result}} {{step.refine.result}}")
    loop = LoopStep("Refine", [critique, improved], "'fine' in step.result", 2, start="A draft.")
    replies = [{"match": "[critique]", "reply": "I give it 6 of 10: the opening is far too long."}]
    story = run_it(registry, workflow(named(loop, "refine")), None, replies)
    assert texts(story)[1:] == [
        "What follows is repeated, 2 times at most.",
        "Ada gave feedback on the text so far: 6 of 10.",
        "Writer tried again, with “Critique” in mind.",
        "The newest text did not contain “fine”, so turn 2 of at most 2 began.",
        "Ada gave feedback on the text so far: 6 of 10.",
        "Writer tried again, with “Critique” in mind.",
        "After 2 turns, as many as it may take, it stopped.",
        story[-1].text,
    ]
    assert story[2].detail.startswith("Critique · turn 1")


def test_a_busy_model_was_asked_again_and_a_failure_says_what_can_be_done(
    registry: ServiceRegistry,
) -> None:
    step = ask("plan", "?")
    step.retry = RetryPolicy(max_retries=1, delay_s=0.01)
    replies = [{"match": "[plan]", "error": BUSY, "retryable": True, "times": 2}]
    story = run_it(registry, workflow(step), None, replies)
    assert story[1].text.startswith("The model was busy; it was asked again after 0.")
    assert story[2].text == f"“Plan” failed. The model was busy. ({BUSY})"
    assert "“Retry from the failed step”" in story[3].text
    assert [sentence.kind for sentence in story] == ["start", "retry", "failed", "failed"]


def test_what_happens_right_now_is_told_under_the_key_of_what_it_becomes() -> None:
    definition = workflow(ask("draft", "?"), ask("review", "{{step.draft.result}}"))
    draft = row("draft", "completed", completed_at=later(3), agent_name="Ada", output="A pond.")
    running = row("review", "running", agent_name="Bo", started_at=later(3))
    now = told(definition, "running", draft, running)
    assert texts(now)[1:] == [
        "Ada wrote a first version: “A pond”.",
        "Bo is giving feedback on “Draft” …",
    ]
    done = row("review", "completed", agent_name="Bo", started_at=later(3), completed_at=later(5))
    assert told(definition, "completed", draft, done)[2].key == now[2].key
    assert now[2].after == "after 3.0 s"


def test_between_two_attempts_the_wait_is_told() -> None:
    waits = row("plan", "failed", error=BUSY, completed_at=later(1), retry_at=later(34))
    story = told(workflow(ask("plan", "?")), "running", waits)
    assert texts(story)[1:] == ["The model was busy; it is asked again in 4.0 s."]


def test_work_that_was_cut_off_is_told_until_it_begins_again() -> None:
    definition = workflow(ask("plan", "?"))
    cut_off = told(definition, "running", row("plan", "running", agent_name="Ada"), is_held=False)
    assert texts(cut_off)[1:] == [
        "Ada was cut off in the middle of it.",
        "The program that did the work is gone. The run goes on by itself as soon as another one "
        "is there.",
    ]
    before = StepAttempt(number=1, status=StepStatus.CANCELLED, started_at=NOW)
    again = row("plan", "running", agent_name="Ada", attempt=2, attempts=[before])
    assert texts(told(definition, "running", again))[1:] == [
        "The work was cut off in the middle, and was begun again.",
        "Ada is answering the question …",
    ]


def answered(status: str, **fields: Any) -> Approval:
    return Approval(run_id="r", path="ask", name="Ask", text="T", status=status, **fields)


@pytest.mark.parametrize(
    ("step_status", "asked", "said"),
    [
        ("waiting", answered("waiting"), "A person is asked to approve “Ask”."),
        ("completed", answered("approved"), "A person approved “Ask”."),
        ("completed", answered("edited"), "A person changed the text of “Ask” and approved it."),
        ("failed", answered("rejected", note="Too long"), "A person rejected “Ask”: Too long."),
        ("failed", answered("expired"), "Nobody answered “Ask” in time."),
        ("cancelled", answered(ApprovalStatus.WITHDRAWN), "Nobody has answered “Ask”."),
    ],
)
def test_what_people_decide_is_told(step_status: str, asked: Approval, said: str) -> None:
    step = ApprovalStep("Ask", "Good?")
    status = "waiting" if step_status == "waiting" else "running"
    story = told(
        workflow(named(step, "ask")), status, row("ask", step_status, "approval"), approvals=[asked]
    )
    assert story[1].text == said
    assert story[1].kind == ("stopped" if step_status == "cancelled" else "person")


@pytest.mark.parametrize(
    ("status", "reason", "said"),
    [
        ("pending", None, "The run waits for its turn."),
        ("paused", "It was paused.", "The run stands still. It was paused."),
        ("waiting", "?", "The run goes on as soon as the answer is there."),
        ("cancelled", None, "Somebody cancelled the run. “Go on where it stopped” starts"),
    ],
)
def test_how_the_run_stands_is_said_last(status: str, reason: str | None, said: str) -> None:
    assert told(None, status, reason=reason)[-1].text.startswith(said)


def test_what_was_taken_over_is_told_in_one_sentence() -> None:
    taken = [row(f"s{n}", "completed", taken_over=True, completed_at=NOW) for n in range(8)]
    story = told(None, "running", *taken, row("loop", "completed", "loop", taken_over=True))
    assert texts(story)[1:] == [
        "What an earlier run had done was taken over and not asked again: “S0”, “S1”, “S2”, “S3”, "
        "“S4”, “S5” and 2 more."
    ]


def test_the_way_of_a_branch_is_known_as_soon_as_it_is_taken() -> None:
    step = ConditionalStep("Kind", "topic == 'x'", ask("yes", "?"), ask("no", "?"))
    definition = workflow(named(step, "kind"))
    assert len(told(definition, "running", row("kind", "running", "conditional"))) == 1
    group, inside = row("kind", "running", "conditional"), row("kind/no", "running")
    assert told(definition, "running", group, inside)[1].text == (
        "“topic” was not “x”, so the run took the No way."
    )


def test_steps_of_ones_own_and_stopped_ones_are_told_without_guessing() -> None:
    own = row("mail", "completed", "mail", completed_at=later(1))
    stopped = row("plan", "cancelled", agent_name="Ada", completed_at=later(1))
    assert texts(told(None, "cancelled", own, stopped))[1:3] == [
        "“Mail” did its work.",
        "Ada was stopped in the middle of it.",
    ]


def test_side_by_side_is_told_as_it_stands() -> None:
    steps: list[WorkflowStep] = [ask("left", "?"), ask("right", "?")]
    definition = workflow(named(ParallelStep("Both", steps), "both"))
    said = {
        status: told(definition, "running", row("both", status, "parallel"))[1].text
        for status in ("running", "completed", "failed", "cancelled")
    }
    assert said == {
        "running": "Two steps are at work side by side.",
        "completed": "Two steps were done side by side.",
        "failed": "Two steps began side by side, and not all of them came to their end.",
        "cancelled": "Two steps were at work side by side when they were stopped.",
    }
