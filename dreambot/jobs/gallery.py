"""Stores the dreams that people shared in the gallery: a row for each, and copies of their files.

Discord's links to files expire, so the gallery has copies. The row decides what is shown: a file without a
row is never served, and is removed by `GalleryStore.sweep`.
"""

import asyncio
import hashlib
import json
import logging
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from sqlalchemy import ColumnElement, RowMapping, Select, and_, delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from dreambot.errors import UserError
from dreambot.jobs.database import Database, transaction
from dreambot.jobs.files import GALLERY_FOLDER
from dreambot.jobs.schema import gallery, jobs, recipe_from_json
from dreambot.jobs.storage import BucketStorage, LocalStorage
from dreambot.recipe import Recipe

log = logging.getLogger(__name__)

GalleryOrder = Literal["newest", "starred"]
MediaKind = Literal["image", "animation", "video"]

MAX_PER_PERSON = 200
"""The most dreams that one person can have in the gallery."""
_ID_BYTES = 16
_MAX_RELATED = 24
_GRACE_PERIOD = timedelta(minutes=10)
"""A file that is newer may belong to a dream that is being shared."""


@dataclass(frozen=True)
class GalleryFile:
    """A file of a shared dream.

    Attributes:
        name: The hash of its bytes and its extension, so that a name never stands for other bytes.
        kind: How it is shown.
        width: In pixels.
        height: In pixels.
    """

    name: str
    kind: MediaKind
    width: int
    height: int


@dataclass(frozen=True)
class SharedDream:
    """A dream in the gallery. All ids but `id` and `job` are Discord's, and are not shown.

    Attributes:
        id: Its id in addresses, which cannot be guessed.
        job: The id of the dream's job.
        owner: The user who asked for the dream and shared it.
        guild: The server; None for direct messages.
        channel: The channel.
        parent: The channel that a thread belongs to; None for other channels.
        message: The message with the dream.
        source_message: The message with the picture that the dream was made from, if it is known.
        source_person: Whose picture that is, if it is known.
        origin_message: The message with the picture that the first dream of its line was made from, if it is
            known.
        sound_message: The message with the sound that is heard in it, if there is one.
        results: The dream, or those of an album.
        before: A copy of that picture, if it may be shown.
        thumbnail: A small JPEG of the first result.
        size: Bytes of all files together.
        stars: How many people gave it a star.
        shared: When it was shared.
        recipe: The recipe of the dream; None if it cannot be read any more.
    """

    id: str
    job: str
    owner: int
    guild: int | None
    channel: int
    parent: int | None
    message: int
    source_message: int | None
    source_person: int | None
    origin_message: int | None
    sound_message: int | None
    results: tuple[GalleryFile, ...]
    before: GalleryFile | None
    thumbnail: GalleryFile
    size: int
    stars: int
    shared: datetime
    recipe: Recipe | None = None

    @property
    def files(self) -> tuple[GalleryFile, ...]:
        """All files."""
        return (*self.results, *([self.before] if self.before else []), self.thumbnail)


def new_gallery_id() -> str:
    """Returns 22 characters that cannot be guessed."""
    return secrets.token_urlsafe(_ID_BYTES)


def file_name(data: bytes, extension: str) -> str:
    """Returns the name of a file in the gallery.

    Args:
        data: The file.
        extension: Its extension, without a dot.
    """
    return f"{hashlib.sha256(data).hexdigest()[:32]}.{extension}"


class GalleryFiles:
    """The copies of shared files, in a folder, or in a bucket that several machines share."""

    def __init__(self, folder: LocalStorage, bucket: BucketStorage | None = None) -> None:
        """Opens nothing yet.

        Args:
            folder: A folder of this machine with nothing else in it.
            bucket: Shared by several machines; the folder then holds copies of what was asked for.
        """
        self._folder = folder
        self._bucket = bucket

    async def put(self, dream: str, files: Mapping[str, bytes]) -> None:
        """Writes the files of a dream.

        Args:
            dream: The dream's id in the gallery.
            files: Name → file.

        Raises:
            OSError: They cannot be written.
        """
        for name, data in files.items():
            if self._bucket:
                await self._bucket.put(f"{GALLERY_FOLDER}/{dream}/{name}", data)
            else:
                await self._folder.put(f"{dream}/{name}", data)

    async def path(self, dream: str, name: str) -> Path:
        """Returns a file of this machine, which is not to be changed.

        Args:
            dream: The dream's id in the gallery.
            name: The file's name.

        Raises:
            OSError: It cannot be read; FileNotFoundError if it does not exist.
        """
        key = f"{dream}/{name}"
        if not await self._folder.has(key):
            if self._bucket is None:
                raise FileNotFoundError(key)
            await self._folder.put(key, await self._bucket.get(f"{GALLERY_FOLDER}/{key}"))
        return self._folder.path(key)

    async def remove(self, dreams: Collection[str]) -> None:
        """Removes the files of dreams. What cannot be removed now is left to `sweep`.

        Args:
            dreams: Their ids in the gallery.
        """
        for dream in dreams:
            try:
                found = await self._folder.files(dream)
                await self._folder.remove(file.key for file in found)
                if self._bucket:
                    shared = await self._bucket.files(f"{GALLERY_FOLDER}/{dream}")
                    await self._bucket.remove([file.key for file in shared])
            except OSError as error:
                log.warning("files of the gallery cannot be removed: %s", error)

    async def remove_file(self, dream: str, name: str) -> None:
        """Removes one file of a dream; if that fails, it is not served in any case.

        Args:
            dream: The dream's id in the gallery.
            name: The file's name.
        """
        try:
            await self._folder.remove([f"{dream}/{name}"])
            if self._bucket:
                await self._bucket.remove([f"{GALLERY_FOLDER}/{dream}/{name}"])
        except OSError as error:
            log.warning("a file of the gallery cannot be removed: %s", error)

    async def sweep(self, keep: Collection[str]) -> None:
        """Removes files of dreams that are not in the gallery. Errors are logged.

        Args:
            keep: The ids of all dreams in the gallery.
        """
        oldest = datetime.now(UTC) - _GRACE_PERIOD
        for storage, within in ((self._folder, ""), (self._bucket, GALLERY_FOLDER)):
            if storage is None:
                continue
            try:
                keys = [
                    file.key
                    for file in await storage.files(within)
                    if file.key.removeprefix(f"{within}/").partition("/")[0] not in keep
                    and file.changed < oldest
                ]
                await storage.remove(keys)
            except OSError as error:
                log.warning("%s cannot be swept: %s", storage, error)


class GalleryStore:
    """The dreams in the gallery. Every method raises DatabaseUnavailable as the job store does."""

    def __init__(self, database: Database, files: GalleryFiles, *, max_bytes: int) -> None:
        """Reads nothing yet.

        Args:
            database: The jobs' database.
            files: The copies of the files.
            max_bytes: The most that all files together may take.
        """
        self._database = database
        self._max_bytes = max_bytes
        self.files = files

    async def share(self, dream: SharedDream, files: Mapping[str, bytes]) -> SharedDream:
        """Adds a dream.

        Args:
            dream: The dream.
            files: Name → file, of all its files.

        Returns:
            The dream, or the one that is stored for the same job.

        Raises:
            UserError: The gallery is full, the person has too many dreams in it, or the files cannot be
                stored.
        """
        stored = await self.of_job(dream.job)
        if stored:
            return stored
        await self._require_space(dream)
        try:
            await self.files.put(dream.id, files)
        except OSError as error:
            log.warning("a dream cannot be copied to the gallery: %s", error)
            await self.files.remove([dream.id])
            raise UserError("errors-cannot-store") from error
        try:
            await self._insert(dream)
        except IntegrityError:
            await self.files.remove([dream.id])
            return await self.of_job(dream.job) or dream
        return dream

    async def _require_space(self, dream: SharedDream) -> None:
        sizes = select(func.coalesce(func.sum(gallery.c.size), 0))
        if int(await self._database.fetch_value(sizes)) + dream.size > self._max_bytes:
            raise UserError("gallery-full")
        mine = select(func.count()).where(gallery.c.owner == dream.owner)
        if await self._database.fetch_value(mine) >= MAX_PER_PERSON:
            raise UserError("gallery-too-many", most=MAX_PER_PERSON)

    @transaction
    async def _insert(self, connection: AsyncConnection, dream: SharedDream) -> None:
        same = select(gallery.c.id).where(gallery.c.id == dream.id)
        # An earlier attempt may have been committed although its response was lost.
        if await connection.scalar(same) is None:
            await connection.execute(insert(gallery).values(**_to_row(dream)))

    async def withdraw(
        self,
        *,
        job: str | None = None,
        message: int | None = None,
        channels: Collection[int] | None = None,
        guild: int | None = None,
        owner: int | None = None,
        not_owner: int | None = None,
        source_person: int | None = None,
    ) -> int:
        """Removes the dreams that meet all given conditions, and their files.

        Args:
            job: The dream of this job.
            message: The dreams that are in this message, and those made from a picture or sound in it.
            channels: The dreams of these channels and of their threads.
            guild: The dreams of this server.
            owner: The dreams of this user.
            not_owner: The dreams of all other users.
            source_person: The dreams of this user's pictures.

        Returns:
            How many there were.
        """
        conditions: list[ColumnElement[bool]] = []
        if job is not None:
            conditions.append(gallery.c.job == job)
        if message is not None:
            names = ("message", "source_message", "origin_message", "sound_message")
            conditions.append(or_(*(gallery.c[name] == message for name in names)))
        if channels is not None:
            conditions.append(gallery.c.channel.in_(channels) | gallery.c.parent.in_(channels))
        if guild is not None:
            conditions.append(gallery.c.guild == guild)
        if owner is not None:
            conditions.append(gallery.c.owner == owner)
        if not_owner is not None:
            conditions.append(gallery.c.owner != not_owner)
        if source_person is not None:
            conditions.append(gallery.c.source_person == source_person)
        if not conditions:
            raise ValueError("no condition: this would remove everything")
        ids = await self._ids(and_(*conditions))
        if ids:
            await self._database.execute(delete(gallery).where(gallery.c.id.in_(ids)))
            await self.files.remove(ids)
        return len(ids)

    async def hide_before(self, job: str) -> bool:
        """Removes the picture that a dream was made from, and leaves the dream.

        Args:
            job: The job of the dream.

        Returns:
            Whether the dream is in the gallery.
        """
        dream = await self.of_job(job)
        if dream and dream.before:
            alone = replace(dream, before=None)
            values = {"files": _to_row(alone)["files"]}
            await self._database.execute(update(gallery).where(gallery.c.id == dream.id).values(**values))
            await self.files.remove_file(dream.id, dream.before.name)
        return dream is not None

    async def get(self, dream: str) -> SharedDream | None:
        """Returns a dream.

        Args:
            dream: Its id in the gallery.
        """
        return await self._first(gallery.c.id == dream)

    async def of_job(self, job: str) -> SharedDream | None:
        """Returns the dream of a job.

        Args:
            job: The job's id.
        """
        return await self._first(gallery.c.job == job)

    async def of_message(self, message: int) -> SharedDream | None:
        """Returns the dream in a message.

        Args:
            message: The message's id.
        """
        return await self._first(gallery.c.message == message)

    async def count(self) -> int:
        """Returns how many dreams there are."""
        return int(await self._database.fetch_value(select(func.count()).select_from(gallery)))

    async def page(self, order: GalleryOrder, *, first: int, most: int) -> list[SharedDream]:
        """Returns some of the dreams.

        Args:
            order: The newest first, or those with the most stars.
            first: How many to leave out.
            most: How many to return at most.
        """
        newest = (gallery.c.shared.desc(), gallery.c.id)
        columns = (gallery.c.stars.desc(), *newest) if order == "starred" else newest
        return await self._dreams(_joined().order_by(*columns).offset(first).limit(most))

    async def ancestors(self, dream: SharedDream) -> list[SharedDream]:
        """Returns the dreams that a dream was made from, the nearest first.

        Args:
            dream: The dream.
        """
        line = select(jobs.c.parent).where(jobs.c.id == dream.job).cte("line", recursive=True)
        line = line.union(select(jobs.c.parent).join(line, jobs.c.id == line.c.parent))
        before = gallery.c.job.in_(select(line.c.parent)) | (gallery.c.message == dream.source_message)
        return await self._related(before, dream, newest_first=True)

    async def descendants(self, dream: SharedDream) -> list[SharedDream]:
        """Returns the dreams that were made from a dream, the oldest first.

        Args:
            dream: The dream.
        """
        tree = select(jobs.c.id).where(jobs.c.parent == dream.job).cte("tree", recursive=True)
        tree = tree.union(select(jobs.c.id).join(tree, jobs.c.parent == tree.c.id))
        after = gallery.c.job.in_(select(tree.c.id)) | (gallery.c.source_message == dream.message)
        return await self._related(after, dream)

    async def _related(
        self, where: ColumnElement[bool], dream: SharedDream, *, newest_first: bool = False
    ) -> list[SharedDream]:
        order = gallery.c.job.desc() if newest_first else gallery.c.job
        others = where & (gallery.c.id != dream.id)
        return await self._dreams(_joined().where(others).order_by(order).limit(_MAX_RELATED))

    async def set_stars(self, dream: str, stars: int) -> None:
        """Stores how many stars a dream has.

        Args:
            dream: Its id in the gallery.
            stars: The number.
        """
        await self._database.execute(update(gallery).where(gallery.c.id == dream).values(stars=stars))

    async def sweep(self) -> None:
        """Removes files that belong to no dream, which a process that was killed may have left."""
        await self.files.sweep(frozenset(await self._ids(gallery.c.id.is_not(None))))

    async def _ids(self, where: ColumnElement[bool]) -> list[str]:
        return [row["id"] for row in await self._database.fetch_all(select(gallery.c.id).where(where))]

    async def _first(self, where: ColumnElement[bool]) -> SharedDream | None:
        found = await self._dreams(_joined().where(where).limit(1))
        return found[0] if found else None

    async def _dreams(self, query: Select[tuple[object, ...]]) -> list[SharedDream]:
        return await asyncio.to_thread(_from_rows, await self._database.fetch_all(query))


def _joined() -> Select[tuple[object, ...]]:
    return select(gallery, jobs.c.recipe).outerjoin(jobs, jobs.c.id == gallery.c.job)


def _to_row(dream: SharedDream) -> dict[str, object]:
    files = {
        "results": [asdict(file) for file in dream.results],
        "before": asdict(dream.before) if dream.before else None,
        "thumbnail": asdict(dream.thumbnail),
    }
    left_out = {"results", "before", "thumbnail", "recipe"}
    values = {name: value for name, value in vars(dream).items() if name not in left_out}
    return values | {"files": json.dumps(files)}


def _from_rows(rows: Sequence[RowMapping]) -> list[SharedDream]:
    return [_from_row(row) for row in rows]


def _from_row(row: RowMapping) -> SharedDream:
    values = dict(row)
    files = json.loads(values.pop("files"))
    return SharedDream(
        **values
        | {
            "results": tuple(GalleryFile(**file) for file in files["results"]),
            "before": GalleryFile(**files["before"]) if files["before"] else None,
            "thumbnail": GalleryFile(**files["thumbnail"]),
            "recipe": recipe_from_json(values["recipe"]),
        }
    )


def create_gallery_files(folder: Path, url: str | None) -> GalleryFiles:
    """Creates the store of files that the settings ask for.

    Args:
        folder: A folder of this machine with nothing else in it.
        url: The bucket of the jobs' files; None for the folder alone.

    Raises:
        UserError: The URL is not understood, or the extra is not installed.
    """
    return GalleryFiles(LocalStorage(folder), BucketStorage(url) if url else None)
