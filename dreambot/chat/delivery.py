"""Getting a dream out: smaller where it is too large, again where Discord stumbles."""

import asyncio
import logging
import tempfile
from pathlib import Path

from dreambot.chat import texts
from dreambot.chat.answer import Answer, Parcel, TooLarge
from dreambot.chat.errors import Undeliverable, passing
from dreambot.jobs.types import Finished, Job
from dreambot.media.encode import Encoded
from dreambot.media.pool import CodecPool
from dreambot.recipe import Recipe

log = logging.getLogger(__name__)

RUNGS = 6
SMALLER = 0.6
TRIES = 3
PAUSE = 2.0


async def deliver(answer: Answer, job: Job, finished: Finished, label: str, codecs: CodecPool) -> int:
    """Sends a dream and returns its message's id. label: what the source is called.

    A file that Discord finds too large is encoded smaller, again and again. Raises Unwanted, Undeliverable,
    or what Discord said last.
    """
    encoded, recipe = finished.encoded, finished.recipe
    for _ in range(RUNGS):
        try:
            return await _patiently(answer, _pack(job, encoded, recipe, label))
        except TooLarge:
            limit = int(len(encoded.data) * SMALLER)
            log.info("job %s: %d bytes were too many, trying %d", job.id, len(encoded.data), limit)
            encoded = await _smaller(encoded, limit, recipe, codecs)
    raise Undeliverable("Discord takes no picture here, however small.")


def _pack(job: Job, encoded: Encoded, recipe: Recipe, label: str) -> Parcel:
    layers = "-".join(term.layer for term in recipe.layers)[:60]
    notch = f"-{recipe.intensity}" if recipe.intensity else ""
    return Parcel(
        job=job.id,
        content=texts.result(recipe),
        data=encoded.data,
        filename=f"{layers}{notch}.{encoded.extension}",
        alt=texts.alt_text(recipe, label),
        spoiler=job.ask.spoiler,
    )


async def _patiently(answer: Answer, parcel: Parcel) -> int:
    """Both ways out may be taken twice without a second picture, so a stumble is simply tried again."""
    for attempt in range(1, TRIES):
        try:
            return await answer.deliver(parcel)
        except Exception as error:
            if not passing(error):
                raise
            log.warning("job %s: delivery failed (%s), trying again", parcel.job, error)
            await asyncio.sleep(PAUSE * attempt)
    return await answer.deliver(parcel)


async def _smaller(encoded: Encoded, limit: int, recipe: Recipe, codecs: CodecPool) -> Encoded:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"dream.{encoded.extension}"
        await asyncio.to_thread(path.write_bytes, encoded.data)
        picture = await codecs.decode(path, max_pixels=encoded.width * encoded.height)
    return await codecs.encode(picture, limit=limit, recipe_json=recipe.to_json())
