"""Models of a provider or of any OpenAI-compatible server, by pydantic-ai's names for them."""

import os
from functools import partial
from typing import TYPE_CHECKING

from symphony_core.errors import ModelUnavailable
from symphony_core.models.base import Availability, OnText, Prompt, Reply
from symphony_core.models.loop import in_background
from symphony_core.models.provider_names import PROVIDERS

if TYPE_CHECKING:
    from symphony_core.models.conversation import SharedClient


class ProviderModel:
    """A model by a name like `openai-chat:NAME`; its key comes from the environment."""

    remark: str | None = None
    calls_tools = True

    def __init__(self, name: str) -> None:
        provider, _, self.label = name.partition(":")
        if provider not in PROVIDERS or not self.label:
            raise ModelUnavailable(
                f"There is no model {name!r}. A name is 'embedded', 'scripted', or PROVIDER:NAME "
                f"with one of these providers: {', '.join(PROVIDERS)}."
            )
        self.name = name
        self._provider = PROVIDERS[provider]
        self._shared: SharedClient | None = None

    def availability(self) -> Availability:
        """Whether the provider's library and settings are here; the provider is not asked."""
        provider = self._provider
        if not provider.is_installed:
            extra = f'pip install "pydantic-ai-slim[{provider.extra}]"'
            return Availability(False, f"The model {self.name!r} needs its library: run {extra}.")
        if provider.any_of and not any(map(os.environ.get, provider.any_of)):
            wanted = " or ".join(provider.any_of)
            return Availability(False, f"The model {self.name!r} needs {wanted} to be set.")
        return Availability(True, "Ready: its library and settings are here.")

    async def generate(self, prompt: Prompt, on_text: OnText | None = None) -> Reply:
        """Ask the provider; see `LanguageModel`."""
        state = self.availability()
        if not state.ready:
            raise ModelUnavailable(f"{state.sentence} Or choose another model.")
        return await in_background(partial(self._ask, prompt), on_text)

    async def _ask(self, prompt: Prompt, on_text: OnText) -> Reply:
        from symphony_core.models import conversation  # noqa: PLC0415  (pydantic-ai takes seconds)

        if self._shared is None:
            self._shared = conversation.SharedClient(
                partial(conversation.provider_client, self.name)
            )
        async with self._shared.use() as client:
            return await conversation.ask(client, prompt, self.name, on_text)
