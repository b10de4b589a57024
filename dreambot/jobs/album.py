"""Albums: a job with several pictures of one message, which are dreamed apart and delivered together.

All pictures have the seed of the job, so that one recipe line describes them. Each picture is stored as soon
as it is resolved, dreamed or has failed; a resumed job continues with the others. A picture that fails keeps
its error, which is shown below the pictures that arrive.
"""

import asyncio
import logging
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Protocol

from dreambot.engine.progress import Progress
from dreambot.errors import Message, UserError
from dreambot.i18n import Translator
from dreambot.jobs.models import (
    MAX_ALBUM_PICTURES,
    AlbumPicture,
    AttachmentSource,
    Job,
    Limits,
    Result,
    SourceImage,
)
from dreambot.recipe import Recipe
from dreambot.workers.types import JobCancelled, JobFailed

log = logging.getLogger(__name__)

_SPOILER_PREFIX = "SPOILER_"
_MAX_NAME_LENGTH = 60


def album_of(images: Sequence[SourceImage], limits: Limits) -> tuple[AlbumPicture, ...]:
    """Returns the album of a message's pictures; those beyond the limit are not dreamed.

    Args:
        images: The pictures of the message.
        limits: What the job may take.

    Returns:
        At most ten pictures; empty if there are fewer than two. Deleted ones have an error.
    """
    if len(images) < 2:
        return ()
    most = MAX_ALBUM_PICTURES if limits.pictures is None else limits.pictures
    over = Message("errors-album-limit", {"count": most}).to_json()
    gone = Message("errors-album-gone").to_json()
    album, taken = [], 0
    for image in images[:MAX_ALBUM_PICTURES]:
        error = gone if image.gone else over if taken >= most else None
        taken += error is None
        album.append(AlbumPicture(replace(image, gone=False), error=error))
    return tuple(album)


def album_seed(job_id: str) -> int:
    """Returns the seed of an album whose request names none: the same for every picture and every attempt.

    Args:
        job_id: The job.
    """
    return zlib.crc32(job_id.encode())


def picture_note(album: Sequence[AlbumPicture], number: int, note: Message) -> Message:
    """Says which picture of an album a sentence is about.

    Args:
        album: The pictures.
        number: The position of the picture, from 0.
        note: The sentence.
    """
    source = album[number].source
    name: str | Message = Message.from_json(source.label)
    if isinstance(source.source, AttachmentSource):
        name = source.source.filename.removeprefix(_SPOILER_PREFIX)[:_MAX_NAME_LENGTH]
    return Message("errors-album-picture", {"number": number + 1, "name": name, "note": note})


class AlbumFailed(JobFailed):
    """No picture of an album became a dream. The text says why, for each picture if the reasons differ."""

    def __init__(self, album: Sequence[AlbumPicture]) -> None:
        """Keeps the reasons.

        Args:
            album: The pictures, all with an error.
        """
        reasons = [Message.from_json(picture.error or "") for picture in album]
        super().__init__(reasons[0].code, **reasons[0].params)
        self._reasons = reasons if len({reason.to_json() for reason in reasons}) > 1 else reasons[:1]
        self._album = album

    def text(self, translator: Translator | None = None) -> str:
        """Returns the reasons; see `UserError.text`.

        Args:
            translator: The language; English if None.
        """
        if len(self._reasons) == 1:
            return super().text(translator)
        notes = (picture_note(self._album, number, reason) for number, reason in enumerate(self._reasons))
        return " ".join(note.text(translator).partition("\n")[0] for note in notes)


class AlbumStore(Protocol):
    """Where albums are stored; `JobStore` is one."""

    async def set_album(self, job_id: str, album: tuple[AlbumPicture, ...]) -> bool:
        """See `JobStore`.

        Args:
            job_id: The job.
            album: The pictures.
        """


class AlbumRun:
    """The pictures of an album while its job runs."""

    def __init__(
        self,
        job: Job,
        store: AlbumStore,
        show: Callable[[Progress, bytes | None], None],
        describe: Callable[[Exception], str],
    ) -> None:
        """Starts nothing yet.

        Args:
            job: The job.
            store: Where the pictures are stored.
            show: Shows the progress of the whole album, with a preview now and then.
            describe: Returns an error as it is stored.
        """
        self._job = job
        self._store = store
        self._show = show
        self._describe = describe
        self._pictures = list(job.album)
        self._progress: dict[int, Progress] = {}
        self._refusal: Exception | None = None
        self._storing = asyncio.Lock()

    @property
    def pictures(self) -> tuple[AlbumPicture, ...]:
        """All pictures, as far as they are now."""
        return tuple(self._pictures)

    @property
    def open(self) -> list[int]:
        """The positions, from 0, of the pictures that are neither dreamed nor have failed."""
        return [number for number, picture in enumerate(self._pictures) if not picture.over]

    @property
    def started(self) -> bool:
        """Whether this process has started one of the pictures."""
        return any(
            now.attempts > before.attempts
            for now, before in zip(self._pictures, self._job.album, strict=True)
        )

    @property
    def recipe(self) -> Recipe | None:
        """The first recipe: the pictures differ only in size and length."""
        return next((picture.recipe for picture in self._pictures if picture.recipe), None)

    @property
    def result(self) -> Result | None:
        """The first result."""
        return next((picture.result for picture in self._pictures if picture.result), None)

    def update(self, number: int, **values: Any) -> None:
        """Changes what is known of a picture; `store` makes it durable.

        Args:
            number: The position of the picture, from 0.
            **values: Fields of `AlbumPicture`.
        """
        self._pictures[number] = replace(self._pictures[number], **values)

    async def store(self) -> bool:
        """Stores the pictures.

        Returns:
            False where the job is over or another process holds it.
        """
        # One after the other: a later state must not be overwritten by an earlier one.
        async with self._storing:
            return await self._store.set_album(self._job.id, self.pictures)

    @contextmanager
    def failing_alone(self, number: int, *fatal: type[Exception]) -> Iterator[None]:
        """Keeps an error of one picture from the others.

        Args:
            number: The position of the picture, from 0.
            *fatal: Errors that end the whole job, besides its cancellation and an error of `show`.
        """
        try:
            yield
        except Exception as error:
            if error is self._refusal or isinstance(error, (JobCancelled, *fatal)):
                raise
            log.log(
                logging.INFO if isinstance(error, UserError) else logging.ERROR,
                "picture %d of the album failed: %r",
                number + 1,
                error,
                exc_info=not isinstance(error, UserError),
            )
            self.update(number, error=self._describe(error))

    def show(self, number: int, progress: Progress, preview: bytes | None) -> None:
        """Shows the progress of the album, once that of every picture is known.

        Args:
            number: The position of the picture that moved on, from 0.
            progress: Its progress.
            preview: The picture so far, now and then.
        """
        self._progress[number] = progress
        known = [self._progress.get(one) for one in self.open]
        latest = [one for one in known if one]
        if len(latest) < len(known):
            return
        total = len(self._pictures)
        over = total - len(latest)
        # A run that has just started does not know yet how long it takes.
        etas = [one.eta for one in latest if one.eta is not None or not one.running]
        waiting = not any(one.running for one in latest) and not any(one.result for one in self._pictures)
        whole = replace(
            progress,
            fraction=(over + sum(one.fraction for one in latest)) / total,
            eta=None if None in etas else max((one for one in etas if one is not None), default=None),
            position=min(one.position for one in latest) if waiting else 0,
            picture=min(total, over + 1),
            pictures=total,
        )
        try:
            self._show(whole, preview)
        except Exception as error:
            # The whole album would be done too late.
            self._refusal = error
            raise
