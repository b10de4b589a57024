"""The gateway closes for good: accepted jobs continue after the operator's fix and the next start."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from pydantic import SecretStr

from dreambot.bot import client
from dreambot.jobs.models import JobState
from dreambot.sandbox.driver.channels import MessageHandle
from dreambot.sandbox.faults import Fault
from tests.bot.support import BotEnvironment, RunningBot, is_dream, noise_png

CODES = {
    4004: client.ExitCode.token,
    4010: client.ExitCode.failed,
    4011: client.ExitCode.failed,
    4012: client.ExitCode.failed,
    4013: client.ExitCode.failed,
    4014: client.ExitCode.intent,
}


@asynccontextmanager
async def slow_bot(env: BotEnvironment) -> AsyncIterator[RunningBot]:
    """Runs the bot with a device that takes a second for each step."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("FAKE_ENGINE_STEP", "1")
        async with env.bot() as bot:
            yield bot


def close(env: BotEnvironment, code: int) -> None:
    env.sandbox.gateway.close(code, "Closed for good.")


async def state(bot: RunningBot, wanted: JobState, count: int = 1) -> None:
    """Waits until that many jobs are in a state."""
    async with asyncio.timeout(100):
        while (await bot.services.store.counts()).get(wanted, 0) < count:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def mentioned(env: BotEnvironment, seed: int) -> int:
    """Requests a dream with a mention, and returns the id of the message."""
    mention = f"<@{env.sandbox.bot_id}>"
    return (await env.bob.post(env.channel, mention, files=[noise_png(seed=seed)])).id


async def answer(env: BotEnvironment, post: int) -> MessageHandle:
    """Waits for the dream that replies to a mention."""
    return await env.channel.wait_for_message(lambda one: one.replies_to == post and is_dream(one), 100)


@pytest.mark.parametrize("code", CODES)
async def test_running_and_queued_jobs_continue_after_the_next_start(env: BotEnvironment, code: int) -> None:
    async with slow_bot(env) as bot:
        running = await env.ann.slash("dream", channel=env.channel, image=noise_png(seed=1))
        shown = await (await running.result()).until(lambda now: "octave" in now.content, 30)
        queued = await env.ann.slash("dream", channel=env.channel, image=noise_png(seed=2))
        post = await mentioned(env, 3)
        await state(bot, JobState.queued, 2)
        close(env, code)
        assert await asyncio.wait_for(bot.task, 100) == CODES[code]
        left = await bot.services.store.unfinished()
        assert [job.state for job in left] == [JobState.queued] * 3
        assert not [job.error for job in left if job.error]
    async with env.bot():
        await env.dreamed(shown)
        await env.dreamed(await queued.response())
        await answer(env, post)
    assert not [one for one in env.channel.messages if "wrong on my side" in one.content]


@pytest.mark.parametrize("code", [4004, 4014])
async def test_a_dream_that_is_being_delivered_is_delivered_once(env: BotEnvironment, code: int) -> None:
    async with env.bot() as bot:
        env.sandbox.faults.plan(Fault.SERVER_ERROR, "PATCH", "@original", times=50)
        interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png())
        await state(bot, JobState.delivering)
        close(env, code)
        assert await asyncio.wait_for(bot.task, 100) == CODES[code]
        [left] = await bot.services.store.unfinished()
        assert left.state is JobState.delivering
        env.sandbox.faults.clear()
    async with env.bot() as bot:
        done = await env.dreamed(await interaction.response())
        await bot.idle()
    assert [one.id for one in env.channel.messages if is_dream(one)] == [done.id]


async def test_the_next_start_needs_only_a_new_token(env: BotEnvironment) -> None:
    async with slow_bot(env) as bot:
        post = await mentioned(env, 1)
        await state(bot, JobState.running)
        other = await mentioned(env, 2)
        await state(bot, JobState.queued)
        env.sandbox.revoke_bot_token()
        assert await asyncio.wait_for(bot.task, 100) == client.ExitCode.token
    async with env.bot(token=SecretStr(env.sandbox.bot_token)):
        await answer(env, post)
        await answer(env, other)


async def test_discord_refusing_the_token_before_the_gateway_closes_fails_nothing(
    env: BotEnvironment, caplog: pytest.LogCaptureFixture
) -> None:
    async with env.bot() as bot:
        env.sandbox.world.application.token = env.sandbox.world.new_token()
        post = await mentioned(env, 1)
        async with asyncio.timeout(100):
            while "refuses the bot's token" not in caplog.text:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        close(env, 4004)
        assert await asyncio.wait_for(bot.task, 100) == client.ExitCode.token
        [left] = await bot.services.store.unfinished()
        assert left.state is JobState.delivering
    async with env.bot(token=SecretStr(env.sandbox.bot_token)):
        await answer(env, post)
