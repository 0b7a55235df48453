"""The model that runs inside this process: SmolLM2-135M, or any GGUF file somebody names."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from symphony_core.errors import ModelUnavailable
from symphony_core.models import weights
from symphony_core.models.base import Availability, OnText, Prompt, Reply, choose
from symphony_core.models.embedded_server import EmbeddedServer, embedded_server, obstacle
from symphony_core.models.loop import in_background
from symphony_core.models.prices import Prices

REMARK = "a tiny 135M-parameter demo model: its text is weak and its choices are not to be trusted"

# What made a small model write best; an agent's own settings go before them.
_WRITING = {"temperature": 0.3, "top_p": 0.9, "max_tokens": 256, "seed": 7}
_WRITING_MORE = {"min_p": 0.05, "repeat_penalty": 1.05}
_FREE = Prices(0.0, 0.0)
_GRAMMAR_ESCAPES = str.maketrans({'"': r"\"", "\\": r"\\", "\n": r"\n", "\r": r"\r", "\t": r"\t"})


class EmbeddedModel:
    """A model by the name `embedded` or `embedded:FILE`."""

    def __init__(self, name: str) -> None:
        file = name.partition(":")[2]
        self.name = name
        self._file = Path(file).expanduser() if file else None
        self.label = f"{self._file.stem if self._file else weights.LABEL} (embedded)"
        self.remark: str | None = None if self._file else REMARK

    def availability(self) -> Availability:
        """Whether the processor will do and the file is there; the file is not read."""
        found = obstacle()
        if found:
            return Availability(False, "Cannot run", found, "Choose another model.")
        if (self._file or weights.path()).is_file():
            return Availability(True, "Ready", "It runs on this machine.")
        if self._file:
            there = f"There is no file {str(self._file)!r}."
            return Availability(False, "No file", there, "Correct the path after 'embedded:'.")
        return Availability(
            False, "Not fetched", f"{weights.LABEL} is not here yet; its first use fetches it."
        )

    def state(self) -> Availability:
        """The same: nobody needs to be asked."""
        return self.availability()

    async def look(self) -> Availability:
        """The same: nobody needs to be asked."""
        return self.availability()

    async def load(self) -> None:
        """Load the model before it is asked, so that the first answer need not wait for that."""
        await in_background(lambda _on_text: self._load())

    async def generate(self, prompt: Prompt, on_text: OnText | None = None) -> Reply:
        """Ask the model, loading it first if need be; see `LanguageModel`."""
        return await in_background(partial(self._ask, prompt), on_text)

    async def _ask(self, prompt: Prompt, on_text: OnText) -> Reply:
        server = await self._load()
        from symphony_core.models import clients, conversation  # noqa: PLC0415 - see _load

        async with clients.local_client(server.model, server.address, server.key) as client:
            talk = conversation.Conversation(client, self.name, _FREE)
            form = conversation.answer_form(client, prompt.schema) if prompt.schema else None
            settings = _settings(prompt, conversation.request_settings(prompt.settings))
            heard = None if form else on_text
            reply = await talk.ask(prompt, settings, heard, form=form)
        if form:
            on_text(reply.text)
        return replace(reply, text=choose(reply, prompt.choices)) if prompt.choices else reply

    async def _load(self) -> EmbeddedServer:
        starting = embedded_server(self._file or weights.path(), self._prepare)
        # While the server starts in its thread. pydantic-ai takes seconds to import.
        from symphony_core.models import conversation  # noqa: F401, PLC0415

        # Shielded: a caller that gives up must not stop the start that others wait for.
        return await asyncio.shield(asyncio.wrap_future(starting))

    def _prepare(self) -> None:
        if self._file is None:
            weights.fetch()
        elif not self._file.is_file():
            raise ModelUnavailable(
                f"There is no model file {str(self._file)!r}. "
                "Correct the path after 'embedded:', or use 'embedded' alone."
            )


def _settings(prompt: Prompt, asked: Mapping[str, Any]) -> dict[str, Any]:
    settings: dict[str, Any] = {**_WRITING, **asked, "max_retries": 0}
    if prompt.choices is None:
        return {**settings, "extra_body": _WRITING_MORE}
    return {
        **settings,
        "temperature": 0.0,
        "max_tokens": max(len(choice.encode()) for choice in prompt.choices) + 8,
        "extra_body": {"grammar": choice_grammar(prompt.choices)},
    }


def choice_grammar(choices: tuple[str, ...]) -> str:
    """Return llama.cpp's grammar for exactly one of the choices."""
    texts = " | ".join(f'"{choice.translate(_GRAMMAR_ESCAPES)}"' for choice in choices)
    return f"root ::= {texts}"
