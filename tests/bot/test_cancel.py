"""Cancelling jobs."""

import pytest

from dreambot.jobs.models import JobState
from dreambot.jobs.store import JobStore
from dreambot.sandbox.driver.channels import MessageHandle
from dreambot.sandbox.driver.users import InteractionHandle
from tests.bot.support import MODERATOR, BotEnvironment, is_dream, noise_png
from tests.support.fake_engine import HELD


@pytest.fixture(autouse=True)
def _slowly(monkeypatch: pytest.MonkeyPatch, _fake_engine: None) -> None:
    monkeypatch.setenv("FAKE_ENGINE_STEP", "0.1")


async def _begun(env: BotEnvironment, seed: int = HELD) -> tuple[InteractionHandle, MessageHandle]:
    asked = await env.ann.slash("dream", channel=env.channel, image=noise_png(), intensity=11, seed=seed)
    message = await asked.result()
    return asked, await message.until(lambda now: "Cancel" in now.buttons)


async def test_the_owner_cancels(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        asked, message = await _begun(env)
        press = await env.ann.press(message, "Cancel")
        assert (await press.acknowledged()).answer_type == 6
        reply = await asked.follow_up()
        assert "Cancelled" in reply.content
        await env.alone(reply)
        await bot.idle()


async def test_other_users_may_not_cancel(env: BotEnvironment) -> None:
    async with env.bot():
        _, message = await _begun(env, seed=1)
        press = await env.bob.press(message, "Cancel")
        reply = await press.result()
        assert reply.ephemeral
        assert "Only the person who asked" in reply.content
        before = message.content
        await message.until(lambda now: "octave" in now.content and now.content != before)


async def test_a_moderator_may_cancel_and_the_requester_is_notified(env: BotEnvironment) -> None:
    moderator = env.guild.add_member("mod", permissions=MODERATOR)
    async with env.bot() as bot:
        asked, message = await _begun(env)
        press = await moderator.press(message, "Cancel")
        assert "Cancelled" in (await press.result()).content
        assert "moderator" in (await asked.follow_up()).content
        await bot.idle()


async def test_while_waiting_in_the_queue(env: BotEnvironment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_ENGINE_STEP", "0.5")
    async with env.bot() as bot:
        _, first = await _begun(env)
        await first.until(lambda now: "octave" in now.content)
        asked = await env.bob.slash("dream", channel=env.channel, image=noise_png())
        message = await asked.result()
        await message.until(lambda now: "1st" in now.content)
        await env.bob.press(message, "Cancel")
        assert "Cancelled" in (await asked.follow_up()).content
        await env.ann.press(first, "Cancel")
        await bot.idle()


async def test_deleting_the_progress_message_cancels_too(env: BotEnvironment) -> None:
    moderator = env.guild.add_member("mod", permissions=MODERATOR)
    async with env.bot() as bot:
        _, message = await _begun(env)
        await moderator.delete(message)
        await bot.idle()
    assert not [one for one in env.channel.messages if is_dream(one)]


async def test_a_button_of_a_deleted_job(env: BotEnvironment) -> None:
    async with env.bot(drain_seconds=0):
        _, message = await _begun(env)
    store = JobStore(env.settings.database)
    await store.open()
    [job] = await store.claim()
    await store.set_state(job.id, JobState.failed)
    await store.close()
    async with env.bot():
        press = await env.ann.press(message, "Cancel")
        assert "already over" in (await press.result()).content
