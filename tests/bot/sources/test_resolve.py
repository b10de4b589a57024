"""Jobs that were stored before their source was found, and are resumed by another process."""

from collections.abc import Awaitable, Callable

import numpy as np
import pytest

from dreambot.guilds.settings import PersonSettings
from dreambot.jobs.models import Job, JobRequest, SourceReference
from dreambot.recipe import DreamRequest
from tests.bot.support import (
    BotEnvironment,
    RunningBot,
    decode_pixels,
    fake_engine_output,
    is_dream,
    noise_png,
)

IMAGE = noise_png(300, 260)


async def killed(
    env: BotEnvironment, bot: RunningBot, reference: SourceReference, parent: str | None = None
) -> Job:
    """Stores a job that no process works on, as one that was killed right after it accepted it leaves it."""
    return await bot.services.store.create(
        JobRequest(
            owner=env.ann.id,
            request=DreamRequest(seed=3),
            reply_target=env.reply_target(),
            reference=reference,
            parent=parent,
        )
    )


async def newest(env: BotEnvironment, bot: RunningBot) -> Job:
    await env.ann.post(env.channel, files=[IMAGE])
    return await killed(env, bot, SourceReference("newest", missing="dreaming-no-picture", spoiler=True))


async def newest_before(env: BotEnvironment, bot: RunningBot) -> Job:
    await env.ann.post(env.channel, files=[IMAGE])
    message = await env.ann.post(env.channel, "dream that")
    await env.ann.post(env.channel, files=[noise_png(90, 80)])
    return await killed(env, bot, SourceReference("newest", message.id, "dreaming-direct-no-picture"))


async def linked(env: BotEnvironment, bot: RunningBot) -> Job:
    message = await env.bob.post(env.channel, files=[IMAGE])
    await env.ann.post(env.channel, files=[noise_png(90, 80)])
    return await killed(env, bot, SourceReference("message", message.id, "source-message-unseen"))


async def source_of_parent(env: BotEnvironment, bot: RunningBot) -> Job:
    message = await env.bob.post(env.channel, files=[IMAGE])
    interaction = await env.bob.menu("Dream this", message)
    await env.dreamed(await interaction.response())
    await bot.idle()
    [parent] = await bot.services.job_history.dreams(env.bob.id, most=1)
    return await killed(env, bot, SourceReference("parent"), parent.id)


@pytest.mark.parametrize("store", [newest, newest_before, linked, source_of_parent])
async def test_the_source_is_found_after_a_restart(
    env: BotEnvironment, store: Callable[[BotEnvironment, RunningBot], Awaitable[Job]]
) -> None:
    async with env.bot() as bot:
        job = await store(env, bot)
        before = len(env.channel.messages)
    async with env.bot() as bot:
        await bot.idle()
        done = await bot.services.store.get(job.id)
    [dream] = [message for message in env.channel.messages[before:] if is_dream(message)]
    assert np.array_equal(decode_pixels(dream.attachments[0].data), fake_engine_output(IMAGE))
    assert done
    assert done.spec.source
    assert done.spec.source.spoiler is job.spec.reference.spoiler
    assert dream.attachments[0].filename.startswith("SPOILER_") is job.spec.reference.spoiler


async def test_a_result_becomes_the_source_where_its_parent_had_none(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        interaction = await env.bob.slash("summon", channel=env.channel, what="jellyfish")
        summoned = await env.dreamed(await interaction.response())
        await bot.idle()
        [parent] = await bot.services.job_history.dreams(env.bob.id, most=1)
        job = await killed(env, bot, SourceReference("parent-or-result"), parent.id)
    async with env.bot() as bot:
        await bot.idle()
        done = await bot.services.store.get(job.id)
    assert done
    assert done.spec.source
    assert done.spec.source.message == summoned.id


@pytest.mark.parametrize(
    ("reference", "text"),
    [
        (SourceReference("newest", missing="dreaming-no-picture"), "no picture"),
        (SourceReference("message", 5, "source-message-unseen"), "cannot see the message"),
        (SourceReference("message", 5, "results-dream-gone"), "no longer available"),
        (SourceReference("parent"), "no longer know this dream"),
    ],
)
async def test_what_is_gone_after_a_restart_is_reported(
    env: BotEnvironment, reference: SourceReference, text: str
) -> None:
    async with env.bot() as bot:
        await killed(env, bot, reference)
    async with env.bot() as bot:
        await bot.idle()
    [message] = env.channel.messages
    assert message.content.startswith(f"<@{env.ann.id}> ")
    assert text in message.content
    assert not message.attachments


async def test_images_of_users_who_opted_out_meanwhile_are_not_used(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        job = await source_of_parent(env, bot)
        linked_job = await linked(env, bot)
        await bot.services.guild_store.set_person(env.bob.id, PersonSettings(untouchable=True))
    async with env.bot() as bot:
        await bot.idle()
        for one in (job, linked_job):
            done = await bot.services.store.get(one.id)
            assert done
            assert "does not want others" in (done.error or "")
