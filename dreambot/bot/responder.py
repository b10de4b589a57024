"""Answers one job in Discord: shows progress with a Cancel button, then the dream or the error."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TypeVar

import discord

from dreambot.bot import captions, errors, progress
from dreambot.bot.admission import video_seconds
from dreambot.bot.channel_messages import Reply, ResultAttachment, ResultMessage
from dreambot.bot.errors import failure_reason, is_transient
from dreambot.bot.progress import ProgressFrame, ProgressReporter
from dreambot.bot.services import Services
from dreambot.bot.sources.resolve import find_referenced_images
from dreambot.engine.progress import Progress
from dreambot.errors import VERBATIM, Message, UserError
from dreambot.i18n import format_duration, translator_for
from dreambot.jobs.interfaces import FileTooLarge
from dreambot.jobs.models import Job, ResultFile, SourceImage
from dreambot.jobs.pipeline import JobWithdrawn
from dreambot.jobs.rendering import OutputFormat
from dreambot.jobs.store import TOKEN_LIFETIME
from dreambot.recipe.request import RepeatRequest, needs_source
from dreambot.workers.types import JobCancelled, WeightsMissing
from dreambot.zoo.catalogue import WeightsError

log = logging.getLogger(__name__)

T = TypeVar("T")

RETRY_BACKOFF_S = (2.0, 4.0, 10.0, 30.0, 60.0)
LONG_WAIT = timedelta(seconds=60)
"""After such a wait, the user may have looked away."""
_DEADLINE_NOTICE = timedelta(seconds=30)
"""How long before nothing can be said any more the user is told that no dream will come."""


class DiscordResponder:
    """Answers one job. See `Responder`."""

    def __init__(self, client: discord.Client, services: Services, job: Job, reply: Reply) -> None:
        """Shows nothing yet.

        Args:
            client: The Discord client.
            services: What the bot works with.
            job: The job.
            reply: The message or interaction to answer in.
        """
        self.progress: Progress | None = None
        """The newest progress; None until the job is in the queue."""
        self.begun = False
        """Whether a device has the job, or had it."""
        self.output = OutputFormat(limit=job.spec.reply_target.limit)
        self._client = client
        self._services = services
        self._job = job
        self._reply = reply
        self._say = translator_for(job.spec.reply_target.locale)
        self._previews = self._pings = self._corrupts = self._shareable = False
        self._spoiler = job.spoiler
        self._progress_message = job.answer
        self._reporter: ProgressReporter | None = None

    async def find_sources(self, job: Job) -> tuple[SourceImage, ...]:
        """See `Responder`.

        Args:
            job: The job.
        """
        try:
            sources = await find_referenced_images(self._client, self._services, job)
        except discord.HTTPException as error:
            if errors.is_bot_token_refused(error):
                raise
            raise errors.DiscordRefused(error) from error
        self._spoiler = job.spec.spoiler or any(source.spoiler for source in sources)
        return sources

    @asynccontextmanager
    async def working(self, job: Job) -> AsyncIterator[None]:
        """Shows progress, and says half a minute before the token expires that no dream will come.

        Args:
            job: The job.
        """
        deadline = self._schedule_deadline_notice()
        self._reporter = ProgressReporter(self._edit_progress, self._on_progress_error)
        try:
            if job.delivering is None:
                # Otherwise the dream may be there already, and would look unfinished until it is sent again.
                has_source = needs_source(job.spec.request) or job.spec.source is not None
                key = "core-received" if has_source else "core-received-nothing"
                self._show(self._say(key))
            await self._load_display_settings()
            yield
            self.begun = True
        finally:
            if deadline:
                deadline.cancel()
            await self._reporter.close()

    def show_progress(self, progress: Progress, preview: bytes | None) -> None:
        """See `Responder`.

        Args:
            progress: The newest progress.
            preview: A small JPEG, now and then.
        """
        if self.progress is None and not progress.running:
            self._require_enough_time(progress.eta)
        self.progress = progress
        self.begun |= progress.running
        self._show(self._progress_text(progress), preview if self._previews else None)

    async def deliver(self, job: Job, files: Sequence[ResultFile]) -> int:
        """Sends a dream or an album, and counts how that went. See `Responder`.

        Args:
            job: The job.
            files: The dreams.

        Raises:
            ReplyDeleted: The message that was answered is gone.
            Undeliverable: Nothing leads to the user any more.
        """
        request, recipe = job.spec, files[0].recipe
        posted = request.source or request.sound
        hidden = any(one.spoiler for one in (request.reference, request.guide, request.sound) if one)
        caption = await self._services.store.store_caption(
            job, lambda recent: captions.choose_caption(self._say, recipe, job.id, recent)
        )
        lines = (
            captions.missing_data_lines(self._say, job, files)
            + captions.sound_cut_line(self._say, files[0].result)
            + captions.button_line(self._say, request)
            + captions.default_look_line(self._say, request)
            + captions.failed_picture_lines(self._say, job)
        )
        message = ResultMessage(
            job=job,
            content=captions.result_content(caption, recipe, corrupted=self._corrupts, lines=lines),
            attachments=tuple(
                ResultAttachment(
                    file.data,
                    captions.result_filename(file.recipe, file.extension, number if job.album else 0),
                    captions.alt_text(self._say, file.recipe, file.source),
                    hidden or bool(file.source and file.source.spoiler),
                )
                for number, file in enumerate(files, start=1)
            ),
            source_message=posted.message if posted else None,
            recipe=recipe,
            shareable=self._shareable,
        )
        try:
            sent = await retry_transient(partial(self._reply.deliver, message))
        except FileTooLarge:
            raise
        except Exception as error:
            self._services.metrics.delivery_failed(failure_reason(error))
            raise
        self._services.metrics.delivered(self._reply.way)
        return sent

    async def fail(self, error: Exception) -> bool:
        """Tells the user why there is no dream. See `Responder`.

        Args:
            error: Why.
        """
        if isinstance(error, FileTooLarge):
            self._services.metrics.delivery_failed(failure_reason(error))
        if isinstance(error, JobWithdrawn) and error.reason is not None:
            return await report_failure(self._reply, _withdrawal_error(error.reason))
        if isinstance(error, JobCancelled):
            return True
        return not errors.is_bot_token_refused(error) and await report_failure(self._reply, error)

    async def finished(self, message: int) -> None:
        """Pings the user, who may want that after a long wait: an edit notifies nobody.

        Args:
            message: The message with the result.
        """
        target = self._job.spec.reply_target
        waited = datetime.now(UTC) - self._job.created
        if self._pings and waited > LONG_WAIT and target.reachable and self._reply.way != "late":
            await self._reply.ping(message)

    async def park(self) -> None:
        """Says that the job continues after the next start."""
        await self._reply.park(self._say("core-parked"))

    async def _load_display_settings(self) -> None:
        guild_store, target = self._services.guild_store, self._job.spec.reply_target
        guild, person = await guild_store.guild(target.guild), await guild_store.person(self._job.spec.owner)
        self._previews = self._services.settings.previews and guild.previews and person.previews
        self._pings = person.ping
        self._corrupts = guild.captions
        self._shareable = self._services.settings.gallery and guild.gallery and not target.private

    def _cancel(self, reason: str | None) -> None:
        self._services.pipeline.cancel(self._job.id, reason)

    def _time_left(self) -> timedelta | None:
        """Until nothing more can be said; None where the bot may post without a token."""
        target = self._job.spec.reply_target
        return None if target.reachable else target.since + TOKEN_LIFETIME - datetime.now(UTC)

    def _require_enough_time(self, eta: float | None) -> None:
        """Refuses at once what would be done after the token has expired."""
        left = self._time_left()
        if left is not None and eta is not None and timedelta(seconds=eta) > left:
            raise UserError("core-would-be-late", duration=format_duration(self._say, eta))

    def _schedule_deadline_notice(self) -> asyncio.TimerHandle | None:
        left = self._time_left()
        if left is None:
            return None
        if left <= timedelta():
            raise errors.Undeliverable("core-out-of-time")
        delay = max(left - _DEADLINE_NOTICE, timedelta()).total_seconds()
        return asyncio.get_running_loop().call_later(delay, self._cancel, "core-out-of-time")

    def _show(self, text: str, preview: bytes | None = None) -> None:
        seconds = video_seconds(self._job.spec.request)
        if seconds is not None:
            # No button says how long a video will be.
            text = self._say("core-video", number=max(1, round(seconds)), progress=text)
        if self._reporter:
            self._reporter.show(ProgressFrame(text, preview, self._spoiler))

    def _progress_text(self, update: Progress) -> str:
        if not update.running:
            text = progress.waiting_text(self._say, update)
            return self._say("core-album", count=update.pictures, progress=text) if update.pictures else text
        request = self._job.spec.request
        if isinstance(request, RepeatRequest):
            return progress.dreaming_text(self._say, update, video=request.recipe.dreamed_images > 1)
        return progress.dreaming_text(self._say, update, video=self._job.spec.kind == "hellscape")

    async def _edit_progress(self, frame: ProgressFrame) -> None:
        message = await self._reply.show(frame)
        if message is not None and message != self._progress_message:
            await self._services.store.set_progress_message(self._job.id, message)
            self._progress_message = message

    def _on_progress_error(self, error: Exception) -> None:
        if isinstance(error, errors.ReplyDeleted):
            self._cancel(None)
        else:
            log.warning("progress could not be shown: %s", error)


def _withdrawal_error(reason: str) -> UserError:
    # A key of the catalogues; earlier versions stored the sentence.
    known = translator_for(None).has(reason)
    return UserError(reason) if known else UserError.of(Message(VERBATIM, {"text": reason}))


async def retry_transient(send: Callable[[], Awaitable[T]]) -> T:
    """Repeats what failed for a moment. Both delivery paths may be taken twice without a second picture.

    Args:
        send: Sends something to Discord.
    """
    for pause in RETRY_BACKOFF_S:
        try:
            return await send()
        except Exception as error:
            if not is_transient(error):
                raise
            log.warning("Discord did not take it (%s), trying again", error)
            await asyncio.sleep(pause)
    return await send()


async def report_failure(reply: Reply, error: BaseException) -> bool:
    """Tells the user what went wrong, if that is possible.

    Args:
        reply: Where the job is answered.
        error: What went wrong.

    Returns:
        Whether the job is over; False where Discord refuses the bot's token, so that the error can be
        reported after the next start.
    """
    if isinstance(error, discord.HTTPException):
        refused = errors.DiscordRefused(error)
        refused.__cause__ = error
        error = refused
    if isinstance(error, errors.DiscordRefused):
        log.warning("Discord refused what a dream needs: %s", error.__cause__)
    elif isinstance(error, WeightsError | WeightsMissing):
        # For the operator: it says how to install them.
        log.error("%s", error)
    elif not isinstance(error, UserError):
        log.error("a dream failed", exc_info=error)
    try:
        await retry_transient(lambda: reply.refuse(errors.error_text(error, reply.translate)))
    except Exception as refusal:
        log.warning("the user could not be told that it failed: %s", refusal)
        return not errors.is_bot_token_refused(refusal)
    return True
