"""Progress texts, and the progress message, which is edited without making the job wait."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from dreambot.engine.progress import Progress
from dreambot.i18n import Translator, format_duration

_BAR_CELLS = 12


def progress_bar(fraction: float) -> str:
    """A bar of twelve cells for a fraction from 0 to 1."""
    filled = round(_BAR_CELLS * min(1.0, max(0.0, fraction)))
    return "▰" * filled + "▱" * (_BAR_CELLS - filled)


def waiting_text(words: Translator, update: Progress) -> str:
    """The place in the queue, and when it should be done."""
    place = max(1, update.position)
    if update.eta is None:
        return words("core-waiting", place=place)
    return words("core-waiting-until", place=place, duration=format_duration(words, update.eta))


def dreaming_text(words: Translator, update: Progress, *, video: bool) -> str:
    """How much is done, and how long the rest should take. video: octaves, of which every frame has some,
    tell nothing."""
    progress = words(
        "core-filming" if video else "core-dreaming",
        bar=progress_bar(update.fraction),
        fraction=update.fraction,
        octave=update.octave,
        octaves=update.octaves,
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
    """One state of the progress message. preview: a small JPEG. spoiler: whether it is to be hidden."""

    text: str
    preview: bytes | None = None
    spoiler: bool = False


class ProgressReporter:
    """Shows frames through `edit`, latest wins: what comes while an edit is under way replaces what waits.

    What an edit raised goes to `failed`; the telling goes on.
    """

    def __init__(
        self,
        edit: Callable[[ProgressFrame], Awaitable[None]],
        failed: Callable[[Exception], None],
        every: float = EDIT_INTERVAL_S,
    ) -> None:
        self._edit = edit
        self._failed = failed
        self._every = every
        self._latest: ProgressFrame | None = None
        self._fresh = asyncio.Event()
        self._editing = asyncio.Lock()
        self._task = asyncio.create_task(self._tell())

    def show(self, frame: ProgressFrame) -> None:
        """Takes a frame and returns at once. A preview that was not shown yet is shown with it."""
        waiting = self._latest
        self._latest = (
            replace(frame, preview=waiting.preview, spoiler=waiting.spoiler)
            if waiting and not frame.preview
            else frame
        )
        self._fresh.set()

    async def close(self) -> None:
        """Ends the telling. An edit under way is waited for, so that it cannot overtake the final one;
        after ten seconds it is given up."""
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
