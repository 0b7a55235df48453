"""Makes the stores of the present version that later versions must be able to open.

`python -m tests.support.old_store tests/data/vN` writes a database, a folder of files with the same
entities, and what they are as JSON. It is run once for each schema, with that version's code.
"""

import asyncio
import json
import multiprocessing
import os
import sys
import time
from pathlib import Path
from typing import Any

from symphony_core.agent_config import ASSISTANT, AgentConfig
from symphony_core.agent_shelf import AgentShelf
from symphony_core.entity import Entity
from symphony_core.ids import utc_now
from symphony_core.io.editable import editable
from symphony_core.model_profile import ModelProfile
from symphony_core.orchestration.engine import WorkflowEngine
from symphony_core.orchestration.templates import GALLERY, get_template
from symphony_core.orchestration.workflow_definition import WorkflowDefinition
from symphony_core.persistence.database import Database
from symphony_core.persistence.file_repository import FileSystemRepository
from symphony_core.persistence.repository import Repository
from symphony_core.persistence.sql_repository import SQLModelRepository
from symphony_core.registry import ENTITY_TYPES, ServiceRegistry
from symphony_core.run_lease import RunRequest
from symphony_core.runtime.bootstrap import open_registry
from symphony_core.shelf import Shelf
from symphony_core.store_mark import StoreMark
from symphony_core.store_settings import StoreSettings
from symphony_core.worker_beat import WorkerBeat
from symphony_core.workflow import RunLimits


class Recipe(Entity):
    """A user's own class."""

    name: str
    minutes: int = 0


CLASSES: dict[str, type[Any]] = {
    **ENTITY_TYPES,
    "workflow_definition": WorkflowDefinition,
    "recipe": Recipe,
}


def repositories(url: str) -> dict[str, Repository[Any]]:
    """Return the stores of everything that an old database holds, by name."""
    return {name: SQLModelRepository(kind, url) for name, kind in CLASSES.items()}


async def contents(stores: dict[str, Repository[Any]]) -> dict[str, list[Any]]:
    """Return everything as plain data, with its versions."""
    return {
        name: [
            {"version": entity.version, **entity.to_dict()}
            for entity in sorted(await store.find_all(), key=lambda each: each.id)
        ]
        for name, store in stores.items()
    }


async def _fill(url: str, script: Path) -> None:
    registry = open_registry(url)
    await registry.get_repository("agent_config").save(ASSISTANT)
    writer = AgentConfig(id="writer", name="Écrivain 😀", role="writer", instruction_template="Ü")
    await registry.get_repository("agent_config").save(writer)
    await registry.get_repository("workflow_definition").save(get_template(GALLERY[0].key).build())
    await SQLModelRepository(Recipe, url).save(Recipe(id="r1", name="Soupe à l'oignon", minutes=50))
    await registry.get_repository("store_mark").save(StoreMark(id="filled"))
    await _put_on_shelves(registry)
    settings = StoreSettings(default_model="scripted", limits=RunLimits(model_calls=20, cost=0.5))
    await registry.get_repository("store_settings").save(settings)
    await registry.get_repository("worker_beat").save(WorkerBeat(id="w1", owner="gone"))
    engine: WorkflowEngine = registry.get_service("workflow_engine")
    for template in GALLERY:
        await engine.execute_run(_new(registry, template.key))
    await engine.execute_run(_new(registry, GALLERY[0].key, model="openai-chat:no-key"))
    await engine.start_run(_new(registry, GALLERY[1].key))
    asked = _new(registry, GALLERY[0].key)
    await engine.start_run(asked)
    request = RunRequest(id=asked.id, run_id=asked.id, cancel_at=utc_now())
    await registry.get_repository("run_request").save(request)
    killed = multiprocessing.get_context("spawn").Process(target=_run_slowly, args=(url, script))
    killed.start()
    while not await registry.get_repository("step_run").count({"status": "running"}):
        time.sleep(0.05)  # noqa: ASYNC251 - nothing else is to be done
    killed.kill()
    killed.join()


async def _put_on_shelves(registry: ServiceRegistry) -> None:
    """Keep what people keep: a profile, a second version of an agent, and one of a workflow."""
    profile = ModelProfile(
        id="cheap", name="Günstig", provider="openai-chat", model="small", key_variable="MY_KEY"
    )
    await registry.get_repository("model_profile").save(profile)
    agents, workflows = AgentShelf(registry), Shelf(registry)
    translator = AgentConfig(
        id="translator", name="Übersetzer", role="translator", instruction_template="Übersetze."
    )
    await agents.add(translator)
    await agents.save(translator.model_copy(update={"model": profile.reference}))
    await agents.archive(translator.id, away=True)
    draft = await workflows.new(editable(get_template(GALLERY[1].key).build()), editor="gone")
    number = await workflows.save(draft.id, draft.version)
    saved = await workflows.restore(draft.id, number)
    changed = saved.document | {"description": "Noch nicht gespeichert"}
    await workflows.keep(draft.id, changed, saved.version, "gone")


def _new(registry: ServiceRegistry, key: str, **fields: Any) -> Any:
    template = get_template(key)
    engine: WorkflowEngine = registry.get_service("workflow_engine")
    return engine.new_run(template.build(), template.sample_inputs(), **fields)


def _run_slowly(url: str, script: Path) -> None:
    reply = {"delay_s": 1, "replies": [{"match": "", "reply": "word " * 20}]}
    script.write_text(json.dumps(reply))
    registry = open_registry(url)
    run = _new(registry, GALLERY[0].key, model=f"scripted:{script}")
    asyncio.run(registry.get_service("workflow_engine").execute_run(run))


async def _copy_to_files(stores: dict[str, Repository[Any]], folder: Path) -> None:
    for name, store in stores.items():
        for entity in await store.find_all():
            await FileSystemRepository(CLASSES[name], folder).save(entity)


def main(folder: Path) -> None:
    """Make everything in a folder that must not hold it yet."""
    os.environ["SYMPHONY_MODEL"] = "scripted"
    folder.mkdir(parents=True)
    database, script = folder / "symphony.db", folder / "slow.json"
    url = f"sqlite:///{database}"
    asyncio.run(_fill(url, script))
    script.unlink()
    stores = repositories(url)
    asyncio.run(_copy_to_files(stores, folder / "files"))
    text = json.dumps(asyncio.run(contents(stores)), indent=1, ensure_ascii=False)
    (folder / "contents.json").write_text(f"{text}\n", encoding="utf-8")
    Database.close_all()
    for lock in folder.glob("files/*/.lock"):
        lock.unlink()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
