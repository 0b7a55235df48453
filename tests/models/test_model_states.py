"""Whether a model can be used is found out by asking its server, and never in the way of a page."""

import asyncio
import subprocess
import sys

import pytest

from symphony_core.model_profile import ModelProfile
from symphony_core.models import weights
from symphony_core.models.base import Prompt
from symphony_core.models.catalog import open_model, open_profile
from symphony_core.models.embedded import EmbeddedModel
from symphony_core.models.embedded_server import embedded_server
from symphony_core.models.endpoint import Endpoint
from symphony_core.models.provider import ProviderModel
from tests.models.conftest import KEY, STRANGER

V1 = ("openai-chat", "openai-compatible", "ollama", "vllm")


def model(wire, kind="openai-compatible", name="ok", **fields):
    address = wire.base_url if kind in V1 else wire.root
    given = {"base_url": address, "key_variable": "MY_API_KEY", **fields}
    return open_profile(ModelProfile(name="House", provider=kind, model=name, **given))


@pytest.mark.parametrize("kind", [*V1, "anthropic", "google", "mistral", "groq"])
async def test_a_server_that_answers_tells_its_models(wire, kind):
    state = await model(wire, kind).look()
    assert (state.ready, state.word, state.key_found) == (True, "Ready", True)
    assert {name.removesuffix(":latest") for name in state.models or ()} == {"ok", "other"}
    assert wire.lookers == [KEY]


async def test_a_model_that_is_not_listed_is_told_with_those_that_are(wire):
    state = await model(wire, name="gone").look()
    assert (state.ready, state.word) == (True, "Not listed")
    assert "does not list the model 'gone'" in state.sentence
    assert "ok, other" in state.to_do


@pytest.mark.parametrize(
    ("status", "body", "ready", "word"),
    [
        (401, b"{}", False, "Key refused"),
        (403, b"{}", False, "Key refused"),
        (404, b"no such page", True, "Answers"),
        (200, b"<html>", True, "Answers"),
        (200, b'{"data": 7}', True, "Answers"),
        (200, b'{"data": [7, {"id": null}]}', True, "Ready"),
        (503, b"busy", False, "No answer"),
    ],
)
async def test_what_a_server_says_is_a_word_and_a_sentence(wire, status, body, ready, word):
    wire.listing = (status, body)
    state = await model(wire).look()
    assert (state.ready, state.word) == (ready, word)
    assert state.sentence.endswith(".")
    assert bool(state.to_do) is not ready
    assert KEY not in state.text


async def test_a_server_that_wants_a_key_and_has_none_is_told_apart(wire):
    wire.listing = (401, b"{}")
    state = await model(wire, key_variable=None).look()
    assert (state.ready, state.word) == (False, "Key wanted")
    assert STRANGER not in wire.lookers


async def test_a_server_that_is_not_there_is_told_with_its_address():
    at = {"base_url": "http://127.0.0.1:9/v1", "model": "m"}
    there = open_profile(ModelProfile(name="x", provider="ollama", **at))
    state = await there.look()
    assert (state.ready, state.word) == (False, "No answer")
    assert "http://127.0.0.1:9/v1 does not answer" in state.sentence
    assert state.to_do == "Start it, or correct its address."


async def test_an_address_out_of_the_environment_that_is_none_is_told(monkeypatch):
    monkeypatch.setenv("OPENAI_BASE_URL", "http://[half")
    state = await open_model("openai-chat:address").look()
    assert (state.ready, state.word) == (False, "No answer")


async def test_a_server_named_in_the_environment_needs_no_key(wire, monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY")
    monkeypatch.setenv("OPENAI_BASE_URL", wire.base_url)
    state = await open_model("openai-chat:ok").look()
    assert (state.ready, state.word, state.key_found) == (True, "Ready", None)


async def test_a_server_that_does_not_answer_in_time_is_given_up(wire):
    wire.listing_wait = 60
    state = await model(wire).look()
    assert (state.ready, state.word) == (False, "No answer")
    assert "in time" in state.sentence


async def test_a_page_gets_what_was_seen_last_at_once_and_not_every_look_asks(wire):
    asked = model(wire, name="page")
    wire.listing_wait = 0.5
    assert asked.state().word == "Being asked"
    assert asked.state().ready
    await until(lambda: asked.state().word == "Not listed")
    assert len(wire.lookers) == 1  # the rest was remembered


async def test_what_may_be_out_of_date_is_shown_and_asked_again_meanwhile(wire):
    at = Endpoint("openai-compatible", "ok", wire.base_url)
    asked = ProviderModel(at, fresh_seconds=0.0)
    assert (await asked.look()).word == "Ready"
    wire.listing = (503, b"")
    assert asked.state().word == "Ready"
    await until(lambda: asked.state().word == "No answer")


async def test_a_key_that_is_gone_is_seen_at_once(wire, monkeypatch):
    asked = model(wire, name="key")
    await asked.look()
    monkeypatch.delenv("MY_API_KEY")
    assert (asked.state().word, asked.state().key_found) == ("No key", False)


async def until(condition):
    async with asyncio.timeout(15):
        while not condition():  # noqa: ASYNC110  (the background loop changes it)
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("name", ["embedded", "scripted"])
async def test_models_of_this_machine_ask_nobody_and_want_no_key(name):
    asked = open_model(name)
    assert asked.state() == await asked.look() == asked.availability()
    assert asked.state().key_found is None


async def test_the_store_tells_the_state_of_any_name(registry, wire):
    profiles = registry.get_model_profiles()
    own = {"provider": "ollama", "model": "ok", "base_url": wire.base_url}
    await profiles.save(ModelProfile(id="own", name="Own", **own))
    assert (await profiles.look("profile:own")).word == "Ready"
    assert (await profiles.state("profile:own")).word == "Ready"
    assert (await profiles.look("profile:own")).key_found is None
    assert "any more" in (await profiles.look("profile:gone")).sentence
    assert "any more" in (await profiles.state("profile:gone")).sentence
    assert not (await profiles.state("nobody:x")).ready
    assert (await profiles.state("scripted")).ready


def test_to_tell_a_state_loads_nothing_heavy_in_the_callers_way(wire):
    code = (
        "import sys; from symphony_core.models.catalog import open_model\n"
        "open_model('openai-chat:x').state()\n"
        "print('pydantic_ai' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.embedded
async def test_a_server_that_is_not_ours_llama_cpps_own(monkeypatch):
    """Its models are listed, its answers counted, its limits told: by its address, like any other."""
    await EmbeddedModel("embedded").load()
    server = embedded_server(weights.path(), lambda: None).result()
    monkeypatch.setenv("LLAMA_API_KEY", server.key)
    at = {"base_url": f"{server.address}/v1", "key_variable": "LLAMA_API_KEY"}
    known = {"name": "llama", "provider": "openai-compatible", **at}
    llama = open_profile(ModelProfile(model=server.model, **known))
    state = await llama.look()
    assert (state.word, state.models) == ("Ready", (server.model,))
    pieces: list[str] = []
    reply = await llama.generate(Prompt("Write one sentence about the sea."), pieces.append)
    assert "".join(pieces) == reply.text
    assert len(pieces) > 3
    assert reply.input_tokens > 5
    assert reply.output_tokens >= len(pieces) - 1
    assert reply.cost is None
    monkeypatch.setenv("LLAMA_API_KEY", "a-wrong-secret")
    assert (await llama.look()).word == "Key refused"
    monkeypatch.delenv("LLAMA_API_KEY")
    assert (await llama.look()).word == "No key"
