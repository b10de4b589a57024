"""Run by Alembic on the connection it is given; see dreambot.jobs.database."""

from alembic import context

from dreambot.jobs.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite cannot alter a column: Alembic then rebuilds the table.
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
