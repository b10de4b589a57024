"""Dreams that were forwarded to a server's hall of fame."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Adds the table, and the index by which the forwards of a deleted channel are found."""
    op.create_table(
        "forwards",
        sa.Column("message", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("job", sa.String(25), nullable=False),
        sa.Column("guild", sa.BigInteger, nullable=False),
        sa.Column("channel", sa.BigInteger, nullable=False),
        sa.Column("hall", sa.BigInteger, nullable=False),
        sa.Column("forward", sa.BigInteger),
        sa.Column("since", sa.DateTime, nullable=False),
    )
    op.create_index("forwards_by_channel", "forwards", ["channel"])
