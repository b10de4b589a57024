"""Delivering a result in spite of Discord's errors."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from dreambot.jobs.models import Job, JobRequest, JobState
from dreambot.sandbox.driver.channels import MessageHandle
from dreambot.sandbox.faults import Fault
from dreambot.sandbox.permissions import Permission
from tests.bot.support import BotEnvironment, decode_pixels, is_dream, noise_png
from tests.support.fake_engine import REFUSE, hold, release


async def test_a_file_too_large_is_sent_smaller(env: BotEnvironment) -> None:
    async with env.bot():
        interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png(300, 260))
        message = await interaction.response()
        # The limit that Discord names is not always the one that it applies.
        env.sandbox.set_upload_limit(60_000)
        done = await env.dreamed(message)
    assert len(done.attachments[0].data) <= 60_000
    refused = [one for one in env.sandbox.requests.matching("PATCH", "@original") if one.status == 413]
    assert refused


async def test_the_upload_limit_of_the_interaction_is_respected(env: BotEnvironment) -> None:
    env.sandbox.set_upload_limit(60_000)
    small = noise_png(100, 90)
    async with env.bot():
        interaction = await env.ann.slash("dream", channel=env.channel, image=small)
        done = await env.dreamed(await interaction.response())
    assert len(done.attachments[0].data) <= 60_000
    assert not [one for one in env.sandbox.requests if one.status == 413]


@pytest.mark.parametrize(
    "fault", [Fault.RATE_LIMITED, Fault.GLOBAL_LIMIT, Fault.BANNED, Fault.SERVER_ERROR, Fault.DROP_AFTER]
)
async def test_transient_errors_of_discord_are_retried(env: BotEnvironment, fault: Fault) -> None:
    async with env.bot():
        env.sandbox.faults.plan(fault, "PATCH", "@original", times=2, retry_after=0.2)
        interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png())
        done = await env.dreamed(await interaction.response())
    assert len(done.attachments) == 1
    assert [one.id for one in env.channel.messages if is_dream(one)] == [done.id]


async def test_after_the_token_expired_a_message_mentions_the_requester(
    env: BotEnvironment, tmp_path: Path
) -> None:
    hold(tmp_path)
    async with env.bot():
        interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png())
        progress = await interaction.result()
        env.sandbox.clock.advance(16 * 60)
        release(tmp_path)
        done = await env.channel.wait_for_message(is_dream, 100)
        assert done.id != progress.id
        assert done.content.startswith(f"<@{env.ann.id}>")
        await progress.until(lambda now: now.deleted)
        [sent] = env.sandbox.requests.matching("POST", f"/channels/{env.channel.id}/messages")
        assert sent.json["enforce_nonce"] is True
        assert 0 < len(sent.json["nonce"]) <= 25
        assert sent.json["allowed_mentions"]["users"] == [env.ann.id]


async def test_a_late_message_with_a_lost_response_is_not_sent_twice(
    env: BotEnvironment, tmp_path: Path
) -> None:
    hold(tmp_path)
    async with env.bot() as bot:
        interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png())
        await interaction.result()
        env.sandbox.faults.plan(Fault.DROP_AFTER, "POST", f"/channels/{env.channel.id}/messages")
        env.sandbox.clock.advance(16 * 60)
        release(tmp_path)
        await env.channel.wait_for_message(is_dream, 100)
        await bot.idle()
    assert len([one for one in env.channel.messages if is_dream(one)]) == 1


async def test_after_the_token_expired_an_unreachable_job_just_ends(
    env: BotEnvironment, tmp_path: Path
) -> None:
    hold(tmp_path)
    async with env.bot() as bot:
        interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png())
        await interaction.result()
        env.channel.revoke(Permission.SEND_MESSAGES | Permission.VIEW_CHANNEL)
        env.sandbox.clock.advance(16 * 60)
        release(tmp_path)
        await bot.idle()
    assert not [one for one in env.channel.messages if is_dream(one)]


async def test_a_failure_after_the_token_expired_is_reported_in_the_channel(
    env: BotEnvironment, tmp_path: Path
) -> None:
    hold(tmp_path)
    async with env.bot():
        interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png(), seed=REFUSE)
        progress = await interaction.result()
        env.sandbox.clock.advance(16 * 60)
        release(tmp_path)
        reply = await env.channel.wait_for_message(lambda one: "I will not dream this" in one.content, 100)
        assert reply.content.startswith(env.ann.mention)
        await progress.until(lambda now: now.deleted)


async def test_the_channel_is_deleted_meanwhile(env: BotEnvironment, tmp_path: Path) -> None:
    hold(tmp_path)
    other = env.guild.add_channel("other")
    async with env.bot() as bot:
        interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png())
        await interaction.result()
        env.channel.delete()
        release(tmp_path)
        await bot.idle()
        again = await env.ann.slash("dream", channel=other, image=noise_png())
        assert await env.dreamed(await again.response())


async def test_the_deadline_for_the_acknowledgement_is_missed(env: BotEnvironment) -> None:
    async with env.bot():
        late = await env.ann.slash("dream", channel=env.channel, image=noise_png())
        env.sandbox.clock.advance(4)
        await env.events_handled()
        interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png(seed=2))
        assert await env.dreamed(await interaction.response())
        assert late.failed
    assert len([one for one in env.channel.messages if not one.deleted]) == 1


async def test_the_text_of_a_result_is_a_request(env: BotEnvironment) -> None:
    data = noise_png(300, 260)
    async with env.bot():
        interaction = await env.ann.slash("dream", channel=env.channel, image=data)
        done: MessageHandle = await env.dreamed(await interaction.response())
    assert b"dreambot" in done.attachments[0].data
    assert decode_pixels(done.attachments[0].data).shape == (260, 300, 3)


async def test_a_dream_that_was_delivered_stays_even_if_that_cannot_be_stored(
    env: BotEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with env.bot() as bot:
        store, stored = bot.services.store, asyncio.Event()
        real = store.set_state

        async def full(job: str, state: JobState, **more: Any) -> bool:
            if state is JobState.done:
                stored.set()
                raise OSError(28, "No space left on device")
            return await real(job, state, **more)

        monkeypatch.setattr(store, "set_state", full)
        interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png())
        done = await env.dreamed(await interaction.response())
        await stored.wait()
        await asyncio.sleep(0.2)
    assert not done.deleted


async def test_a_full_disk_is_reported_in_private(
    env: BotEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with env.bot() as bot:

        async def full(spec: JobRequest) -> Job:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(bot.services.store, "create", full)
        interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png())
        reply = await interaction.follow_up()
        assert "wrong on my side" in reply.content
        await env.alone(reply)
