"""Where the source of a job is to be looked for, so that a resumed job finds it."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Adds the column; jobs of earlier versions have no reference."""
    op.add_column("jobs", sa.Column("source_reference", sa.Text))
