"""The dreams that people shared in the gallery."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Adds the table."""
    op.create_table(
        "gallery",
        sa.Column("id", sa.String(22), primary_key=True),
        sa.Column("job", sa.String(25), nullable=False),
        sa.Column("owner", sa.BigInteger, nullable=False),
        sa.Column("guild", sa.BigInteger),
        sa.Column("channel", sa.BigInteger, nullable=False),
        sa.Column("message", sa.BigInteger, nullable=False),
        sa.Column("source_message", sa.BigInteger),
        sa.Column("source_person", sa.BigInteger),
        sa.Column("origin_message", sa.BigInteger),
        sa.Column("files", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("stars", sa.Integer, nullable=False),
        sa.Column("shared", sa.DateTime, nullable=False),
    )
    op.create_index("gallery_by_job", "gallery", ["job"], unique=True)
    for column in ("message", "source_message", "origin_message", "owner", "shared"):
        op.create_index(f"gallery_by_{column}", "gallery", [column])
    op.create_index("gallery_by_stars", "gallery", ["stars", "shared"])
