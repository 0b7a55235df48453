"""Clients of pydantic-ai, for providers and for servers of our own."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from ssl import PROTOCOL_TLS_CLIENT, SSLContext
from typing import Any

from httpx2 import AsyncClient, InvalidURL
from pydantic_ai.exceptions import UserError
from pydantic_ai.models import Model, infer_model
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers import Provider, infer_provider_class
from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider
from pydantic_ai.providers.openrouter import OpenRouterProvider

from symphony_core.models.endpoint import Endpoint
from symphony_core.models.failures import library_errors, not_usable
from symphony_core.models.provider_names import COMPATIBLE

Client = Model[Any]

_OWN_SERVER = "server"  # no provider's name: published prices are looked up by its address alone
_NO_KEY = "none"  # sent instead of a key; with nothing, a library looks for one in the environment


class SharedClient:
    """A client that several calls at once share; the last one closes its connections.

    Nothing stays open between calls, so a changed key or address counts from the next call on.
    """

    def __init__(self, open_client: Callable[[], Client]) -> None:
        self._open_client = open_client
        self._client: Client | None = None
        self._calls = 0

    @asynccontextmanager
    async def use(self) -> AsyncIterator[Client]:
        """Open the client, or join the calls that have it open."""
        self._client = client = self._client or self._open_client()
        self._calls += 1
        try:
            async with client:
                yield client
        finally:
            self._calls -= 1
            if not self._calls:
                self._client = None


def provider_client(at: Endpoint, called: str) -> Client:
    """Return a client for a provider's model.

    Raises:
        ModelUnavailable: pydantic-ai cannot make one of what it is given and the environment.
    """
    try:
        return _client(at)
    except library_errors(UserError, ImportError, ValueError, InvalidURL) as error:
        raise not_usable(called, error) from None


@asynccontextmanager
async def local_client(model: str, address: str, key: str) -> AsyncIterator[Client]:
    """Open a client for an OpenAI-compatible server of our own on this machine.

    No proxy of the environment comes in between, no certificate is loaded, and no call times out:
    it may have to wait for its turn.
    """
    trusts_nobody = SSLContext(PROTOCOL_TLS_CLIENT)
    async with AsyncClient(trust_env=False, timeout=None, verify=trusts_nobody) as http:
        provider = OpenAICompatibleProvider(
            "embedded", base_url=f"{address}/v1", api_key=key, http_client=http
        )
        yield OpenAIChatModel(model, provider=provider)


def _client(at: Endpoint) -> Client:
    if at.provider == COMPATIBLE and at.base_url:
        server = OpenAICompatibleProvider(
            _OWN_SERVER, base_url=at.base_url, api_key=at.key or _NO_KEY
        )
        return OpenAIChatModel(at.model, provider=server)
    if at.provider == "bedrock":
        from symphony_core.models.bedrock import Bedrock  # noqa: PLC0415  (an extra installs it)

        return infer_model(f"bedrock:{at.model}", lambda name: Bedrock(at))
    if not at.base_url and not at.key_variable:
        return infer_model(f"{at.provider}:{at.model}")
    return infer_model(f"{at.provider}:{at.model}", lambda name: _provider(at, name))


class _OpenRouter(OpenRouterProvider):
    """OpenRouter, or what speaks like it at another address, which pydantic-ai has no option for."""

    def __init__(self, api_key: str, base_url: str | None = None) -> None:
        self._address = base_url
        super().__init__(api_key=api_key)

    @property
    def base_url(self) -> str:
        return self._address or super().base_url


def _provider(at: Endpoint, name: str) -> Provider[Any]:
    options = {"api_key": at.key or _NO_KEY}
    if at.base_url:
        options["azure_endpoint" if name.startswith("azure") else "base_url"] = at.base_url
    kind: Any = _OpenRouter if name == "openrouter" else infer_provider_class(name)
    made: Provider[Any] = kind(**options)
    return made
