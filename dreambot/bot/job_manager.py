"""Accepts jobs from interactions and messages, and tracks, resumes, cancels and releases the running ones."""

import asyncio
import contextlib
import inspect
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import aiohttp
import discord

from dreambot import logs
from dreambot.bot import permissions
from dreambot.bot.admission import Requester, admit, requester_of_interaction, requester_of_message
from dreambot.bot.channel_messages import Reply
from dreambot.bot.responder import DiscordResponder, SourceFinder, report_failure
from dreambot.bot.services import Services
from dreambot.engine.progress import Progress
from dreambot.errors import UserError
from dreambot.i18n import FALLBACK
from dreambot.jobs.database import DatabaseError
from dreambot.jobs.models import Job, JobRequest, JobState, ReplyTarget, SourceImage, new_job
from dreambot.recipe import DreamRequest
from dreambot.recipe.request import Request

log = logging.getLogger(__name__)

_ALREADY_ACKNOWLEDGED = 40060


async def defer_interaction(
    interaction: discord.Interaction[Any], *, private: bool
) -> discord.InteractionCallbackResponse[Any] | None:
    """Acknowledges an interaction, to be answered later.

    It is sent again where the connection broke, because Discord may not have received it.

    Args:
        interaction: The interaction.
        private: Whether only the user sees the answer.

    Returns:
        Discord's response; None where the first one had arrived after all.
    """
    try:
        return await interaction.response.defer(thinking=True, ephemeral=private)
    except (aiohttp.ClientError, OSError) as error:
        log.warning("the acknowledgement was lost on its way (%s), trying again", error)
    try:
        return await interaction.response.defer(thinking=True, ephemeral=private)
    except discord.HTTPException as error:
        if error.code != _ALREADY_ACKNOWLEDGED:
            raise
        return None


DEFAULT_FILE_LIMIT = 10 * 2**20
"""Bytes that Discord takes everywhere; a server may take more, but only interactions say so."""
_SHUTDOWN_NOTICE_TIMEOUT_S = 3.0
_UNFINISHED_FACTOR = 2
"""How many unfinished jobs of one person are taken on, as a multiple of those that may wait for a device:
their pictures lie on the disk before they wait there."""

ReadRequest = Callable[[], Request | Awaitable[Request]]
"""Says how to dream, at once or after looking something up. Raises UserError."""


@dataclass(frozen=True)
class _Submission:
    """A request, before it is read."""

    asker: Requester
    place: ReplyTarget
    read: ReadRequest
    guide: SourceImage | SourceFinder | None = None
    parent: str | None = None
    press: str | None = None

    async def ask(self) -> JobRequest:
        """Reads the request. Raises UserError."""
        asked = self.read()
        request = await asked if inspect.isawaitable(asked) else asked
        guide = await self.guide() if callable(self.guide) else self.guide
        person, place = self.asker.person, self.place
        return JobRequest(person, request, place, guide=guide, parent=self.parent, press=self.press)


@dataclass(frozen=True)
class _ActiveJob:
    """A job that runs in this process."""

    task: asyncio.Task[None]
    responder: DiscordResponder


class JobManager:
    """Accepts jobs, and knows those that run in this process."""

    def __init__(
        self,
        client: discord.Client,
        services: Services,
        open_reply: Callable[[discord.Client, Job, bool], Reply],
    ) -> None:
        """Accepts nothing yet.

        Args:
            client: The Discord client.
            services: What the bot works with.
            open_reply: Creates the reply of a job; its last argument is whether the job was resumed.
        """
        self._client = client
        self._open_reply = open_reply
        self._services = services
        self._running: dict[str, _ActiveJob] = {}
        self._asked: Counter[int] = Counter()
        self._closing = False

    async def submit_interaction(
        self,
        interaction: discord.Interaction[Any],
        read: ReadRequest,
        find: SourceFinder,
        *,
        private: bool = False,
        guide: SourceImage | SourceFinder | None = None,
        parent: str | None = None,
        press: str | None = None,
    ) -> None:
        """Acknowledges an interaction, stores a job and starts it.

        Args:
            interaction: The interaction.
            read: Returns the request; its UserError is reported in private.
            find: Finds the source; its UserError is reported in private.
            private: Whether only the user sees the dream.
            guide: A second picture whose shapes are dreamed, or what finds it.
            parent: The job whose result this one starts from.
            press: The button that was pressed.
        """
        deferred = await defer_interaction(interaction, private=private)
        place = ReplyTarget(
            channel=interaction.channel_id or 0,
            guild=interaction.guild_id,
            application=interaction.application_id,
            token=interaction.token,
            # By our own clock, which is the one that will be asked.
            since=datetime.now(UTC),
            reply_to=None,
            quiet=False,
            limit=interaction.filesize_limit or DEFAULT_FILE_LIMIT,
            reachable=not private and (interaction.is_guild_integration() or interaction.context.dm_channel),
            private=private,
            locale=interaction.locale.value,
        )
        wish = _Submission(requester_of_interaction(interaction), place, read, guide, parent, press)

        def read_there() -> Request | Awaitable[Request]:
            permissions.require(interaction.app_permissions, permissions.NEEDED_TO_ANSWER)
            return read()

        shown = deferred.message_id if deferred else None
        await self._accept_job(replace(wish, read=read_there), find, shown)

    async def submit_message(
        self,
        message: discord.Message,
        read: ReadRequest,
        find: SourceFinder,
        *,
        asker: discord.abc.User | None = None,
        quiet: bool = False,
    ) -> None:
        """Stores a job for a message and starts it.

        Args:
            message: The message to reply to.
            read: Returns the request; its UserError is reported.
            find: Finds the source; its UserError is reported.
            asker: Who asked, if it is not the author.
            quiet: The author did not ask, so only a result is posted.
        """
        guild = message.guild
        place = ReplyTarget(
            channel=message.channel.id,
            guild=guild.id if guild else None,
            application=self._client.application_id or 0,
            token=None,
            since=datetime.now(UTC),
            reply_to=message.id,
            quiet=quiet,
            limit=DEFAULT_FILE_LIMIT,
            reachable=True,
            locale=guild.preferred_locale.value if guild else await self.locale_of_person(message.author.id),
        )
        who = requester_of_message(message, asker or message.author, unasked=quiet and asker is None)
        wish = _Submission(who, place, read)
        await self._accept_job(wish, find)

    async def locale_of_person(self, person: int) -> str:
        """Returns the language of a user's last dream: direct messages do not contain one.

        Args:
            person: The user's id.
        """
        try:
            found = await self._services.job_history.dreams(person, most=1)
        except DatabaseError as error:
            log.info("somebody's language is not known: %s", error)
            found = []
        return found[0].spec.reply_target.locale if found else FALLBACK

    async def _accept_job(self, wish: "_Submission", find: SourceFinder, shown: int | None = None) -> None:
        """Stores a job and runs it in the background; what cannot be stored is refused at once.

        Args:
            wish: The request.
            find: Finds the source.
            shown: The message of the acknowledgement.
        """
        ask = JobRequest(wish.asker.person, DreamRequest(), wish.place)
        person, most = wish.asker.person, _UNFINISHED_FACTOR * self._services.settings.queue_per_person
        self._asked[person] += 1
        try:
            if self._closing:
                raise UserError("core-shutting-down")
            if not wish.asker.unasked and self._asked[person] > most:
                raise UserError("errors-person-full", count=most)
            ask = await wish.ask()
            terms = await admit(self._services, wish.asker, ask.request)
            place = replace(ask.reply_target, locale=terms.locale or ask.reply_target.locale)
            ask = replace(ask, request=terms.request, reply_target=place, limits=terms.limits)
            job = await self._services.store.create(ask, shown)
            self._services.metrics.job_moved(job.spec.kind, job.state)
        except BaseException as error:
            self._forget(person)
            if not isinstance(error, Exception):
                raise
            await report_failure(self._open_reply(self._client, new_job(ask), False), error)
            return
        if self.closing:
            # It was stored while `close` let go of the others.
            await self._services.store.release([job.id])
            return
        self._begin(job, find)

    def _forget(self, person: int) -> None:
        self._asked[person] -= 1
        if not self._asked[person]:
            del self._asked[person]

    def resume(self, job: Job) -> None:
        """Continues a job that another process left unfinished.

        Args:
            job: The job.
        """
        if not self._closing and job.id not in self._running:
            self._asked[job.spec.owner] += 1
            self._begin(job, None)

    def _begin(self, job: Job, find: SourceFinder | None) -> None:
        resumed = find is None
        reply = self._open_reply(self._client, job, resumed)
        responder = DiscordResponder(self._services, job, reply, find)
        with logs.job_context(job.id):
            task = asyncio.create_task(self._services.runner.run(job, responder, resumed=resumed))
        self._running[job.id] = _ActiveJob(task, responder)

        def ended(_: asyncio.Task[None]) -> None:
            self._running.pop(job.id, None)
            self._forget(job.spec.owner)

        task.add_done_callback(ended)

    @property
    def closing(self) -> bool:
        """Whether no new jobs are accepted."""
        return self._closing

    def active_job_ids(self) -> frozenset[str]:
        """Returns the ids of the jobs that run in this process."""
        return frozenset(self._running)

    def latest_progress(self, job_id: str) -> Progress | None:
        """Returns the newest progress of a job that runs in this process; None while it is not queued.

        Args:
            job_id: The job.
        """
        running = self._running.get(job_id)
        return running.responder.progress if running else None

    async def job(self, job_id: str) -> Job | None:
        """Returns a job, whichever process runs it.

        Args:
            job_id: Its id.
        """
        return await self._services.store.get(job_id)

    async def cancel(self, job_id: str, words: str | None) -> bool:
        """Cancels a job, whichever process runs it.

        Args:
            job_id: The job.
            words: The reason for its owner: a key of the catalogues; None tells nothing.

        Returns:
            Whether it was unfinished.
        """
        # Stored first: should we be killed now, the next life must not go on with it.
        there = await self._services.store.withdraw(job_id, words or "")
        self.cancel_local(job_id, words)
        return there

    def cancel_local(self, job_id: str, words: str | None) -> bool:
        """Cancels a job that runs in this process.

        Args:
            job_id: The job.
            words: See `cancel`.
        """
        return self._services.runner.cancel(job_id, words)

    def abandon(self, job_id: str) -> None:
        """Stops a job in silence: another process has it.

        Args:
            job_id: The job.
        """
        if job_id in self._running:
            self._running[job_id].task.cancel()

    async def cancel_all(
        self,
        words: str | None,
        *,
        guild: int | None = None,
        channel: int | None = None,
        message: int | None = None,
    ) -> None:
        """Cancels all jobs of what is gone.

        Args:
            words: See `cancel`.
            guild: A server.
            channel: A channel.
            message: A message.
        """
        for job in await self._services.store.unfinished(guild=guild, channel=channel, message=message):
            # What is on its way out is too late to stop, and the message that went may be our own doing.
            if job.state is not JobState.delivering:
                await self.cancel(job.id, words)

    async def close(self, seconds: float) -> None:
        """Accepts nothing new, and waits for the jobs that a device has.

        The others are released for the next start, and their owners are told.

        Args:
            seconds: How long to wait.
        """
        self._closing = True
        self._services.executor.pause()
        begun = [running.task for running in self._running.values() if running.responder.begun]
        if begun and seconds:
            log.info("waiting up to %.0f s for %s under way", seconds, _count_dreams(len(begun)))
            await asyncio.wait(begun, timeout=seconds)
        left = dict(self._running)
        for running in left.values():
            running.task.cancel()
        if left:
            await asyncio.wait([running.task for running in left.values()])
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_SHUTDOWN_NOTICE_TIMEOUT_S):
                    told = (running.responder.park() for running in left.values())
                    await asyncio.gather(*told, return_exceptions=True)
            await self._services.store.release(left)
            log.info("%s to be continued at the next start", _count_dreams(len(left)))


def _count_dreams(count: int) -> str:
    return "1 dream" if count == 1 else f"{count} dreams"
