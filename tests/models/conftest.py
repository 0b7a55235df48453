"""Servers on loopback, and a place for keys that are nobody's."""

import os
from collections.abc import Iterator

import pytest

from tests.support.wire_server import WireServer

KEY = "my-own-secret-value"
STRANGER = "sk-not-for-you-0123456789"  # a key that is here, and for nobody's address but its own

AWS = {
    "AWS_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": STRANGER,
    "AWS_BEARER_TOKEN_BEDROCK": STRANGER,
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Iterator[WireServer]:
    """A server that speaks like all providers; one key is for it, and OpenAI's is not."""
    monkeypatch.setenv("MY_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_API_KEY", STRANGER)
    monkeypatch.setenv("OPENAI_API_VERSION", "2024-10-21")  # Azure's
    for name, value in AWS.items():
        monkeypatch.setenv(name, value)
    with WireServer() as server:
        yield server
