"""One dream on its way: from the stored ask to the answer, and what is stored of its end."""

import asyncio
import logging
from contextlib import aclosing
from dataclasses import dataclass

from dreambot.chat import errors, texts
from dreambot.chat.answers import Answer
from dreambot.chat.delivery import deliver, patiently
from dreambot.chat.progress import Frame, Progress
from dreambot.errors import UserError
from dreambot.executor.types import JobCancelled
from dreambot.jobs.runner import Find, JobTaken
from dreambot.jobs.types import Dreaming, Finished, Job, JobState, Subject, Update, Waiting
from dreambot.services import Services

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _End:
    """What is stored of a job's end."""

    state: JobState
    error: str | None = None
    message: int | None = None


class Carrying:
    """A dream under way in this process. begun: whether a device has it, or had. update: how it goes."""

    def __init__(self, services: Services, job: Job, find: Find | None, answer: Answer) -> None:
        """find: what is to be dreamed upon; None for a job that an earlier life began."""
        self.answer = answer
        self.begun = False
        self.update: Update | None = None
        self._services = services
        self._job = job
        self._find = find
        self._words: str | None = texts.CANCELLED
        self._noted = job.answer
        self._spoiler = bool(job.ask.subject and job.ask.subject.spoiler)
        self.task = asyncio.create_task(self._carry())

    def cancel(self, words: str | None) -> bool:
        """Ends it, telling its owner so (None: saying nothing). Returns whether there was anything to end."""
        self._words = words
        return self._services.runner.cancel(self._job.id)

    async def _carry(self) -> None:
        job = self._job
        try:
            end = await self._outcome(job)
            await self._services.runner.end(job.id, end.state, error=end.error, result_message=end.message)
            self._services.metrics.job_moved(job.ask.kind, end.state)
        except JobTaken:
            log.warning("the job is not ours any more")
        except Exception:
            # The people have their answer; the next start finds out that they have.
            log.exception("the job's end could not be stored")

    async def _outcome(self, job: Job) -> _End:
        try:
            if job.withdrawn is not None:
                self._words = job.withdrawn or None
                raise JobCancelled("It was withdrawn in an earlier life.")
            return _End(JobState.done, message=await self._work(job))
        except errors.Unwanted:
            return _End(JobState.cancelled, "The message was deleted.")
        except JobCancelled:
            if self._words:
                await refuse(self.answer, UserError(self._words))
            return _End(JobState.cancelled, self._words or "The message was deleted.")
        except JobTaken:
            raise
        except Exception as error:
            await refuse(self.answer, error)
            return _End(JobState.failed, str(error) or type(error).__name__)

    async def _work(self, job: Job) -> int:
        progress = Progress(self._show, self._not_shown)
        finished: Finished | None = None
        try:
            progress.show(Frame(texts.RECEIVED))
            async with aclosing(
                self._services.runner.run(job, self._found if self._find else None)
            ) as updates:
                async for update in updates:
                    self.update = update
                    self.begun |= isinstance(update, (Dreaming, Finished))
                    if isinstance(update, Finished):
                        finished = update
                    else:
                        progress.show(self._frame(update))
        finally:
            await progress.close()
        if finished is None:
            raise JobCancelled(job.id)
        services = self._services
        return await deliver(self.answer, job, finished, services.files, services.codecs, services.metrics)

    async def _found(self) -> Subject | None:
        assert self._find
        subject = await self._find()
        self._spoiler = bool(subject and subject.spoiler)
        return subject

    async def _show(self, frame: Frame) -> None:
        shown = await self.answer.show(frame)
        if shown is not None and shown != self._noted:
            await self._services.store.note_answer(self._job.id, shown)
            self._noted = shown

    def _not_shown(self, error: Exception) -> None:
        if isinstance(error, errors.Unwanted):
            self.cancel(None)
        else:
            log.warning("progress could not be shown: %s", error)

    def _frame(self, update: Update) -> Frame:
        match update:
            case Waiting(place=place, eta=eta):
                return Frame(texts.waiting(place, eta))
            case Dreaming():
                words = texts.dreaming(update.fraction, update.octave, update.octaves, update.eta)
                picture = update.preview if self._services.settings.previews else None
                return Frame(words, picture, self._spoiler)
            case Finished():
                raise AssertionError("a finished dream is delivered")


async def refuse(answer: Answer, error: BaseException) -> None:
    """Tells whoever asked what went wrong, if they can be told."""
    if not isinstance(error, UserError):
        log.error("a dream failed", exc_info=error)
    try:
        await patiently(lambda: answer.refuse(errors.in_words(error)))
    except Exception as refusal:
        log.warning("nobody could be told that it failed: %s", refusal)
