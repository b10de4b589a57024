"""The sound of a hellscape."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Adds the column; jobs of earlier versions have no sound."""
    op.add_column("jobs", sa.Column("sound", sa.Text))
