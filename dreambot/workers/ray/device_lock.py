"""A fair lock for a device that several bots share."""

import asyncio
import time
from collections import OrderedDict


class DeviceLock:
    """One bot's jobs are at the device at a time, and the bots take turns, in the order they ask: a crash is
    then the fault of that bot's jobs, and the time that a job waits for another bot's is not its own."""

    def __init__(self, unused: float = 5.0) -> None:
        """unused: seconds after which a turn that nothing was begun in may go to somebody else."""
        self._unused = unused
        self._holder: str | None = None
        self._since = 0.0
        self._jobs: dict[str, str] = {}
        self._waiting: OrderedDict[str, asyncio.Future[None]] = OrderedDict()

    @property
    def holder(self) -> str | None:
        """Whose turn it is."""
        return self._holder

    def claim(self, client: str) -> bool:
        """Whether it is, or becomes at once, this bot's turn. It is not where others wait already, so that a
        bot that always has another job cannot keep the device."""
        self._pass_on()
        if not self._waiting and self._holder in (None, client):
            self._give(client)
        return self._holder == client and (not self._waiting or not self._jobs)

    async def turn(self, client: str) -> None:
        """Waits until it is this bot's turn."""
        if self.claim(client):
            return
        asked = self._waiting.setdefault(client, asyncio.get_running_loop().create_future())
        while not asked.done():
            self._pass_on()
            await asyncio.wait([asked], timeout=self._unused)

    def began(self, client: str, job: str) -> None:
        """A job of this bot, whose turn it is, is at the device."""
        self._jobs[job] = client

    def ended(self, job: str) -> None:
        """A job is off the device; with the last one the turn is over if others wait."""
        if self._jobs.pop(job, None):
            self._since = time.monotonic()
            if not self._jobs and self._waiting:
                self._holder = None
                self._pass_on()

    def left(self, client: str) -> list[str]:
        """A bot has gone; its jobs that are still at the device, which keeps the turn until they ended."""
        waiting = self._waiting.pop(client, None)
        if waiting:
            waiting.cancel()
        jobs = [job for job, whose in self._jobs.items() if whose == client]
        if self._holder == client and not jobs:
            self._holder = None
            self._pass_on()
        return jobs

    def _pass_on(self) -> None:
        if self._holder and not self._jobs and time.monotonic() - self._since >= self._unused:
            self._holder = None
        if self._holder is None and self._waiting:
            client, asked = self._waiting.popitem(last=False)
            self._give(client)
            asked.set_result(None)

    def _give(self, client: str) -> None:
        self._holder, self._since = client, time.monotonic()
