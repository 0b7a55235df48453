import asyncio
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from symphony_core.agent_config import AgentSettings
from symphony_core.errors import ModelError, ModelUnavailable
from symphony_core.models import weights
from symphony_core.models.base import Prompt
from symphony_core.models.catalog import availability, open_model
from symphony_core.models.embedded import choice_grammar
from symphony_core.models.embedded_server import embedded_server


def short(text="Write a sentence about the sea.", tokens=12, **more):
    return Prompt(text, settings=AgentSettings(max_tokens=tokens), **more)


async def ask(prompt, on_text=None):
    return await open_model("embedded").generate(prompt, on_text)


@pytest.mark.embedded
async def test_text_streams_from_the_embedded_model():
    pieces: list[str] = []
    reply = await ask(short(tokens=16, instructions="You are a poet."), pieces.append)
    assert len(pieces) > 8
    assert "".join(pieces) == reply.text
    assert (reply.model, reply.cost) == ("embedded", 0.0)
    assert reply.input_tokens > 5
    assert 0 < reply.output_tokens <= 16
    assert availability("embedded").ready
    assert os.environ["GOMP_SPINCOUNT"]


@pytest.mark.embedded
def test_the_same_prompt_gets_the_same_text_in_every_event_loop():
    texts = {asyncio.run(ask(short())).text for _ in range(3)}
    assert len(texts) == 1


@pytest.mark.embedded
@pytest.mark.parametrize(
    "choices",
    [
        ("SIMPLE", "COMPLEX"),
        ('say "yes"', "back\\slash", "two\nlines\tand a tab"),
        ("größer", "小さい", "🙂"),
        ("A", "AB", "A B"),
    ],
)
async def test_an_answer_is_always_one_of_the_choices(choices):
    for question in ("Is 1 + 1 a simple or a complex question?", "Tell me about cats."):
        pieces: list[str] = []
        reply = await ask(short(question, tokens=1, choices=choices), pieces.append)
        assert reply.text in choices
        assert "".join(pieces) == reply.text


@pytest.mark.embedded
async def test_more_calls_than_slots_all_get_their_answer():
    began = time.monotonic()
    replies = await asyncio.gather(*(ask(short(f"Write about {n} cats.")) for n in range(6)))
    assert all(reply.text for reply in replies)
    assert time.monotonic() - began < 30


@pytest.mark.embedded
async def test_cancelled_calls_free_their_slots():
    all_write = asyncio.Event()
    heard: set[int] = set()

    def hear(number: int) -> None:
        heard.add(number)
        if len(heard) == 4:
            all_write.set()

    endless = [
        asyncio.create_task(
            ask(short(f"Write a long story about {n} cats.", 3000), lambda _, n=n: hear(n))
        )
        for n in range(4)
    ]
    async with asyncio.timeout(20):
        await all_write.wait()
    for call in endless:
        call.cancel()
    await asyncio.gather(*endless, return_exceptions=True)
    async with asyncio.timeout(10):  # four stories of 3000 tokens would take minutes
        assert (await ask(short())).text


@pytest.mark.embedded
async def test_a_prompt_that_is_too_long_is_told_with_both_numbers():
    with pytest.raises(ModelError, match=r"it has 50\d\d tokens, and 4096 fit") as failure:
        await ask(short("word " * 5000))
    assert not failure.value.retryable


@pytest.mark.embedded
@pytest.mark.parametrize(
    ("path", "status"), [("/v1/models", 401), ("/slots", 401), ("/props", 401), ("/", 404)]
)
def test_its_port_answers_nobody_without_the_key(path, status):
    asyncio.run(ask(short(tokens=1)))
    server = embedded_server(weights.path(), lambda: None).result(0)
    assert server.address.startswith("http://127.0.0.1:")
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(server.address + path, timeout=5)
    assert refused.value.code == status
    refused.value.close()


async def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ModelUnavailable, match="There is no model file '/no/such.gguf'"):
        await open_model("embedded:/no/such.gguf").generate(Prompt("x"))


async def test_a_file_that_is_no_model_is_named_and_may_be_replaced(tmp_path):
    file = tmp_path / "model.gguf"
    file.write_bytes(b"GGUF but not really" * 100)
    for _ in range(2):
        with pytest.raises(ModelUnavailable, match=f"{file}' cannot be loaded"):
            await open_model(f"embedded:{file}").generate(Prompt("x"))


@pytest.mark.embedded
async def test_any_other_gguf_file_can_be_named(tmp_path):
    file = tmp_path / "other.gguf"
    file.hardlink_to(weights.fetch())
    reply = await open_model(f"embedded:{file}").generate(short(tokens=4))
    assert reply.text
    assert reply.model == f"embedded:{file}"


@pytest.mark.embedded
def test_a_process_ends_in_silence_while_the_model_writes():
    code = """
import asyncio
from symphony_core.models.base import Prompt
from symphony_core.models.catalog import open_model

async def main():
    began = asyncio.Event()
    call = open_model("embedded").generate(Prompt("Write a long story."), lambda piece: began.set())
    task = asyncio.create_task(call)
    await began.wait()

asyncio.run(main())
"""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env={**os.environ, "SYMPHONY_MODEL": "embedded"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_grammar_of_choices_escapes_what_grammars_reserve():
    grammar = choice_grammar(('a "b"', "c\\d", "e\nf"))
    assert grammar == r'root ::= "a \"b\"" | "c\\d" | "e\nf"'
