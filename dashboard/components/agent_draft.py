"""What is being typed about an agent: kept in the session until it is saved or discarded."""

from dataclasses import dataclass

import streamlit as st

from dashboard import agent_services
from dashboard.viewmodels.agents import AgentForm
from symphony_core.ids import new_id

_DRAFTS = "agent-drafts"


@dataclass
class Draft:
    """An agent's form as it was read and as it stands; a new agent has no id."""

    agent_id: str | None
    read: AgentForm
    filled: AgentForm
    key: str  # of its fields: another draft of the same agent starts with other ones
    is_outdated: bool = False

    @property
    def is_changed(self) -> bool:
        """Whether something was typed that is not stored."""
        return self.filled != self.read


def open_draft(agent_id: str | None) -> Draft | None:
    """Return what is typed so far about an agent, None if there is no such agent."""
    drafts = _drafts()
    if agent_id not in drafts:
        read = agent_services.agent_form(agent_id) if agent_id else AgentForm()
        if read is None:
            return None
        drafts[agent_id] = Draft(agent_id, read, read, key=f"agent-{new_id()}")
    return drafts[agent_id]


def discard(agent_id: str | None) -> None:
    """Forget what was typed about an agent; what is stored is read when it is opened again."""
    _drafts().pop(agent_id, None)


def refresh(agent_id: str) -> None:
    """Read an agent again that was changed from here, unless something was typed about it."""
    draft = _drafts().get(agent_id)
    if draft is not None and not draft.is_changed:
        discard(agent_id)


def unsaved() -> set[str | None]:
    """Return the agents about which something was typed and not saved; forget the others."""
    for agent_id, draft in list(_drafts().items()):
        if not draft.is_changed:
            discard(agent_id)
    return set(_drafts())


def _drafts() -> dict[str | None, Draft]:
    drafts: dict[str | None, Draft] = st.session_state.setdefault(_DRAFTS, {})
    return drafts
