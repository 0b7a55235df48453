"""An agent as it was saved once."""

from symphony_core.saved_version import SavedVersion


class AgentVersion(SavedVersion):
    """One saved state of an agent."""

    agent_id: str
