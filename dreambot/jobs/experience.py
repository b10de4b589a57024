"""What the executor learns about its devices' speeds, kept for the next start."""

import asyncio
import logging

from dreambot.errors import UserError
from dreambot.executor.run import Executor
from dreambot.jobs.notes import Notes

log = logging.getLogger(__name__)

NOTE_EVERY = 600.0
_KEY = "speeds"


async def recall(executor: Executor, notes: Notes) -> None:
    """Tells an executor that has not started what an earlier one learnt."""
    learnt = await notes.get_meta(_KEY)
    if learnt:
        executor.remember(learnt)


async def note(executor: Executor, notes: Notes) -> None:
    """Writes down what it has learnt; without a database that is nothing to fail for."""
    try:
        await notes.set_meta(_KEY, executor.learnt)
    except UserError as error:
        log.warning("what was learnt about speeds could not be noted: %s", error)


async def keep_noting(executor: Executor, notes: Notes) -> None:
    """Every ten minutes, until it is cancelled: a process that is killed forgets no more."""
    while True:
        await asyncio.sleep(NOTE_EVERY)
        await note(executor, notes)
