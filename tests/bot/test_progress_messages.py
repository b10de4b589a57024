"""Waiting for a dream, in one's own language and as one would have it."""

from datetime import timedelta

import pytest

from dreambot.bot import channel_messages, pipeline, replies
from dreambot.guilds.settings import GuildSettings, PersonSettings
from tests.bot.support import BotEnvironment, RunningBot, noise_png

SLOW = "0.05"


def _progress(stage: BotEnvironment) -> bytes:
    """All that was sent to the first answer before the dream."""
    return b"".join(one.body or b"" for one in stage.sandbox.requests.matching("PATCH", "@original"))


async def _dream(stage: BotEnvironment, life: RunningBot) -> None:
    asked = await stage.ann.slash("dream", channel=stage.channel, image=noise_png(300, 260))
    await stage.dreamed(await asked.response())
    await life.idle()


async def test_all_is_said_in_the_servers_language(stage: BotEnvironment) -> None:
    async with stage.bot() as life:
        await life.services.guild_store.set_guild(stage.guild.id, GuildSettings(language="de"))
        asked = await stage.ann.slash("dream", channel=stage.channel, image=noise_png(), layer="mixed5")
        done = await stage.dreamed(await asked.response())
        nothing = await stage.bob.slash("dream", channel=stage.channel, image=b"no picture at all")
        told = await nothing.follow_up()
    assert "Ich sehe mir das Bild an" in _progress(stage).decode("utf-8", "replace")
    description = done.attachments[0].description or ""
    assert "vom neuronalen Netz inception_v3 weitergeträumt" in description
    assert "Hunde, Fell" in description
    assert "ist Text, kein Bild" in told.content


async def test_everybody_is_answered_in_their_own_language(stage: BotEnvironment) -> None:
    stage.ann.set_locale("ja")
    stage.guild.set_locale("es-ES")
    async with stage.bot():
        asked = await stage.ann.slash("dream", channel=stage.channel, image=noise_png(), layer="mixed5")
        done = await stage.dreamed(await asked.response())
        # A message does not say what its author speaks, but the server does.
        await stage.ann.post(stage.channel, f"<@{stage.sandbox.bot_id}> intensity:12", files=[noise_png()])
        await stage.channel.wait_for_message(lambda one: "La intensidad va de 1 a 11." in one.content)
    assert "が見た夢" in (done.attachments[0].description or "")


async def test_the_place_the_bar_and_a_preview_are_shown(
    stage: BotEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_ENGINE_STEP", "0.5")
    async with stage.bot(drain_seconds=0):
        asked = await stage.ann.slash("dream", channel=stage.channel, image=noise_png(300, 260))
        message = await asked.response()
        await message.until(lambda now: "▱" in now.content and "octave" in now.content)
        behind = await stage.bob.slash("dream", channel=stage.channel, image=noise_png(seed=1))
        await (await behind.response()).until(lambda now: "In the queue: 1st" in now.content)
        await message.until(lambda now: now.attachments and now.attachments[0].filename == "dreaming.jpg")


@pytest.mark.parametrize("who", ["server", "person"])
async def test_no_previews_for_those_who_save_data(
    stage: BotEnvironment, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    monkeypatch.setenv("FAKE_ENGINE_STEP", SLOW)
    async with stage.bot() as life:
        if who == "server":
            await life.services.guild_store.set_guild(stage.guild.id, GuildSettings(previews=False))
        else:
            await life.services.guild_store.set_person(stage.ann.id, PersonSettings(previews=False))
        await _dream(stage, life)
    assert b"dreaming.jpg" not in _progress(stage)
    assert "octave" in _progress(stage).decode("utf-8", "replace")


async def test_captions_stay_whole_where_moderators_want_that(stage: BotEnvironment) -> None:
    async with stage.bot() as life:
        await life.services.guild_store.set_guild(stage.guild.id, GuildSettings(captions=False))
        asked = await stage.ann.slash("dream", channel=stage.channel, image=noise_png(), intensity=11)
        done = await stage.dreamed(await asked.response())
    assert "\u0336" not in done.content
    assert done.content.count("\n") == 1
    assert "intensity:11" in done.content


async def test_who_wishes_it_is_called_back_after_a_long_wait(
    stage: BotEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "LONG_WAIT", timedelta())
    monkeypatch.setattr(channel_messages, "PING_LIFETIME_S", 0.2)
    async with stage.bot() as life:
        await _dream(stage, life)
        assert not stage.sandbox.requests.matching("POST", f"/channels/{stage.channel.id}/messages")
        await life.services.guild_store.set_person(stage.ann.id, PersonSettings(ping=True))
        asked = await stage.ann.slash("dream", channel=stage.channel, image=noise_png(seed=2))
        done = await stage.dreamed(await asked.response())
        called = await stage.channel.wait_for_message(lambda one: one.content.startswith(stage.ann.mention))
        assert called.replies_to == done.id
        assert not called.attachments
        await called.until(lambda now: now.deleted)
    [sent] = stage.sandbox.requests.matching("POST", f"/channels/{stage.channel.id}/messages")
    assert sent.json["allowed_mentions"]["users"] == [stage.ann.id]
    assert sent.json["enforce_nonce"] is True
    assert not done.deleted


async def test_nobody_is_called_back_to_a_short_wait(stage: BotEnvironment) -> None:
    async with stage.bot() as life:
        await life.services.guild_store.set_person(stage.ann.id, PersonSettings(ping=True))
        await _dream(stage, life)
    assert not stage.sandbox.requests.matching("POST", f"/channels/{stage.channel.id}/messages")


async def test_a_private_dream_that_cannot_come_in_time_is_let_go_kindly(
    stage: BotEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_ENGINE_STEP", "5")
    monkeypatch.setattr(pipeline, "TOKEN_LIFETIME", timedelta(seconds=32))
    async with stage.bot() as life:
        asked = await stage.ann.slash("dream", channel=stage.channel, image=noise_png(), private=True)
        told = await asked.follow_up()
        assert "15 minutes" in told.content
        assert told.ephemeral
        await life.idle()
    assert not stage.sandbox.requests.matching("POST", f"/channels/{stage.channel.id}/messages")


async def test_a_private_dream_that_would_come_too_late_is_refused_at_once(
    stage: BotEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_ENGINE_STEP", SLOW)
    async with stage.bot(drain_seconds=0) as life:
        # How long dreams take is known once one was dreamed.
        await _dream(stage, life)
        for seed in range(3):
            await stage.bob.slash("dream", channel=stage.channel, image=noise_png(600, 500, seed))
        monkeypatch.setattr(pipeline, "TOKEN_LIFETIME", timedelta(seconds=2))
        monkeypatch.setattr(pipeline, "_DEADLINE_NOTICE", -timedelta(minutes=1))
        asked = await stage.ann.slash("dream", channel=stage.channel, image=noise_png(), private=True)
        told = await asked.follow_up()
    assert "queue is so long" in told.content


async def test_what_came_too_late_for_private_eyes_is_said_in_a_direct_message(
    stage: BotEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_ENGINE_STEP", "5")
    async with stage.bot(drain_seconds=0):
        asked = await stage.ann.slash("dream", channel=stage.channel, image=noise_png(), private=True)
        await (await asked.response()).until(lambda now: "octave" in now.content)
    for module in (pipeline, replies):
        monkeypatch.setattr(module, "TOKEN_LIFETIME", timedelta())
    async with stage.bot() as life:
        told = await stage.ann.dm_channel().wait_for_message(lambda one: "15 minutes" in one.content)
        await life.idle()
    assert not told.attachments
    assert not stage.sandbox.requests.matching("POST", f"/channels/{stage.channel.id}/messages")
