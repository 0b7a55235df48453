"""Asks a provider's server whether it is there, and which models it has."""

import asyncio
import json
from typing import Any
from urllib.parse import urljoin

from symphony_core.models.base import Availability
from symphony_core.models.endpoint import Endpoint
from symphony_core.models.scrub import scrub

LIMIT_SECONDS = 3.0  # for the whole answer
_LONGEST = 5_000_000  # bytes of it
_SHOWN = 8  # models that are named where the wanted one is not there
_REFUSED = (401, 403)


async def ask_for_models(endpoint: Endpoint) -> Availability:
    """Return what the server says; everything that goes wrong is in the answer.

    To be called in the background loop.
    """
    state = endpoint.availability()
    listing = endpoint.known.listing
    if not state.ready or listing is None or not endpoint.address:
        return state
    from httpx2 import HTTPError, InvalidURL  # noqa: PLC0415  (takes long, and pages import this)

    try:
        async with asyncio.timeout(LIMIT_SECONDS):
            status, body = await _get(endpoint, listing.path, listing.header)
    except (HTTPError, InvalidURL, OSError, ValueError) as error:  # a time limit is an OSError
        said = scrub(str(error)) or "it did not answer in time"
        return Availability(
            False,
            "No answer",
            f"The server at {endpoint.shown_address} does not answer: {said.rstrip('.')}.",
            "Start it, or correct its address.",
        )
    if status in _REFUSED:
        return _refused(endpoint, status)
    return _told(endpoint, status, _names(body))


async def _get(endpoint: Endpoint, path: str, header: str) -> tuple[int, bytes]:
    from httpx2 import AsyncClient  # noqa: PLC0415 - as above

    headers = {}
    if key := endpoint.key:
        headers[header] = f"Bearer {key}" if header == "Authorization" else key
    if header == "x-api-key":
        headers["anthropic-version"] = "2023-06-01"
    url = urljoin(f"{endpoint.address.rstrip('/')}/", path)
    body = b""
    async with (
        AsyncClient(timeout=LIMIT_SECONDS) as client,
        client.stream("GET", url, headers=headers) as response,
    ):
        async for part in response.aiter_bytes():
            body += part
            if len(body) > _LONGEST:
                break
        return response.status_code, body


def _names(body: bytes) -> tuple[str, ...] | None:
    """The models' names: OpenAI's form has ids in `data`, Google's and Ollama's names in `models`."""
    try:
        told: Any = json.loads(body)
    except ValueError:
        return None
    rows = told.get("data", told.get("models")) if isinstance(told, dict) else None
    if not isinstance(rows, list):
        return None
    named = [row.get("id") or row.get("name") for row in rows if isinstance(row, dict)]
    return tuple(sorted({str(name).removeprefix("models/") for name in named if name}))


def _refused(endpoint: Endpoint, status: int) -> Availability:
    if endpoint.key:
        return Availability(
            False,
            "Key refused",
            f"{endpoint.shown_address} refuses the key in {' or '.join(endpoint.key_variables)} "
            f"({status}).",
            "Set the right key, and start Symphony again.",
        )
    return Availability(
        False,
        "Key wanted",
        f"{endpoint.shown_address} wants a key ({status}).",
        "Name the environment variable that holds it in the model's settings.",
    )


def _told(endpoint: Endpoint, status: int, names: tuple[str, ...] | None) -> Availability:
    if names is None:
        if status >= 500:
            return Availability(
                False,
                "No answer",
                f"The server at {endpoint.shown_address} has failed ({status}).",
                "Look at its log, or try again later.",
            )
        sentence = f"The server at {endpoint.shown_address} answers, but does not tell its models."
        return Availability(True, "Answers", sentence)
    if names and endpoint.model and not {endpoint.model, f"{endpoint.model}:latest"} & set(names):
        shown = ", ".join(names[:_SHOWN]) + (", …" if len(names) > _SHOWN else "")
        return Availability(
            True,
            "Not listed",
            f"The server at {endpoint.shown_address} does not list the model {endpoint.model!r}.",
            f"If it does not answer, choose one that is listed: {shown}.",
            names,
        )
    sentence = f"The server at {endpoint.shown_address} answers."
    return Availability(True, "Ready", sentence, models=names)
