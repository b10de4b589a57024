"""Taking a dream back."""

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


async def _begun(stage: BotEnvironment, seed: int = HELD) -> tuple[InteractionHandle, MessageHandle]:
    asked = await stage.ann.slash("dream", channel=stage.channel, image=noise_png(), intensity=11, seed=seed)
    message = await asked.result()
    return asked, await message.until(lambda now: "Cancel" in now.buttons)


async def test_the_owner_cancels(stage: BotEnvironment) -> None:
    async with stage.bot() as life:
        asked, message = await _begun(stage)
        press = await stage.ann.press(message, "Cancel")
        assert (await press.acknowledged()).answer_type == 6
        told = await asked.follow_up()
        assert "Cancelled" in told.content
        await stage.alone(told)
        await life.idle()


async def test_others_may_not(stage: BotEnvironment) -> None:
    async with stage.bot():
        _, message = await _begun(stage, seed=1)
        press = await stage.bob.press(message, "Cancel")
        told = await press.result()
        assert told.ephemeral
        assert "Only the person who asked" in told.content
        before = message.content
        await message.until(lambda now: "octave" in now.content and now.content != before)


async def test_a_moderator_may_and_the_owner_is_told(stage: BotEnvironment) -> None:
    moderator = stage.guild.add_member("mod", permissions=MODERATOR)
    async with stage.bot() as life:
        asked, message = await _begun(stage)
        press = await moderator.press(message, "Cancel")
        assert "Cancelled" in (await press.result()).content
        assert "moderator" in (await asked.follow_up()).content
        await life.idle()


async def test_while_waiting_in_the_queue(stage: BotEnvironment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_ENGINE_STEP", "0.5")
    async with stage.bot() as life:
        _, first = await _begun(stage)
        await first.until(lambda now: "octave" in now.content)
        asked = await stage.bob.slash("dream", channel=stage.channel, image=noise_png())
        message = await asked.result()
        await message.until(lambda now: "1st" in now.content)
        await stage.bob.press(message, "Cancel")
        assert "Cancelled" in (await asked.follow_up()).content
        await stage.ann.press(first, "Cancel")
        await life.idle()


async def test_deleting_the_progress_message_cancels_too(stage: BotEnvironment) -> None:
    moderator = stage.guild.add_member("mod", permissions=MODERATOR)
    async with stage.bot() as life:
        _, message = await _begun(stage)
        await moderator.delete(message)
        await life.idle()
    assert not [one for one in stage.channel.messages if is_dream(one)]


async def test_a_button_that_leads_nowhere_any_more(stage: BotEnvironment) -> None:
    async with stage.bot(drain_seconds=0):
        _, message = await _begun(stage)
    store = JobStore(stage.settings.database)
    await store.open()
    [job] = await store.claim()
    await store.set_state(job.id, JobState.failed)
    await store.close()
    async with stage.bot():
        press = await stage.ann.press(message, "Cancel")
        assert "already over" in (await press.result()).content
