"""Captions are stored with their jobs, so that a channel does not get the same one again and again."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Adds the column, and the index by which a channel's latest captions are found."""
    op.add_column("jobs", sa.Column("caption", sa.Text))
    op.create_index("jobs_by_channel", "jobs", ["channel", "id"])
