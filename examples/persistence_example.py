"""The same code over three stores: memory, files, SQLite. Run it: python -m examples.persistence_example"""

import asyncio
import tempfile
from pathlib import Path

from symphony_core.agent_config import AgentCapabilities, AgentConfig
from symphony_core.errors import Conflict
from symphony_core.persistence.file_repository import FileSystemRepository
from symphony_core.persistence.memory_repository import InMemoryRepository
from symphony_core.persistence.repository import Repository
from symphony_core.persistence.sql_repository import SQLModelRepository


async def tour(name: str, agents: Repository[AgentConfig]) -> None:
    """Save, find, change, and meet a change that somebody else made first."""
    writer = AgentConfig(
        name="Writer",
        role="Content writer",
        instruction_template="You write about {{subject}}.",
        capabilities=AgentCapabilities(expertise=["writing"]),
        variables={"subject": "the sea"},
    )
    agent_id = await agents.save(writer)
    mine = await agents.find_by_id(agent_id)
    theirs = await agents.find_by_id(agent_id)
    assert mine is not None
    assert theirs is not None
    print(f"{name}: {mine.name} will be told {mine.get_system_prompt()!r}")

    theirs.capabilities.expertise.append("poetry")
    await agents.update(theirs)
    mine.description = "Writes in the morning."
    try:
        await agents.update(mine)
    except Conflict as conflict:
        print(f"{name}: {conflict}")

    found = await agents.find_all({"name": "Writer"})
    print(f"{name}: {len(found)} found, good at {', '.join(found[0].capabilities.expertise)}")


async def main() -> None:
    """Tour all three stores."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'example.db'}"
        await tour("memory", InMemoryRepository(AgentConfig))
        await tour("files", FileSystemRepository(AgentConfig, folder))
        await tour("SQLite", SQLModelRepository(AgentConfig, url))


if __name__ == "__main__":
    asyncio.run(main())
