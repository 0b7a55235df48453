"""Looks at a store and says what it found. It changes nothing, and disturbs no worker."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError
from sqlalchemy import Connection, Table, inspect, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from symphony_core.agent_config import AgentConfig
from symphony_core.errors import ModelUnavailable, StorageError
from symphony_core.ids import Clock, utc_now
from symphony_core.model_profile import PREFIX, ModelProfile
from symphony_core.models import catalog
from symphony_core.models.base import Availability
from symphony_core.orchestration.workflow_definition import WorkflowDefinition
from symphony_core.persistence.database import locate
from symphony_core.persistence.read_only import look_at
from symphony_core.persistence.schema import CURRENT, refuse_newer, revision
from symphony_core.persistence.sql_errors import name_of, storage_error
from symphony_core.persistence.sql_tables import BUILT_IN, table_for
from symphony_core.persistence.writes import first_reason, id_of, storage_name
from symphony_core.registry import ENTITY_TYPES
from symphony_core.run_lease import RunLease
from symphony_core.runtime.doctor_files import Finding, is_new, look_at_files, megabytes
from symphony_core.runtime.doctor_tools import look_at_tools
from symphony_core.runtime.settings import tools_file
from symphony_core.store_settings import StoreSettings
from symphony_core.worker_beat import WorkerBeat
from symphony_core.workflow import Workflow, WorkflowStatus

MOST_NAMED = 10  # ids in one line
LARGEST = 3  # tables

# Which column of which table names the run that a row belongs to.
_BELONGS = {
    "step_run": "run_id",
    "run_event": "run_id",
    "run_request": "run_id",
    "approval": "run_id",
    "task": "workflow_id",
    "run_lease": "id",
}
_KINDS: list[type[BaseModel]] = [*ENTITY_TYPES.values(), WorkflowDefinition]
_CLASSES = {storage_name(kind): kind for kind in _KINDS}


class _Store(NamedTuple):
    connection: Connection
    name: str
    clock: Clock


def examine(url: str, clock: Clock = utc_now) -> list[Finding]:
    """Return what there is to say of the store at a URL, and of what runs on it."""
    if is_new(url):
        text = "There is no database yet: its first use makes it."
        return [Finding("database", True, text), *_default(), *look_at_tools(tools_file())]
    try:
        with look_at(url) as connection:
            store = _Store(connection, name_of(make_url(locate(url))), clock)
            findings = [f for check in _checks(connection) for f in _attempt(check, store)]
    except StorageError as error:
        findings = [Finding("database", False, str(error)), *_default()]
    return [*findings, *look_at_files(url), *look_at_tools(tools_file())]


def _checks(connection: Connection) -> list[Callable[[_Store], Iterator[Finding]]]:
    checks: list[Callable[[_Store], Iterator[Finding]]] = [_schema]
    if connection.dialect.name == "sqlite":
        checks.append(_integrity)
    if revision(connection) == CURRENT:  # else the rows are another version's to read
        return [*checks, _rows, _left_runs, _orphans, _workers, _models]
    return [*checks, _default]


def _attempt(check: Callable[[_Store], Iterator[Finding]], store: _Store) -> list[Finding]:
    try:
        return list(check(store))
    except SQLAlchemyError as error:
        name = check.__name__.strip("_").replace("_", " ")
        return [Finding(name, False, str(storage_error(store.name, error)))]


def _schema(store: _Store) -> Iterator[Finding]:
    found = revision(store.connection)
    try:
        refuse_newer(found, store.name)
    except StorageError as error:
        yield Finding("schema", False, str(error))
        return
    if found is None:
        yield Finding("schema", False, "This is no database of Symphony's, or an empty one.")
    elif found == CURRENT:
        yield Finding("schema", True, f"The schema is {found}, this version's own.")
    else:
        upgrade = f"the next start copies the database and brings it to {CURRENT}"
        yield Finding("schema", True, f"The schema is {found}: {upgrade}.")


def _integrity(store: _Store) -> Iterator[Finding]:
    said = store.connection.exec_driver_sql(f"PRAGMA integrity_check({MOST_NAMED})").scalars().all()
    if said == ["ok"]:
        yield Finding("integrity", True, "SQLite finds the database whole.")
    for line in said if said != ["ok"] else ():
        restore = "Stop what uses it and restore a backup."
        yield Finding("integrity", False, f"The database is damaged: {line}. {restore}")


def _rows(store: _Store) -> Iterator[Finding]:
    """Read every row as its class would."""
    sizes = []
    for name, entity_class in _present(store.connection):
        count = size = 0
        for row_id, body, reason in _read(store.connection, table_for(entity_class), entity_class):
            count, size = count + 1, size + len(body)
            if reason:
                mend = "Restore a backup, or delete it."
                yield Finding("rows", False, f"{row_id!r} in {name!r} is damaged: {reason}. {mend}")
        sizes.append((size, f"{name} ({count} rows, {megabytes(size)})"))
    largest = ", ".join(text for _, text in sorted(sizes, reverse=True)[:LARGEST])
    yield Finding("tables", True, f"The largest tables by their text: {largest}.")
    known = {*BUILT_IN, *_CLASSES}
    own = sorted(set(inspect(store.connection).get_table_names()) - known)
    if own:
        yield Finding("tables", True, f"Not read, for they are not Symphony's: {', '.join(own)}.")


def _read(
    connection: Connection, table: Table, entity_class: type[BaseModel]
) -> Iterator[tuple[str, str, str | None]]:
    for row_id, body in connection.execute(select(table.c.id, table.c.body)):
        reason = None
        try:
            held = id_of(entity_class.model_validate_json(body))
            if held != row_id:
                reason = f"it holds the id {held!r}"
        except ValidationError as error:
            reason = first_reason(error)
        yield row_id, str(body), reason


def _present(connection: Connection) -> list[tuple[str, type[BaseModel]]]:
    there = set(inspect(connection).get_table_names())
    return [(name, kind) for name, kind in _CLASSES.items() if name in there]


def _entities(
    connection: Connection, entity_class: type[BaseModel], **wanted: str
) -> Iterator[Any]:
    """Give what can be read; what cannot is told of once, with the rows."""
    if (storage_name(entity_class), entity_class) not in _present(connection):
        return
    table = table_for(entity_class)
    conditions = [table.c[column] == value for column, value in wanted.items()]
    for (body,) in connection.execute(select(table.c.body).where(*conditions)):
        try:
            yield entity_class.model_validate_json(body)
        except ValidationError:
            continue


def _left_runs(store: _Store) -> Iterator[Finding]:
    now = store.clock()
    beats = _entities(store.connection, WorkerBeat)
    alive = {beat.id for beat in beats if beat.is_alive(now)}
    held = {lease.id for lease in _entities(store.connection, RunLease) if lease.owner in alive}
    running = _entities(store.connection, Workflow, status=WorkflowStatus.RUNNING)
    # Tasks that somebody tracks by hand have no definition, and no worker runs them.
    ids = [run.id for run in running if run.definition is not None]
    left = [run_id for run_id in ids if run_id not in held]
    if left:
        text = f"'running' while nobody runs them: {_named(left)}. Start a worker: they go on."
        yield Finding("runs", False, text)
    else:
        yield Finding("runs", True, f"{len(ids)} running, each of them in somebody's hands.")


def _orphans(store: _Store) -> Iterator[Finding]:
    runs = select(BUILT_IN["workflow"].c.id)
    found = False
    for name, column in _BELONGS.items():
        owner = BUILT_IN[name].c[column]
        gone = select(BUILT_IN[name].c.id).where(owner.is_not(None), owner.not_in(runs))
        if ids := list(store.connection.execute(gone).scalars()):
            found = True
            yield Finding("orphans", False, f"In {name!r}, of runs that are gone: {_named(ids)}.")
    if not found:
        yield Finding("orphans", True, "Every step, event and task belongs to a run that is there.")


def _workers(store: _Store) -> Iterator[Finding]:
    now = store.clock()
    beats = _entities(store.connection, WorkerBeat)
    workers = [beat for beat in beats if beat.takes_runs and beat.is_alive(now)]
    alive = [f"{beat.owner} ({beat.active_runs} runs)" for beat in workers]
    yield Finding("workers", True, f"Alive: {', '.join(alive) or 'none'}.")


def _models(store: _Store) -> Iterator[Finding]:
    """Look at the models that agents name, and at the default one."""
    profiles = {each.reference: each for each in _entities(store.connection, ModelProfile)}
    named = {agent.model for agent in _entities(store.connection, AgentConfig) if agent.model}
    chosen = [each.default_model for each in _entities(store.connection, StoreSettings)]
    for name in sorted(named | {catalog.default_name(chosen[0] if chosen else None)}):
        if name in profiles:
            yield _model(profiles[name].name, _usable(profiles[name]))
        elif name.startswith(PREFIX):
            gone = "There is no such model any more. Choose another one for whoever names it."
            yield Finding("models", False, f"{name}: {gone}")
        else:
            yield _model(name, catalog.availability(name))


def _usable(profile: ModelProfile) -> Availability:
    try:
        return catalog.open_profile(profile).availability()
    except ModelUnavailable as error:
        return catalog.unusable(error)


def _default(_unread: _Store | None = None) -> Iterator[Finding]:
    """Look at the default model where no store can be asked which was chosen."""
    name = catalog.default_name(None)
    if not name.startswith(PREFIX):  # else only the store knows it
        yield _model(name, catalog.availability(name))


def _model(name: str, state: Availability) -> Finding:
    return Finding("models", state.ready, f"{name}: {state.text}")


def _named(ids: list[str]) -> str:
    more = f" and {len(ids) - MOST_NAMED} more" if len(ids) > MOST_NAMED else ""
    return ", ".join(ids[:MOST_NAMED]) + more
