"""What every store promises; each test runs on all of them."""

import asyncio
import math
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, Field, PrivateAttr

from symphony_core.agent_config import AgentConfig
from symphony_core.agent_version import AgentVersion
from symphony_core.entity import Entity, UtcDatetime
from symphony_core.errors import AlreadyStored, Conflict, InvalidId, InvalidQuery, NotStorable
from symphony_core.orchestration.workflow_definition import WorkflowDefinition
from symphony_core.persistence.database import Database
from symphony_core.persistence.file_repository import FileSystemRepository
from symphony_core.persistence.memory_repository import InMemoryRepository
from symphony_core.persistence.repository import Repository, save_together
from symphony_core.persistence.sql_repository import SQLModelRepository
from symphony_core.persistence.store_settings import change_setting, read_settings
from symphony_core.run_event import RunEvent
from symphony_core.store_settings import StoreSettings
from symphony_core.task import Task, TaskStatus
from symphony_core.workflow import RunLimits, Workflow
from symphony_core.workflow_draft import WorkflowDraft
from symphony_core.workflow_version import WorkflowVersion

OpenStore = Callable[[type[Any]], Repository[Any]]

STORES: dict[str, Callable[[type[Any], Path], Repository[Any]]] = {
    "memory": lambda entity_class, _: InMemoryRepository(entity_class),
    "file": FileSystemRepository,
    "sql": lambda entity_class, path: SQLModelRepository(entity_class, f"sqlite:///{path}/x.db"),
}
IMPOSSIBLE_IDS = ["", ".", "..", "../etc/passwd", "a/b", "a\\b", "a\0", "a" * 300, "é", "a\n", "-a"]
DAY = datetime(2026, 11, 21, tzinfo=UTC)


class Card(Entity):
    """Frozen, and a class no store has heard of."""

    model_config = ConfigDict(frozen=True)

    name: str = "card"
    points: int | None = None
    body: str = ""
    created_at: UtcDatetime = DAY


class Drawer(Entity):
    """An entity with something of its own that is not data."""

    label: str = ""
    _looks: int = PrivateAttr(default=3)

    def look(self) -> int:
        """Count one more look."""
        self._looks += 1
        return self._looks


class Note(BaseModel):
    """Not one of our entities: it has an id and no version."""

    id: str
    text: str = ""
    weight: float = Field(default=0.0)


@pytest.fixture(params=STORES)
def open_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[OpenStore]:
    yield lambda entity_class: STORES[request.param](entity_class, tmp_path)
    Database.close_all()


@pytest.fixture
def tasks(open_store: OpenStore) -> Repository[Task]:
    return open_store(Task)


def named(*names: str, **fields: Any) -> list[Task]:
    return [
        Task(id=f"t{n}", name=name, created_at=DAY + timedelta(seconds=n), **fields)
        for n, name in enumerate(names)
    ]


async def save_all(store: Repository[Any], entities: list[Any]) -> None:
    for entity in entities:
        await store.save(entity)


def names(entities: list[Any]) -> list[str]:
    return [entity.name for entity in entities]


async def test_what_is_saved_is_found_under_the_id_that_save_returned(tasks) -> None:
    task = Task(name="Draft", input_data={"query": "Why?"}, tags=["a"])
    assert await tasks.save(task) == task.id
    assert await tasks.find_by_id(task.id) == task
    assert await tasks.find_by_id("nobody") is None


async def test_saving_again_replaces(tasks) -> None:
    task = Task(name="Draft")
    await tasks.save(task)
    task.name = "Final"
    await tasks.save(task)
    assert names(await tasks.find_all()) == ["Final"]


async def test_no_change_of_an_object_reaches_the_store_unsaved(tasks) -> None:
    task = Task(name="Draft", tags=["a"])
    await tasks.save(task)
    task.tags.append("mine")
    (await tasks.find_by_id(task.id)).tags.append("found")
    (await tasks.find_all())[0].tags.append("listed")
    (await tasks.find_page())[0].tags.append("paged")
    assert (await tasks.find_by_id(task.id)).tags == ["a"]


@pytest.mark.parametrize(
    ("filter", "expected"),
    [
        (None, ["a", "b", "c"]),
        ({}, ["a", "b", "c"]),
        ({"status": "running"}, ["b"]),
        ({"status": TaskStatus.RUNNING}, ["b"]),
        ({"status": ["running", TaskStatus.FAILED]}, ["b", "c"]),
        ({"status": ("running",)}, ["b"]),
        ({"status": {"failed", "no such status"}}, ["c"]),
        ({"status": []}, []),
        ({"status": "running", "agent_id": "writer"}, []),
        ({"agent_id": None}, ["a", "b"]),
        ({"agent_id": [None, "writer"]}, ["a", "b", "c"]),
        ({"agent_id": "\ud800"}, []),
        ({"agent_id": 5}, []),
        ({"name": [f"n{n}" for n in range(1000)] + ["b"]}, ["b"]),
        ({"description": "third"}, ["c"]),
        ({"description": "third", "status": "running"}, []),
        ({"input_data": {"query": "x"}}, ["a"]),
        ({"created_at": DAY + timedelta(seconds=1)}, ["b"]),
        ({"created_at": "2026-11-21T00:00:01Z"}, ["b"]),
    ],
)
async def test_a_filter_compares_fields_as_they_are_dumped(tasks, filter, expected) -> None:
    first, second, third = named("a", "b", "c")
    first.input_data = {"query": "x"}
    second.status = TaskStatus.RUNNING
    third.status, third.agent_id, third.description = TaskStatus.FAILED, "writer", "third"
    await save_all(tasks, [third, first, second])
    assert names(await tasks.find_all(filter)) == expected
    assert names(await tasks.find_page(filter, descending=False)) == expected
    assert await tasks.count(filter) == len(expected)
    assert len(await tasks.versions(filter)) == len(expected)
    assert await tasks.delete_all(filter or {}) == len(expected)
    assert await tasks.count() == 3 - len(expected)


@pytest.mark.parametrize("field", ["nmae", "version", "body", "x') OR '1'='1", ""])
async def test_a_field_that_is_none_is_refused_by_name(tasks, field: str) -> None:
    for ask in (tasks.find_all, tasks.find_page, tasks.count, tasks.versions, tasks.delete_all):
        with pytest.raises(InvalidQuery, match="has no field"):
            await ask({field: "x"})
    with pytest.raises(InvalidQuery, match="created_at"):
        await tasks.find_page(order_by=field)


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("100%", ["100% Sure"]),
        ("%", ["100% Sure"]),
        ("_", ["snake_case"]),
        ("\\", ["back\\slash"]),
        ("SURE", ["100% Sure"]),
        ("ÜBER", ["Straße über"]),
        ("STRASSE", ["Straße über"]),
        ("z\0é", ["Z\0É"]),
        ("\ud800", []),
        ("' OR 1", []),
    ],
)
async def test_a_search_takes_every_character_as_it_is(tasks, search, expected) -> None:
    await save_all(tasks, named("100% Sure", "snake_case", "back\\slash", "Straße über", "Z\0É"))
    assert names(await tasks.find_page(search=search)) == expected
    assert await tasks.count(search=search) == len(expected)
    assert names(await tasks.find_page({"description": ""}, search=search)) == expected


async def test_a_class_without_names_cannot_be_searched(open_store) -> None:
    with pytest.raises(InvalidQuery, match="name"):
        await open_store(RunEvent).find_page(search="x")


async def test_pages_follow_each_other_newest_first(tasks) -> None:
    await save_all(tasks, named(*"abcdefg"))
    assert names(await tasks.find_page(limit=3)) == ["g", "f", "e"]
    assert names(await tasks.find_page(limit=3, offset=6)) == ["a"]
    assert names(await tasks.find_page(limit=2, offset=1, descending=False)) == ["b", "c"]
    assert names(await tasks.find_page(limit=None)) == list("gfedcba")
    assert await tasks.find_page(limit=0) == []
    assert await tasks.find_page(offset=100) == []
    for window in ({"limit": -1}, {"offset": -1}):
        with pytest.raises(InvalidQuery, match="0 or more"):
            await tasks.find_page(**window)


async def test_what_was_made_in_the_same_moment_is_sorted_by_id(tasks) -> None:
    await save_all(tasks, [Task(id=i, name=i, created_at=DAY) for i in ("b", "a", "c")])
    assert names(await tasks.find_all()) == ["a", "b", "c"]
    assert names(await tasks.find_page()) == ["c", "b", "a"]


@pytest.mark.parametrize("field", ["points", "created_at", "body"])
async def test_any_field_can_be_sorted_by_and_nothing_comes_before_something(
    open_store, field: str
) -> None:
    cards = open_store(Card)
    moments = [DAY, DAY + timedelta(microseconds=500_000), DAY + timedelta(seconds=1)]
    points = [None, 9, 10] if field == "points" else [1, 1, 1]
    texts = ["", "9", "a"] if field == "body" else ["", "", ""]
    values = list(zip("xyz", points, moments, texts, strict=True))
    await save_all(
        cards,
        [Card(id=i, name=i, points=p, created_at=m, body=b) for i, p, m, b in reversed(values)],
    )
    assert names(await cards.find_page(order_by=field, descending=False)) == ["x", "y", "z"]
    assert names(await cards.find_page(order_by=field, limit=2)) == ["z", "y"]


async def test_some_fields_of_many_can_be_read_alone(tasks) -> None:
    await save_all(tasks, named("a", "b", "c", agent_id="w", metadata={"x": [1, None]}))
    fields = ("name", "status", "created_at", "metadata", "error")
    kept = {"status": TaskStatus.PENDING, "metadata": {"x": [1, None]}, "error": None}
    assert await tasks.find_fields(fields, {"agent_id": "w"}, limit=1, offset=1) == [
        {"name": "b", "created_at": DAY + timedelta(seconds=1), **kept}
    ]
    assert await tasks.find_fields(["name"], {"description": "no such"}) == []
    with pytest.raises(InvalidQuery, match="has no field"):
        await tasks.find_fields(["nmae"])


async def test_events_are_sorted_by_number_not_by_text(open_store) -> None:
    events = open_store(RunEvent)
    await save_all(events, [RunEvent(run_id="r", number=n, type="x") for n in (10, 9, 100)])
    found = await events.find_page({"run_id": "r"}, order_by="number", limit=2)
    assert [event.number for event in found] == [100, 10]
    assert len(await events.find_page()) == 3


async def test_versions_tell_what_has_changed(tasks) -> None:
    first, second = named("a", "b", workflow_id="w")
    await save_all(tasks, [first, second, second])
    assert await tasks.versions({"workflow_id": "w"}) == {"t0": 1, "t1": 2}
    assert (first.version, second.version) == (1, 2)
    assert (await tasks.find_by_id("t1")).version == 2


async def test_update_needs_something_to_update(tasks) -> None:
    task = Task(name="a")
    assert await tasks.update(task) is False
    assert await tasks.count() == 0
    await tasks.save(task)
    task.name = "b"
    assert await tasks.update(task) is True
    assert names(await tasks.find_all()) == ["b"]


async def test_delete_tells_whether_there_was_one(tasks) -> None:
    task = Task(name="a")
    await tasks.save(task)
    assert await tasks.delete(task.id) is True
    assert await tasks.delete(task.id) is False
    assert await tasks.find_by_id(task.id) is None
    assert await tasks.update(task) is False


async def test_an_insert_never_replaces(tasks) -> None:
    assert await tasks.insert(Task(id="a", name="first")) == "a"
    with pytest.raises(AlreadyStored, match=r"'a' already"):
        await tasks.insert(Task(id="a", name="second"))
    assert names(await tasks.find_all()) == ["first"]


@pytest.mark.parametrize("write", ["save", "update"])
async def test_a_lost_update_is_an_error_and_changes_nothing(tasks, write: str) -> None:
    await tasks.save(Task(id="a", name="old"))
    mine, theirs = await tasks.find_by_id("a"), await tasks.find_by_id("a")
    theirs.name = "theirs"
    await tasks.save(theirs)
    mine.name = "mine"
    with pytest.raises(Conflict, match="'a' was changed by someone else"):
        await getattr(tasks, write)(mine)
    assert names(await tasks.find_all()) == ["theirs"]
    assert mine.version == 1


async def test_an_entity_that_was_never_stored_is_written_over_what_is_there(tasks) -> None:
    await save_all(tasks, [Task(id="a", name="old"), Task(id="a", name="new")])
    assert (await tasks.find_by_id("a")).name == "new"
    assert await tasks.versions() == {"a": 2}


async def test_an_entity_of_another_store_is_inserted(tasks) -> None:
    task = Task(name="a")
    await InMemoryRepository(Task).save(task)
    await tasks.save(task)
    task.name = "b"
    await tasks.save(task)
    assert await tasks.versions() == {task.id: 3}


async def test_a_frozen_entity_has_a_version_too(open_store) -> None:
    cards = open_store(Card)
    card = Card()
    await cards.save(card)
    await cards.save(card.model_copy(update={"name": "other"}))
    with pytest.raises(Conflict):
        await cards.save(card)
    assert names(await cards.find_all({"name": "other", "body": ""})) == ["other"]


async def test_what_a_class_keeps_beside_its_data_stays_beside_the_version(open_store) -> None:
    store, drawer = open_store(Drawer), Drawer(id="d")
    assert drawer.look() == 4
    await store.save(drawer)
    assert (drawer.version, drawer.look()) == (1, 5)
    found = await store.find_by_id("d")
    assert (found.version, found.look()) == (1, 4)
    copy = found.model_copy(update={"label": "Top"})
    await store.save(copy)
    assert (copy.version, copy.look()) == (2, 5)
    with pytest.raises(Conflict):
        await store.save(found)
    assert (found.version, found.look()) == (1, 5)


async def test_a_plain_model_is_written_blindly(open_store) -> None:
    notes = open_store(Note)
    await save_all(notes, [Note(id="b"), Note(id="a", text="old"), Note(id="a", text="new")])
    assert [note.text for note in await notes.find_all()] == ["new", ""]
    assert [note.id for note in await notes.find_page()] == ["b", "a"]
    assert await notes.versions({"text": "new"}) == {"a": 2}
    assert await notes.update(Note(id="nobody")) is False
    with pytest.raises(AlreadyStored):
        await notes.insert(Note(id="a"))


@pytest.mark.parametrize(
    "text",
    [
        "😀 family 👨‍👩‍👧",
        "a\0b",
        "‏שלום",
        "\r\n\t\u2028",
        "\ufeff",
        "'\"; DROP TABLE task;--",
        "ß" * 500_000,
    ],
)
async def test_every_text_comes_back_as_it_was(tasks, text: str) -> None:
    task = Task(name=text[:200], description=text, metadata={text[:50]: [text]}, agent_id=text)
    await tasks.save(task)
    assert await tasks.find_by_id(task.id) == task
    assert await tasks.find_all({"agent_id": text}) == [task]


@pytest.mark.parametrize(
    "metadata",
    [
        {"text": "\ud800"},
        {"\udfff": 1},
        {"number": math.nan},
        {"list": [1, {"deep": (math.inf,)}]},
        {"object": object()},
    ],
)
async def test_what_could_not_be_read_again_is_refused_whole(tasks, metadata) -> None:
    task = Task(name="good")
    await tasks.save(task)
    task.metadata = metadata
    for refused in (task, Task(name="new", metadata=metadata)):
        with pytest.raises(NotStorable, match=refused.id):
            await tasks.save(refused)
    assert names(await tasks.find_all({"metadata": {}})) == ["good"]
    assert task.version == 1


async def test_lists_without_end_and_broken_fields_are_refused(tasks, open_store) -> None:
    endless: list[Any] = []
    endless.append(endless)
    deep: list[Any] = []
    for _ in range(300):
        deep = [deep]
    for value in (endless, deep):
        with pytest.raises(NotStorable):
            await tasks.save(Task(name="a", metadata={"x": value}))
    broken = Task(name="a")
    broken.tags.append(5)  # type: ignore[arg-type]
    with pytest.raises(NotStorable, match=r"tags\.0"):
        await tasks.save(broken)
    with pytest.raises(NotStorable, match="weight"):
        await open_store(Note).save(Note(id="a", weight=math.inf))
    with pytest.raises(NotStorable, match="keeps Task"):
        await tasks.save(Workflow(name="a"))
    assert await tasks.count() == 0


@pytest.mark.parametrize("entity_id", IMPOSSIBLE_IDS)
async def test_an_impossible_id_is_refused_everywhere(open_store, entity_id: str) -> None:
    notes = open_store(Note)
    for ask in (notes.find_by_id, notes.delete):
        with pytest.raises(InvalidId, match="letters, digits"):
            await ask(entity_id)
    for write in (notes.save, notes.insert, notes.update):
        with pytest.raises(InvalidId):
            await write(Note(id=entity_id))
    assert await notes.find_all() == []


async def test_ids_that_differ_by_case_are_different(tasks) -> None:
    await save_all(tasks, [Task(id=i, name=i) for i in ("ab", "Ab", "aB", "AB")])
    assert sorted(names(await tasks.find_all())) == ["AB", "Ab", "aB", "ab"]
    assert await tasks.delete("Ab") is True
    assert (await tasks.find_by_id("ab")).name == "ab"


def test_one_repository_serves_many_event_loops(open_store) -> None:
    tasks = open_store(Task)
    for n in range(5):
        asyncio.run(save_all(tasks, [Task(id=f"t{n}", name="a"), Task(name="b")]))
    assert asyncio.run(tasks.count()) == 10


def test_threads_with_loops_of_their_own_lose_nothing(open_store) -> None:
    cards = open_store(Card)
    asyncio.run(cards.save(Card(id="a", points=0)))

    async def count_up() -> None:
        for _ in range(10):
            while True:
                card = await cards.find_by_id("a")
                try:
                    await cards.save(card.model_copy(update={"points": card.points + 1}))
                except Conflict:
                    continue
                break

    threads = [threading.Thread(target=asyncio.run, args=[count_up()]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert asyncio.run(cards.find_by_id("a")).points == 40
    assert asyncio.run(cards.versions()) == {"a": 41}


async def test_saves_at_the_same_time_are_all_kept(tasks) -> None:
    task = Task(id="again", name="a")
    await asyncio.gather(*(tasks.save(Task(name="b")) for _ in range(50)), tasks.save(task))
    await asyncio.gather(*(tasks.save(task) for _ in range(10)))
    assert await tasks.count() == 51
    assert (await tasks.find_by_id("again")).version == task.version == 11


async def test_entities_of_several_repositories_are_saved_together(open_store) -> None:
    tasks, cards = open_store(Task), open_store(Card)
    task, card = Task(name="a"), Card()
    await save_together([(tasks, task), (cards, card), (tasks, task)])
    assert await tasks.versions() == {task.id: task.version} == {task.id: 2}
    assert await cards.find_all() == [card]
    await save_together([])


async def test_nothing_of_a_group_is_saved_when_one_cannot_be_stored(open_store) -> None:
    tasks = open_store(Task)
    with pytest.raises(NotStorable):
        await save_together([(tasks, Task(name="a")), (tasks, Task(name="b", error="\ud800"))])
    assert await tasks.count() == 0


async def test_a_draft_is_kept_as_it_is_however_unfinished(open_store) -> None:
    drafts = open_store(WorkflowDraft)
    draft = WorkflowDraft(id="w", document={"name": "", "steps": [{"type": "?"}]}, editor="Ann")
    await drafts.insert(draft)
    assert await drafts.find_by_id("w") == draft
    assert await drafts.find_fields(("id", "name", "based_on", "changed_at")) == [
        {"id": "w", "name": "", "based_on": 0, "changed_at": draft.changed_at}
    ]
    with pytest.raises(AlreadyStored):
        await drafts.insert(WorkflowDraft(id="w"))


async def test_a_workflow_and_its_version_are_saved_together(open_store) -> None:
    definitions, versions = open_store(WorkflowDefinition), open_store(WorkflowVersion)
    for number in (1, 2, 10):
        stored = await definitions.find_by_id("w") or WorkflowDefinition(id="w", name="Draft")
        new = stored.model_copy(update={"number": number, "archived_at": DAY})
        version = WorkflowVersion(definition_id="w", number=number, document={"name": "Draft"})
        await save_together([(definitions, new), (versions, version)])
    found = await versions.find_page({"definition_id": "w"}, order_by="number")
    assert [version.number for version in found] == [10, 2, 1]
    assert (await definitions.find_by_id("w")).number == 10
    assert (await definitions.find_by_id("w")).archived_at == DAY
    with pytest.raises(Conflict):
        await save_together(
            [
                (definitions, stored.model_copy(update={"number": 11})),
                (versions, WorkflowVersion(definition_id="w", number=11, document={})),
            ]
        )
    assert await versions.count({"definition_id": "w"}) == 3


async def test_an_agent_and_its_version_are_saved_together(open_store) -> None:
    agents, versions = open_store(AgentConfig), open_store(AgentVersion)
    agent = AgentConfig(id="a", name="A", role="R", instruction_template="I")
    await agents.insert(agent)
    stale = await agents.find_by_id("a")
    for number in (1, 2, 10):
        stored = await agents.find_by_id("a")
        new = stored.model_copy(update={"number": number, "numbered_at": stored.version + 1})
        version = AgentVersion(agent_id="a", number=number, document={"name": "A"})
        await save_together([(agents, new), (versions, version)])
    found = await versions.find_page({"agent_id": "a"}, order_by="number")
    assert [version.number for version in found] == [10, 2, 1]
    assert (await agents.find_by_id("a")).saved_number == 10
    assert await versions.count({"agent_id": "a", "number": 2}) == 1
    late = AgentVersion(agent_id="a", number=11, document={})
    with pytest.raises(Conflict):
        await save_together([(agents, stale), (versions, late)])
    assert await versions.delete_all({"agent_id": "a"}) == 3


async def test_runs_are_found_by_their_workflow(open_store) -> None:
    runs = open_store(Workflow)
    await save_all(runs, [Workflow(name=n, definition_id=d) for n, d in ("ax", "bx", "cy")])
    assert sorted(names(await runs.find_all({"definition_id": ["x"]}))) == ["a", "b"]
    assert await runs.count({"definition_id": "y", "status": "pending"}) == 1


async def test_settings_are_kept_and_changed_only_as_they_were_seen(open_store) -> None:
    settings, limits = open_store(StoreSettings), RunLimits(model_calls=20, cost=0.5)
    assert await read_settings(settings) == StoreSettings()
    await change_setting(settings, "limits", seen=RunLimits(), wanted=limits)
    await change_setting(settings, "default_model", seen=None, wanted="scripted")
    for name, seen, wanted in (("limits", RunLimits(), limits), ("default_model", None, "other")):
        with pytest.raises(Conflict, match=f"{name.replace('_', ' ')!r} was changed by someone"):
            await change_setting(settings, name, seen=seen, wanted=wanted)
    kept = await read_settings(settings)
    assert (kept.default_model, kept.limits) == ("scripted", limits)
    assert await settings.count() == 1


async def test_nobody_is_the_first_to_change_a_setting_twice(open_store) -> None:
    settings = open_store(StoreSettings)
    changes = [
        change_setting(settings, "default_model", seen=None, wanted=f"m{number}")
        for number in range(8)
    ]
    results = await asyncio.gather(*changes, return_exceptions=True)
    assert results.count(None) == 1
    assert all(isinstance(result, Conflict) for result in results if result is not None)
    kept = (await read_settings(settings)).default_model
    assert kept == f"m{results.index(None)}"
