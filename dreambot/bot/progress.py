"""Progress texts, and the progress message, which is edited without making the job wait."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from dreambot.engine.progress import Progress
from dreambot.i18n import Translator, format_duration

_BAR_CELLS = 12


def progress_bar(fraction: float) -> str:
    """Returns a bar of twelve cells.

    Args:
        fraction: 0 to 1.
    """
    filled = round(_BAR_CELLS * min(1.0, max(0.0, fraction)))
    return "▰" * filled + "▱" * (_BAR_CELLS - filled)


def waiting_text(words: Translator, update: Progress) -> str:
    """Returns the position in the queue, and when the dream should be done.

    Args:
        words: The translator.
        update: The progress of a waiting job.
    """
    place = max(1, update.position)
    if update.eta is None:
        return words("core-waiting", place=place)
    return words("core-waiting-until", place=place, duration=format_duration(words, update.eta))


def dreaming_text(words: Translator, update: Progress, *, video: bool) -> str:
    """Returns how much is done, and how long the rest should take.

    Args:
        words: The translator.
        update: The progress of a running job.
        video: Whether it is a video: octaves, of which every frame has some, say nothing there.
    """
    progress = words(
        "core-dreaming-album" if update.pictures else "core-filming" if video else "core-dreaming",
        bar=progress_bar(update.fraction),
        fraction=update.fraction,
        octave=update.octave,
        octaves=update.octaves,
        picture=update.picture,
        pictures=update.pictures,
    )
    if update.eta is None:
        return progress
    return words("core-left", progress=progress, duration=format_duration(words, update.eta))


log = logging.getLogger(__name__)

EDIT_INTERVAL_S = 1.5
"""Seconds between two edits: Discord lets five through in five, and the last one must not queue."""
CLOSE_TIMEOUT_S = 10.0


@dataclass(frozen=True)
class ProgressFrame:
    """One state of the progress message.

    Attributes:
        text: The content.
        preview: A small JPEG.
        spoiler: Whether the preview is hidden.
    """

    text: str
    preview: bytes | None = None
    spoiler: bool = False


class ProgressReporter:
    """Edits the progress message, latest wins: what comes during an edit replaces what waits.

    Errors of an edit are reported, and the next edits follow.
    """

    def __init__(
        self,
        edit: Callable[[ProgressFrame], Awaitable[None]],
        failed: Callable[[Exception], None],
        every: float = EDIT_INTERVAL_S,
    ) -> None:
        """Starts a task that edits.

        Args:
            edit: Edits the message.
            failed: Called with an error of an edit.
            every: Seconds between two edits.
        """
        self._edit = edit
        self._failed = failed
        self._every = every
        self._latest: ProgressFrame | None = None
        self._fresh = asyncio.Event()
        self._editing = asyncio.Lock()
        self._task = asyncio.create_task(self._tell())

    def show(self, frame: ProgressFrame) -> None:
        """Takes a state and returns at once. A preview that was not shown yet is shown with it.

        Args:
            frame: The state.
        """
        waiting = self._latest
        self._latest = (
            replace(frame, preview=waiting.preview, spoiler=waiting.spoiler)
            if waiting and not frame.preview
            else frame
        )
        self._fresh.set()

    async def close(self) -> None:
        """Ends editing.

        An edit in progress is waited for, so that it cannot overtake the final one; after ten seconds it is
        given up.
        """
        try:
            async with asyncio.timeout(CLOSE_TIMEOUT_S):
                await self._editing.acquire()
        except TimeoutError:
            log.warning("a progress edit hung for %s s and was given up", CLOSE_TIMEOUT_S)
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _tell(self) -> None:
        while True:
            await self._fresh.wait()
            async with self._editing:
                self._fresh.clear()
                frame, self._latest = self._latest, None
                if frame:
                    try:
                        await self._edit(frame)
                    except Exception as error:
                        self._failed(error)
            await asyncio.sleep(self._every)
