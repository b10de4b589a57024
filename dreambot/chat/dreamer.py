"""One dream from the asking to the answer: the path every command, menu, mention and listener takes."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, TypedDict

import discord

from dreambot.chat import errors, permissions, texts
from dreambot.chat.answer import Answer, InteractionAnswer
from dreambot.chat.delivery import deliver
from dreambot.chat.progress import Frame, Progress
from dreambot.chat.source import Picture
from dreambot.errors import UserError
from dreambot.executor.types import JobCancelled
from dreambot.jobs.types import Ask, Dreaming, Finished, Job, JobState, Waiting
from dreambot.recipe import DreamRequest
from dreambot.services import Services

log = logging.getLogger(__name__)

Wish = tuple[DreamRequest, Picture]
CLOSING = 8.0


@dataclass
class _Running:
    """A dream under way. words: what to tell its owner when it was cancelled; None says nothing."""

    owner: int
    words: str | None = texts.CANCELLED


class _End(TypedDict, total=False):
    """What is stored with a final state."""

    result_message: int
    error: str


class Dreamer:
    """Dreams for people, and knows whose dreams are under way."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._running: dict[str, _Running] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closing = False

    def owner_of(self, job_id: str) -> int | None:
        """Who asked for a dream that is not over yet."""
        running = self._running.get(job_id)
        return running.owner if running else None

    def cancel(self, job_id: str, words: str | None) -> bool:
        """Ends a dream, telling its owner so (None: saying nothing); whether there was one."""
        running = self._running.get(job_id)
        if running is None:
            return False
        running.words = words
        self._services.runner.cancel(job_id)
        return True

    async def for_interaction(
        self,
        client: discord.Client,
        interaction: discord.Interaction[Any],
        find: Callable[[], Awaitable[Wish]],
    ) -> None:
        """Answers a deferred interaction. `find` says what to dream; what it raises is told in private."""
        answer = InteractionAnswer(client, interaction)
        try:
            permissions.require(interaction.app_permissions, permissions.TO_ANSWER)
            request, picture = await find()
        except Exception as error:
            await self._refuse(answer, error, "interaction")
            return
        ask = Ask(
            owner=interaction.user.id,
            guild=interaction.guild_id,
            channel=interaction.channel_id or 0,
            request=request,
            spoiler=picture.spoiler,
            application=interaction.application_id,
            token=interaction.token,
            source_message=picture.message,
        )
        await self.dream(ask, picture, answer)

    async def dream(self, ask: Ask, picture: Picture, answer: Answer) -> None:
        """Carries an ask through to its end, whatever that is. Raises nothing."""
        task = asyncio.create_task(self._carry(ask, picture, answer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        await asyncio.wait([task])

    async def _carry(self, ask: Ask, picture: Picture, answer: Answer) -> None:
        if self._closing:
            await self._refuse(answer, UserError(texts.SHUTTING_DOWN), "closing")
            return
        store = self._services.store
        try:
            job = await store.create(ask)
        except Exception as error:
            await self._refuse(answer, error, "no job")
            return
        self._running[job.id] = _Running(ask.owner)
        try:
            state, more = await self._outcome(job, picture, answer)
        finally:
            del self._running[job.id]
        try:
            await store.set_state(job.id, state, **more)
        except Exception:
            # The people have their answer; at worst the next start asks them to ask again.
            log.exception("job %s: its end could not be stored", job.id)

    async def _outcome(self, job: Job, picture: Picture, answer: Answer) -> tuple[JobState, _End]:
        try:
            return JobState.done, {"result_message": await self._work(job, picture, answer)}
        except errors.Unwanted:
            return JobState.cancelled, {"error": "The message was deleted."}
        except JobCancelled:
            words = self._running[job.id].words
            if words:
                await self._refuse(answer, UserError(words), job.id)
            return JobState.cancelled, {"error": words or "The message was deleted."}
        except Exception as error:
            await self._refuse(answer, error, job.id)
            return JobState.failed, {"error": str(error) or type(error).__name__}

    async def _work(self, job: Job, picture: Picture, answer: Answer) -> int:
        async def edit(frame: Frame) -> None:
            await answer.show(frame, job.id, job.ask.spoiler)

        def failed(error: Exception) -> None:
            if isinstance(error, errors.Unwanted):
                self.cancel(job.id, None)
            else:
                log.warning("job %s: progress could not be shown: %s", job.id, error)

        progress = Progress(edit, failed)
        finished: Finished | None = None
        try:
            progress.show(Frame(texts.RECEIVED))
            updates = self._services.runner.run(job, picture.source, limit=answer.limit)
            async with aclosing(updates):
                async for update in updates:
                    if isinstance(update, Finished):
                        finished = update
                    else:
                        progress.show(self._frame(update))
        finally:
            await progress.close()
        if finished is None:
            raise JobCancelled(job.id)
        return await deliver(answer, job, finished, picture.label, self._services.codecs)

    def _frame(self, update: Waiting | Dreaming) -> Frame:
        match update:
            case Waiting(place=place, eta=eta):
                return Frame(texts.waiting(place, eta))
            case Dreaming():
                words = texts.dreaming(update.fraction, update.octave, update.octaves, update.eta)
                return Frame(words, update.preview if self._services.settings.previews else None)

    async def _refuse(self, answer: Answer, error: BaseException, what: str) -> None:
        if not isinstance(error, UserError):
            log.error("%s failed", what, exc_info=error)
        try:
            await answer.refuse(errors.in_words(error))
        except Exception as refusal:
            log.warning("%s: nobody could be told that it failed: %s", what, refusal)

    async def close(self) -> None:
        """Ends every dream under way and tells its owner, within eight seconds."""
        self._closing = True
        for job_id in list(self._running):
            self.cancel(job_id, texts.SHUTTING_DOWN)
        if self._tasks:
            _, slow = await asyncio.wait(self._tasks, timeout=CLOSING)
            for task in slow:
                task.cancel()
            await asyncio.gather(*slow, return_exceptions=True)
