"""Bedrock: whose credentials go where, what is said without them, and calls that are given up."""

import asyncio

import pytest

from symphony_core.errors import ModelError, ModelUnavailable
from symphony_core.model_profile import ModelProfile
from symphony_core.models.base import Prompt
from symphony_core.models.catalog import open_profile
from tests.models.conftest import AWS
from tests.support.openai_server import TEXT


def bedrock(wire, model="ok", **fields):
    known = {"name": "House", "provider": "bedrock", "base_url": wire.root}
    return open_profile(ModelProfile(**{**known, "model": model, **fields}))


async def refused(model, kind=ModelUnavailable):
    with pytest.raises(kind) as failure:
        await model.generate(Prompt("x"))
    assert "\n" not in str(failure.value)
    return failure.value


async def test_without_a_region_nothing_is_asked_and_it_says_so(wire, monkeypatch):
    monkeypatch.delenv("AWS_REGION")
    assert "'House' cannot be used here: AWS_REGION is not set" in str(await refused(bedrock(wire)))
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")  # botocore's own name for it
    assert (await bedrock(wire).generate(Prompt("x"))).text == TEXT


async def test_without_credentials_nothing_is_asked_and_it_says_so(wire, monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    told = str(await refused(bedrock(wire)))
    assert "'House' cannot be used here: Unable to locate credentials. Correct" in told
    assert wire.bodies == []


async def test_a_key_goes_nowhere_unencrypted(wire):
    model = bedrock(wire, key_variable="MY_API_KEY")
    state = model.availability()
    assert (state.ready, state.word, state.key_found) == (True, "Set up", True)
    assert "a key for Bedrock is sent over https alone" in str(await refused(model))
    assert wire.bodies == []


async def test_an_error_in_the_middle_of_an_answer_is_what_it_is_before_one(wire):
    failure = await refused(bedrock(wire, "throttled"), ModelError)
    assert "'House' is asked too often: slow down (429)" in str(failure)
    assert failure.retryable


async def test_nobody_at_the_address_may_pass(wire):
    failure = await refused(bedrock(wire, base_url="http://127.0.0.1:9"), ModelError)
    assert "The connection to the model 'House' failed or broke off" in str(failure)
    assert failure.retryable


async def test_calls_share_a_client_and_end_one_by_one(wire):
    model = bedrock(wire)
    replies = await asyncio.gather(*(model.generate(Prompt("x")) for _ in range(3)))
    assert [reply.text for reply in replies] == [TEXT] * 3
    assert set(wire.keys) == {AWS["AWS_ACCESS_KEY_ID"]}


async def test_a_call_that_is_cancelled_hangs_up(wire):
    wire.answer = lambda body: "word " * 5000
    begun = asyncio.Event()
    call = asyncio.create_task(
        bedrock(wire, "slow").generate(Prompt("x"), lambda piece: begun.set())
    )
    await begun.wait()
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    async with asyncio.timeout(30):
        while not wire.disconnects["slow"]:  # noqa: ASYNC110  (a thread of the server changes it)
            await asyncio.sleep(0.01)
