"""Renews the leases of this process's jobs and resumes jobs whose process is gone."""

import asyncio
import logging
from typing import Protocol

from dreambot import logs
from dreambot.errors import DreambotError
from dreambot.jobs.files import JobFiles
from dreambot.jobs.models import Job
from dreambot.jobs.store import LEASE, JobStore

log = logging.getLogger(__name__)

SWEEP_INTERVAL_S = 3600.0
RENEW_INTERVAL_S = LEASE.total_seconds() / 3


class ActiveJobs(Protocol):
    """Who works on the jobs that this process holds."""

    def active_job_ids(self) -> frozenset[str]:
        """The ids of the jobs at work."""

    def resume(self, job: Job) -> None:
        """Goes on with a job that an earlier life, or another process, left unfinished."""

    def cancel_local(self, job_id: str, words: str | None) -> bool:
        """Ends a job at work, telling its owner so."""

    def abandon(self, job_id: str) -> None:
        """Stops working on a job in silence: another process has it."""


class JobRecovery:
    """Runs beside the work, every ten seconds."""

    def __init__(self, store: JobStore, files: JobFiles) -> None:
        self._store = store
        self._files = files

    async def claim_abandoned(self, holder: ActiveJobs) -> int:
        """Claims what nobody holds and resumes it. Returns how many jobs that were."""
        jobs = await self._store.claim()
        for job in jobs:
            with logs.job_context(job.id):
                log.info("resumed, was %s", job.state)
                holder.resume(job)
        return len(jobs)

    async def keep(self, holder: ActiveJobs) -> None:
        """Works until it is cancelled."""
        swept = -SWEEP_INTERVAL_S
        clock = asyncio.get_running_loop().time
        while True:
            try:
                await self._renew(holder)
                await self.claim_abandoned(holder)
                if clock() - swept >= SWEEP_INTERVAL_S:
                    swept = clock()
                    await self._files.sweep({job.id for job in await self._store.unfinished()})
            except (DreambotError, OSError) as error:
                log.warning("the jobs could not be looked after: %s", error)
            except Exception:
                # Whatever it was: without this loop another process takes the jobs away.
                log.exception("the jobs could not be looked after")
            await asyncio.sleep(RENEW_INTERVAL_S)

    async def hold(self, holder: ActiveJobs) -> None:
        """Keeps this process's hold on the jobs it is at, and takes on no others, until it is cancelled."""
        while True:
            try:
                await self._renew(holder)
            except (DreambotError, OSError) as error:
                log.warning("the jobs could not be held: %s", error)
            await asyncio.sleep(RENEW_INTERVAL_S)

    async def _renew(self, holder: ActiveJobs) -> None:
        renewal = await self._store.renew()
        for job_id, words in renewal.withdrawn.items():
            holder.cancel_local(job_id, words or None)
        for job_id in holder.active_job_ids() - renewal.held:
            job = await self._store.get(job_id)
            if job and not job.state.final:
                with logs.job_context(job_id):
                    log.warning("another process has taken it over")
                holder.abandon(job_id)
