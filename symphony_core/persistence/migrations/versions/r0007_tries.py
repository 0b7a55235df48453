"""Runs say what they are for, in a column of its own: their workflow, or only to try something.

The table of runs is made anew, because a column that is added would stand behind the long texts.
Until now a tag told the tries. Workers of the older version that are still there lose their runs:
they would refuse such bodies.
"""

import json

from alembic import op
from sqlalchemy import Column, Integer, String, column, select, table, update

revision = "0007"
down_revision = "0006"

_TAG = "tried"
_INDEXES = {
    "workflow_by_creation": ["created_at", "id"],
    "workflow_by_status": ["status", "created_at", "id"],
    "workflow_by_definition": ["definition_id", "created_at", "id", "status"],
}
_RUNS = table("workflow", column("id"), column("purpose"), column("body"))


def upgrade() -> None:
    """Change the table of runs, and empty that of leases."""
    _add_column_to_runs()
    _tell_tries()
    op.execute("DELETE FROM run_lease")


def _add_column_to_runs() -> None:
    for index in _INDEXES:
        op.drop_index(index, "workflow")
    op.rename_table("workflow", "workflow_before")
    before = ["name", "folded_name", "status", "template", "definition_id"]
    op.create_table(
        "workflow",
        Column("id", String, primary_key=True),
        Column("version", Integer, nullable=False),
        *(Column(text, String) for text in (*before, "purpose", "created_at")),
        Column("body", String, nullable=False),
    )
    kept = ", ".join(["id", "version", *before, "created_at", "body"])
    op.execute(f"INSERT INTO workflow ({kept}, purpose) SELECT {kept}, 'work' FROM workflow_before")
    op.drop_table("workflow_before")
    for index, columns in _INDEXES.items():
        op.create_index(index, "workflow", columns)


def _tell_tries() -> None:
    connection = op.get_bind()
    has_word = select(_RUNS.c.id, _RUNS.c.body).where(_RUNS.c.body.contains(f'"{_TAG}"'))
    for run_id, body in connection.execute(has_word).all():
        try:
            data = json.loads(body)
        except ValueError:  # a damaged row stays as it is
            continue
        if _TAG in data.get("tags", ()):
            data["purpose"] = "try"
            data["tags"].remove(_TAG)
            connection.execute(
                update(_RUNS)
                .where(_RUNS.c.id == run_id)
                .values(purpose="try", body=json.dumps(data, ensure_ascii=False))
            )
