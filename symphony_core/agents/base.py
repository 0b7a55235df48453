"""An agent that can be asked: its configuration, its finished instructions, a model, and tools."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from symphony_core.agent_config import AgentConfig, AgentSettings
from symphony_core.agents.rounds import Rounds, Unwatched, Watch
from symphony_core.models.base import LanguageModel, OnText, Prompt, Reply, calls_tools
from symphony_core.tools.base import Tool
from symphony_core.tools.registry import ToolRegistry


class Agent:
    """A configuration bound to the model that answers for it, and to the tools that are here.

    `defaults` are the model's own settings, for what the configuration does not say.
    """

    def __init__(
        self,
        config: AgentConfig,
        model: LanguageModel,
        variables: Mapping[str, Any] | None = None,
        defaults: AgentSettings | None = None,
        tools: ToolRegistry | None = None,
    ) -> None:
        self.config = config
        self.model = model
        self._variables = dict(variables or {})
        self._settings = config.settings.over(defaults) if defaults else config.settings
        self._tools = tools or ToolRegistry()

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
        self, query: str, *, choices: Sequence[str] | None = None, on_text: OnText | None = None
    ) -> Reply:
        """Ask and return the answer; `on_text` gets each piece as it is written.

        Raises:
            ModelError: the model did not answer, or not as it has to.
            ToolUnavailable: a tool of the agent cannot be used as things are.
        """
        return await self.answer(self.prompt(query, choices), Unwatched(on_text))

    async def answer(self, prompt: Prompt, watch: Watch | None = None) -> Reply:
        """Have a prompt answered, with the agent's tools; see `run`."""
        watch = watch or Unwatched()
        tools = await self._equip(watch)
        prompt = replace(prompt, tools=tuple(tool.spec for tool in tools.values()))
        return await Rounds(self.name, self.model, tools, watch).answer(prompt)

    async def _equip(self, watch: Watch) -> Mapping[str, Tool]:
        names = self.config.capabilities.tools
        if not names:
            return {}
        if not calls_tools(self.model):
            known = await self._tools.known(names)
            if known:
                watch.equipped(
                    f"The model {self.model.name!r} cannot call tools, so it answers without "
                    f"{', '.join(known)}."
                )
            return {}
        values = {**self.config.variables, **self._variables}
        texts = {name: value for name, value in values.items() if isinstance(value, str)}
        tools = await self._tools.equip(names, texts)
        watch.equipped(_equipment(list(tools), [name for name in names if name not in tools]))
        return tools


def _equipment(there: Sequence[str], missing: Sequence[str]) -> str:
    parts = [f"It can use {', '.join(there)}."] if there else []
    parts += [f"No tool here: {', '.join(missing)}."] if missing else []
    return " ".join(parts)
