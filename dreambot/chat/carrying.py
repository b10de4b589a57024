"""One dream on its way: from the stored ask to the answer, and what is stored of its end."""

import asyncio
import logging
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import discord

from dreambot.chat import errors, stages
from dreambot.chat.allowance import video_seconds
from dreambot.chat.answers import Answer
from dreambot.chat.captions import choose_caption
from dreambot.chat.delivery import deliver, patiently
from dreambot.chat.progress import Frame, Progress
from dreambot.chat.words import Told, duration, words
from dreambot.errors import UserError
from dreambot.executor.types import JobCancelled
from dreambot.jobs.runner import Find, JobTaken
from dreambot.jobs.store import TOKEN_LIFE
from dreambot.jobs.types import Dreaming, Finished, Job, JobState, Subject, Update, Waiting
from dreambot.recipe.repeat import RepeatRequest
from dreambot.recipe.wishes import needs_source
from dreambot.services import Services

log = logging.getLogger(__name__)

LONG = timedelta(seconds=60)
"""After such a wait, people may have looked away."""
_FAREWELL = timedelta(seconds=30)
"""So long before nothing can be said any more, it is said that nothing will come."""


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
        self._why: str | None = "core-cancelled"
        self._say = words(job.ask.place.locale)
        self._previews = self._pings = False
        self._noted = job.answer
        self._spoiler = bool(job.ask.subject and job.ask.subject.spoiler)
        self.task = asyncio.create_task(self._carry())

    def cancel(self, words: str | None) -> bool:
        """Ends it, telling its owner so. words: a key of the catalogue, or a sentence; None says nothing.
        Returns whether there was anything to end."""
        self._why = words
        return self._services.runner.cancel(self._job.id)

    async def park(self) -> None:
        """Says that it goes on after the next start."""
        await self.answer.park(self._say("core-parked"))

    async def _carry(self) -> None:
        job = self._job
        try:
            end = await self._outcome(job)
            if end is None:
                log.error("Discord refuses the bot's token: the job goes on after the next start")
                return
            await self._services.runner.end(job.id, end.state, error=end.error, result_message=end.message)
            self._services.metrics.job_moved(job.ask.kind, end.state)
            if end.message and self._wants_ping():
                await self.answer.ping(end.message)
        except JobTaken:
            log.warning("the job is not ours any more")
        except Exception:
            # The people have their answer; the next start finds out that they have.
            log.exception("the job's end could not be stored")

    async def _outcome(self, job: Job) -> _End | None:
        """How the job ended; None where Discord refuses the bot's token, so that it has not."""
        try:
            if job.withdrawn is not None:
                self._why = job.withdrawn or None
                raise JobCancelled("It was withdrawn in an earlier life.")
            return _End(JobState.done, message=await self._work(job))
        except errors.Unwanted:
            return _End(JobState.cancelled, "The message was deleted.")
        except JobCancelled:
            if self._why is None:
                return _End(JobState.cancelled, "The message was deleted.")
            reason = _reason(self._why)
            if not await refuse(self.answer, reason):
                return None
            return _End(JobState.cancelled, str(reason))
        except JobTaken:
            raise
        except Exception as error:
            if errors.token_is_refused(error) or not await refuse(self.answer, error):
                return None
            return _End(JobState.failed, str(error) or type(error).__name__)

    async def _work(self, job: Job) -> int:
        farewell = self._farewell()
        progress = Progress(self._show, self._not_shown)
        finished: Finished | None = None
        try:
            upon = "core-received" if needs_source(job.ask.request) else "core-received-nothing"
            if job.delivering is None:
                # Otherwise the dream may be there already, and would look unfinished until it is sent again.
                progress.show(Frame(self._of_video(self._say(upon))))
            corrupted = await self._tastes()
            async with aclosing(
                self._services.runner.run(job, self._found if self._find else None)
            ) as updates:
                async for update in updates:
                    if isinstance(update, Waiting) and self.update is None:
                        self._require_time(update)
                    self.update = update
                    self.begun |= isinstance(update, (Dreaming, Finished))
                    if isinstance(update, Finished):
                        finished = update
                    else:
                        progress.show(self._frame(update))
        finally:
            if farewell:
                farewell.cancel()
            await progress.close()
        if finished is None:
            raise JobCancelled(job.id)
        services, recipe = self._services, finished.recipe
        caption = await services.store.settle_caption(
            job, lambda recent: choose_caption(self._say, recipe, job.id, recent)
        )
        return await deliver(
            self.answer,
            job,
            finished,
            services.files,
            services.codecs,
            services.metrics,
            caption=caption,
            corrupted=corrupted,
        )

    async def _tastes(self) -> bool:
        """Finds out how they would have it; whether the caption may fall apart."""
        community, place = self._services.community, self._job.ask.place
        server, person = await community.guild(place.guild), await community.person(self._job.ask.owner)
        self._previews = self._services.settings.previews and server.previews and person.previews
        self._pings = person.ping
        return server.captions

    def _wants_ping(self) -> bool:
        """An edit calls nobody back, so after a long wait somebody may wish for more."""
        long_ago = datetime.now(UTC) - self._job.created > LONG
        return self._pings and long_ago and self._job.ask.place.reachable and self.answer.way != "late"

    def _time_left(self) -> timedelta | None:
        """Until nothing more can be said; None where the bot may post without a token."""
        place = self._job.ask.place
        return None if place.reachable else place.since + TOKEN_LIFE - datetime.now(UTC)

    def _require_time(self, update: Waiting) -> None:
        """Better refused at once than dreamed for nobody."""
        left = self._time_left()
        if left is not None and update.eta is not None and timedelta(seconds=update.eta) > left:
            raise Told("core-would-be-late", duration=duration(self._say, update.eta))

    def _farewell(self) -> asyncio.TimerHandle | None:
        left = self._time_left()
        if left is None:
            return None
        if left <= timedelta():
            raise errors.Undeliverable("core-out-of-time")
        soon = max(left - _FAREWELL, timedelta()).total_seconds()
        return asyncio.get_running_loop().call_later(soon, self.cancel, "core-out-of-time")

    async def _found(self) -> Subject | None:
        assert self._find
        try:
            subject = await self._find()
        except discord.HTTPException as error:
            if errors.token_is_refused(error):
                raise
            raise errors.Refused(error) from error
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
            case Waiting():
                return Frame(self._of_video(stages.waiting(self._say, update)))
            case Dreaming():
                text = stages.dreaming(self._say, update, film=self._films)
                picture = update.preview if self._previews else None
                return Frame(self._of_video(text), picture, self._spoiler)
            case Finished():
                raise AssertionError("a finished dream is delivered")

    def _of_video(self, text: str) -> str:
        """Progress in words, with the length of the video if it will be one: no button says that."""
        seconds = video_seconds(self._job.ask.request)
        if seconds is None:
            return text
        return self._say("core-video", number=max(1, round(seconds)), progress=text)

    @property
    def _films(self) -> bool:
        request = self._job.ask.request
        if isinstance(request, RepeatRequest):
            return request.recipe.frames > 1
        return self._job.ask.kind == "hellscape"


def _reason(why: str) -> UserError:
    try:
        return Told(why)
    except KeyError:
        return UserError(why)


def _refused(error: discord.HTTPException) -> errors.Refused:
    refused = errors.Refused(error)
    refused.__cause__ = error
    return refused


async def refuse(answer: Answer, error: BaseException) -> bool:
    """Tells whoever asked what went wrong, if they can be told. Returns False where Discord refuses the bot's
    token: then it can be told after the next start."""
    if isinstance(error, discord.HTTPException):
        error = _refused(error)
    if isinstance(error, errors.Refused):
        log.warning("Discord refused what a dream needs: %s", error.__cause__)
    elif not isinstance(error, UserError):
        log.error("a dream failed", exc_info=error)
    try:
        await patiently(lambda: answer.refuse(errors.in_words(error, answer.words)))
    except Exception as refusal:
        log.warning("nobody could be told that it failed: %s", refusal)
        return not errors.token_is_refused(refusal)
    return True
