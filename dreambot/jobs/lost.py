"""What it means that a database fails: for a while, or for good."""

import sqlite3

from sqlalchemy.exc import DBAPIError, InterfaceError, InternalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from dreambot.errors import UserError

# Connection, resources (a full disk), locks and deadlocks, an operator's hand, the system below. See
# PostgreSQL's manual, appendix A.
_POSTGRESQL_CLASSES = frozenset({"08", "40", "53", "55", "57", "58"})
# A server that became the other's standby for a moment.
_READ_ONLY = "25006"
_SQLITE = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_PROTOCOL,
    }
)


class DatabaseError(UserError):
    """The database cannot be used; the message says why and what to do."""


class DatabaseLost(DatabaseError):
    """The database could not be reached, or written to, for as long as was agreed. Whether the last change
    was made is not known."""


def transient(error: Exception) -> bool:
    """Whether the same may succeed in a while."""
    if not isinstance(error, DBAPIError):
        return isinstance(error, OSError | PoolTimeoutError)
    if error.connection_invalidated:
        return True
    state = getattr(error.orig, "sqlstate", None)
    if state:
        return state[:2] in _POSTGRESQL_CLASSES or state == _READ_ONLY
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        # The lower byte is the kind, the others say more.
        return code & 0xFF in _SQLITE
    # asyncpg was torn off in the middle of something; but what it cannot encode, it never will.
    return isinstance(error, InterfaceError | InternalError) and not isinstance(
        getattr(error.orig, "__cause__", None), ValueError
    )
