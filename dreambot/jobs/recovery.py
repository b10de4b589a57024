"""Renews the leases of this process's jobs and resumes jobs whose process is gone."""

import asyncio
import logging
from typing import Protocol

from dreambot import logs
from dreambot.errors import DreambotError
from dreambot.jobs.files import JobFiles
from dreambot.jobs.gallery import GalleryStore
from dreambot.jobs.models import Job
from dreambot.jobs.store import LEASE, JobStore

log = logging.getLogger(__name__)

SWEEP_INTERVAL_S = 3600.0
RENEW_INTERVAL_S = LEASE.total_seconds() / 3


class ActiveJobs(Protocol):
    """The jobs that run in this process."""

    def active_job_ids(self) -> frozenset[str]:
        """Returns their ids."""

    def resume(self, job: Job) -> None:
        """Continues a job that another process left unfinished.

        Args:
            job: The job.
        """

    def cancel_local(self, job_id: str, reason: str | None) -> bool:
        """Cancels a job that runs in this process.

        Args:
            job_id: The job.
            reason: The reason for its owner; None is not reported.
        """

    def abandon(self, job_id: str) -> None:
        """Stops a job without a message: another process holds it.

        Args:
            job_id: The job.
        """


class JobRecovery:
    """Renews leases and resumes jobs, every ten seconds."""

    def __init__(self, store: JobStore, files: JobFiles, gallery: GalleryStore | None = None) -> None:
        """Starts nothing yet.

        Args:
            store: Where the jobs are stored.
            files: Where their files are kept.
            gallery: Swept together with the files.
        """
        self._gallery = gallery
        self._store = store
        self._files = files

    async def claim_abandoned(self, holder: ActiveJobs) -> int:
        """Claims the jobs that no process holds and resumes them.

        Args:
            holder: The jobs of this process.

        Returns:
            Their number.
        """
        jobs = await self._store.claim()
        for job in jobs:
            with logs.job_context(job.id):
                log.info("resumed, was %s", job.state)
                holder.resume(job)
        return len(jobs)

    async def keep(self, holder: ActiveJobs) -> None:
        """Renews, claims and sweeps until it is cancelled.

        Args:
            holder: The jobs of this process.
        """
        swept = -SWEEP_INTERVAL_S
        clock = asyncio.get_running_loop().time
        while True:
            try:
                await self._renew(holder)
                await self.claim_abandoned(holder)
                if clock() - swept >= SWEEP_INTERVAL_S:
                    swept = clock()
                    await self._files.sweep({job.id for job in await self._store.unfinished()})
                    if self._gallery:
                        await self._gallery.sweep()
            except (DreambotError, OSError) as error:
                log.warning("the jobs could not be looked after: %s", error)
            except Exception:
                # This loop must not end: without it another process takes the jobs.
                log.exception("the jobs could not be looked after")
            await asyncio.sleep(RENEW_INTERVAL_S)

    async def hold(self, holder: ActiveJobs) -> None:
        """Renews this process's leases and claims nothing, until it is cancelled.

        Args:
            holder: The jobs of this process.
        """
        while True:
            try:
                await self._renew(holder)
            except (DreambotError, OSError) as error:
                log.warning("the jobs could not be held: %s", error)
            await asyncio.sleep(RENEW_INTERVAL_S)

    async def _renew(self, holder: ActiveJobs) -> None:
        # Before the leases are read: what is stored meanwhile is not among them.
        active = holder.active_job_ids()
        renewal = await self._store.renew()
        for job_id, reason in renewal.withdrawn.items():
            holder.cancel_local(job_id, reason or None)
        for job_id in active - renewal.held:
            job = await self._store.get(job_id)
            if job and not job.state.final:
                with logs.job_context(job_id):
                    log.warning("another process has taken it over")
                holder.abandon(job_id)
