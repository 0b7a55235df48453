"""Every provider's own wire format, spoken by a server of ours: text, usage, and what goes wrong."""

import json
from datetime import UTC, date, datetime
from importlib.metadata import version

import pytest

from symphony_core.agent_config import AgentSettings
from symphony_core.errors import ModelError, ModelUnavailable
from symphony_core.model_profile import ModelProfile
from symphony_core.models.base import Prompt, ToolAnswer, ToolRound, ToolSpec
from symphony_core.models.catalog import open_profile
from symphony_core.models.prices import price_list
from tests.models.conftest import AWS, KEY, STRANGER
from tests.support.openai_server import LEAKED_KEY, RETRY_AFTER, TEXT
from tests.support.wire_server import tool_answers

V1 = ("openai-chat", "openai", "openai-compatible", "ollama", "vllm")
PROVIDERS = (*V1, "azure", "anthropic", "google", "mistral", "groq", "bedrock", "openrouter")
SCHEMA = {"type": "object", "properties": {"expression": {"type": "string"}}}


def named(provider, model):
    """A model's name as the provider has it: at OpenRouter, whose it is comes first."""
    return f"house/{model}" if provider == "openrouter" else model


def profile(wire, provider, model="ok", **fields):
    address = wire.base_url if provider in V1 else wire.root
    # a key of Bedrock's goes over TLS alone; without one, AWS's own credentials sign
    key_variable = None if provider == "bedrock" else "MY_API_KEY"
    known = {"key_variable": key_variable, "input_price": 1.0, "output_price": 2.0}
    called = named(provider, model)
    given = {"name": "House", "provider": provider, "model": called, "base_url": address}
    return ModelProfile(**{**given, **known, **fields})


async def ask(wire, provider, model="ok", on_text=None, **prompt):
    text = prompt.pop("text", "Say something.")
    return await open_profile(profile(wire, provider, model)).generate(
        Prompt(text, **prompt), on_text
    )


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_text_streams_and_what_it_took_is_what_the_server_counted(wire, provider):
    pieces: list[str] = []
    reply = await ask(wire, provider, on_text=pieces.append, instructions="Be kind.")
    assert len(pieces) == len(TEXT.split())
    assert "".join(pieces) == reply.text == TEXT
    assert reply.model == f"{provider}:{named(provider, 'ok')}"
    assert (reply.input_tokens, reply.output_tokens) == (11, 9)
    assert reply.cost == pytest.approx((11 * 1.0 + 9 * 2.0) / 1e6)
    assert wire.keys == [AWS["AWS_ACCESS_KEY_ID"] if provider == "bedrock" else KEY]


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_tools_are_called_and_their_answers_go_back(wire, provider):
    sent = [("calculator", '{"expression": "6*7"}'), ("clock", "{}")]
    wire.tool_calls = lambda body: [] if tool_answers(body) else sent
    tools = tuple(ToolSpec(name, "Is of use.", SCHEMA) for name, _ in sent)
    first = await ask(wire, provider, tools=tools)
    assert [(call.tool, json.loads(call.arguments)) for call in first.calls] == [
        ("calculator", {"expression": "6*7"}),
        ("clock", {}),
    ]
    assert (first.input_tokens, first.output_tokens) == (11, 9)
    turns = (ToolRound(first, (ToolAnswer("42"), ToolAnswer("noon"))),)
    last = await ask(wire, provider, tools=tools, turns=turns)
    assert (last.text, last.calls) == (TEXT, ())
    assert tool_answers(wire.bodies[1]) == ["42", "noon"]


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize(
    ("model", "says", "retryable"),
    [
        ("busy", "asked too often: slow down (429). Wait a little, then try again.", True),
        ("broken", "failed: boom (500). Try again later.", True),
        ("cut", "ended in the middle of its answer. Try again.", True),
        ("torn", "failed or broke off", True),
        ("garbled", "Try again.", True),
        ("denied", "refused the key: Incorrect API key …", False),
    ],
)
async def test_what_goes_wrong_is_one_sentence_without_a_key(
    wire, provider, model, says, retryable
):
    with pytest.raises(ModelError) as failure:
        await ask(wire, provider, model)
    told = str(failure.value)
    assert "'House'" in told
    assert says in told
    assert "\n" not in told
    assert not {KEY, LEAKED_KEY, STRANGER} & set(told.split())
    assert KEY not in told
    assert failure.value.retryable is retryable
    assert failure.value.retry_after == (RETRY_AFTER if model == "busy" else None)
    assert isinstance(failure.value, ModelUnavailable) is (model == "denied")
    assert failure.value.__context__ is None  # it would keep the answer open
    assert wire.calls[model] == 1  # retries belong to the caller


@pytest.mark.parametrize(
    ("provider", "counted"),
    [("anthropic", (11, 1)), ("google", (11, 9)), ("openai-chat", None), ("bedrock", None)],
)
async def test_an_answer_that_breaks_off_takes_what_its_server_has_counted(wire, provider, counted):
    with pytest.raises(ModelError) as failure:
        await ask(wire, provider, "cut")
    reply = failure.value.reply
    assert (reply and (reply.input_tokens, reply.output_tokens)) == counted


@pytest.mark.parametrize("provider", [p for p in PROVIDERS if p != "azure"])
async def test_nobodys_key_goes_to_an_address_it_was_not_meant_for(wire, provider, monkeypatch):
    for name in ("ANTHROPIC", "GOOGLE", "MISTRAL", "GROQ", "OLLAMA", "VLLM", "OPENROUTER"):
        monkeypatch.setenv(f"{name}_API_KEY", STRANGER)
    model = open_profile(profile(wire, provider, key_variable=None))
    assert model.availability().key_found is None
    assert (await model.generate(Prompt("x"))).text == TEXT
    await model.look()
    assert STRANGER not in {*wire.keys, *wire.lookers}


async def test_a_key_that_is_not_here_is_named(wire, monkeypatch):
    monkeypatch.delenv("MY_API_KEY")
    model = open_profile(profile(wire, "openai-compatible"))
    state = model.availability()
    assert (state.ready, state.word, state.key_found) == (False, "No key", False)
    assert "needs MY_API_KEY, which is not set" in state.sentence
    assert ".streamlit/secrets.toml" in state.to_do
    with pytest.raises(ModelUnavailable, match="MY_API_KEY"):
        await model.generate(Prompt("x"))
    assert wire.bodies == []


async def test_an_own_address_is_asked_though_the_environment_has_another(wire, monkeypatch):
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    assert (await ask(wire, "openai-chat")).text == TEXT


@pytest.mark.parametrize(
    ("provider", "where"),
    [
        ("openai-chat", lambda body: body["stop"]),
        ("anthropic", lambda body: body["stop_sequences"]),
        ("google", lambda body: body["generationConfig"]["stopSequences"]),
        ("mistral", lambda body: body["stop"]),
        ("bedrock", lambda body: body["inferenceConfig"]["stopSequences"]),
    ],
)
async def test_texts_to_stop_at_are_sent(wire, provider, where):
    await ask(wire, provider, settings=AgentSettings(stop=["END", "\n\n"], max_tokens=9))
    assert where(wire.bodies[0]) == ["END", "\n\n"]


async def test_a_price_that_nobody_knows_is_none_and_a_free_one_is_zero(wire):
    async def cost(**fields):
        own = {"input_price": None, "output_price": None, **fields}
        model = open_profile(profile(wire, "openai-compatible", "gpt-5.2", **own))
        return (await model.generate(Prompt("x"))).cost

    assert await cost() is None
    assert await cost(input_price=1.0) is None
    assert await cost(input_price=0.0, output_price=0.0) == 0.0
    published = open_profile(
        profile(wire, "openai-chat", "gpt-5.2", input_price=None, output_price=None)
    )
    assert 0 < ((await published.generate(Prompt("x"))).cost or 0) < 0.01


def test_the_list_of_prices_says_of_when_it_is():
    told = price_list()
    assert told.version == version("genai-prices")
    assert date(2026, 1, 1) < told.newest <= datetime.now(UTC).date()
