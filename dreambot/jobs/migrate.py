"""Bringing the schema up to date, by one bot at a time."""

from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from dreambot.jobs.lost import DatabaseError

_LOCK = 0xD2EA_B07
"""Any number, but the same in every dreambot."""


async def migrate(connection: AsyncConnection) -> None:
    """Makes or changes the tables, in the connection's transaction. Raises DatabaseError where a newer
    dreambot did so before."""
    if connection.dialect.name == "postgresql":
        await connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    await connection.run_sync(_upgrade)


def newest() -> str:
    """The schema that this dreambot works with."""
    return _scripts().get_current_head() or ""


def is_known(revision: str) -> bool:
    """Whether it is the schema of this dreambot, or of an older one."""
    return revision in {script.revision for script in _scripts().walk_revisions()}


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _config() -> Config:
    config = Config()
    folder = files("dreambot.jobs.migrations")
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    return config


def _upgrade(connection: Connection) -> None:
    config = _config()
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise DatabaseError(
            f"The database was last used by a newer dreambot than this one, which knows it up to {newest()}; "
            "install the newer one again, or set another DREAMBOT_DATA_DIR or DREAMBOT_DATABASE_URL."
        ) from error
