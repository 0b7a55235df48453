"""What is set for everybody who uses the store gets a table."""

from alembic import op
from sqlalchemy import Column, Integer, String

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "store_settings",
        Column("id", String, primary_key=True),
        Column("version", Integer, nullable=False),
        Column("body", String, nullable=False),
    )
