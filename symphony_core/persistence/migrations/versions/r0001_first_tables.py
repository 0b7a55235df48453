"""The tables of the first schema, so far as a store has not needed them yet."""

from alembic import op
from sqlalchemy import Column, Integer, String, UniqueConstraint
from sqlalchemy.schema import SchemaItem

revision = "0001"
down_revision = None

_NAMED = ("name", "folded_name")


def upgrade() -> None:
    """Create what is missing."""
    _table("task", *_NAMED, "status", "workflow_id", "agent_id", "created_at")
    for column in ("status", "workflow_id", "agent_id"):
        _index(f"ix_task_{column}", "task", column)
    _index("task_by_creation", "task", "created_at", "id")
    for table in ("agent_config", "workflow_definition"):
        _table(table, *_NAMED, "created_at")
        _index(f"{table}_by_creation", table, "created_at", "id")
    _table("workflow", *_NAMED, "status", "template", "created_at")
    _index("workflow_by_creation", "workflow", "created_at", "id")
    _index("workflow_by_status", "workflow", "status", "created_at", "id")
    _table("step_run", "run_id", "path", "status", "started_at")
    _index("step_run_by_start", "step_run", "run_id", "started_at", "id")
    _table("run_event", "run_id", Column("number", Integer), UniqueConstraint("run_id", "number"))
    _table("run_lease", "expires_at")
    _index("ix_run_lease_expires_at", "run_lease", "expires_at")
    _table("run_request", "run_id")
    _index("ix_run_request_run_id", "run_request", "run_id")


def _table(name: str, *parts: str | SchemaItem) -> None:
    op.create_table(
        name,
        Column("id", String, primary_key=True),
        Column("version", Integer, nullable=False),
        *(Column(part, String) if isinstance(part, str) else part for part in parts),
        Column("body", String, nullable=False),
        if_not_exists=True,
    )


def _index(name: str, table: str, *columns: str) -> None:
    op.create_index(name, table, list(columns), if_not_exists=True)
