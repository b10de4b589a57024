"""Accepts jobs from interactions and messages, and tracks, resumes, cancels and releases the running ones."""

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import aiohttp
import discord

from dreambot import logs
from dreambot.bot import permissions
from dreambot.bot.admission import Requester, admit, requester_of_interaction, requester_of_message
from dreambot.bot.channel_messages import Reply
from dreambot.bot.looks import apply_default_look, apply_look
from dreambot.bot.responder import DiscordResponder, report_failure
from dreambot.bot.services import Services
from dreambot.engine.progress import Progress
from dreambot.errors import UserError
from dreambot.i18n import FALLBACK
from dreambot.jobs.album import album_of
from dreambot.jobs.database import DatabaseError
from dreambot.jobs.models import (
    Job,
    JobRequest,
    JobState,
    ReplyTarget,
    SourceImage,
    SourceReference,
    new_job,
)
from dreambot.recipe import DreamRequest
from dreambot.recipe.request import Request, can_use_album

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


@dataclass(frozen=True)
class Invocation:
    """An interaction that was acknowledged, or a message, for which a job may be submitted.

    Attributes:
        requester: Who asked.
        reply_target: Where the job is answered.
        answer: The message of the acknowledgement, if Discord named it.
        permissions: What the bot may do in the channel; None where it was not said.
    """

    requester: Requester
    reply_target: ReplyTarget
    answer: int | None = None
    permissions: discord.Permissions | None = None


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
        self._unfinished: Counter[int] = Counter()
        self._closing = False

    @asynccontextmanager
    async def answer_interaction(
        self, interaction: discord.Interaction[Any], *, private: bool = False
    ) -> AsyncIterator[Invocation]:
        """Acknowledges an interaction; an error inside the context is reported to the user in private.

        Args:
            interaction: The interaction.
            private: Whether only the user sees the dream.

        Yields:
            What `submit` takes.
        """
        deferred = await defer_interaction(interaction, private=private)
        target = ReplyTarget(
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
        answer = deferred.message_id if deferred else None
        requester = requester_of_interaction(interaction)
        async with self._reporting_errors(
            Invocation(requester, target, answer, interaction.app_permissions)
        ) as invocation:
            yield invocation

    @asynccontextmanager
    async def answer_message(
        self, message: discord.Message, *, requester: discord.abc.User | None = None, quiet: bool = False
    ) -> AsyncIterator[Invocation]:
        """Prepares the reply to a message; an error inside the context is reported in a reply.

        Args:
            message: The message to reply to.
            requester: Who asked, if it is not the author.
            quiet: Only a result is posted. Without a requester, the author did not ask.

        Yields:
            What `submit` takes.
        """
        guild = message.guild
        target = ReplyTarget(
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
        who = requester_of_message(message, requester or message.author, unasked=quiet and requester is None)
        async with self._reporting_errors(Invocation(who, target)) as invocation:
            yield invocation

    @asynccontextmanager
    async def _reporting_errors(self, invocation: Invocation) -> AsyncIterator[Invocation]:
        try:
            yield invocation
        except Exception as error:
            request = JobRequest(invocation.requester.person, DreamRequest(), invocation.reply_target)
            await report_failure(self._open_reply(self._client, new_job(request), False), error)

    async def submit(
        self,
        invocation: Invocation,
        request: Request,
        source: SourceImage | tuple[SourceImage, ...] | SourceReference | None = None,
        *,
        guide: SourceImage | None = None,
        sound: SourceImage | None = None,
        parent: str | None = None,
        press: str | None = None,
    ) -> None:
        """Stores a job and starts it.

        Args:
            invocation: What is answered.
            request: What to dream.
            source: The picture to start from, all pictures of a message, or where to look for them; None for
                noise.
            guide: A second picture, whose shapes are dreamed.
            sound: An audio file or a video, whose sound drives a hellscape.
            parent: The job whose result this one is made from.
            press: The button that was pressed.

        Raises:
            UserError: The user may not have this dream, or has too many unfinished ones.
            DatabaseError: The job cannot be stored.
        """
        requester, reference = invocation.requester, None
        person, most = requester.person, _UNFINISHED_FACTOR * self._services.settings.queue_per_person
        images: tuple[SourceImage, ...] = ()
        match source:
            case SourceReference():
                reference = source
            case SourceImage():
                images = (source,)
            case tuple():
                images = source if can_use_album(request) else source[:1]
        pictures = max(1, len(images))
        self._unfinished[person] += pictures
        try:
            if self._closing:
                raise UserError("core-shutting-down")
            # An album is taken on where there is room for one of its pictures.
            if not requester.unasked and self._unfinished[person] - pictures >= most:
                raise UserError("errors-person-full", count=most)
            if invocation.permissions is not None:
                permissions.require(invocation.permissions, permissions.NEEDED_TO_ANSWER)
            target = invocation.reply_target
            # An automatic dream is the server's, whoever posted the picture.
            looks, looks_of = self._services.guild_store.looks, None if target.quiet else person
            request = await apply_look(looks, request, looks_of, requester.guild, guide=guide is not None)
            if press is None and guide is None and not target.quiet:
                request = await apply_default_look(looks, request, requester)
            admitted = await admit(self._services, requester, request)
            spec = JobRequest(
                person,
                admitted.request,
                replace(target, locale=admitted.locale or target.locale),
                source=images[0] if images else None,
                reference=reference,
                guide=guide,
                sound=sound,
                parent=parent,
                press=press,
                limits=admitted.limits,
            )
            album = album_of(images, spec.limits)
            job = await self._services.store.create(spec, invocation.answer, album)
        except BaseException:
            self._forget(person, pictures)
            raise
        self._services.metrics.job_moved(job.spec.kind, job.state)
        if self.closing:
            # It was stored while `close` let go of the others.
            self._forget(person, pictures)
            await self._services.store.release([job.id])
            return
        self._start(job, resumed=False)

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

    def _forget(self, person: int, pictures: int) -> None:
        self._unfinished[person] -= pictures
        if not self._unfinished[person]:
            del self._unfinished[person]

    def resume(self, job: Job) -> None:
        """Continues a job that another process left unfinished.

        Args:
            job: The job.
        """
        if not self._closing and job.id not in self._running:
            self._unfinished[job.spec.owner] += max(1, len(job.album))
            self._start(job, resumed=True)

    def _start(self, job: Job, *, resumed: bool) -> None:
        responder = DiscordResponder(
            self._client, self._services, job, self._open_reply(self._client, job, resumed)
        )
        with logs.job_context(job.id):
            task = asyncio.create_task(self._services.pipeline.run(job, responder, resumed=resumed))
        self._running[job.id] = _ActiveJob(task, responder)

        def ended(_: asyncio.Task[None]) -> None:
            self._running.pop(job.id, None)
            self._forget(job.spec.owner, max(1, len(job.album)))

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

    async def cancel(self, job_id: str, reason: str | None) -> bool:
        """Cancels a job, whichever process runs it.

        Args:
            job_id: The job.
            reason: The reason for its owner: a key of the catalogues; None tells nothing.

        Returns:
            Whether it was unfinished.
        """
        # Stored first: if this process is killed now, the next one must not continue the job.
        unfinished = await self._services.store.withdraw(job_id, reason or "")
        self.cancel_local(job_id, reason)
        return unfinished

    def cancel_local(self, job_id: str, reason: str | None) -> bool:
        """Cancels a job that runs in this process.

        Args:
            job_id: The job.
            reason: See `cancel`.
        """
        return self._services.pipeline.cancel(job_id, reason)

    def abandon(self, job_id: str) -> None:
        """Stops a job in silence: another process has it.

        Args:
            job_id: The job.
        """
        if job_id in self._running:
            self._running[job_id].task.cancel()

    async def cancel_all(
        self,
        reason: str | None,
        *,
        guild: int | None = None,
        channel: int | None = None,
        message: int | None = None,
    ) -> None:
        """Cancels all jobs of what is gone.

        Args:
            reason: See `cancel`.
            guild: A server.
            channel: A channel.
            message: A message.
        """
        for job in await self._services.store.unfinished(guild=guild, channel=channel, message=message):
            # What is on its way out is too late to stop, and the message that went may be our own doing.
            if job.state is not JobState.delivering:
                await self.cancel(job.id, reason)

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
