"""Runs one job from the stored request to the delivered result, and stores how it ended."""

import asyncio
import logging
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

import discord

from dreambot.bot import descriptions, errors, progress
from dreambot.bot.admission import video_seconds
from dreambot.bot.captions import choose_caption
from dreambot.bot.channel_messages import FileTooLarge, Reply, ResultMessage
from dreambot.bot.errors import Undeliverable, failure_reason, is_transient
from dreambot.bot.progress import ProgressFrame, ProgressReporter
from dreambot.bot.services import Services
from dreambot.errors import VERBATIM, Message, UserError
from dreambot.i18n import format_duration, translator_for
from dreambot.jobs.files import JobFiles
from dreambot.jobs.models import (
    DreamProgress,
    FinishedDream,
    Job,
    JobState,
    JobUpdate,
    QueueProgress,
    SourceImage,
)
from dreambot.jobs.pipeline import JobLeaseLost, SourceFinder
from dreambot.jobs.rendering import encode_smaller
from dreambot.jobs.store import TOKEN_LIFETIME
from dreambot.media.encode import EncodedFile
from dreambot.metrics import Metrics
from dreambot.recipe import Recipe
from dreambot.recipe.request import RepeatRequest, needs_source
from dreambot.workers.codec_pool import CodecPool
from dreambot.workers.types import JobCancelled

log = logging.getLogger(__name__)

T = TypeVar("T")

MAX_SHRINK_ATTEMPTS = 6
SHRINK_FACTOR = 0.6
RETRY_BACKOFF_S = (2.0, 4.0, 10.0, 30.0, 60.0)


async def deliver_result(
    answer: Reply,
    job: Job,
    finished: FinishedDream,
    files: JobFiles,
    codecs: CodecPool,
    metrics: Metrics,
    *,
    caption: str,
    corrupted: bool,
) -> int:
    """Sends a dream, counts how that went, and returns its message's id. caption: the line above it.
    corrupted: whether that may fall apart.

    A file that Discord finds too large is encoded smaller, again and again. Raises Unwanted, Undeliverable,
    FileExpired, or what Discord said last.
    """
    say = translator_for(job.ask.place.locale)
    above = descriptions.result_content(caption, finished.recipe, corrupted=corrupted)
    content = above + descriptions.missing_data_line(say, finished) + descriptions.button_line(say, job.ask)
    try:
        message = await _send_shrinking(answer, job, finished, files, codecs, content)
    except Exception as error:
        metrics.delivery_failed(failure_reason(error))
        raise
    metrics.delivered(answer.way)
    return message


async def _send_shrinking(
    answer: Reply, job: Job, finished: FinishedDream, files: JobFiles, codecs: CodecPool, content: str
) -> int:
    data, extension = await files.load(finished.result.file), finished.result.extension
    for _ in range(MAX_SHRINK_ATTEMPTS):
        try:
            parcel = _build_message(job, finished, data, extension, content)
            return await retry_transient(partial(answer.deliver, parcel))
        except FileTooLarge:
            limit = int(len(data) * SHRINK_FACTOR)
            log.info("%d bytes were too many, trying %d", len(data), limit)
            encoded = await _encode_smaller(data, extension, limit, finished.recipe, codecs)
            data, extension = encoded.data, encoded.extension
    raise Undeliverable("core-too-large", "too_large")


def _build_message(
    job: Job, finished: FinishedDream, data: bytes, extension: str, content: str
) -> ResultMessage:
    recipe, subject = finished.recipe, finished.subject
    say = translator_for(job.ask.place.locale)
    return ResultMessage(
        job=job.id,
        content=content,
        data=data,
        filename=descriptions.result_filename(recipe, extension),
        alt=descriptions.alt_text(say, finished),
        spoiler=bool(subject and subject.spoiler),
        upon=subject.message if subject else None,
        film=recipe.frames > 1,
    )


async def retry_transient(send: Callable[[], Awaitable[T]]) -> T:
    """Both ways out may be taken twice without a second picture, so a stumble is simply tried again."""
    for pause in RETRY_BACKOFF_S:
        try:
            return await send()
        except Exception as error:
            if not is_transient(error):
                raise
            log.warning("Discord did not take it (%s), trying again", error)
            await asyncio.sleep(pause)
    return await send()


async def _encode_smaller(
    data: bytes, extension: str, limit: int, recipe: Recipe, codecs: CodecPool
) -> EncodedFile:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"dream.{extension}"
        await asyncio.to_thread(path.write_bytes, data)
        return await encode_smaller(codecs, path, recipe, limit)


LONG_WAIT = timedelta(seconds=60)
"""After such a wait, people may have looked away."""
_DEADLINE_NOTICE = timedelta(seconds=30)
"""So long before nothing can be said any more, it is said that nothing will come."""


@dataclass(frozen=True)
class _JobEnd:
    """What is stored of a job's end."""

    state: JobState
    error: str | None = None
    message: int | None = None


class ActiveJob:
    """A dream under way in this process. begun: whether a device has it, or had. update: how it goes."""

    def __init__(self, services: Services, job: Job, find: SourceFinder | None, answer: Reply) -> None:
        """find: what is to be dreamed upon; None for a job that an earlier life began."""
        self.answer = answer
        self.begun = False
        self.update: JobUpdate | None = None
        self._services = services
        self._job = job
        self._find = find
        self._why: str | None = "core-cancelled"
        self._say = translator_for(job.ask.place.locale)
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
        except JobLeaseLost:
            log.warning("the job is not ours any more")
        except Exception:
            # The people have their answer; the next start finds out that they have.
            log.exception("the job's end could not be stored")

    async def _outcome(self, job: Job) -> _JobEnd | None:
        """How the job ended; None where Discord refuses the bot's token, so that it has not."""
        try:
            if job.withdrawn is not None:
                self._why = job.withdrawn or None
                raise JobCancelled("It was withdrawn in an earlier life.")
            return _JobEnd(JobState.done, message=await self._work(job))
        except errors.ReplyDeleted:
            return _JobEnd(JobState.cancelled, "The message was deleted.")
        except JobCancelled:
            if self._why is None:
                return _JobEnd(JobState.cancelled, "The message was deleted.")
            reason = _cancel_reason(self._why)
            if not await report_failure(self.answer, reason):
                return None
            return _JobEnd(JobState.cancelled, str(reason))
        except JobLeaseLost:
            raise
        except Exception as error:
            if errors.is_bot_token_refused(error) or not await report_failure(self.answer, error):
                return None
            return _JobEnd(JobState.failed, str(error) or type(error).__name__)

    async def _work(self, job: Job) -> int:
        farewell = self._schedule_deadline_notice()
        progress = ProgressReporter(self._show, self._on_progress_error)
        finished: FinishedDream | None = None
        try:
            upon = "core-received" if needs_source(job.ask.request) else "core-received-nothing"
            if job.delivering is None:
                # Otherwise the dream may be there already, and would look unfinished until it is sent again.
                progress.show(ProgressFrame(self._with_video_length(self._say(upon))))
            corrupted = await self._load_display_settings()
            async with aclosing(
                self._services.runner.run(job, self._found if self._find else None)
            ) as updates:
                async for update in updates:
                    if isinstance(update, QueueProgress) and self.update is None:
                        self._require_enough_time(update)
                    self.update = update
                    self.begun |= isinstance(update, (DreamProgress, FinishedDream))
                    if isinstance(update, FinishedDream):
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
        caption = await services.store.store_caption(
            job, lambda recent: choose_caption(self._say, recipe, job.id, recent)
        )
        return await deliver_result(
            self.answer,
            job,
            finished,
            services.files,
            services.codecs,
            services.metrics,
            caption=caption,
            corrupted=corrupted,
        )

    async def _load_display_settings(self) -> bool:
        """Finds out how they would have it; whether the caption may fall apart."""
        guild_store, place = self._services.guild_store, self._job.ask.place
        server, person = await guild_store.guild(place.guild), await guild_store.person(self._job.ask.owner)
        self._previews = self._services.settings.previews and server.previews and person.previews
        self._pings = person.ping
        return server.captions

    def _wants_ping(self) -> bool:
        """An edit calls nobody back, so after a long wait somebody may wish for more."""
        long_ago = datetime.now(UTC) - self._job.created > LONG_WAIT
        return self._pings and long_ago and self._job.ask.place.reachable and self.answer.way != "late"

    def _time_left(self) -> timedelta | None:
        """Until nothing more can be said; None where the bot may post without a token."""
        place = self._job.ask.place
        return None if place.reachable else place.since + TOKEN_LIFETIME - datetime.now(UTC)

    def _require_enough_time(self, update: QueueProgress) -> None:
        """Better refused at once than dreamed for nobody."""
        left = self._time_left()
        if left is not None and update.eta is not None and timedelta(seconds=update.eta) > left:
            raise UserError("core-would-be-late", duration=format_duration(self._say, update.eta))

    def _schedule_deadline_notice(self) -> asyncio.TimerHandle | None:
        left = self._time_left()
        if left is None:
            return None
        if left <= timedelta():
            raise errors.Undeliverable("core-out-of-time")
        soon = max(left - _DEADLINE_NOTICE, timedelta()).total_seconds()
        return asyncio.get_running_loop().call_later(soon, self.cancel, "core-out-of-time")

    async def _found(self) -> SourceImage | None:
        assert self._find
        try:
            subject = await self._find()
        except discord.HTTPException as error:
            if errors.is_bot_token_refused(error):
                raise
            raise errors.DiscordRefused(error) from error
        self._spoiler = bool(subject and subject.spoiler)
        return subject

    async def _show(self, frame: ProgressFrame) -> None:
        shown = await self.answer.show(frame)
        if shown is not None and shown != self._noted:
            await self._services.store.set_progress_message(self._job.id, shown)
            self._noted = shown

    def _on_progress_error(self, error: Exception) -> None:
        if isinstance(error, errors.ReplyDeleted):
            self.cancel(None)
        else:
            log.warning("progress could not be shown: %s", error)

    def _frame(self, update: JobUpdate) -> ProgressFrame:
        match update:
            case QueueProgress():
                return ProgressFrame(self._with_video_length(progress.waiting_text(self._say, update)))
            case DreamProgress():
                text = progress.dreaming_text(self._say, update, film=self._is_video)
                picture = update.preview if self._previews else None
                return ProgressFrame(self._with_video_length(text), picture, self._spoiler)
            case FinishedDream():
                raise AssertionError("a finished dream is delivered")

    def _with_video_length(self, text: str) -> str:
        """Progress in words, with the length of the video if it will be one: no button says that."""
        seconds = video_seconds(self._job.ask.request)
        if seconds is None:
            return text
        return self._say("core-video", number=max(1, round(seconds)), progress=text)

    @property
    def _is_video(self) -> bool:
        request = self._job.ask.request
        if isinstance(request, RepeatRequest):
            return request.recipe.frames > 1
        return self._job.ask.kind == "hellscape"


def _cancel_reason(why: str) -> UserError:
    # A key of the catalogues; earlier versions stored the sentence.
    known = translator_for(None).has(why)
    return UserError(why) if known else UserError.of(Message(VERBATIM, {"text": why}))


def _as_discord_refused(error: discord.HTTPException) -> errors.DiscordRefused:
    refused = errors.DiscordRefused(error)
    refused.__cause__ = error
    return refused


async def report_failure(answer: Reply, error: BaseException) -> bool:
    """Tells whoever asked what went wrong, if they can be told. Returns False where Discord refuses the bot's
    token: then it can be told after the next start."""
    if isinstance(error, discord.HTTPException):
        error = _as_discord_refused(error)
    if isinstance(error, errors.DiscordRefused):
        log.warning("Discord refused what a dream needs: %s", error.__cause__)
    elif not isinstance(error, UserError):
        log.error("a dream failed", exc_info=error)
    try:
        await retry_transient(lambda: answer.refuse(errors.error_text(error, answer.translate)))
    except Exception as refusal:
        log.warning("nobody could be told that it failed: %s", refusal)
        return not errors.is_bot_token_refused(refusal)
    return True
