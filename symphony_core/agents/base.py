"""An agent that can be asked: its configuration, its finished instructions, and a model."""

from collections.abc import Mapping, Sequence
from typing import Any

from symphony_core.agent_config import AgentConfig
from symphony_core.models.base import LanguageModel, OnText, Prompt, Reply


class Agent:
    """A configuration bound to the model that answers for it."""

    def __init__(
        self, config: AgentConfig, model: LanguageModel, variables: Mapping[str, Any] | None = None
    ) -> None:
        self.config = config
        self.model = model
        self._variables = dict(variables or {})

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
            settings=self.config.settings,
        )

    async def run(
        self, query: str, *, choices: Sequence[str] | None = None, on_text: OnText | None = None
    ) -> Reply:
        """Ask and return the answer; `on_text` gets each piece as it is written.

        Raises:
            ModelError: the model did not answer.
        """
        return await self.model.generate(self.prompt(query, choices), on_text)
