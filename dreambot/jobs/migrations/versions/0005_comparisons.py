"""Comparisons that are shown to everyone, and the messages whose pictures they show."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Adds the table, and the indexes by which a picture's comparisons are found."""
    op.create_table(
        "comparisons",
        sa.Column("message", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("guild", sa.BigInteger),
        sa.Column("channel", sa.BigInteger, nullable=False),
        sa.Column("person", sa.BigInteger, nullable=False),
        sa.Column("job", sa.String(25), nullable=False),
        sa.Column("dream", sa.BigInteger, nullable=False),
        sa.Column("before", sa.BigInteger),
        sa.Column("source", sa.BigInteger),
    )
    for column in ("dream", "before", "source"):
        op.create_index(f"comparisons_by_{column}", "comparisons", [column])
