"""Progress messages, in the user's language and with the user's settings."""

from datetime import timedelta
from pathlib import Path

import pytest

from dreambot.bot import channel_messages, replies, responder
from dreambot.guilds.settings import GuildSettings, PersonSettings
from tests.bot.support import BotEnvironment, RunningBot, noise_png
from tests.support.fake_engine import hold

SLOW = "0.05"


def _progress(env: BotEnvironment) -> bytes:
    """Lists the states of the original response before the result."""
    return b"".join(one.body or b"" for one in env.sandbox.requests.matching("PATCH", "@original"))


async def _dream(env: BotEnvironment, bot: RunningBot) -> None:
    interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png(300, 260))
    await env.dreamed(await interaction.response())
    await bot.idle()


async def test_the_servers_language_is_used(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        await bot.services.guild_store.set_guild(env.guild.id, GuildSettings(language="de"))
        interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png(), layer="mixed5")
        done = await env.dreamed(await interaction.response())
        nothing = await env.bob.slash("dream", channel=env.channel, image=b"no picture at all")
        reply = await nothing.follow_up()
    assert "Ich sehe mir das Bild an" in _progress(env).decode("utf-8", "replace")
    description = done.attachments[0].description or ""
    assert "vom neuronalen Netz inception_v3 weitergeträumt" in description
    assert "Hunde, Fell" in description
    assert "ist Text, kein Bild" in reply.content


async def test_every_user_is_answered_in_their_language(env: BotEnvironment) -> None:
    env.ann.set_locale("ja")
    env.guild.set_locale("es-ES")
    async with env.bot():
        interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png(), layer="mixed5")
        done = await env.dreamed(await interaction.response())
        # A message does not contain its author's language, but the server has one.
        await env.ann.post(env.channel, f"<@{env.sandbox.bot_id}> intensity:12", files=[noise_png()])
        await env.channel.wait_for_message(lambda one: "La intensidad va de 1 a 11." in one.content)
    assert "が見た夢" in (done.attachments[0].description or "")


async def test_position_bar_and_preview_are_shown(env: BotEnvironment, tmp_path: Path) -> None:
    hold(tmp_path)
    async with env.bot(drain_seconds=0):
        interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png(300, 260))
        message = await interaction.response()
        await message.until(lambda now: "▱" in now.content and "octave" in now.content)
        behind = await env.bob.slash("dream", channel=env.channel, image=noise_png(seed=1))
        await (await behind.response()).until(lambda now: "In the queue: 1st" in now.content)
        await message.until(lambda now: now.attachments and now.attachments[0].filename == "dreaming.jpg")


@pytest.mark.parametrize("who", ["server", "person"])
async def test_previews_can_be_switched_off_by_a_user(
    env: BotEnvironment, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    monkeypatch.setenv("FAKE_ENGINE_STEP", SLOW)
    async with env.bot() as bot:
        if who == "server":
            await bot.services.guild_store.set_guild(env.guild.id, GuildSettings(previews=False))
        else:
            await bot.services.guild_store.set_person(env.ann.id, PersonSettings(previews=False))
        await _dream(env, bot)
    assert b"dreaming.jpg" not in _progress(env)
    assert "octave" in _progress(env).decode("utf-8", "replace")


async def test_captions_are_not_corrupted_if_moderators_switch_it_off(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        await bot.services.guild_store.set_guild(env.guild.id, GuildSettings(captions=False))
        interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png(), intensity=11)
        done = await env.dreamed(await interaction.response())
    assert "\u0336" not in done.content
    assert done.content.count("\n") == 1
    assert "intensity:11" in done.content


async def test_users_who_want_it_are_mentioned_after_a_long_wait(
    env: BotEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(responder, "LONG_WAIT", timedelta())
    monkeypatch.setattr(channel_messages, "PING_LIFETIME_S", 0.2)
    async with env.bot() as bot:
        await _dream(env, bot)
        assert not env.sandbox.requests.matching("POST", f"/channels/{env.channel.id}/messages")
        await bot.services.guild_store.set_person(env.ann.id, PersonSettings(ping=True))
        interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png(seed=2))
        done = await env.dreamed(await interaction.response())
        called = await env.channel.wait_for_message(lambda one: one.content.startswith(env.ann.mention))
        assert called.replies_to == done.id
        assert not called.attachments
        await called.until(lambda now: now.deleted)
    [sent] = env.sandbox.requests.matching("POST", f"/channels/{env.channel.id}/messages")
    assert sent.json["allowed_mentions"]["users"] == [env.ann.id]
    assert sent.json["enforce_nonce"] is True
    assert not done.deleted


async def test_no_mention_after_a_short_wait(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        await bot.services.guild_store.set_person(env.ann.id, PersonSettings(ping=True))
        await _dream(env, bot)
    assert not env.sandbox.requests.matching("POST", f"/channels/{env.channel.id}/messages")


async def test_a_private_dream_that_misses_its_deadline_is_reported(
    env: BotEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_ENGINE_STEP", "5")
    monkeypatch.setattr(responder, "TOKEN_LIFETIME", timedelta(seconds=32))
    async with env.bot() as bot:
        interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png(), private=True)
        reply = await interaction.follow_up()
        assert "15 minutes" in reply.content
        assert reply.ephemeral
        await bot.idle()
    assert not env.sandbox.requests.matching("POST", f"/channels/{env.channel.id}/messages")


async def test_a_private_dream_beyond_its_deadline_is_refused_at_once(
    env: BotEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_ENGINE_STEP", SLOW)
    async with env.bot(drain_seconds=0) as bot:
        # The duration can be estimated after the first dream.
        await _dream(env, bot)
        for seed in range(3):
            await env.bob.slash("dream", channel=env.channel, image=noise_png(600, 500, seed))
        monkeypatch.setattr(responder, "TOKEN_LIFETIME", timedelta(seconds=2))
        monkeypatch.setattr(responder, "_DEADLINE_NOTICE", -timedelta(minutes=1))
        interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png(), private=True)
        reply = await interaction.follow_up()
    assert "queue is so long" in reply.content


async def test_a_late_private_failure_is_sent_as_a_direct_message(
    env: BotEnvironment, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hold(tmp_path)
    async with env.bot(drain_seconds=0):
        interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png(), private=True)
        await (await interaction.response()).until(lambda now: "octave" in now.content)
    for module in (responder, replies):
        monkeypatch.setattr(module, "TOKEN_LIFETIME", timedelta())
    async with env.bot() as bot:
        reply = await env.ann.dm_channel().wait_for_message(lambda one: "15 minutes" in one.content)
        await bot.idle()
    assert not reply.attachments
    assert not env.sandbox.requests.matching("POST", f"/channels/{env.channel.id}/messages")
