"""The channels of shared threads, and the messages of shared sounds."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Adds the columns, which are not known of dreams that were shared earlier."""
    for column in ("parent", "sound_message"):
        op.add_column("gallery", sa.Column(column, sa.BigInteger))
    op.create_index("gallery_by_sound_message", "gallery", ["sound_message"])
