"""Agents get versions, and can be put away; steps say in their bodies which version answered.

Workers of the older version that are still there lose their runs: they would refuse such bodies.
"""

from alembic import op
from sqlalchemy import Column, Integer, String, UniqueConstraint

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the table, and empty that of leases."""
    op.create_table(
        "agent_version",
        Column("id", String, primary_key=True),
        Column("version", Integer, nullable=False),
        Column("agent_id", String),
        Column("number", Integer),
        Column("body", String, nullable=False),
        UniqueConstraint("agent_id", "number"),
    )
    op.execute("DELETE FROM run_lease")
