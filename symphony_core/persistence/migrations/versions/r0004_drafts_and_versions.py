"""Workflows get drafts and versions, and runs a column for the workflow they are of.

The table of runs is made anew, because a column that is added would stand behind the long texts.
Workers of the older version that are still there lose their runs: they would refuse what newer ones
have written.
"""

from alembic import op
from sqlalchemy import Column, Integer, String, UniqueConstraint

revision = "0004"
down_revision = "0003"

_INDEXES = {
    "workflow_by_creation": ["created_at", "id"],
    "workflow_by_status": ["status", "created_at", "id"],
    "workflow_by_definition": ["definition_id", "created_at", "id", "status"],
}


def upgrade() -> None:
    """Change the tables."""
    op.create_table(
        "workflow_draft",
        Column("id", String, primary_key=True),
        Column("version", Integer, nullable=False),
        Column("name", String),
        Column("folded_name", String),
        Column("body", String, nullable=False),
    )
    op.create_table(
        "workflow_version",
        Column("id", String, primary_key=True),
        Column("version", Integer, nullable=False),
        Column("definition_id", String),
        Column("number", Integer),
        Column("body", String, nullable=False),
        UniqueConstraint("definition_id", "number"),
    )
    _add_column_to_runs()
    op.execute("DELETE FROM run_lease")


def _add_column_to_runs() -> None:
    for index in ("workflow_by_creation", "workflow_by_status"):
        op.drop_index(index, "workflow")
    op.rename_table("workflow", "workflow_before")
    texts = ["name", "folded_name", "status", "template", "definition_id", "created_at"]
    op.create_table(
        "workflow",
        Column("id", String, primary_key=True),
        Column("version", Integer, nullable=False),
        *(Column(text, String) for text in texts),
        Column("body", String, nullable=False),
    )
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    of_body = (
        "json_extract(body, '$.definition_id')" if is_sqlite else "body::json->>'definition_id'"
    )
    names = ["id", "version", *texts, "body"]
    values = [of_body if name == "definition_id" else name for name in names]
    op.execute(
        f"INSERT INTO workflow ({', '.join(names)}) SELECT {', '.join(values)} FROM workflow_before"
    )
    op.drop_table("workflow_before")
    for index, columns in _INDEXES.items():
        op.create_index(index, "workflow", columns)
