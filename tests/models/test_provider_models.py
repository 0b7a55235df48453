import asyncio
import subprocess
import sys
import threading
import time

import pytest

from symphony_core.agent_config import AgentSettings
from symphony_core.errors import ModelError, ModelUnavailable
from symphony_core.models.base import Prompt
from symphony_core.models.catalog import open_model
from tests.support.openai_server import LEAKED_KEY, RETRY_AFTER, TEXT, OpenAIServer

KEY = "my-own-secret-value"
LABELS = ("SIMPLE", "COMPLEX")


@pytest.fixture
def server(monkeypatch):
    with OpenAIServer() as running:
        for name in ("OPENAI_BASE_URL", "OLLAMA_BASE_URL", "MOONSHOTAI_BASE_URL"):
            monkeypatch.setenv(name, running.base_url)
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        monkeypatch.setenv("MOONSHOTAI_API_KEY", KEY)
        yield running


async def ask(name, text="Say something.", on_text=None, **more):
    return await open_model(name).generate(Prompt(text, **more), on_text)


async def until(condition):
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110  (a thread of the server changes it)
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    "name", ["openai-chat:ok", "openai:ok", "ollama:ok", "moonshotai:ok", "openai-responses:ok"]
)
async def test_text_streams_from_every_kind_of_provider(server, name):
    pieces: list[str] = []
    reply = await ask(name, on_text=pieces.append)
    assert len(pieces) == len(TEXT.split())
    assert "".join(pieces) == reply.text == TEXT
    assert (reply.model, reply.input_tokens, reply.output_tokens) == (name, 11, 9)
    assert reply.cost is None  # nobody knows what the model "ok" costs


async def test_prompt_instructions_and_settings_are_sent_as_they_are(server):
    wanted = AgentSettings(temperature=0.5, max_tokens=77, top_p=0.8, seed=3)
    await ask("openai-chat:ok", "The question?", instructions="Be kind.", settings=wanted)
    await ask("openai-chat:ok", "Only this.")
    first, second = server.bodies
    assert first["messages"] == [
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": "The question?"},
    ]
    assert (first["temperature"], first["top_p"], first["seed"]) == (0.5, 0.8, 3)
    assert 77 in (first.get("max_tokens"), first.get("max_completion_tokens"))
    assert second["messages"] == [{"role": "user", "content": "Only this."}]
    assert "temperature" not in second
    assert server.keys == [KEY, KEY]


async def test_a_known_model_has_a_price(server):
    reply = await ask("openai-chat:gpt-5.2")
    assert reply.cost is not None
    assert 0 < reply.cost < 0.01


@pytest.mark.parametrize("name", ["openai-chat:ok", "openai:ok", "ollama:ok", "moonshotai:ok"])
async def test_choices_are_asked_for_as_structured_output_and_answered_as_a_label(server, name):
    server.answer = lambda body: "COMPLEX"
    pieces: list[str] = []
    reply = await ask(name, on_text=pieces.append, choices=LABELS)
    assert pieces == [reply.text] == ["COMPLEX"]
    assert ("tools" in server.bodies[0]) == name.startswith("moonshotai")  # it has no schemas


async def test_a_server_that_ignores_the_schema_is_taken_at_its_word_only_if_that_is_a_choice(
    server,
):
    server.answer = lambda body: " COMPLEX\n"
    assert (await ask("openai-chat:stubborn", choices=LABELS)).text == "COMPLEX"
    server.answer = lambda body: "perhaps"
    with pytest.raises(ModelError, match="answered 'perhaps', which is none of SIMPLE, COMPLEX"):
        await ask("openai-chat:stubborn", choices=LABELS)


@pytest.mark.parametrize(
    ("model", "says", "retryable"),
    [
        ("busy", "asked too often: slow down (429)", True),
        ("broken", "failed: boom (500)", True),
        ("full", "it has 5031 tokens, and 4096 fit", False),
        ("cut", "ended in the middle of its answer", True),
        ("torn", "broke off", True),
        ("garbled", "not answer: Failed to decode", True),
        ("web-page", "cannot be read", True),
        ("empty", "gave no text (it ended with 'length')", True),
        ("blocked", "content filter", False),
    ],
)
async def test_a_failure_is_a_sentence_that_names_the_model(server, model, says, retryable):
    with pytest.raises(ModelError) as failure:
        await ask(f"openai-chat:{model}")
    assert f"'openai-chat:{model}'" in str(failure.value)
    assert says in str(failure.value)
    assert failure.value.retryable is retryable
    assert failure.value.retry_after == (RETRY_AFTER if model == "busy" else None)
    assert not isinstance(failure.value, ModelUnavailable)
    assert server.calls[model] == 1  # retries belong to the caller


async def test_a_model_the_server_does_not_know_is_unavailable(server):
    with pytest.raises(ModelUnavailable, match="does not know the model 'openai-chat:unknown'"):
        await ask("openai-chat:unknown")


@pytest.mark.parametrize("name", ["openai-chat:denied", "openai:denied"])
async def test_a_refused_key_is_told_without_any_key(server, name):
    with pytest.raises(ModelUnavailable, match="refused the key: Incorrect API key") as failure:
        await ask(name)
    text = str(failure.value)
    assert LEAKED_KEY not in text
    assert KEY not in text
    assert len(text) < 450
    assert failure.value.__context__ is None  # it would keep the answer open


async def test_a_server_that_is_not_there_is_an_error_worth_a_retry(server, monkeypatch):
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    with pytest.raises(ModelError, match="connection to the model 'openai-chat:ok' failed") as told:
        await ask("openai-chat:ok")
    assert told.value.retryable


async def test_an_address_that_is_none_is_told_as_such(server, monkeypatch):
    monkeypatch.setenv("OPENAI_BASE_URL", "http://[half")
    with pytest.raises(ModelError, match="openai-chat:ok"):
        await ask("openai-chat:ok")


async def test_without_a_key_the_error_names_the_variable(monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    with pytest.raises(ModelUnavailable, match="OPENAI_API_KEY or OPENAI_BASE_URL"):
        await ask("openai-chat:ok")


async def test_a_changed_address_counts_from_the_next_call_on(server, monkeypatch):
    await ask("openai-chat:ok")
    with OpenAIServer(lambda body: "from the other one") as other:
        monkeypatch.setenv("OPENAI_BASE_URL", other.base_url)
        assert (await ask("openai-chat:ok")).text == "from the other one"
    assert server.calls["ok"] == other.calls["ok"] == 1


@pytest.mark.parametrize("model", ["hang", "slow"])
async def test_cancelling_the_caller_closes_the_connection(server, model):
    server.answer = lambda body: "word " * 1000
    pieces: list[str] = []
    call = asyncio.create_task(ask(f"openai-chat:{model}", on_text=pieces.append))
    await until(lambda: server.calls[model] == 1 and (pieces or model == "hang"))
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    heard = len(pieces)
    await until(lambda: server.disconnects[model] == 1)
    assert len(pieces) == heard


async def test_a_listener_that_fails_ends_the_call_with_its_error(server):
    server.answer = lambda body: "word " * 1000

    def full_disk(piece: str) -> None:
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space left"):
        await ask("openai-chat:slow", on_text=full_disk)
    await until(lambda: server.disconnects["slow"] == 1)


async def test_pieces_arrive_while_the_model_still_writes_in_the_callers_loop(server):
    times: list[float] = []
    threads = set()

    def hear(piece: str) -> None:
        asyncio.get_running_loop()
        threads.add(threading.get_ident())
        times.append(time.monotonic())

    await ask("openai-chat:slow", on_text=hear)
    assert times[-1] - times[0] > 0.05
    assert threads == {threading.get_ident()}


async def test_many_calls_at_once_share_one_loop(server):
    many = threading.Event()

    def answer(body):
        """Wait until there are many calls, so that none has ended before."""
        if server.most_at_once > 10:
            many.set()
        assert many.wait(60)
        return body["messages"][-1]["content"]

    server.answer = answer
    replies = await asyncio.gather(*(ask("openai-chat:ok", f"number {n}") for n in range(50)))
    assert [reply.text for reply in replies] == [f"number {n}" for n in range(50)]


def test_one_model_serves_many_event_loops_one_after_the_other(server):
    model = open_model("openai-chat:ok")
    for _ in range(10):
        assert asyncio.run(model.generate(Prompt("x"))).text == TEXT


def test_one_model_serves_six_threads_with_loops_of_their_own(server):
    model = open_model("openai-chat:slow")
    texts: list[str] = []

    def work() -> None:
        for _ in range(3):
            pieces: list[str] = []
            reply = asyncio.run(model.generate(Prompt("x"), pieces.append))
            assert "".join(pieces) == reply.text
            texts.append(reply.text)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert texts == [TEXT] * 18


def test_a_process_ends_at_once_and_in_silence_with_a_call_in_flight(server):
    server.answer = lambda body: "word " * 1000
    code = """
import asyncio
from symphony_core.models.base import Prompt
from symphony_core.models.catalog import open_model

async def main():
    began = asyncio.Event()
    call = open_model("openai-chat:slow").generate(Prompt("x"), lambda piece: began.set())
    task = asyncio.create_task(call)
    await began.wait()

asyncio.run(main())
"""
    command = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, timeout=15, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    asyncio.run(until(lambda: server.disconnects["slow"] == 1))
