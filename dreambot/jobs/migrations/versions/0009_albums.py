"""Albums: a job can have several pictures, each with its recipe and result, and counts for each of them."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Adds the columns; jobs of earlier versions had one picture."""
    op.add_column("jobs", sa.Column("album", sa.Text))
    op.add_column("jobs", sa.Column("pictures", sa.Integer, nullable=False, server_default="1"))
