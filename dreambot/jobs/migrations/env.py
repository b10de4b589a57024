"""Run by Alembic on the connection it is given; see dreambot.jobs.database."""

from alembic import context

from dreambot.jobs.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite cannot alter a column: Alembic then rebuilds the table.
    render_as_batch=True,
    # The connection has begun a transaction, on SQLite as well.
    transactional_ddl=True,
    on_version_apply=context.config.attributes.get("on_version_apply"),
)
with context.begin_transaction():
    context.run_migrations()
