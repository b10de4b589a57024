"""Getting a dream out: smaller where it is too large, again where Discord stumbles."""

import asyncio
import logging
import tempfile
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from dreambot.chat import describing
from dreambot.chat.answers import Answer, Parcel, TooLarge
from dreambot.chat.errors import Undeliverable, failure, passing
from dreambot.chat.words import words
from dreambot.jobs.files import JobFiles
from dreambot.jobs.making import smaller
from dreambot.jobs.types import Finished, Job
from dreambot.media.encode import Encoded
from dreambot.media.pool import CodecPool
from dreambot.metrics import Metrics
from dreambot.recipe import Recipe

log = logging.getLogger(__name__)

T = TypeVar("T")

RUNGS = 6
SMALLER = 0.6
PAUSES = (2.0, 4.0, 10.0, 30.0, 60.0)


async def deliver(
    answer: Answer,
    job: Job,
    finished: Finished,
    files: JobFiles,
    codecs: CodecPool,
    metrics: Metrics,
    *,
    caption: str,
    corrupted: bool,
) -> int:
    """Sends a dream, counts how that went, and returns its message's id. caption: the line above it.
    corrupted: whether that may fall apart.

    A file that Discord finds too large is encoded smaller, again and again. Raises Unwanted, Undeliverable,
    FileGone, or what Discord said last.
    """
    say = words(job.ask.place.locale)
    above = describing.content(caption, finished.recipe, corrupted=corrupted)
    content = above + describing.missing(say, finished) + describing.pressed(say, job.ask)
    try:
        message = await _sent(answer, job, finished, files, codecs, content)
    except Exception as error:
        metrics.delivery_failed(failure(error))
        raise
    metrics.delivered(answer.way)
    return message


async def _sent(
    answer: Answer, job: Job, finished: Finished, files: JobFiles, codecs: CodecPool, content: str
) -> int:
    data, extension = await files.load(finished.result.file), finished.result.extension
    for _ in range(RUNGS):
        try:
            parcel = _pack(job, finished, data, extension, content)
            return await patiently(partial(answer.deliver, parcel))
        except TooLarge:
            limit = int(len(data) * SMALLER)
            log.info("%d bytes were too many, trying %d", len(data), limit)
            encoded = await _smaller(data, extension, limit, finished.recipe, codecs)
            data, extension = encoded.data, encoded.extension
    raise Undeliverable("core-too-large", "too_large")


def _pack(job: Job, finished: Finished, data: bytes, extension: str, content: str) -> Parcel:
    recipe, subject = finished.recipe, finished.subject
    say = words(job.ask.place.locale)
    return Parcel(
        job=job.id,
        content=content,
        data=data,
        filename=describing.filename(recipe, extension),
        alt=describing.alt_text(say, finished),
        spoiler=bool(subject and subject.spoiler),
        upon=subject.message if subject else None,
        film=recipe.frames > 1,
    )


async def patiently(send: Callable[[], Awaitable[T]]) -> T:
    """Both ways out may be taken twice without a second picture, so a stumble is simply tried again."""
    for pause in PAUSES:
        try:
            return await send()
        except Exception as error:
            if not passing(error):
                raise
            log.warning("Discord did not take it (%s), trying again", error)
            await asyncio.sleep(pause)
    return await send()


async def _smaller(data: bytes, extension: str, limit: int, recipe: Recipe, codecs: CodecPool) -> Encoded:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"dream.{extension}"
        await asyncio.to_thread(path.write_bytes, data)
        return await smaller(codecs, path, recipe, limit)
