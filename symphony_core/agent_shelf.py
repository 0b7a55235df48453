"""Where agents are kept: each with its saved versions, in use or put away."""

from typing import Any

from symphony_core.agent_config import AgentConfig
from symphony_core.agent_version import AgentVersion
from symphony_core.errors import EntityNotFound, NotPossible
from symphony_core.ids import Clock, is_id, utc_now
from symphony_core.io.agent_fields import FIELDS
from symphony_core.persistence.repository import save_together
from symphony_core.registry import ServiceRegistry
from symphony_core.uses import uses_of


class AgentShelf:
    """The agents of a store. Methods that name one raise `EntityNotFound` where there is none."""

    def __init__(self, registry: ServiceRegistry, clock: Clock = utc_now) -> None:
        self._registry = registry
        self._clock = clock
        self._agents = registry.get_repository("agent_config")
        self._versions = registry.get_repository("agent_version")

    async def agent(self, id: str) -> AgentConfig | None:
        """Return an agent; None if there is none."""
        found: AgentConfig | None = await self._agents.find_by_id(id) if is_id(id) else None
        return found

    async def need(self, id: str) -> AgentConfig:
        """Return an agent that must be there."""
        found = await self.agent(id)
        if found is None:
            raise EntityNotFound("agent", id)
        return found

    async def add(self, agent: AgentConfig) -> AgentConfig:
        """Store a new agent as its version 1.

        Raises:
            AlreadyStored: there is one with its id.
        """
        new = self._numbered(agent, 1, {"archived_at": None})
        await save_together([(self._versions, _version_of(new, 1))], new=[(self._agents, new)])
        return new

    async def save(self, agent: AgentConfig) -> AgentConfig:
        """Store an agent that was read and changed as its next version.

        What is the same as what is stored is not saved once more.

        Raises:
            Conflict: it was changed by someone else after it was read.
        """
        before = await self.need(agent.id)
        if document_of(before) == document_of(agent):
            return before
        kept = {"archived_at": before.archived_at, "created_at": before.created_at}
        last = before.saved_number
        after = self._numbered(agent, last + 1, kept)
        writes: list[Any] = [(self._agents, after), (self._versions, _version_of(after, last + 1))]
        if not await self._versions.count({"agent_id": agent.id, "number": last}):
            writes.append((self._versions, _version_of(before, last)))  # a program has saved it
        await save_together(writes)
        return after

    async def versions(self, id: str) -> list[AgentVersion]:
        """Return the saved versions, the newest first."""
        agent = await self.need(id)
        found: list[AgentVersion] = await self._versions.find_page(
            {"agent_id": id}, order_by="number", limit=None
        )
        is_kept = found and found[0].number == agent.saved_number
        return found if is_kept else [_version_of(agent, agent.saved_number), *found]

    async def version(self, id: str, number: int) -> AgentVersion:
        """Return one saved version."""
        for version in await self.versions(id):
            if version.number == number:
                return version
        raise EntityNotFound("version of the agent", f"{id} {number}")

    async def restore(self, id: str, number: int) -> AgentConfig:
        """Store an earlier version as the newest one."""
        version, before = await self.version(id, number), await self.need(id)
        agent = AgentConfig.model_validate(version.document)
        agent.set_version(before.version)
        return await self.save(agent)

    async def archive(self, id: str, *, away: bool) -> None:
        """Put an agent away, or take it back; workflows that name it go on either way."""
        agent = await self.need(id)
        moment = self._clock() if away else None
        changed = self._numbered(agent, agent.saved_number, {"archived_at": moment})
        await self._agents.save(changed)

    async def delete(self, id: str) -> None:
        """Delete an agent that nothing uses, with its versions.

        Raises:
            NotPossible: something uses it.
        """
        agent = await self.need(id)
        if not (await uses_of(self._registry, id)).is_none:
            raise NotPossible(f"{agent.name!r} is used: archive it instead.")
        await self._agents.delete(id)
        await self._versions.delete_all({"agent_id": id})

    def _numbered(self, agent: AgentConfig, number: int, fields: dict[str, Any]) -> AgentConfig:
        """Return the agent as it is about to be stored, with a number for what is then stored."""
        own = {"number": number, "numbered_at": agent.version + 1, "updated_at": self._clock()}
        return agent.model_copy(update={**own, **fields})


def document_of(agent: AgentConfig) -> dict[str, Any]:
    """Return an agent's document as plain data, with every field."""
    return agent.model_dump(mode="json", include={*FIELDS})


def _version_of(agent: AgentConfig, number: int) -> AgentVersion:
    return AgentVersion(
        agent_id=agent.id,
        number=number,
        document=document_of(agent),
        created_at=agent.updated_at,
    )
