"""The tables. A change here needs a migration beside it; a test compares the two."""

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    literal_column,
)

metadata = MetaData()


class UtcDateTime(TypeDecorator[datetime]):
    """A moment. Stored in UTC without saying so, because SQLite cannot say it."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database."""
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database."""
        return value.replace(tzinfo=UTC) if value else None


class Words(TypeDecorator[str]):
    """What somebody wrote, without the characters that no database can keep."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """To the database."""
        return value.replace("\0", "").encode(errors="replace").decode() if value else value


# A word for word condition, so that a database sees which index is meant.
UNFINISHED = literal_column("state IN ('received', 'queued', 'running', 'delivering')", Boolean)

jobs = Table(
    "jobs",
    metadata,
    Column("id", String(25), primary_key=True),
    Column("owner", BigInteger, nullable=False),
    Column("guild", BigInteger),
    Column("channel", BigInteger, nullable=False),
    Column("request", Text, nullable=False),
    Column("spoiler", Boolean, nullable=False),
    Column("application", BigInteger, nullable=False),
    Column("token", Text),
    Column("since", UtcDateTime, nullable=False),
    Column("reply_to", BigInteger),
    Column("quiet", Boolean, nullable=False),
    Column("upload_limit", BigInteger, nullable=False),
    Column("reachable", Boolean, nullable=False),
    Column("private", Boolean, nullable=False),
    Column("locale", String(16), nullable=False),
    Column("source", Text),
    Column("label", Words),
    Column("source_message", BigInteger),
    Column("source_person", BigInteger),
    Column("guide", Words),
    # The job whose result was gone on from, and by which button.
    Column("parent", String(25)),
    Column("press", String(16)),
    Column("bounds", Text),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("recipe", Text),
    Column("error", Words),
    Column("result", Text),
    Column("answer", BigInteger),
    Column("delivering", UtcDateTime),
    Column("result_message", BigInteger),
    # The line over the result, so that it stays the same however often the result is shown.
    Column("caption", Words),
    Column("created", UtcDateTime, nullable=False),
    Column("updated", UtcDateTime, nullable=False),
    # Which process is at work on it, until when it may be taken for alive, and what somebody wants ended.
    Column("holder", String(40)),
    Column("held_until", UtcDateTime),
    Column("withdrawn", Words),
    # By which a change is known again whose answer was lost.
    Column("last_change", String(16)),
    Index("jobs_by_result", "result_message"),
    Index("jobs_by_parent", "parent"),
    # Asked whenever anybody deletes a message.
    Index("jobs_by_source", "source_message"),
    Index("jobs_by_owner", "owner", "created"),
    Index("jobs_by_guild", "guild", "state", "id"),
    Index("jobs_by_channel", "channel", "id"),
    # Finished jobs are kept for ever; unfinished ones are few, and looked for often.
    Index("jobs_unfinished", "state", sqlite_where=UNFINISHED, postgresql_where=UNFINISHED),
)

# Messages of ours that show a dream beside earlier pictures, to everyone.
comparisons = Table(
    "comparisons",
    metadata,
    Column("message", BigInteger, primary_key=True, autoincrement=False),
    Column("guild", BigInteger),
    Column("channel", BigInteger, nullable=False),
    # Who had it shown.
    Column("person", BigInteger, nullable=False),
    Column("job", String(25), nullable=False),
    # The messages whose pictures it shows. Searched whenever anybody deletes a message.
    Column("dream", BigInteger, nullable=False),
    Column("before", BigInteger),
    Column("source", BigInteger),
    Index("comparisons_by_dream", "dream"),
    Index("comparisons_by_before", "before"),
    Index("comparisons_by_source", "source"),
)

channels = Table(
    "channels",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("autodream", Float, nullable=False),
    # How: see `community.AutoDream`.
    Column("rules", Text),
)

guilds = Table(
    "guilds",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("settings", Text, nullable=False),
)

people = Table(
    "people",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("settings", Text, nullable=False),
)

blocks = Table(
    "blocks",
    metadata,
    # 0: everywhere.
    Column("guild", BigInteger, primary_key=True, autoincrement=False),
    # A person; 0: the whole server.
    Column("person", BigInteger, primary_key=True, autoincrement=False),
    Column("since", UtcDateTime, nullable=False),
)

autodreams = Table(
    "autodreams",
    metadata,
    # SQLite counts up only what it calls an integer.
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("channel", BigInteger, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("autodreams_by_channel", "channel", "at"),
)

meta = Table(
    "meta",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)
