import asyncio
import json
import os
import time

import pytest

from symphony_core.errors import ModelError, ModelUnavailable
from symphony_core.models.base import Prompt
from symphony_core.models.canned import topic_of
from symphony_core.models.catalog import open_model
from symphony_core.models.scripted import ScriptedModel


async def say(model, text, **more):
    return (await model.generate(Prompt(text, **more))).text


async def test_without_a_script_it_writes_what_the_prompt_asks_for():
    model = ScriptedModel(delay_s=0)
    draft = await say(model, "Write two short paragraphs about tidal power.")
    critique = await say(model, "Review the text about tidal power and suggest improvements.")
    revision = await say(model, "Revise the text about tidal power using this feedback.")
    synthesis = await say(model, "Synthesize the reviews and opinions about tidal power.")
    texts = [draft, critique, revision, synthesis]
    assert len(set(texts)) == 4
    assert all("tidal power" in text for text in texts)
    assert "draft" in draft
    assert "better" in critique
    assert "improved" in revision
    assert "Taken together" in synthesis
    assert draft == await say(model, "Write two short paragraphs about tidal power.")


async def test_the_instructions_decide_where_the_prompt_does_not():
    text = await say(ScriptedModel(delay_s=0), "The tides.", instructions="You critique texts.")
    assert "it can be better" in text


@pytest.mark.parametrize(
    ("prompt", "topic"),
    [
        ("Write a short text about the moon.\nBe brief.", "the moon"),
        ("Topic: electric ferries\nWrite.", "electric ferries"),
        ("What are the key points of smart homes in Europe today?", "What are the key points of"),
        ("  ?!", "the question"),
    ],
)
def test_the_topic_is_what_the_prompt_names(prompt, topic):
    assert topic_of(prompt).startswith(topic)


async def test_a_script_is_followed_in_order_where_it_matches():
    model = ScriptedModel(
        [
            {"match": "Review", "reply": "excellent", "times": 2},
            {"match": "editor", "reply": "as the editor says"},
            {"match": "rain"},
            "first",
            "second",
        ],
        delay_s=0,
    )
    said = [await say(model, text) for text in ("a", "Review b", "c", "Review d")]
    assert said == ["first", "excellent", "second", "excellent"]
    for _ in range(3):
        assert await say(model, "x", instructions="You are the editor.") == "as the editor says"
    assert "rain" in await say(model, "Write about rain.")  # an entry that leaves the text to us
    assert "snow" in await say(model, "Review the text about snow.")  # the script is used up
    assert [prompt.text for prompt in model.prompts[:3]] == ["a", "Review b", "c"]


async def test_a_scripted_error_fails_the_call_and_the_next_reply_is_the_next():
    model = ScriptedModel(
        [{"reply": "half a", "error": "the line broke", "retryable": True, "times": 1}, "whole"],
        delay_s=0,
    )
    pieces: list[str] = []
    with pytest.raises(ModelError, match="^the line broke$") as failure:
        await model.generate(Prompt("x"), pieces.append)
    assert failure.value.retryable
    assert pieces == ["half a"]
    assert await say(model, "x") == "whole"


@pytest.mark.parametrize(
    ("reply", "label"), [("I think COMPLEX it is", "COMPLEX"), ("neither", "SIMPLE")]
)
async def test_choices_are_answered_by_what_the_script_mentions(reply, label):
    model = ScriptedModel([reply], delay_s=0)
    assert await say(model, "x", choices=("SIMPLE", "COMPLEX")) == label


async def test_the_text_comes_in_pieces_and_tokens_are_words():
    pieces: list[str] = []
    model = ScriptedModel(["one two three four\n\nfive "], delay_s=0)
    reply = await model.generate(Prompt("a b", "c"), pieces.append)
    assert pieces == ["one two three ", "four\n\nfive "]
    assert (reply.input_tokens, reply.output_tokens, reply.cost) == (3, 5, 0.0)
    assert reply.model == "scripted"


async def test_a_slow_script_can_be_cancelled():
    model = ScriptedModel([{"reply": "never", "delay_s": 60}])
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(model.generate(Prompt("x")), 0.05)


async def test_a_script_file_is_kept_in_step_by_everyone_and_read_again_once_changed(tmp_path):
    file = tmp_path / "script.json"
    file.write_text(
        json.dumps({"delay_s": 0, "replies": [{"reply": "one", "times": 1}, {"reply": "two"}]})
    )
    name = f"scripted:{file}"
    assert await say(open_model(name), "x") == "one"
    reply = await open_model(name).generate(Prompt("x"))
    assert (reply.text, reply.model) == ("two", name)
    file.write_text(json.dumps({"delay_s": 0, "replies": [{"reply": "three"}]}))
    os.utime(file, (time.time() + 5, time.time() + 5))
    assert await say(open_model(name), "x") == "three"


@pytest.mark.parametrize("content", [None, "{", '{"replies": [{"repply": "x"}]}', "[]"])
async def test_a_script_that_cannot_be_read_is_an_error_that_names_it(tmp_path, content):
    file = tmp_path / "script.json"
    if content is not None:
        file.write_text(content)
    with pytest.raises(ModelUnavailable, match=r"script.json' cannot be read"):
        await say(open_model(f"scripted:{file}"), "x")
