"""What pages may ask for about agents: the library, documents, and chats to try them in."""

import asyncio

import pytest

from dashboard import agent_imports, agent_library, agent_services, agent_trials
from dashboard.viewmodels.agents import AgentForm
from symphony_core.agent_config import AgentConfig
from symphony_core.agents.starters import STARTERS, starter
from symphony_core.errors import DocumentError, EntityNotFound, NotPossible
from symphony_core.io.documents import Form, dump_agent
from symphony_core.orchestration.engine import WorkflowEngine
from symphony_core.registry import ServiceRegistry
from symphony_core.workflow import RunPurpose, Workflow

pytestmark = pytest.mark.usefixtures("store")


def agent(store: ServiceRegistry, agent_id: str) -> AgentConfig:
    found: AgentConfig = asyncio.run(store.get_repository("agent_config").find_by_id(agent_id))
    return found


def runs(store: ServiceRegistry) -> list[Workflow]:
    return asyncio.run(store.get_repository("workflow").find_all())


def work(store: ServiceRegistry) -> None:
    """Run what waits to be run, as a worker does."""
    engine: WorkflowEngine = store.get_service("workflow_engine")

    async def run() -> None:
        for each in await store.get_repository("workflow").find_all({"status": "pending"}):
            await engine.run_workflow(each.id)

    asyncio.run(run())


# --- the library


def test_the_library_has_ten_agents_that_are_added_as_they_are(store: ServiceRegistry) -> None:
    for each in agent_library.list_starters():
        assert each.here is None
        agent_library.add_starter(each.agent.id)
    assert [each.here is not None for each in agent_library.list_starters()] == [True] * 10
    for each in STARTERS:
        assert dump_agent(agent(store, each.id)) == dump_agent(each)
    assert len(agent_services.list_agents()) == 11


def test_a_starter_that_was_put_away_is_taken_back_as_it_was(store: ServiceRegistry) -> None:
    agent_library.add_starter("starter-editor")
    form = agent_services.agent_form("starter-editor")
    form.role = "Mine"
    agent_services.save_agent(form, "starter-editor")
    agent_services.archive_agent("starter-editor")
    assert agent_library.add_starter("starter-editor") == "Editor"
    assert agent(store, "starter-editor").role == "Mine"
    assert agent(store, "starter-editor").archived_at is None
    with pytest.raises(EntityNotFound, match="starter agent 'nobody'"):
        agent_library.add_starter("nobody")


# --- documents


@pytest.mark.parametrize("form", list(Form))
def test_an_agent_is_the_same_after_its_import(store: ServiceRegistry, form: Form) -> None:
    given = starter("starter-classifier")
    text = dump_agent(given, form)
    preview = agent_imports.preview_import(text)
    assert (preview.form.name, preview.taken_by) == ("Classifier", None)
    assert agent(store, given.id) is None
    assert agent_imports.import_agent(text.encode()) == given.id
    assert agent_services.export_text(given.id, form) == text
    assert agent(store, given.id).saved_number == 1


def test_an_agent_that_is_here_becomes_a_version_or_a_copy(store: ServiceRegistry) -> None:
    agent_library.add_starter("starter-editor")
    text = agent_services.export_text("starter-editor", "json")
    assert agent_imports.preview_import(text).is_same
    changed = text.replace("Text editor", "Strict editor")
    preview = agent_imports.preview_import(changed)
    assert "This can be its version 2, or a copy" in preview.effect
    assert not preview.is_same
    copy = agent_imports.import_agent(changed, as_copy=True)
    assert (agent(store, copy).name, agent(store, copy).role) == ("Editor (copy)", "Strict editor")
    assert agent(store, "starter-editor").role == "Text editor"
    agent_imports.import_agent(changed)
    assert agent(store, "starter-editor").role == "Strict editor"
    assert [each.number for each in agent_services.list_versions("starter-editor")] == [2, 1]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{}", "'name'"),
        ("what?", "must be an object"),
        ('{"name": "W", "steps": []}', "This is a workflow and no agent"),
        ("{", "JSON"),
    ],
)
def test_what_is_no_agent_is_refused_in_a_sentence(text: str, sentence: str) -> None:
    for attempt in (agent_imports.preview_import, agent_imports.import_agent):
        with pytest.raises(DocumentError) as refused:
            attempt(text)
        assert sentence in str(refused.value)


# --- trying


def ask(question: str, *agents: str, chat: str | None = None, remembers: bool = True) -> str:
    return agent_trials.ask(chat, agents or ("assistant",), question, {}, remembers=remembers)


def test_a_question_goes_to_each_agent_and_is_answered_in_the_background(
    store: ServiceRegistry,
) -> None:
    agent_library.add_starter("starter-editor")
    chat = ask("What is {{rain}}?", "assistant", "starter-editor")
    [turn], totals = agent_trials.read_chat(chat)
    assert not turn.is_over
    work(store)
    [turn], totals = agent_trials.read_chat(chat)
    assert turn.is_over
    assert turn.question == "What is {{rain}}?"
    assert [each.agent_id for each in turn.asked] == ["assistant", "starter-editor"]
    assert all(each.answer for each in turn.asked)
    assert (totals.questions, totals.cost) == (1, 0.0)
    assert totals.tokens > 0
    assert all(run.purpose == RunPurpose.TRY for run in runs(store))


def test_an_agent_is_told_what_it_said_before_unless_that_is_not_wished(
    store: ServiceRegistry,
) -> None:
    chat = ask("Name a colour.")
    work(store)
    ask("And another?", chat=chat)
    ask("Which one?", chat=chat, remembers=False)
    sent = [run.inputs[agent_trials.QUESTION] for run in runs(store)]
    [first, *_], _ = agent_trials.read_chat(chat)
    assert sent[0] == "Name a colour."
    assert sent[1].startswith("The conversation so far:\n\nUser: Name a colour.")
    assert first.asked[0].answer in sent[1]
    assert sent[1].endswith("And another?")
    assert sent[2] == "Which one?"


def test_names_that_only_a_workflow_fills_are_given_with_the_question(
    store: ServiceRegistry,
) -> None:
    made = agent_services.save_agent(
        AgentForm("Poet", "Writes poems", instructions="You write about {{topic}}.")
    )
    agent_trials.ask(None, [made.id], "Go on.", {"topic": "rain"}, remembers=True)
    work(store)
    [step] = asyncio.run(store.get_repository("step_run").find_all())
    assert step.instructions == "You write about rain."
    assert step.agent_version == 1


def test_a_chat_is_thrown_away_with_what_is_still_asked(store: ServiceRegistry) -> None:
    kept = ask("Stay.")
    chat = ask("One")
    work(store)
    ask("Two", chat=chat)
    agent_trials.throw_away(chat)
    assert agent_trials.read_chat(chat) == ([], agent_trials.Totals(0, 0, 0.0))
    assert [run.definition_id for run in runs(store)] == [kept]
    assert len(asyncio.run(store.get_repository("task").find_all())) == 1


def test_runs_of_a_workflow_are_no_chat(store: ServiceRegistry) -> None:
    chat = ask("One")
    [trial] = runs(store)
    other = trial.model_copy(update={"id": "other", "purpose": RunPurpose.WORK})
    other.set_version(0)
    asyncio.run(store.get_repository("workflow").insert(other))
    agent_trials.throw_away(chat)
    assert [run.id for run in runs(store)] == ["other"]


@pytest.mark.parametrize(
    ("question", "agents", "sentence"),
    [
        ("  ", ["assistant"], "nothing to ask"),
        ("x", ["assistant"] * 5, "At most 4 agents"),
    ],
)
def test_what_cannot_be_asked_is_said(question: str, agents: list[str], sentence: str) -> None:
    with pytest.raises(NotPossible, match=sentence):
        ask(question, *agents)
