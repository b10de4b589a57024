"""One bot to a data folder."""

import errno
import os
from pathlib import Path

from filelock import FileLock, Timeout

from dreambot.jobs.lost import DatabaseError


def lock_folder(database: str | None) -> FileLock | None:
    """Locks the folder of an SQLite file, which is made when needed; None where there is no file.

    Raises DatabaseError where another bot has it, or it cannot be written to.
    """
    if not database or database == ":memory:":
        return None
    folder = Path(database).absolute().parent
    lock = FileLock(folder / "dreambot.lock")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire(blocking=False)
    except Timeout as error:
        # Leave to write that is missing looks to the library like a lock that somebody has.
        if not (os.access(folder, os.W_OK | os.X_OK) and os.access(lock.lock_file, os.W_OK)):
            raise DatabaseError(_not_writable(folder, os.strerror(errno.EACCES))) from error
        raise DatabaseError(
            f"Another dreambot is at work in {folder}; stop it, or give this one "
            "a folder of its own with DREAMBOT_DATA_DIR."
        ) from error
    except OSError as error:
        raise DatabaseError(_not_writable(folder, error.strerror)) from error
    return lock


def _not_writable(folder: Path, why: str | None) -> str:
    return (
        f"The data folder {folder} cannot be written to: {why}. Give it to the user that runs the bot, or "
        "set DREAMBOT_DATA_DIR to another."
    )
