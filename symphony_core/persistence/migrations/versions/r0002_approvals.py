"""Approvals get a table; leases lose their expiry.

The leases of one version are worthless to the next, so their table is made anew: that drops the
column in every SQLite, also in those older than 3.35.
"""

from alembic import op
from sqlalchemy import Column, Integer, String

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Change the tables."""
    op.create_table(
        "approval",
        Column("id", String, primary_key=True),
        Column("version", Integer, nullable=False),
        Column("run_id", String, index=True),
        Column("status", String, index=True),
        Column("expires_at", String),
        Column("body", String, nullable=False),
    )
    op.drop_table("run_lease")
    op.create_table(
        "run_lease",
        Column("id", String, primary_key=True),
        Column("version", Integer, nullable=False),
        Column("body", String, nullable=False),
    )
