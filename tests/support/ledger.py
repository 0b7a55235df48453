"""A model server that counts what it is asked in the test's own process, where no kill reaches it.

Every question starts with a marker in brackets that names its step and turn. The answer is made of
the question, so a run that went another way ends with another context.
"""

import re
import threading
import zlib
from collections import Counter
from types import TracebackType
from typing import Any, Self

from tests.support.openai_server import Body, OpenAIServer
from tests.support.processes import PATIENCE

LONGEST = 2 * PATIENCE  # seconds: who keeps an answer back waits for something else meanwhile


class Hold:
    """Keeps the answers to questions back until it is released; `asked` once one has come."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self._released = threading.Event()

    def release(self) -> None:
        self._released.set()

    def wait(self) -> None:
        self.asked.set()
        self._released.wait(LONGEST)


class Ledger:
    """Counts calls by model and marker; one model's name stands for one run."""

    def __init__(self) -> None:
        self.server = OpenAIServer(self._answer)
        self._holds: dict[tuple[str, str], Hold] = {}

    def asked(self, model: str) -> Counter[str]:
        """How often each question was asked of a model until now."""
        with self.server.lock:
            bodies = list(self.server.bodies)
        return Counter(marker(_question(body)) for body in bodies if body["model"] == model)

    def hold(self, model: str, *markers: str) -> Hold:
        """Keep back the answers to these questions."""
        hold = Hold()
        self._holds |= {(model, each): hold for each in markers}
        return hold

    def _answer(self, body: Body) -> str:
        question = _question(body)
        key = marker(question)
        if hold := self._holds.get((str(body["model"]), key)):
            hold.wait()
        return answer(question)

    def __enter__(self) -> Self:
        self.server.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for hold in self._holds.values():
            hold.release()
        self.server.__exit__(kind, error, trace)


def marker(question: str) -> str:
    """Return which question it is."""
    found = re.match(r"\[([^\]]+)\]", question)
    assert found, f"no marker in {question!r}"
    return found[1]


def answer(question: str) -> str:
    """Return the one answer to a question: in a loop, the next number."""
    key = marker(question)
    if turn := re.fullmatch(r"turn after (\d+)", key):
        return str(int(turn[1]) + 1)
    return f"{key} says {zlib.crc32(question.encode()):08x}"


def _question(body: dict[str, Any]) -> str:
    return str(body["messages"][-1]["content"])
