"""Model profiles get a table; runs keep those they use, and attempts what they cost, in bodies.

Workers of the older version that are still there lose their runs: they would refuse such bodies.
"""

from alembic import op
from sqlalchemy import Column, Integer, String

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the table, and empty the one of leases."""
    op.create_table(
        "model_profile",
        Column("id", String, primary_key=True),
        Column("version", Integer, nullable=False),
        Column("name", String),
        Column("folded_name", String),
        Column("created_at", String),
        Column("body", String, nullable=False),
    )
    op.create_index("model_profile_by_creation", "model_profile", ["created_at", "id"])
    op.execute("DELETE FROM run_lease")
