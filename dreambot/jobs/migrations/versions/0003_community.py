"""Parents, private dreams and guides of jobs; the settings of servers and users."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Adds the columns and tables. Earlier jobs were public, and answered in English."""
    with op.batch_alter_table("jobs") as jobs:
        jobs.add_column(sa.Column("private", sa.Boolean, nullable=False, server_default=sa.false()))
        jobs.add_column(sa.Column("locale", sa.String(16), nullable=False, server_default="en"))
        jobs.add_column(sa.Column("source_person", sa.BigInteger))
        jobs.add_column(sa.Column("guide", sa.Text))
        jobs.add_column(sa.Column("parent", sa.String(25)))
        jobs.add_column(sa.Column("press", sa.String(16)))
        jobs.add_column(sa.Column("bounds", sa.Text))
    with op.batch_alter_table("jobs") as jobs:
        jobs.alter_column("private", existing_type=sa.Boolean, server_default=None)
        jobs.alter_column("locale", existing_type=sa.String(16), server_default=None)
    op.create_index("jobs_by_parent", "jobs", ["parent"])
    op.create_index("jobs_by_source", "jobs", ["source_message"])
    op.create_index("jobs_by_owner", "jobs", ["owner", "created"])
    op.create_index("jobs_by_guild", "jobs", ["guild", "state", "id"])
    op.add_column("channels", sa.Column("rules", sa.Text))
    for name in ("guilds", "people"):
        op.create_table(
            name,
            sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
            sa.Column("settings", sa.Text, nullable=False),
        )
    op.create_table(
        "blocks",
        sa.Column("guild", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("person", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("since", sa.DateTime, nullable=False),
    )
