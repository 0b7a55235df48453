"""A registry whose agents answer from a list, and remember what they were asked."""

from collections.abc import Sequence
from typing import Any

from symphony_core.agent_config import AgentSettings
from symphony_core.agents.factory import AgentFactory
from symphony_core.models.scripted import ScriptedModel
from symphony_core.registry import ServiceRegistry


def answer_with(
    registry: ServiceRegistry, replies: Sequence[dict[str, Any]], delay_s: float = 0.0
) -> ScriptedModel:
    """Let every agent of the registry be answered by one scripted model, and return it."""
    model = ScriptedModel(replies=list(replies), delay_s=delay_s)

    async def open_it(_name: str | None) -> tuple[ScriptedModel, AgentSettings]:
        return model, AgentSettings()

    registry.register_factory(
        "agent_factory", lambda r: AgentFactory(r.get_repository("agent_config"), open_it, r.tools)
    )
    return model
