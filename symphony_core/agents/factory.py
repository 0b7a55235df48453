"""Makes agents out of stored configurations."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from symphony_core.agent_config import ASSISTANT, AgentConfig, AgentSettings
from symphony_core.agents.base import Agent
from symphony_core.errors import EntityNotFound
from symphony_core.models.base import LanguageModel
from symphony_core.persistence.repository import Repository
from symphony_core.tools.registry import ToolRegistry

OpenModel = Callable[[str | None], Awaitable[tuple[LanguageModel, AgentSettings]]]
"""Finds the model of a name, and how it writes where an agent does not say."""


class AgentFactory:
    """Finds configurations and opens their models.

    The built-in assistant can always be made, stored or not.
    """

    def __init__(
        self,
        agent_repo: Repository[AgentConfig],
        open_model: OpenModel,
        tools: ToolRegistry | None = None,
    ) -> None:
        self._agents = agent_repo
        self._open_model = open_model
        self._tools = tools or ToolRegistry()

    async def create_agent_from_id(
        self,
        config_id: str,
        *,
        model: str | None = None,
        variables: Mapping[str, Any] | None = None,
    ) -> Agent:
        """Make the agent stored under an id; `model` is for agents that name none themselves.

        Raises:
            EntityNotFound: no such agent.
            ModelUnavailable: no model has its model's name.
        """
        config = await self.find_config(config_id)
        return await self.create_agent(config, model=model, variables=variables)

    async def find_config(self, config_id: str) -> AgentConfig:
        """Return the configuration stored under an id.

        Raises:
            EntityNotFound: no such agent.
        """
        config = await self._agents.find_by_id(config_id)
        if config is None and config_id == ASSISTANT.id:
            config = ASSISTANT
        if config is None:
            raise EntityNotFound("agent", config_id)
        return config

    async def create_agent(
        self,
        config: AgentConfig,
        *,
        model: str | None = None,
        variables: Mapping[str, Any] | None = None,
    ) -> Agent:
        """Make an agent of a configuration that need not be stored.

        Raises:
            ModelUnavailable: no model has its model's name.
        """
        opened, defaults = await self._open_model(config.model or model)
        return Agent(config, opened, variables, defaults, self._tools)
