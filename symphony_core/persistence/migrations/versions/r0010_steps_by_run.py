"""Steps are kept under their run and id: every step is written twice, into two indexes less.

Programs of the older version go on, if slowly: they look for a step by its id alone.
"""

from alembic import op
from sqlalchemy import Column, Integer, PrimaryKeyConstraint, String

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make the table of steps anew."""
    op.drop_index("step_run_by_start", "step_run")
    op.rename_table("step_run", "step_run_before")
    op.create_table(
        "step_run",
        Column("id", String, nullable=False),
        Column("version", Integer, nullable=False),
        Column("run_id", String, nullable=False),
        Column("path", String),
        Column("status", String),
        Column("started_at", String),
        Column("body", String, nullable=False),
        PrimaryKeyConstraint("run_id", "id"),
    )
    kept = "id, version, run_id, path, status, started_at, body"
    op.execute(f"INSERT INTO step_run ({kept}) SELECT {kept} FROM step_run_before")
    op.drop_table("step_run_before")
