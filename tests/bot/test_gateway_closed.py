"""The gateway closes for good: what was accepted goes on after the operator's fix and the next start."""

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
async def slow_bot(stage: BotEnvironment) -> AsyncIterator[RunningBot]:
    """Runs the bot with a device that takes a second for each step."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("FAKE_ENGINE_STEP", "1")
        async with stage.bot() as life:
            yield life


def close(stage: BotEnvironment, code: int) -> None:
    stage.sandbox.gateway.close(code, "Closed for good.")


async def state(life: RunningBot, wanted: JobState, count: int = 1) -> None:
    """Waits until that many jobs are in a state."""
    async with asyncio.timeout(100):
        while (await life.services.store.counts()).get(wanted, 0) < count:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def mentioned(stage: BotEnvironment, seed: int) -> int:
    """Asks with a mention, and returns the id of the message."""
    mention = f"<@{stage.sandbox.bot_id}>"
    return (await stage.bob.post(stage.channel, mention, files=[noise_png(seed=seed)])).id


async def answer(stage: BotEnvironment, post: int) -> MessageHandle:
    """The dream that answers a mention."""
    return await stage.channel.wait_for_message(lambda one: one.replies_to == post and is_dream(one), 100)


@pytest.mark.parametrize("code", CODES)
async def test_a_running_and_a_queued_dream_go_on_after_the_next_start(
    stage: BotEnvironment, code: int
) -> None:
    async with slow_bot(stage) as life:
        running = await stage.ann.slash("dream", channel=stage.channel, image=noise_png(seed=1))
        shown = await (await running.result()).until(lambda now: "octave" in now.content, 30)
        queued = await stage.ann.slash("dream", channel=stage.channel, image=noise_png(seed=2))
        post = await mentioned(stage, 3)
        await state(life, JobState.queued, 2)
        close(stage, code)
        assert await asyncio.wait_for(life.task, 100) == CODES[code]
        left = await life.services.store.unfinished()
        assert [job.state for job in left] == [JobState.queued] * 3
        assert not [job.error for job in left if job.error]
    async with stage.bot():
        await stage.dreamed(shown)
        await stage.dreamed(await queued.response())
        await answer(stage, post)
    assert not [one for one in stage.channel.messages if "wrong on my side" in one.content]


@pytest.mark.parametrize("code", [4004, 4014])
async def test_a_dream_that_is_being_delivered_is_delivered_once(stage: BotEnvironment, code: int) -> None:
    async with stage.bot() as life:
        stage.sandbox.faults.plan(Fault.SERVER_ERROR, "PATCH", "@original", times=50)
        asked = await stage.ann.slash("dream", channel=stage.channel, image=noise_png())
        await state(life, JobState.delivering)
        close(stage, code)
        assert await asyncio.wait_for(life.task, 100) == CODES[code]
        [left] = await life.services.store.unfinished()
        assert left.state is JobState.delivering
        stage.sandbox.faults.clear()
    async with stage.bot() as life:
        done = await stage.dreamed(await asked.response())
        await life.idle()
    assert [one.id for one in stage.channel.messages if is_dream(one)] == [done.id]


async def test_a_new_token_is_all_that_the_next_start_needs(stage: BotEnvironment) -> None:
    async with slow_bot(stage) as life:
        post = await mentioned(stage, 1)
        await state(life, JobState.running)
        other = await mentioned(stage, 2)
        await state(life, JobState.queued)
        stage.sandbox.revoke_bot_token()
        assert await asyncio.wait_for(life.task, 100) == client.ExitCode.token
    async with stage.bot(token=SecretStr(stage.sandbox.bot_token)):
        await answer(stage, post)
        await answer(stage, other)


async def test_discord_refusing_the_token_before_the_gateway_closes_fails_nothing(
    stage: BotEnvironment, caplog: pytest.LogCaptureFixture
) -> None:
    async with stage.bot() as life:
        stage.sandbox.world.application.token = stage.sandbox.world.new_token()
        post = await mentioned(stage, 1)
        async with asyncio.timeout(100):
            while "refuses the bot's token" not in caplog.text:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        close(stage, 4004)
        assert await asyncio.wait_for(life.task, 100) == client.ExitCode.token
        [left] = await life.services.store.unfinished()
        assert left.state is JobState.delivering
    async with stage.bot(token=SecretStr(stage.sandbox.bot_token)):
        await answer(stage, post)
