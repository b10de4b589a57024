"""Getting a dream out, whatever Discord says."""

import asyncio
from typing import Any

import pytest

from dreambot.jobs.models import Job, JobRequest, JobState
from dreambot.sandbox.driver.channels import MessageHandle
from dreambot.sandbox.faults import Fault
from dreambot.sandbox.permissions import Permission
from tests.bot.support import BotEnvironment, decode_pixels, is_dream, noise_png
from tests.support.fake_engine import REFUSE


async def test_a_file_too_large_is_sent_smaller(stage: BotEnvironment) -> None:
    async with stage.bot():
        asked = await stage.ann.slash("dream", channel=stage.channel, image=noise_png(300, 260))
        message = await asked.response()
        # What Discord says it takes and what it takes are two things.
        stage.sandbox.set_upload_limit(60_000)
        done = await stage.dreamed(message)
    assert len(done.attachments[0].data) <= 60_000
    refused = [one for one in stage.sandbox.requests.matching("PATCH", "@original") if one.status == 413]
    assert refused


async def test_the_interactions_own_limit_is_kept_from_the_start(stage: BotEnvironment) -> None:
    stage.sandbox.set_upload_limit(60_000)
    small = noise_png(100, 90)
    async with stage.bot():
        asked = await stage.ann.slash("dream", channel=stage.channel, image=small)
        done = await stage.dreamed(await asked.response())
    assert len(done.attachments[0].data) <= 60_000
    assert not [one for one in stage.sandbox.requests if one.status == 413]


@pytest.mark.parametrize(
    "fault", [Fault.RATE_LIMITED, Fault.GLOBAL_LIMIT, Fault.BANNED, Fault.SERVER_ERROR, Fault.DROP_AFTER]
)
async def test_stumbles_of_discord_are_stepped_over(stage: BotEnvironment, fault: Fault) -> None:
    async with stage.bot():
        stage.sandbox.faults.plan(fault, "PATCH", "@original", times=2, retry_after=0.2)
        asked = await stage.ann.slash("dream", channel=stage.channel, image=noise_png())
        done = await stage.dreamed(await asked.response())
    assert len(done.attachments) == 1
    assert [one.id for one in stage.channel.messages if is_dream(one)] == [done.id]


async def test_after_the_tokens_life_a_message_mentions_the_asker(
    stage: BotEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_ENGINE_STEP", "0.05")
    async with stage.bot():
        asked = await stage.ann.slash("dream", channel=stage.channel, image=noise_png())
        progress = await asked.result()
        stage.sandbox.clock.advance(16 * 60)
        done = await stage.channel.wait_for_message(is_dream, 100)
        assert done.id != progress.id
        assert done.content.startswith(f"<@{stage.ann.id}>")
        await progress.until(lambda now: now.deleted)
        [sent] = stage.sandbox.requests.matching("POST", f"/channels/{stage.channel.id}/messages")
        assert sent.json["enforce_nonce"] is True
        assert 0 < len(sent.json["nonce"]) <= 25
        assert sent.json["allowed_mentions"]["users"] == [stage.ann.id]


async def test_a_late_message_lost_on_the_way_back_is_not_sent_twice(
    stage: BotEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_ENGINE_STEP", "0.05")
    async with stage.bot() as life:
        asked = await stage.ann.slash("dream", channel=stage.channel, image=noise_png())
        await asked.result()
        stage.sandbox.faults.plan(Fault.DROP_AFTER, "POST", f"/channels/{stage.channel.id}/messages")
        stage.sandbox.clock.advance(16 * 60)
        await stage.channel.wait_for_message(is_dream, 100)
        await life.idle()
    assert len([one for one in stage.channel.messages if is_dream(one)]) == 1


async def test_after_the_tokens_life_with_no_way_in_the_job_just_ends(
    stage: BotEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_ENGINE_STEP", "0.05")
    async with stage.bot() as life:
        asked = await stage.ann.slash("dream", channel=stage.channel, image=noise_png())
        await asked.result()
        stage.channel.revoke(Permission.SEND_MESSAGES | Permission.VIEW_CHANNEL)
        stage.sandbox.clock.advance(16 * 60)
        await life.idle()
    assert not [one for one in stage.channel.messages if is_dream(one)]


async def test_a_failure_after_the_tokens_life_is_told_in_the_channel(
    stage: BotEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_ENGINE_STEP", "1.5")
    async with stage.bot():
        asked = await stage.ann.slash("dream", channel=stage.channel, image=noise_png(), seed=REFUSE)
        progress = await asked.result()
        stage.sandbox.clock.advance(16 * 60)
        told = await stage.channel.wait_for_message(lambda one: "I will not dream this" in one.content, 100)
        assert told.content.startswith(stage.ann.mention)
        await progress.until(lambda now: now.deleted)


async def test_the_channel_is_deleted_meanwhile(
    stage: BotEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_ENGINE_STEP", "0.05")
    other = stage.guild.add_channel("other")
    async with stage.bot() as life:
        asked = await stage.ann.slash("dream", channel=stage.channel, image=noise_png())
        await asked.result()
        stage.channel.delete()
        await life.idle()
        again = await stage.ann.slash("dream", channel=other, image=noise_png())
        assert await stage.dreamed(await again.response())


async def test_three_seconds_are_over_before_it_could_be_acknowledged(stage: BotEnvironment) -> None:
    async with stage.bot():
        late = await stage.ann.slash("dream", channel=stage.channel, image=noise_png())
        stage.sandbox.clock.advance(4)
        await asyncio.sleep(0.2)
        asked = await stage.ann.slash("dream", channel=stage.channel, image=noise_png(seed=2))
        assert await stage.dreamed(await asked.response())
        assert late.failed
    assert len([one for one in stage.channel.messages if not one.deleted]) == 1


async def test_results_repeat_what_they_are_made_of(stage: BotEnvironment) -> None:
    data = noise_png(300, 260)
    async with stage.bot():
        asked = await stage.ann.slash("dream", channel=stage.channel, image=data)
        done: MessageHandle = await stage.dreamed(await asked.response())
    assert b"dreambot" in done.attachments[0].data
    assert decode_pixels(done.attachments[0].data).shape == (260, 300, 3)


async def test_a_dream_that_was_delivered_stays_even_if_that_cannot_be_stored(
    stage: BotEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage.bot() as life:
        store, stored = life.services.store, asyncio.Event()
        real = store.set_state

        async def full(job: str, state: JobState, **more: Any) -> bool:
            if state is JobState.done:
                stored.set()
                raise OSError(28, "No space left on device")
            return await real(job, state, **more)

        monkeypatch.setattr(store, "set_state", full)
        asked = await stage.ann.slash("dream", channel=stage.channel, image=noise_png())
        done = await stage.dreamed(await asked.response())
        await stored.wait()
        await asyncio.sleep(0.2)
    assert not done.deleted


async def test_a_disk_that_is_full_from_the_start_is_told_in_private(
    stage: BotEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage.bot() as life:

        async def full(ask: JobRequest) -> Job:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(life.services.store, "create", full)
        asked = await stage.ann.slash("dream", channel=stage.channel, image=noise_png())
        told = await asked.follow_up()
        assert "wrong on my side" in told.content
        await stage.alone(told)
