"""Keeps this process's hold on its jobs, and takes over those of processes that are gone."""

import asyncio
import logging
from typing import Protocol

from dreambot import logs
from dreambot.errors import DreambotError
from dreambot.jobs.files import JobFiles
from dreambot.jobs.store import LEASE, JobStore
from dreambot.jobs.types import Job

log = logging.getLogger(__name__)

SWEEP_EVERY = 3600.0
RENEW_EVERY = LEASE.total_seconds() / 3


class Holder(Protocol):
    """Who works on the jobs that this process holds."""

    def under_way(self) -> frozenset[str]:
        """The ids of the jobs at work."""

    def resume(self, job: Job) -> None:
        """Goes on with a job that an earlier life, or another process, left unfinished."""

    def cancel_here(self, job_id: str, words: str | None) -> bool:
        """Ends a job at work, telling its owner so."""

    def abandon(self, job_id: str) -> None:
        """Stops working on a job in silence: another process has it."""


class JobKeeper:
    """Runs beside the work, every ten seconds."""

    def __init__(self, store: JobStore, files: JobFiles) -> None:
        self._store = store
        self._files = files

    async def take_over(self, holder: Holder) -> int:
        """Claims what nobody holds and resumes it. Returns how many jobs that were."""
        jobs = await self._store.claim()
        for job in jobs:
            with logs.job(job.id):
                log.info("resumed, was %s", job.state)
                holder.resume(job)
        return len(jobs)

    async def keep(self, holder: Holder) -> None:
        """Works until it is cancelled."""
        swept = -SWEEP_EVERY
        clock = asyncio.get_running_loop().time
        while True:
            try:
                await self._renew(holder)
                await self.take_over(holder)
                if clock() - swept >= SWEEP_EVERY:
                    swept = clock()
                    await self._files.sweep({job.id for job in await self._store.unfinished()})
            except (DreambotError, OSError) as error:
                log.warning("the jobs could not be looked after: %s", error)
            except Exception:
                # Whatever it was: without this loop another process takes the jobs away.
                log.exception("the jobs could not be looked after")
            await asyncio.sleep(RENEW_EVERY)

    async def hold(self, holder: Holder) -> None:
        """Keeps this process's hold on the jobs it is at, and takes on no others, until it is cancelled."""
        while True:
            try:
                await self._renew(holder)
            except (DreambotError, OSError) as error:
                log.warning("the jobs could not be held: %s", error)
            await asyncio.sleep(RENEW_EVERY)

    async def _renew(self, holder: Holder) -> None:
        renewal = await self._store.renew()
        for job_id, words in renewal.withdrawn.items():
            holder.cancel_here(job_id, words or None)
        for job_id in holder.under_way() - renewal.held:
            job = await self._store.get(job_id)
            if job and not job.state.final:
                with logs.job(job_id):
                    log.warning("another process has taken it over")
                holder.abandon(job_id)
