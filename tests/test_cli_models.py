"""The commands about models, against a server on loopback."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from symphony_core.runtime.bootstrap import open_registry
from tests.support.command_line import symphony
from tests.support.wire_server import WireServer

ROOT = Path(__file__).parent.parent
KEY = "my-own-secret-value"


@pytest.fixture
def wire() -> Iterator[WireServer]:
    with WireServer() as server:
        yield server


def models(*arguments: str, **environment: str) -> CompletedProcess[str]:
    return symphony("models", *arguments, **environment)


def add(wire: WireServer, *more: str, **environment: str) -> dict[str, Any]:
    told = ("--provider", "openai-compatible", "--model", "ok", "--url", wire.base_url)
    done = models("add", "House", *told, "--id", "house", *more, "--json", **environment)
    assert done.returncode == 0, done.stderr
    row: dict[str, Any] = json.loads(done.stdout)
    return row


def test_a_server_of_ones_own_is_added_listed_checked_changed_and_removed(
    wire: WireServer,
) -> None:
    assert add(wire) == {
        "model": "profile:house",
        "label": "House",
        "ready": True,
        "state": "Ready",
        "sentence": f"The server at {wire.base_url} answers.",
        "to_do": "",
        "key_found": None,
        "models": ["ok", "other"],
    }
    listed = models("list").stdout.splitlines()
    assert (
        f"ok       profile:house (House), Ready: The server at {wire.base_url} answers." in listed
    )
    assert any(line.startswith("ok       scripted (Scripted model), Ready") for line in listed)
    assert "It has: ok, other." in models("check", "profile:house").stdout
    assert add(wire, "--key-variable", "HOUSE_API_KEY")["state"] == "No key"
    assert add(wire, "--key-variable", "HOUSE_API_KEY", HOUSE_API_KEY=KEY)["key_found"] is True
    removed = models("remove", "house")
    assert removed.stdout == "Removed 'House'.\n"
    gone = models("check", "profile:house")
    assert gone.returncode == 1
    assert "any more" in gone.stdout


def test_what_cannot_be_is_one_sentence_that_shows_no_key() -> None:
    for arguments, says in (
        (("--provider", "ollama", "--model", "m", "--key-variable", "sk-1234567"), "not the key"),
        (("--provider", "nobody", "--model", "m"), "there is no provider 'nobody'"),
        (("--provider", "openai-compatible", "--model", "m"), "needs the address of its server"),
    ):
        done = models("add", "X", *arguments)
        assert done.returncode == 2
        assert says in done.stderr
        assert "sk-1234567" not in done.stderr
        assert "Traceback" not in done.stderr
    assert models("remove", "nothing").returncode == 2


def test_the_default_model_is_not_removed_before_another_is_chosen(wire: WireServer) -> None:
    add(wire)
    choice = open_registry().get_model_profiles().choose_default("profile:house", seen="embedded")
    asyncio.run(choice)
    refused = models("remove", "house", SYMPHONY_MODEL="")
    assert refused.returncode == 2
    assert "'House' is the default model. Choose another one" in refused.stderr
    assert models("remove", "house", SYMPHONY_MODEL="scripted").returncode == 0
