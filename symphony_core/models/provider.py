"""Models of a provider or of any OpenAI-compatible server, by pydantic-ai's names for them."""

import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from symphony_core.errors import ModelUnavailable
from symphony_core.models.base import Availability, OnText, Prompt, Reply
from symphony_core.models.endpoint import Endpoint
from symphony_core.models.listing import ask_for_models
from symphony_core.models.loop import begin, in_background
from symphony_core.models.prices import Prices
from symphony_core.models.provider_names import PROVIDERS

if TYPE_CHECKING:
    from symphony_core.models.clients import SharedClient

FRESH_SECONDS = 10.0  # how long what a server said is shown before it is asked again


class ProviderModel:
    """A model by a name like `openai-chat:NAME`; its key comes from the environment.

    `called` is what people call it where that is not its name; without `prices` the published ones
    count.
    """

    remark: str | None = None
    calls_tools = True

    def __init__(
        self,
        at: Endpoint,
        called: str | None = None,
        prices: Prices | None = None,
        *,
        fresh_seconds: float = FRESH_SECONDS,
    ) -> None:
        self.name = f"{at.provider}:{at.model}"
        self.label = called or at.model
        self._called = called or self.name
        self._at = at
        self._prices = prices
        self._fresh_seconds = fresh_seconds
        self._shared: SharedClient | None = None
        self._seen: tuple[float, Availability, Availability] | None = None  # when, set up as, state
        self._is_looking = False

    def availability(self) -> Availability:
        """Whether the provider's library and settings are here; the provider is not asked."""
        found = self._at.availability()
        if self._at.key:
            return replace(found, key_found=True)
        wants_key = bool(self._at.key_variables) and not found.ready
        return replace(found, key_found=False if wants_key else None)

    def state(self) -> Availability:
        """What its server said last; see `ListedModel`."""
        here = self.availability()
        if not here.ready or self._at.known.listing is None:
            return here
        known = self._seen is not None and self._seen[1] == here
        if not self._is_looking and not (known and self._age() < self._fresh_seconds):
            self._is_looking = True
            begin(self._see())
        if self._seen is not None and known:
            return self._seen[2]
        return replace(here, word="Being asked", sentence=f"{self._called!r} is being asked.")

    async def look(self) -> Availability:
        """Ask its server; see `ListedModel`."""
        await in_background(lambda _on_text: self._see())
        assert self._seen is not None
        return self._seen[2]

    async def generate(self, prompt: Prompt, on_text: OnText | None = None) -> Reply:
        """Ask the provider; see `LanguageModel`."""
        state = self._at.availability()
        if not state.ready:
            raise ModelUnavailable(f"{state.text} Or choose another model.")
        reply = await in_background(partial(self._ask, prompt), on_text)
        return replace(reply, model=self.name)

    async def _see(self) -> None:
        here = self.availability()
        try:
            found = await ask_for_models(self._at)
            state = replace(found, key_found=here.key_found)
            self._seen = (time.monotonic(), here, state)
        finally:
            self._is_looking = False

    def _age(self) -> float:
        return time.monotonic() - self._seen[0] if self._seen else float("inf")

    async def _ask(self, prompt: Prompt, on_text: OnText) -> Reply:
        # pydantic-ai takes seconds to import
        from symphony_core.models import clients, conversation  # noqa: PLC0415

        if self._shared is None:
            opener = partial(clients.provider_client, self._at, self._called)
            self._shared = clients.SharedClient(opener)
        async with self._shared.use() as client:
            return await conversation.ask(client, prompt, self._called, on_text, self._prices)


def provider_model(name: str) -> ProviderModel:
    """Return the model of a name like `openai-chat:NAME`.

    Raises:
        ModelUnavailable: no model can have this name.
    """
    provider, _, model = name.partition(":")
    if provider not in PROVIDERS or not model:
        raise ModelUnavailable(
            f"There is no model {name!r}. A name is 'embedded', 'scripted', or PROVIDER:NAME "
            f"with one of these providers: {', '.join(PROVIDERS)}."
        )
    return ProviderModel(Endpoint(provider, model))
