"""Events are kept under their run and number alone: every step writes two, each into one index less.

Programs of the older version go on: they ask for nothing that is not there.
"""

from alembic import op
from sqlalchemy import Column, Integer, PrimaryKeyConstraint, String

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make the table of events anew."""
    op.rename_table("run_event", "run_event_before")
    op.create_table(
        "run_event",
        Column("id", String, nullable=False),
        Column("version", Integer, nullable=False),
        Column("run_id", String, nullable=False),
        Column("number", Integer, nullable=False),
        Column("body", String, nullable=False),
        PrimaryKeyConstraint("run_id", "number"),
    )
    kept = "id, version, run_id, number, body"
    op.execute(
        f"INSERT INTO run_event ({kept}) SELECT {kept} FROM run_event_before "
        "ORDER BY run_id, number"
    )
    op.drop_table("run_event_before")
