"""Saved looks of people and servers, and the default look of a channel."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Adds the table and the column."""
    op.create_table(
        "looks",
        sa.Column("scope", sa.String(6), primary_key=True),
        sa.Column("owner", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("key", sa.String(80), primary_key=True),
        sa.Column("name", sa.String(24), nullable=False),
        sa.Column("recipe", sa.Text, nullable=False),
        sa.Column("created", sa.DateTime, nullable=False),
    )
    op.add_column("channels", sa.Column("look", sa.Text))
