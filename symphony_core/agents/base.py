"""An agent that can be asked: its configuration, its finished instructions, and a model."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from symphony_core.agent_config import AgentConfig, AgentSettings
from symphony_core.answer_schema import read_answer
from symphony_core.errors import ModelError
from symphony_core.models.base import Correction, LanguageModel, OnText, Prompt, Reply
from symphony_core.texts import storable

CORRECTIONS = 2  # how often a model is told what is wrong with its answer, and asked again

_COMPLAINT = (
    "That answer cannot be used. {said} Give the whole answer again, as one JSON object that fits "
    "this JSON Schema, and nothing else: {schema}"
)


class Agent:
    """A configuration bound to the model that answers for it.

    `defaults` are the model's own settings, for what the configuration does not say.
    """

    def __init__(
        self,
        config: AgentConfig,
        model: LanguageModel,
        variables: Mapping[str, Any] | None = None,
        defaults: AgentSettings | None = None,
    ) -> None:
        self.config = config
        self.model = model
        self._variables = dict(variables or {})
        self._settings = config.settings.over(defaults) if defaults else config.settings

    @property
    def id(self) -> str:
        """The configuration's id."""
        return self.config.id

    @property
    def name(self) -> str:
        """The configuration's name."""
        return self.config.name

    def prompt(self, query: str, choices: Sequence[str] | None = None) -> Prompt:
        """Return what the model will be sent; `choices` go before the agent's own.

        Raises:
            TemplateError: the instructions refer to a variable that has no value.
        """
        allowed = choices or self.config.answer_choices
        return Prompt(
            text=query,
            instructions=self.config.get_system_prompt(**self._variables),
            choices=tuple(allowed) if allowed else None,
            schema=None if allowed else self.config.answer_schema,
            settings=self._settings,
        )

    async def run(
        self,
        query: str,
        *,
        choices: Sequence[str] | None = None,
        on_text: OnText | None = None,
        asked: Callable[[Prompt], None] | None = None,
        answered: Callable[[Reply], None] | None = None,
    ) -> Reply:
        """Ask and return the answer; `on_text` gets each piece as it is written.

        An answer that does not fit the agent's schema is given back to the model with what is
        wrong with it, twice at most. `asked` is called before each call of the model, and
        `answered` with each answer, also with one that is of no use.

        Raises:
            ModelError: the model did not answer, or not as it has to.
        """
        prompt = self.prompt(query, choices)
        for _ in range(CORRECTIONS + 1):
            if asked:
                asked(prompt)
            reply = await self._call(prompt, on_text, answered)
            if prompt.schema is None:
                return reply
            try:
                data = read_answer(reply.text, prompt.schema)
            except ValueError as error:
                said = str(error)
                complaint = _COMPLAINT.format(said=said, schema=json.dumps(prompt.schema))
                corrected = (*prompt.corrections, Correction(reply.text, complaint))
                prompt = replace(prompt, corrections=corrected)
            else:
                return replace(reply, data=data)
        raise ModelError(
            f"The model {reply.model!r} was asked {CORRECTIONS + 1} times, and its answer does not "
            f"fit the JSON Schema of {self.name!r}. {said} Choose another model, or a simpler "
            "schema."
        )

    async def _call(
        self, prompt: Prompt, on_text: OnText | None, answered: Callable[[Reply], None] | None
    ) -> Reply:
        limit = asyncio.timeout(self._settings.timeout_s)
        try:
            async with limit:
                reply = await self.model.generate(prompt, on_text)
        except TimeoutError:
            if not limit.expired():
                raise
            raise ModelError(
                f"The model {self.model.name!r} took longer than the time limit of "
                f"{self._settings.timeout_s:g} s that {self.name!r} has. "
                "Try again, or raise the limit.",
                retryable=True,
            ) from None
        except ModelError as error:
            if error.reply is not None and answered:
                answered(_storable(error.reply))
            raise
        reply = _storable(reply)
        if answered:
            answered(reply)
        return reply


def _storable(reply: Reply) -> Reply:
    text = storable(reply.text)
    return reply if text == reply.text else replace(reply, text=text)
