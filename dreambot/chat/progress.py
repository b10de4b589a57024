"""Telling people how it goes without ever making the work wait."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

log = logging.getLogger(__name__)

EVERY = 1.5
"""Seconds between two edits: Discord lets five through in five, and the last one must not queue."""
PATIENCE = 10.0


@dataclass(frozen=True)
class Frame:
    """One state of the progress message. preview: a small JPEG. spoiler: whether it is to be hidden."""

    text: str
    preview: bytes | None = None
    spoiler: bool = False


class Progress:
    """Shows frames through `edit`, latest wins: what comes while an edit is under way replaces what waits.

    What an edit raised goes to `failed`; the telling goes on.
    """

    def __init__(
        self,
        edit: Callable[[Frame], Awaitable[None]],
        failed: Callable[[Exception], None],
        every: float = EVERY,
    ) -> None:
        self._edit = edit
        self._failed = failed
        self._every = every
        self._latest: Frame | None = None
        self._fresh = asyncio.Event()
        self._editing = asyncio.Lock()
        self._task = asyncio.create_task(self._tell())

    def show(self, frame: Frame) -> None:
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
            async with asyncio.timeout(PATIENCE):
                await self._editing.acquire()
        except TimeoutError:
            log.warning("a progress edit hung for %s s and was given up", PATIENCE)
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
