"""Model profiles get a table; runs keep those they use, and attempts what they cost, in bodies.

The number keeps programs away that would refuse such a body.
"""

from alembic import op
from sqlalchemy import Column, Integer, String

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the table."""
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
