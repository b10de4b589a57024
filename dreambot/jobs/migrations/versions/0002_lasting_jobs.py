"""All that a job needs to be finished by a later or another process."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Adds the columns. Jobs of before know no place to answer but their channel."""
    with op.batch_alter_table("jobs") as jobs:
        jobs.add_column(sa.Column("since", sa.DateTime, nullable=True))
        jobs.add_column(sa.Column("reply_to", sa.BigInteger))
        jobs.add_column(sa.Column("quiet", sa.Boolean, nullable=False, server_default=sa.false()))
        jobs.add_column(
            sa.Column("upload_limit", sa.BigInteger, nullable=False, server_default=str(10 * 2**20))
        )
        jobs.add_column(sa.Column("reachable", sa.Boolean, nullable=False, server_default=sa.true()))
        jobs.add_column(sa.Column("source", sa.Text))
        jobs.add_column(sa.Column("label", sa.Text))
        jobs.add_column(sa.Column("result", sa.Text))
        jobs.add_column(sa.Column("answer", sa.BigInteger))
        jobs.add_column(sa.Column("delivering", sa.DateTime))
        jobs.add_column(sa.Column("holder", sa.String(40)))
        jobs.add_column(sa.Column("held_until", sa.DateTime))
        jobs.add_column(sa.Column("withdrawn", sa.Text))
        jobs.add_column(sa.Column("last_change", sa.String(16)))
    op.execute("UPDATE jobs SET since = created")
    with op.batch_alter_table("jobs") as jobs:
        jobs.alter_column("since", existing_type=sa.DateTime, nullable=False)
        jobs.alter_column("quiet", existing_type=sa.Boolean, server_default=None)
        jobs.alter_column("upload_limit", existing_type=sa.BigInteger, server_default=None)
        jobs.alter_column("reachable", existing_type=sa.Boolean, server_default=None)
    op.drop_index("jobs_by_state", "jobs")
    op.drop_index("jobs_with_token", "jobs")
    unfinished = sa.text("state IN ('received', 'queued', 'running', 'delivering')")
    op.create_index(
        "jobs_unfinished", "jobs", ["state"], sqlite_where=unfinished, postgresql_where=unfinished
    )
