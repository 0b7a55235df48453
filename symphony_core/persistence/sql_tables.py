"""The shapes of the tables: an entity's JSON text, and beside it what is searched and sorted by.

The classes describe rows and validate nothing; entities do. Tables are found by the entity
class's name, so that this module needs none of the layers above it.
"""

from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Column, Index, Integer, PrimaryKeyConstraint, String, Table, UniqueConstraint
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from symphony_core.persistence.selection import fold, moment_text
from symphony_core.persistence.writes import storage_name

SCHEMA_VERSION = 10  # the number of the newest revision in `migrations`

# Kept as text that sorts like moments; a filter's moments are written otherwise.
MOMENTS = frozenset({"created_at", "started_at", "expires_at"})

_tables = registry()


class _Shape(SQLModel, registry=_tables):
    """Keeps these tables apart from whatever else uses SQLModel in the process."""


class Row(_Shape):
    """What every table begins with. `body` comes last, so that scans need not read over it."""

    id: str = Field(primary_key=True)
    version: int


class NamedRow(Row):
    """A row that can be searched by name, whatever the case."""

    name: str | None = None
    folded_name: str | None = None


class TaskRow(NamedRow, table=True):
    """A task."""

    __tablename__ = "task"
    __table_args__ = (Index("task_by_creation", "created_at", "id"),)

    status: str | None = Field(default=None, index=True)
    workflow_id: str | None = Field(default=None, index=True)
    agent_id: str | None = Field(default=None, index=True)
    created_at: str | None = None
    body: str


class AgentConfigRow(NamedRow, table=True):
    """An agent."""

    __tablename__ = "agent_config"
    __table_args__ = (Index("agent_config_by_creation", "created_at", "id"),)

    created_at: str | None = None
    body: str


class ModelProfileRow(NamedRow, table=True):
    """A model under a name of its own."""

    __tablename__ = "model_profile"
    __table_args__ = (Index("model_profile_by_creation", "created_at", "id"),)

    created_at: str | None = None
    body: str


class AgentVersionRow(Row, table=True):
    """A saved state of an agent; two writers cannot both give it the same number."""

    __tablename__ = "agent_version"
    __table_args__ = (UniqueConstraint("agent_id", "number"),)

    agent_id: str | None = None
    number: int | None = None
    body: str


class WorkflowRow(NamedRow, table=True):
    """A run."""

    __tablename__ = "workflow"
    __table_args__ = (
        Index("workflow_by_creation", "created_at", "id"),
        Index("workflow_by_status", "status", "created_at", "id"),
        Index("workflow_by_definition", "definition_id", "created_at", "id", "status"),
    )

    status: str | None = None
    template: str | None = None
    definition_id: str | None = None
    purpose: str | None = None
    created_at: str | None = None
    body: str


class WorkflowDefinitionRow(NamedRow, table=True):
    """A workflow definition."""

    __tablename__ = "workflow_definition"
    __table_args__ = (Index("workflow_definition_by_creation", "created_at", "id"),)

    created_at: str | None = None
    body: str


class WorkflowDraftRow(NamedRow, table=True):
    """A workflow that somebody works on."""

    __tablename__ = "workflow_draft"

    body: str


class WorkflowVersionRow(Row, table=True):
    """A saved state of a workflow; two writers cannot both give it the same number."""

    __tablename__ = "workflow_version"
    __table_args__ = (UniqueConstraint("definition_id", "number"),)

    definition_id: str | None = None
    number: int | None = None
    body: str


class StepRunRow(Row, table=True):
    """A step of a run. Who looks for one knows its run: a second index would cost every step."""

    __tablename__ = "step_run"
    __table_args__ = (PrimaryKeyConstraint("run_id", "id"),)

    id: str
    run_id: str
    path: str | None = None
    status: str | None = None
    started_at: str | None = None
    body: str


class RunEventRow(Row, table=True):
    """An event of a run; two writers cannot both give it the same number.

    Nobody looks for one by its id, so that has no index: every step writes two.
    """

    __tablename__ = "run_event"
    __table_args__ = (PrimaryKeyConstraint("run_id", "number"),)

    id: str
    run_id: str
    number: int
    body: str


class RunLeaseRow(Row, table=True):
    """The right to run a run."""

    __tablename__ = "run_lease"

    body: str


class RunRequestRow(Row, table=True):
    """What was asked of a run."""

    __tablename__ = "run_request"

    run_id: str | None = Field(default=None, index=True)
    body: str


class ApprovalRow(Row, table=True):
    """What a person decides in a run."""

    __tablename__ = "approval"

    run_id: str | None = Field(default=None, index=True)
    status: str | None = Field(default=None, index=True)
    expires_at: str | None = None
    body: str


class StoreSettingsRow(Row, table=True):
    """What is set for everybody who uses the store."""

    __tablename__ = "store_settings"

    body: str


class MetaRow(_Shape, table=True):
    """What there is to know about the database itself."""

    __tablename__ = "symphony_meta"

    key: str = Field(primary_key=True)
    value: str


BUILT_IN = _tables.metadata.tables  # by name; a current database has all of them
META = BUILT_IN["symphony_meta"]


@cache
def table_for(entity_class: type[BaseModel]) -> Table:
    """Return the table of an entity class, a general one if it has none of its own."""
    name = storage_name(entity_class)
    if name in BUILT_IN:
        return BUILT_IN[name]
    columns: list[Column[Any]] = []
    fields = entity_class.model_fields
    if "name" in fields and fields["name"].annotation is str:
        columns += [Column("name", String), Column("folded_name", String)]
    if "created_at" in fields and fields["created_at"].annotation is datetime:
        columns.append(Column("created_at", String, index=True))
    return Table(
        name,
        registry().metadata,
        Column("id", String, primary_key=True),
        Column("version", Integer, nullable=False),
        *columns,
        Column("body", String, nullable=False),
    )


def fields_of(table: Table) -> dict[str, Column[Any]]:
    """Return the columns that hold a field as it is; a field may be named like one of the others."""
    own = ("version", "folded_name", "body")
    return {column.name: column for column in table.columns if column.name not in own}


def row_values(table: Table, entity: BaseModel) -> dict[str, str | int | None]:
    """Return what a row holds of an entity beside its id, version and body."""
    values = {}
    for name in _between(table):
        value = getattr(entity, name, None)
        kind = type(value)
        values[name] = value if kind is str or kind is int or value is None else _plain(value)
    if "folded_name" in values:
        values["folded_name"] = fold(str(values["name"] or ""))
    return values


@cache
def _between(table: Table) -> list[str]:
    """The names of the columns between the version and the body."""
    return table.columns.keys()[2:-1]


def _plain(value: Any) -> str | int | None:
    if isinstance(value, datetime):
        return moment_text(value)
    plain = value._value_ if isinstance(value, Enum) else value
    return plain if isinstance(plain, (str, int)) else None
