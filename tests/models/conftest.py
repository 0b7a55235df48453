"""Servers on loopback, and a place for keys that are nobody's."""

from collections.abc import Iterator

import pytest

from tests.support.wire_server import WireServer

KEY = "my-own-secret-value"
STRANGER = "sk-not-for-you-0123456789"  # a key that is here, and for nobody's address but its own


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Iterator[WireServer]:
    """A server that speaks like all providers; one key is for it, and OpenAI's is not."""
    monkeypatch.setenv("MY_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_API_KEY", STRANGER)
    monkeypatch.setenv("OPENAI_API_VERSION", "2024-10-21")  # Azure's
    with WireServer() as server:
        yield server
