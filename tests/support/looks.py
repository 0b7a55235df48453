"""Holds what the page of a run shows against what the store says, again and again."""

import re
import sqlite3
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.support.dashboard import Dashboard

if TYPE_CHECKING:
    from playwright.sync_api import Page

BEHIND = 10.0  # seconds that a page may be behind the store where the machine is busy
BETWEEN_LOOKS = 0.2
LONGEST = 150.0

_NODES = "nodes => nodes.map(node => [node.dataset.id, node.dataset.status ?? null, node.title])"
_CARDS = """cards => cards.map(card => [
    [...card.classList].find(name => name.startsWith("st-key-step-")),
    card.querySelector(".stMarkdownBadge")?.lastChild.textContent.trim().toLowerCase(),
])"""


@dataclass(frozen=True)
class _Stored:
    """The steps' statuses at a moment, by their node in the graph and by the key of their card."""

    at: float
    is_over: bool
    nodes: Mapping[str, str]
    cards: Mapping[str, str]


class Watch:
    """Looks at a run's page, and at the store before and after each look."""

    def __init__(self, page: "Page", dashboard: Dashboard, run_id: str) -> None:
        self._page = page
        self._file = dashboard.folder / "symphony.db"
        self._run_id = run_id
        # The run may have begun just before: then the page still shows it as it was.
        not_begun = _Stored(time.monotonic(), False, {}, {})
        self._reads = [not_begun, self._read()]
        self.looks = 0

    def until_the_end(self) -> None:
        """Look until the run has ended, and then until the page shows exactly what is stored."""
        give_up = time.monotonic() + LONGEST
        while not self._reads[-1].is_over:
            assert time.monotonic() < give_up, f"the run has not ended within {LONGEST:.0f} s"
            self.look()
            time.sleep(BETWEEN_LOOKS)
        while not self._is_as_stored():
            assert time.monotonic() < self._reads[-1].at + BEHIND, self._difference()
            self.look()
            time.sleep(BETWEEN_LOOKS)

    def look(self) -> None:
        """See that every status on the page is one that the store had shortly before."""
        since = time.monotonic() - BEHIND
        nodes, cards = self._nodes(), self._cards()
        if not self._reads[-1].is_over:
            self._reads.append(self._read())
        window = [read for read in self._reads if read.at >= since] or self._reads[-1:]
        for node, status in nodes.items():
            stored = {read.nodes.get(node) for read in window}
            assert status in _passed_through(stored), f"{node!r} is shown {status}, not {stored}"
        for card, status in cards.items():
            stored = {read.cards.get(card) for read in window}
            assert status in _passed_through(stored), f"{card!r} is shown {status}, not {stored}"
        self.looks += 1

    def _nodes(self) -> dict[str, str | None]:
        seen = self._page.locator(".react-flow__node").evaluate_all(_NODES)
        for node, status, words in seen:
            assert (status or "not started") in words.lower(), f"{node!r}: {status}, but {words!r}"
        return {node: status for node, status, _ in seen}

    def _cards(self) -> dict[str, str]:
        return dict(self._page.locator('[class*="st-key-step-"]').evaluate_all(_CARDS))

    def _is_as_stored(self) -> bool:
        stored, cards = self._reads[-1], self._cards()
        return bool(cards) and (
            self._nodes() == stored.nodes
            and all(stored.cards[card] == status for card, status in cards.items())
        )

    def _difference(self) -> str:
        return f"{self._nodes()} and {self._cards()} are shown, not {self._reads[-1]}"

    def _read(self) -> _Stored:
        with sqlite3.connect(self._file) as connection:
            (run,) = connection.execute("select status from workflow where id = ?", [self._run_id])
            steps: list[Any] = connection.execute(
                "select path, status from step_run where run_id = ?", [self._run_id]
            ).fetchall()
        steps.sort(key=lambda step: [int(turn) for turn in re.findall(r"#(\d+)", step[0])])
        return _Stored(
            time.monotonic(),
            run[0] in ("completed", "failed", "cancelled"),
            {re.sub(r"#\d+", "", path): status for path, status in steps},  # the latest turn's
            {"st-key-step-" + re.sub(r"[^\w-]", "-", path): status for path, status in steps},
        )


def _passed_through(stored: set[str | None]) -> set[str | None]:
    """Return what was read, and the running in between that was too short to be read."""
    return stored | {"running"} if {None, "completed"} <= stored else stored
