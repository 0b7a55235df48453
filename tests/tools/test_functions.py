"""Functions of a developer's own as tools."""

import asyncio
import threading
import time

import pytest

from symphony_core.errors import DefinitionError, ToolError
from symphony_core.tools.functions import FunctionTool
from symphony_core.tools.registry import ToolRegistry


def look_up(word: str, most: int = 2) -> list[str]:
    """Find words like this one.

    Slowly.

    Args:
        word: What to look for.
        most: How many at most.
    """
    return [word.upper()] * most


async def greet(name: str) -> str:
    """Greet somebody."""
    await asyncio.sleep(0)
    return f"Hello {name}"


def call(function, **arguments):
    return asyncio.run(FunctionTool(function).call(arguments))


def test_the_signature_and_the_docstring_are_what_a_model_is_told():
    spec = FunctionTool(look_up).spec
    assert spec.name == "look_up"
    assert spec.description == "Find words like this one.\n\nSlowly."
    assert spec.parameters["properties"]["word"] == {
        "type": "string",
        "description": "What to look for.",
    }
    assert spec.parameters["required"] == ["word"]
    assert FunctionTool(look_up).summary == "Find words like this one."


def test_plain_and_async_functions_are_called_and_what_they_return_becomes_text():
    assert call(look_up, word="a", most="3") == '["A","A","A"]'
    assert call(greet, name="Ada") == "Hello Ada"

    def nothing() -> None:
        """Do nothing."""

    assert call(nothing) == "null"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({}, "word: missing required argument|word: field required"),
        ({"word": "a", "most": "many"}, "most: input should be a valid integer"),
        ({"word": "a", "else": 1}, "else: "),
        ({"word": ["a"]}, "word: input should be a valid string"),
    ],
)
def test_wrong_arguments_are_a_sentence_for_the_model(arguments, says):
    with pytest.raises(ToolError, match=says) as refused:
        call(look_up, **arguments)
    assert str(refused.value).startswith("The arguments for the tool 'look_up' are wrong: ")


async def test_a_plain_function_does_not_hold_up_the_event_loop_nor_a_cancel():
    release, seen = threading.Event(), threading.Event()

    def wait() -> str:
        """Wait."""
        seen.set()
        release.wait(60)
        return "late"

    running = asyncio.create_task(FunctionTool(wait).call({}))
    while not seen.is_set():  # noqa: ASYNC110  (a thread changes it)
        await asyncio.sleep(0.01)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    release.set()


def test_a_registered_function_is_found_by_its_name_beside_words_that_are_no_tools():
    tools = ToolRegistry()
    assert tools.register(greet) is greet
    tools.register(look_up, name="dictionary", seconds=1.5)
    found = asyncio.run(tools.equip(["greet", "patience", "dictionary", "web research"], {}))
    assert list(found) == ["greet", "dictionary"]
    assert found["dictionary"].seconds == 1.5
    shown = {info.name: info for info in asyncio.run(tools.look())}
    assert (shown["greet"].source, shown["greet"].ready) == ("Function", True)


def test_a_name_that_is_taken_or_none_is_refused():
    tools = ToolRegistry()
    tools.register(greet)
    for name in ("greet", "calculator", "search_texts", "fetch_page"):
        with pytest.raises(DefinitionError, match="already"):
            tools.register(greet, name=name)
    for name in ("time.now", "a b", "1a", "x" * 65):
        with pytest.raises(DefinitionError, match="cannot be called"):
            tools.register(greet, name=name)


def test_a_signature_that_cannot_be_told_is_refused_when_it_is_registered():
    def wants_a_lock(lock: threading.Lock) -> str:
        """Take a lock."""
        return str(lock)

    with pytest.raises(DefinitionError, match="'wants_a_lock' cannot be a tool"):
        ToolRegistry().register(wants_a_lock)


def test_time_spent_in_a_thread_is_not_the_loops():
    def slow() -> float:
        """Sleep."""
        time.sleep(0.2)
        return 1.0

    async def both() -> list[str]:
        return list(await asyncio.gather(*(FunctionTool(slow).call({}) for _ in range(3))))

    assert asyncio.run(both()) == ["1.0", "1.0", "1.0"]
