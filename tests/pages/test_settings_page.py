"""The settings page."""

import asyncio
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import upkeep_services
from symphony_core.agent_config import AgentConfig, AgentSettings
from symphony_core.ids import utc_now
from symphony_core.model_profile import ModelProfile
from symphony_core.models.prices import price_list
from symphony_core.persistence.backups import restore
from symphony_core.persistence.database import Database
from symphony_core.persistence.store_settings import change_setting, read_settings
from symphony_core.registry import ServiceRegistry
from symphony_core.runtime.samples import add_samples
from symphony_core.runtime.settings import data_dir, database_url
from symphony_core.store_settings import StoreSettings
from symphony_core.worker_beat import WorkerBeat
from symphony_core.workflow import RunLimits, Workflow, WorkflowStatus
from tests.pages.conftest import Open, run_template, start_run, texts
from tests.support.processes import PATIENCE
from tests.support.wire_server import WireServer

KEY = "my-own-secret-value"
ANSWERS = "Answers for every agent without a model of its own"


@pytest.fixture(autouse=True)
def no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OLLAMA_BASE_URL", "VLLM_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Iterator[WireServer]:
    """A server that lists its models, and the key for it."""
    monkeypatch.setenv("MY_API_KEY", KEY)
    with WireServer() as server:
        yield server


def widget(at: AppTest, label: str) -> Any:
    found = [*at.text_input, *at.selectbox, *at.number_input]
    return next(widget for widget in found if widget.label == label)


def press(at: AppTest, label: str) -> AppTest:
    return next(button for button in at.button if button.label == label).click().run()


def confirm(at: AppTest, label: str) -> AppTest:
    """Delete in a dialog, which stays open here only while what opens it is pressed too."""
    next(button for button in at.button if button.label == label).click()
    return at.button(key="delete-for-good").click().run()


def plain(at: AppTest) -> str:
    return texts(at).replace("\\", "").replace("\N{WORD JOINER}", "")


def part(open_page: Open, name: str) -> AppTest:
    at = open_page("settings")
    at.segmented_control[0].set_value(name).run()
    assert not at.exception
    return at


def until(at: AppTest, words: str) -> None:
    """Draw the page again until it says so: servers are asked in the background."""
    give_up = time.monotonic() + PATIENCE
    while words not in plain(at):
        assert time.monotonic() < give_up, f"{words!r} is not in {plain(at)}"
        time.sleep(0.05)
        at.run()


def profiles(store: ServiceRegistry) -> list[ModelProfile]:
    return asyncio.run(store.get_repository("model_profile").find_all())


def keep(store: ServiceRegistry, url: str = "http://127.0.0.1:9/v1", **fields: Any) -> ModelProfile:
    given = {"id": "house", "name": "House", "provider": "openai-compatible", "model": "ok"}
    profile = ModelProfile(**{**given, "base_url": url, **fields})
    asyncio.run(store.get_model_profiles().save(profile))
    return profile


def use(store: ServiceRegistry, name: str) -> None:
    agent = AgentConfig(name=name, role="R", instruction_template="I", model="profile:house")
    asyncio.run(store.get_repository("agent_config").save(agent))


# --- models and keys


@pytest.fixture
def free(monkeypatch: pytest.MonkeyPatch) -> None:
    """SYMPHONY_MODEL names no model."""
    monkeypatch.delenv("SYMPHONY_MODEL")


def settings(store: ServiceRegistry) -> StoreSettings:
    return asyncio.run(read_settings(store.get_repository("store_settings")))


def choose(store: ServiceRegistry, name: str, seen: str = "embedded") -> None:
    asyncio.run(store.get_model_profiles().choose_default(name, seen=seen))


def test_the_environment_goes_before_what_is_chosen(
    open_page: Open, store: ServiceRegistry
) -> None:
    choose(store, "openai-chat:x")
    at = open_page("settings")
    assert "**Scripted model**" in plain(at)
    assert f"{ANSWERS}. SYMPHONY_MODEL names it" in plain(at)
    assert ANSWERS not in [field.label for field in at.selectbox]
    assert "Save" not in [button.label for button in at.button]


def test_a_default_model_is_chosen_and_answers_in_what_is_run_then(
    open_page: Open, store: ServiceRegistry, free: None
) -> None:
    at = open_page("settings")
    assert widget(at, ANSWERS).value == "embedded"
    assert at.button(key="save-default-model").disabled
    widget(at, ANSWERS).select("Scripted model").run()
    assert "no model was asked" in plain(at)
    press(at, "Save")
    assert settings(store).default_model == "scripted"
    assert "Model: Scripted model" in plain(at)
    assert at.button(key="save-default-model").disabled
    template = open_page("templates", template="critic-revise")
    assert "Answered by **Scripted model**" in plain(template)
    press(template, "Run now")
    [run] = asyncio.run(store.get_repository("workflow").find_all())
    assert run.model == "scripted"
    assert (
        "Default model (Scripted model)"
        in widget(open_page("agents", agent="new"), "Model").options
    )


def test_of_two_who_choose_the_second_is_told(
    open_page: Open, store: ServiceRegistry, free: None
) -> None:
    at = open_page("settings")
    widget(at, ANSWERS).select("Scripted model").run()
    choose(store, "openai-chat:theirs")
    press(at, "Save")
    assert "Somebody else has changed this meanwhile" in plain(at)
    assert widget(at, ANSWERS).value == "scripted"
    assert settings(store).default_model == "openai-chat:theirs"
    press(at, "Undo")
    assert widget(at, ANSWERS).value == "openai-chat:theirs"
    choose(store, "scripted", seen="openai-chat:theirs")
    assert widget(at.run(), ANSWERS).value == "scripted"


def test_a_default_that_is_gone_is_told_of_and_stood_in_for(
    open_page: Open, store: ServiceRegistry, free: None
) -> None:
    keep(store, provider="scripted", model="", url="")
    choose(store, "profile:house")
    asyncio.run(store.get_repository("model_profile").delete("house"))
    gone = "The default model 'profile:house' is not there any more, so that SmolLM2-135M"
    at = open_page("settings")
    assert gone in plain(at)
    assert gone in plain(open_page("templates", template="critic-revise"))
    widget(at, ANSWERS).select("Scripted model").run()
    press(at, "Save")
    assert gone not in plain(at)


def test_the_default_model_is_not_deleted(
    open_page: Open, store: ServiceRegistry, free: None
) -> None:
    keep(store, provider="scripted", model="", url="")
    choose(store, "profile:house")
    at = press(open_page("settings"), "Delete")
    assert "**House** is the default model. Choose another one for that first" in plain(at)
    assert "delete-for-good" not in [button.key for button in at.button]


def test_a_model_of_the_store_can_be_the_default(
    open_page: Open, store: ServiceRegistry, wire: WireServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(store, wire.base_url)
    monkeypatch.setenv("SYMPHONY_MODEL", "profile:house")
    at = open_page("settings")
    until(at, "answers.")
    shown = plain(at)
    assert "**House** :blue-badge" in shown
    assert "Model: House" in shown  # in the sidebar


def test_prices_are_said_with_their_date(open_page: Open) -> None:
    published = price_list()
    shown = plain(open_page("settings"))
    assert f"the list of genai-prices {published.version}, " in shown
    assert f"its newest price of {published.newest:%d %b %Y})" in shown


def test_keys_are_found_and_never_shown(
    open_page: Open, wire: WireServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", wire.base_url)
    at = open_page("settings")
    until(at, "It has ok and other.")
    shown = plain(at)
    assert "key found in OPENAI_API_KEY" in shown
    assert "needs ALIBABA_API_KEY or DASHSCOPE_API_KEY, which is not set" in shown
    assert KEY not in str([at.main, at.sidebar])


def test_no_server_is_waited_for_and_one_that_fails_is_named(
    open_page: Open, store: ServiceRegistry, wire: WireServer
) -> None:
    wire.listing_wait = 3600.0
    keep(store, wire.base_url)
    keep(store, id="down", name="Cellar")
    at = open_page("settings")
    assert "'House' is being asked" in plain(at)
    until(at, "The server at http://127.0.0.1:9/v1 does not answer")
    assert "No answer" in plain(at)


def test_all_are_asked_again_on_request(
    open_page: Open, store: ServiceRegistry, wire: WireServer
) -> None:
    keep(store, wire.base_url)
    at = open_page("settings")
    until(at, f"The server at {wire.base_url} answers")
    wire.listing = (503, b"busy")
    press(at, "Check all")
    until(at, "has failed (503)")


def test_a_model_is_added_with_what_its_server_has(
    open_page: Open, store: ServiceRegistry, wire: WireServer
) -> None:
    at = press(open_page("settings"), "Add a model")
    assert "asked as soon as there is an address" in plain(at)
    widget(at, "Name").input("House").run()
    widget(at, "Address").input(wire.base_url).run()
    widget(at, "Environment variable of its key").input("MY_API_KEY").run()
    until(at, "answers.")
    at.run()
    assert widget(at, "Model").options == ["ok", "other"]
    widget(at, "Model").select("other").run()
    widget(at, "Temperature").set_value(0.5).run()
    widget(at, "Tokens in").set_value(1.5).run()
    press(at, "Save")
    [kept] = profiles(store)
    assert (kept.name, kept.provider, kept.model) == ("House", "openai-compatible", "other")
    assert (kept.base_url, kept.key_variable) == (wire.base_url, "MY_API_KEY")
    assert kept.settings == AgentSettings(temperature=0.5)
    assert kept.input_price == 1.5
    assert "used by no agent" in plain(at)
    agent = open_page("agents", agent="new")
    assert "House" in widget(agent, "Model").options


def test_a_key_in_the_wrong_place_is_refused_and_nothing_typed_is_lost(
    open_page: Open, store: ServiceRegistry
) -> None:
    at = open_page("settings", model="new")
    widget(at, "Name").input("House").run()
    widget(at, "Environment variable of its key").input("sk-123456").run()
    press(at, "Save")
    assert "not the key" in plain(at)
    assert widget(at, "Name").value == "House"
    assert profiles(store) == []
    widget(at, "Environment variable of its key").input("").run()
    press(at, "Save")
    assert "it needs the name that its provider has for the model" in plain(at)


def test_a_model_is_changed(open_page: Open, store: ServiceRegistry) -> None:
    before = keep(store, settings=AgentSettings(stop=["END"], seed=7), output_price=2.0)
    at = press(open_page("settings"), "Edit")
    widget(at, "Name").input("Barn").run()
    widget(at, "Seed").set_value(None).run()
    press(at, "Save")
    [kept] = profiles(store)
    assert (kept.id, kept.created_at, kept.name) == ("house", before.created_at, "Barn")
    assert kept.settings == AgentSettings(stop=["END"])
    assert kept.output_price == 2.0


def test_a_change_by_somebody_else_is_not_overwritten(
    open_page: Open, store: ServiceRegistry
) -> None:
    keep(store)
    at = press(open_page("settings"), "Edit")
    widget(at, "Name").input("Mine").run()
    [theirs] = profiles(store)
    theirs.name = "Theirs"
    asyncio.run(store.get_model_profiles().save(theirs))
    press(at, "Save")
    assert "changed by someone else" in plain(at)
    assert widget(at, "Name").value == "Mine"
    press(at, "Back without saving")
    assert "Theirs" in plain(at)
    assert widget(press(at, "Edit"), "Name").value == "Theirs"


def test_agents_are_shown_with_the_name_of_their_model(
    open_page: Open, store: ServiceRegistry
) -> None:
    keep(store)
    use(store, "Ada")
    shown = plain(open_page("agents"))
    assert "memory: House" in shown
    assert "profile:house" not in shown


def test_a_model_is_deleted_after_a_question_that_names_its_agents(
    open_page: Open, store: ServiceRegistry
) -> None:
    keep(store)
    use(store, "Ada")
    at = press(open_page("settings"), "Delete")
    assert "used by Ada" in plain(at)
    assert len(profiles(store)) == 1
    confirm(at, "Delete")
    at.run()
    assert profiles(store) == []
    assert "None yet" in plain(at)


def test_a_model_that_runs_here_has_no_address_and_no_key(
    open_page: Open, store: ServiceRegistry
) -> None:
    at = open_page("settings", model="new")
    widget(at, "Provider").select("scripted").run()
    assert "Address" not in [field.label for field in at.text_input]
    widget(at, "Name").input("Toy").run()
    press(at, "Save")
    assert profiles(store)[0].provider == "scripted"


def test_what_a_model_is_called_is_text(open_page: Open, store: ServiceRegistry) -> None:
    keep(store, name="**x** <script>alert(1)</script>")
    shown = texts(open_page("settings"))
    assert "<script>" not in shown
    assert r"\*\*x\*\*" in shown


def test_an_unknown_model_is_named(open_page: Open) -> None:
    at = open_page("settings", model="nowhere")
    assert "There is no model 'nowhere'" in plain(at)
    press(at, "Back to the settings")
    assert "Default model" in texts(at)


# --- limits


def test_the_limits_of_new_runs_fill_the_forms_and_can_be_changed_there(
    open_page: Open, store: ServiceRegistry
) -> None:
    at = part(open_page, "Limits")
    assert widget(at, "Model calls").value is None
    widget(at, "Model calls").set_value(20).run()
    widget(at, "Time in minutes").set_value(1.5).run()
    press(at, "Save")
    assert settings(store).limits == RunLimits(model_calls=20, seconds=90)
    form = open_page("templates", template="critic-revise")
    assert "Limited to 20 model calls and 1 min 30 s" in plain(form)
    widget(form, "Model calls").set_value(5).run()
    widget(form, "Time in minutes").set_value(None).run()
    assert "Limited to 5 model calls." in plain(form)
    press(form, "Run now")
    [run] = asyncio.run(store.get_repository("workflow").find_all())
    assert run.limits == RunLimits(model_calls=5)
    assert settings(store).limits == RunLimits(model_calls=20, seconds=90)


def test_forms_that_were_open_before_are_filled_too(
    open_page: Open, store: ServiceRegistry
) -> None:
    at = open_page("templates", template="critic-revise")
    assert widget(at, "Tokens").value is None
    wanted = RunLimits(tokens=1000)
    change = change_setting(
        store.get_repository("store_settings"), "limits", seen=RunLimits(), wanted=wanted
    )
    asyncio.run(change)
    assert widget(at.run(), "Tokens").value == 1000


def test_a_run_without_a_form_has_no_limits_by_itself(
    open_page: Open, store: ServiceRegistry
) -> None:
    change = change_setting(
        store.get_repository("store_settings"),
        "limits",
        seen=RunLimits(),
        wanted=RunLimits(model_calls=1),
    )
    asyncio.run(change)
    assert run_template(store).limits == RunLimits()


# --- storage


def test_the_store_is_told_with_its_rows(open_page: Open, store: ServiceRegistry) -> None:
    run_template(store)
    at = part(open_page, "Storage")
    assert at.code[0].value == str(data_dir() / "symphony.db")
    figures = {metric.label: metric.value for metric in at.metric}
    assert (figures["Runs"], figures["Steps"], figures["Agents"]) == ("1", "3", "1")


def test_a_backup_is_made_listed_and_can_be_restored(
    open_page: Open, store: ServiceRegistry
) -> None:
    run_template(store)
    at = part(open_page, "Storage")
    assert "No backup yet" in plain(at)
    press(at, "Back up now")
    [backup] = upkeep_services.list_backups()
    assert backup.path.name in plain(at)
    assert at.code[1].value == f"python -m symphony_core restore {backup.path}"
    assert len(at.get("download_button")) == 1
    Database.close_all()
    (data_dir() / "symphony.db").unlink()
    restore(database_url(), backup.path)


def test_the_doctor_is_asked_and_names_what_is_wrong(
    open_page: Open, store: ServiceRegistry
) -> None:
    at = press(part(open_page, "Storage"), "Examine the store")
    assert "All is sound" in plain(at)
    keep(store)
    use(store, "Ada")
    asyncio.run(store.get_model_profiles().delete("house"))
    press(at, "Examine the store")
    assert "1 problem found" in plain(at)
    assert "profile:house: There is no such model any more" in plain(at)


# --- old runs


def end(store: ServiceRegistry, days_ago: float) -> str:
    ended = utc_now() - timedelta(days=days_ago)
    run = Workflow(name="R", status=WorkflowStatus.COMPLETED, completed_at=ended)
    asyncio.run(store.get_repository("workflow").save(run))
    return run.id


def test_old_runs_are_counted_and_deleted_after_a_question(
    open_page: Open, store: ServiceRegistry
) -> None:
    asyncio.run(add_samples(store))
    old = {end(store, 31) for _ in range(3)}
    kept = {end(store, 29), start_run(store).id}
    at = part(open_page, "Old runs")
    assert "No run ended that long ago" in plain(at)
    widget(at, "Ended more than this many days ago").set_value(30).run()
    assert "**3 runs** would be deleted" in plain(at)
    press(at, "Delete 3 runs…")
    assert "cannot be undone" in plain(at)
    confirm(at, "Delete 3 runs…")
    left = {run.id for run in asyncio.run(store.get_repository("workflow").find_all())}
    assert kept < left
    assert not old & left
    assert len(left) == len(kept) + 3  # the samples


# --- health


def test_workers_are_named_while_they_live(open_page: Open, store: ServiceRegistry) -> None:
    at = part(open_page, "Health")
    assert "No worker" in plain(at)
    beats = store.get_repository("worker_beat")
    late = utc_now() - timedelta(minutes=5)
    asyncio.run(beats.save(WorkerBeat(owner="gone-1", beat_at=late)))
    asyncio.run(
        beats.save(WorkerBeat(owner="here-1", active_runs=2, beat_at=utc_now() + timedelta(days=1)))
    )
    shown = plain(at.run())
    assert "**here-1** · 2 runs in hand" in shown
    assert "gone-1" not in shown


def test_the_version_is_told(open_page: Open) -> None:
    assert f"Symphony {upkeep_services.VERSION}" in plain(part(open_page, "Health"))


@pytest.mark.parametrize(
    ("user", "says"),
    [
        ({}, "Nobody signs in here: whoever can open this address sees everything"),
        ({"is_logged_in": False}, "Nobody signs in here"),
        ({"email": "ada@example.org"}, "**ada@example.org**, as the server in front"),
        ({"email": "ada@example.org", "name": "Ada <b>"}, "**Ada <b>**"),
    ],
)
def test_who_is_signed_in_is_told_as_far_as_that_is_known(
    open_page: Open, user: dict[str, Any], says: str
) -> None:
    at = part(open_page, "Health")
    at.user = user
    assert says in plain(at.run())
