"""The database tables, and the conversion between a job and its row.

Every change of a table needs a migration in `migrations/versions`; a test compares the two.
"""

import json
import logging
from dataclasses import asdict, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    DateTime,
    Dialect,
    Float,
    Index,
    Integer,
    MetaData,
    RowMapping,
    String,
    Table,
    Text,
    TypeDecorator,
    literal_column,
)

from dreambot.jobs.models import (
    AlbumPicture,
    AttachmentSource,
    FileSource,
    Job,
    JobRequest,
    JobState,
    Limits,
    ReplyTarget,
    Result,
    Source,
    SourceImage,
    SourceReference,
    UrlSource,
)
from dreambot.recipe import Recipe, RecipeError
from dreambot.recipe.request import dump_request, load_request

metadata = MetaData()


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, stored in UTC without a time zone, because SQLite has none."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Converts a value for the database.

        Args:
            value: A moment with a time zone.
            dialect: SQLAlchemy's dialect.
        """
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Converts a value from the database.

        Args:
            value: A moment without a time zone.
            dialect: SQLAlchemy's dialect.
        """
        return value.replace(tzinfo=UTC) if value else None


class StorableText(TypeDecorator[str]):
    """A person's text, without the characters that no database can store."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Converts a value for the database.

        Args:
            value: Any text.
            dialect: SQLAlchemy's dialect.
        """
        return value.replace("\0", "").encode(errors="replace").decode() if value else value


# Literal SQL, so that the databases use the partial index. It has no type: SQLAlchemy would compare a Boolean
# with 1 for SQLite, which then scans all jobs.
UNFINISHED: ColumnElement[bool] = literal_column("state IN ('received', 'queued', 'running', 'delivering')")

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
    Column("label", StorableText),
    # Of a job without a source, these two are about its sound.
    Column("source_message", BigInteger),
    Column("source_person", BigInteger),
    # Where to look for the source; see `models.SourceReference`.
    Column("source_reference", Text),
    Column("guide", StorableText),
    Column("sound", StorableText),
    # The job whose result this one was made from, and by which button.
    Column("parent", String(25)),
    Column("press", String(16)),
    Column("bounds", Text),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("recipe", Text),
    Column("error", StorableText),
    Column("result", Text),
    Column("answer", BigInteger),
    Column("delivering", UtcDateTime),
    Column("result_message", BigInteger),
    # The pictures of an album, and how many pictures the job counts for; see `models.AlbumPicture`.
    Column("album", StorableText),
    Column("pictures", Integer, nullable=False, server_default="1"),
    # The line over the result, which stays the same in every delivery.
    Column("caption", StorableText),
    Column("created", UtcDateTime, nullable=False),
    Column("updated", UtcDateTime, nullable=False),
    # The process that holds the job, until when its lease runs, and the reason if it is to be cancelled.
    Column("holder", String(40)),
    Column("held_until", UtcDateTime),
    Column("withdrawn", StorableText),
    # Marks a change, so that a retry recognises it.
    Column("last_change", String(16)),
    Index("jobs_by_result", "result_message"),
    Index("jobs_by_parent", "parent"),
    # Searched whenever a message is deleted.
    Index("jobs_by_source", "source_message"),
    Index("jobs_by_owner", "owner", "created"),
    Index("jobs_by_guild", "guild", "state", "id"),
    Index("jobs_by_channel", "channel", "id"),
    # Finished jobs are kept forever; unfinished ones are few and queried often.
    Index("jobs_unfinished", "state", sqlite_where=UNFINISHED, postgresql_where=UNFINISHED),
)

# The bot's public messages that show a dream beside earlier pictures.
comparisons = Table(
    "comparisons",
    metadata,
    Column("message", BigInteger, primary_key=True, autoincrement=False),
    Column("guild", BigInteger),
    Column("channel", BigInteger, nullable=False),
    # Who requested it.
    Column("person", BigInteger, nullable=False),
    Column("job", String(25), nullable=False),
    # The messages whose pictures it shows. Searched whenever a message is deleted.
    Column("dream", BigInteger, nullable=False),
    Column("before", BigInteger),
    Column("source", BigInteger),
    Index("comparisons_by_dream", "dream"),
    Index("comparisons_by_before", "before"),
    Index("comparisons_by_source", "source"),
)

# The results that were forwarded to a hall of fame, by their messages.
forwards = Table(
    "forwards",
    metadata,
    Column("message", BigInteger, primary_key=True, autoincrement=False),
    Column("job", String(25), nullable=False),
    Column("guild", BigInteger, nullable=False),
    Column("channel", BigInteger, nullable=False),
    Column("hall", BigInteger, nullable=False),
    # The forwarded message, once it is sent.
    Column("forward", BigInteger),
    Column("since", UtcDateTime, nullable=False),
    Index("forwards_by_channel", "channel"),
)

# The dreams that people shared in the gallery; see `gallery.SharedDream`.
gallery = Table(
    "gallery",
    metadata,
    Column("id", String(22), primary_key=True),
    Column("job", String(25), nullable=False),
    Column("owner", BigInteger, nullable=False),
    Column("guild", BigInteger),
    Column("channel", BigInteger, nullable=False),
    # The channel that a thread belongs to: threads are deleted with it, without events of their own.
    Column("parent", BigInteger),
    # All four messages are searched whenever a message is deleted.
    Column("message", BigInteger, nullable=False),
    Column("source_message", BigInteger),
    Column("source_person", BigInteger),
    Column("origin_message", BigInteger),
    Column("sound_message", BigInteger),
    # `results`, `before` and `thumbnail` as JSON.
    Column("files", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("stars", Integer, nullable=False),
    Column("shared", UtcDateTime, nullable=False),
    Index("gallery_by_job", "job", unique=True),
    Index("gallery_by_message", "message"),
    Index("gallery_by_source_message", "source_message"),
    Index("gallery_by_origin_message", "origin_message"),
    Index("gallery_by_sound_message", "sound_message"),
    Index("gallery_by_owner", "owner"),
    Index("gallery_by_shared", "shared"),
    Index("gallery_by_stars", "stars", "shared"),
)

channels = Table(
    "channels",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("autodream", Float, nullable=False),
    # How: see `guild_store.AutoDream`.
    Column("rules", Text),
    # The preset or saved look of dreams that name none.
    Column("look", StorableText),
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

# Saved looks of people and of servers.
looks = Table(
    "looks",
    metadata,
    # `person` or `server`.
    Column("scope", String(6), primary_key=True),
    Column("owner", BigInteger, primary_key=True, autoincrement=False),
    # The name without differences of case and width.
    Column("key", String(80), primary_key=True),
    Column("name", String(24), nullable=False),
    Column("recipe", Text, nullable=False),
    Column("created", UtcDateTime, nullable=False),
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

log = logging.getLogger(__name__)


def job_to_row(job: Job) -> dict[str, Any]:
    """Returns the columns of a new job.

    Args:
        job: The job.
    """
    spec, target = job.spec, job.spec.reply_target
    return {
        **album_columns(job.album),
        "id": job.id,
        "owner": spec.owner,
        "guild": target.guild,
        "channel": target.channel,
        "request": dump_request(spec.request),
        "application": target.application,
        "token": target.token,
        "since": target.since,
        "reply_to": target.reply_to,
        "quiet": target.quiet,
        "upload_limit": target.limit,
        "reachable": target.reachable,
        "private": target.private,
        "locale": target.locale,
        "source_reference": json.dumps(asdict(spec.reference)) if spec.reference else None,
        "guide": _source_image_to_json(spec.guide) if spec.guide else None,
        "parent": spec.parent,
        "press": spec.press,
        "bounds": json.dumps(asdict(spec.limits)),
        "state": job.state.value,
        "attempts": job.attempts,
        "answer": job.answer,
        "created": job.created,
        "updated": job.updated,
        **source_columns(spec.source),
        **_sound_columns(spec),
    }


def _sound_columns(spec: JobRequest) -> dict[str, Any]:
    """The columns of a sound. What is made of a sound alone concerns whoever posted that."""
    if spec.sound is None:
        return {"sound": None}
    posted = {"source_message": spec.sound.message, "source_person": spec.sound.person}
    return {"sound": _source_image_to_json(spec.sound), **(posted if spec.source is None else {})}


def source_columns(image: SourceImage | None) -> dict[str, Any]:
    """Returns the columns of a source.

    Args:
        image: The source; None for noise.
    """
    if image is None:
        nothing = dict.fromkeys(("source", "label", "source_message", "source_person"))
        return {**nothing, "spoiler": False}
    return {
        "source": _source_to_json(image.source),
        "label": image.label,
        "spoiler": image.spoiler,
        "source_message": image.message,
        "source_person": image.person,
    }


def album_columns(album: tuple[AlbumPicture, ...]) -> dict[str, Any]:
    """Returns the columns of an album's pictures. Those that cannot be dreamed do not count.

    Args:
        album: The pictures; empty for all other jobs.
    """
    if not album:
        return {"album": None, "pictures": 1}
    pictures = [
        {
            "source": json.loads(_source_image_to_json(one.source)),
            "recipe": json.loads(one.recipe.to_json()) if one.recipe else None,
            "result": asdict(one.result) if one.result else None,
            "error": one.error,
            "attempts": one.attempts,
        }
        for one in album
    ]
    return {
        "album": json.dumps(pictures, ensure_ascii=False, separators=(",", ":")),
        "pictures": sum(one.error is None for one in album),
    }


def result_to_json(result: Result) -> str:
    """Returns a result as its column stores it.

    Args:
        result: The result.
    """
    return json.dumps(asdict(result))


def job_from_row(row: RowMapping) -> Job:
    """Returns the job in a row.

    Args:
        row: A row of `jobs`, perhaps of an earlier version.
    """
    target = ReplyTarget(
        channel=row["channel"],
        guild=row["guild"],
        application=row["application"],
        token=row["token"],
        since=row["since"],
        reply_to=row["reply_to"],
        quiet=row["quiet"],
        limit=row["upload_limit"],
        reachable=row["reachable"],
        private=row["private"],
        locale=row["locale"],
    )
    spec = JobRequest(
        owner=row["owner"],
        request=load_request(row["request"]),
        reply_target=target,
        source=_source_image_from_row(row),
        reference=SourceReference(**json.loads(row["source_reference"])) if row["source_reference"] else None,
        guide=_source_image_from_json(row["guide"]) if row["guide"] else None,
        sound=_source_image_from_json(row["sound"]) if row["sound"] else None,
        parent=row["parent"],
        press=row["press"],
        limits=Limits(**json.loads(row["bounds"])) if row["bounds"] else Limits(),
    )
    return Job(
        id=row["id"],
        spec=spec,
        state=JobState(row["state"]),
        attempts=row["attempts"],
        recipe=recipe_from_json(row["recipe"]),
        error=row["error"],
        result=_result_from_json(row["result"]),
        answer=row["answer"],
        withdrawn=row["withdrawn"],
        delivering=row["delivering"],
        result_message=row["result_message"],
        created=row["created"],
        updated=row["updated"],
        caption=row["caption"],
        album=_album_from_json(row["album"]),
    )


def _album_from_json(text: str | None) -> tuple[AlbumPicture, ...]:
    return tuple(
        AlbumPicture(
            _source_image_from_json(json.dumps(values["source"])),
            recipe_from_json(json.dumps(values["recipe"]) if values["recipe"] else None),
            Result(**values["result"]) if values["result"] else None,
            values["error"],
            values["attempts"],
        )
        for values in json.loads(text or "[]")
    )


def _source_image_from_row(row: RowMapping) -> SourceImage | None:
    if row["source"] is None:
        return None
    source, label = _source_from_json(row["source"]), row["label"] or ""
    return SourceImage(source, label, row["spoiler"], row["source_message"], row["source_person"])


def _source_image_to_json(image: SourceImage) -> str:
    values = asdict(image) | {"source": _source_to_json(image.source)}
    # Pictures that are gone are stored with an error.
    del values["gone"]
    return json.dumps(values)


def _source_image_from_json(text: str) -> SourceImage:
    values = json.loads(text)
    return SourceImage(**values | {"source": _source_from_json(values["source"])})


def _source_to_json(source: Source) -> str:
    match source:
        case AttachmentSource(url=url, filename=filename, size=size):
            values = {"attachment": url, "filename": filename, "size": size}
            return json.dumps(values | {"explicit": True} if source.explicit else values)
        case UrlSource(url=url):
            return json.dumps({"url": url})
        case FileSource(path=path):
            return json.dumps({"path": str(path)})


def _source_from_json(text: str) -> Source:
    values = json.loads(text)
    if "attachment" in values:
        explicit = values.get("explicit", False)
        return AttachmentSource(values["attachment"], values["filename"], values["size"], explicit)
    return UrlSource(values["url"]) if "url" in values else FileSource(Path(values["path"]))


_RESULT_FIELDS = frozenset(field.name for field in fields(Result))


def _result_from_json(text: str | None) -> Result | None:
    if not text:
        return None
    values = json.loads(text)
    # Earlier versions also stored size, frames and plan.
    return Result(**{name: value for name, value in values.items() if name in _RESULT_FIELDS})


def recipe_from_json(text: str | None) -> Recipe | None:
    """Returns the recipe in a column; None if it cannot be read any more.

    Args:
        text: The recipe as JSON.
    """
    try:
        return Recipe.from_json(text) if text else None
    except RecipeError as error:
        log.warning("a stored recipe cannot be read any more: %s", error)
        return None
