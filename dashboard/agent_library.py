"""The agents that come with Symphony, to be added to one's own."""

from dataclasses import dataclass

from dashboard import agent_services
from dashboard.bridge import wait_for
from dashboard.viewmodels.agents import AgentView, agent_view
from symphony_core.agents.starters import STARTERS, starter


@dataclass(frozen=True)
class StarterView:
    """An agent of the library; `here` is the agent that stands under its id already, if any."""

    agent: AgentView
    instructions: str
    here: AgentView | None


def list_starters() -> list[StarterView]:
    """Return the library."""
    return [
        StarterView(
            agent_view(agent), agent.instruction_template, agent_services.find_agent(agent.id)
        )
        for agent in STARTERS
    ]


def add_starter(agent_id: str) -> str:
    """Store an agent of the library, or take it back if it was put away, and return its name."""
    here = agent_services.find_agent(agent_id)
    if here is None:
        return wait_for(agent_services.shelf().add(starter(agent_id))).name
    agent_services.unarchive_agent(agent_id)
    return here.name
