"""Channels whose images are dreamed automatically, or on an eye reaction."""

import asyncio
from pathlib import Path

import pytest

from dreambot.guilds.autodream import AutoDreamSettings
from dreambot.guilds.settings import PersonSettings
from dreambot.sandbox.driver.users import UserHandle
from dreambot.sandbox.errors import RejectedByClient
from dreambot.sandbox.messages import Upload
from dreambot.sandbox.permissions import Permission
from tests.bot.support import MANAGER, BotEnvironment, RunningBot, is_dream, noise_png
from tests.support.fake_engine import hold


@pytest.fixture
def manager(env: BotEnvironment) -> UserHandle:
    return env.guild.add_member("mia", permissions=MANAGER)


async def _settled(env: BotEnvironment, bot: RunningBot) -> int:
    """Counts the dreams that the bot posted, once it is idle."""
    await env.events_handled()
    await bot.idle()
    return len([one for one in env.channel.messages if one.author_id == env.sandbox.bot_id and is_dream(one)])


async def test_off_by_default_on_when_switched_and_off_again(
    env: BotEnvironment, manager: UserHandle
) -> None:
    async with env.bot() as bot:
        await env.ann.post(env.channel, files=[noise_png()])
        assert await _settled(env, bot) == 0
        switched = await (await manager.slash("autodream on", channel=env.channel)).result()
        assert "100%" in switched.content
        posted = await env.ann.post(env.channel, files=[noise_png()])
        done = await env.channel.wait_for_message(is_dream, 100)
        assert done.replies_to == posted.id
        await (await manager.slash("autodream off", channel=env.channel)).result()
        await env.ann.post(env.channel, files=[noise_png()])
        assert await _settled(env, bot) == 1


async def test_it_shows_no_progress(env: BotEnvironment, manager: UserHandle) -> None:
    async with env.bot():
        await (await manager.slash("autodream on", channel=env.channel)).result()
        env.sandbox.requests.clear()
        await env.ann.post(env.channel, files=[noise_png()])
        await env.channel.wait_for_message(is_dream, 100)
        assert env.sandbox.requests.matching("PATCH", "messages") == []


async def test_only_those_who_manage_channels_may_switch_it(env: BotEnvironment) -> None:
    async with env.bot():
        with pytest.raises(RejectedByClient):
            await env.ann.slash("autodream on", channel=env.channel)


async def test_the_setting_is_kept_after_a_restart(env: BotEnvironment, manager: UserHandle) -> None:
    async with env.bot():
        await (await manager.slash("autodream on", channel=env.channel, percent=40)).result()
    async with env.bot() as bot:
        assert (await bot.services.guild_store.autodream(env.channel.id)).chance == 0.4


def test_a_preset_that_was_renamed_is_found_in_stored_settings() -> None:
    assert AutoDreamSettings.model_validate({"look": "fixed", "preset": "plumage"}).preset == "wool"


async def test_bots_spoilers_and_other_files_are_ignored(env: BotEnvironment, manager: UserHandle) -> None:
    robot = env.guild.add_member("robot", bot=True)
    async with env.bot() as bot:
        await (await manager.slash("autodream on", channel=env.channel)).result()
        await bot.services.guild_store.set_person(env.bob.id, PersonSettings(untouchable=True))
        await robot.post(env.channel, files=[noise_png()])
        env.channel.post_by_webhook("hook", "look", files=[Upload("a.png", noise_png())])
        await env.ann.post(env.channel, files=[noise_png()], spoiler=True)
        await env.ann.post(env.channel, files=[Upload("spoiler.png", noise_png(), flags=8)])
        await env.ann.post(env.channel, files=[Upload("explicit.png", noise_png(), flags=16)])
        await env.ann.post(env.channel, files=[Upload("notes.txt", b"words")])
        await env.ann.post(env.channel, "words")
        await env.bob.post(env.channel, files=[noise_png()])
        assert await _settled(env, bot) == 0


async def test_the_hourly_limit(env: BotEnvironment, manager: UserHandle) -> None:
    async with env.bot(autodream_per_hour=2) as bot:
        await (await manager.slash("autodream on", channel=env.channel)).result()
        for seed in range(5):
            await env.ann.post(env.channel, files=[noise_png(seed=seed)])
        assert await _settled(env, bot) == 2


async def test_autodream_does_not_use_the_authors_quota(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        guild_store = bot.services.guild_store
        await guild_store.update_guild(
            env.guild.id,
            lambda now: now.model_copy(
                update={"everyone": now.everyone.model_copy(update={"pictures_a_day": 1})}
            ),
        )
        await guild_store.set_autodream(env.channel.id, AutoDreamSettings(chance=1.0))
        for seed in range(2):
            await env.ann.post(env.channel, files=[noise_png(seed=seed)])
        assert await _settled(env, bot) == 2
        await guild_store.set_autodream(env.channel.id, AutoDreamSettings())
        interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png())
        await env.dreamed(await interaction.response())


async def test_an_eye_reaction_requests_one_dream(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        await bot.services.guild_store.set_autodream(
            env.channel.id, AutoDreamSettings(chance=1, trigger="reaction")
        )
        posted = await env.ann.post(env.channel, files=[noise_png()])
        await env.bob.react(posted, "👍")
        assert await _settled(env, bot) == 0
        await env.bob.react(posted, "👁️")
        done = await env.channel.wait_for_message(is_dream, 100)
        assert done.replies_to == posted.id
        await bot.idle()
        job = await bot.services.job_history.find_by_result(done.id)
        assert job is not None
        assert job.spec.owner == env.bob.id
        await env.ann.react(posted, "👁️")
        assert await _settled(env, bot) == 1
    async with env.bot() as bot:
        await env.ann.unreact(posted, "👁️")
        await env.ann.react(posted, "👁️")
        assert await _settled(env, bot) == 1


async def test_the_cooldown_is_respected(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        await bot.services.guild_store.set_autodream(
            env.channel.id, AutoDreamSettings(chance=1, cooldown=3600)
        )
        for seed in range(3):
            await env.ann.post(env.channel, files=[noise_png(seed=seed)])
        assert await _settled(env, bot) == 1


async def test_autodream_respects_the_servers_intensity(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        guild_store = bot.services.guild_store
        await guild_store.update_guild(env.guild.id, lambda now: now.model_copy(update={"intensity": 2}))
        await guild_store.set_autodream(env.channel.id, AutoDreamSettings(chance=1.0))
        await env.ann.post(env.channel, files=[noise_png()])
        done = await env.channel.wait_for_message(is_dream, 100)
        await bot.idle()
        job = await bot.services.job_history.find_by_result(done.id)
        assert job is not None
        assert job.recipe is not None
        assert job.recipe.intensity == 2


async def test_autodream_failures_are_silent(env: BotEnvironment, manager: UserHandle) -> None:
    broken = noise_png()[:60]
    async with env.bot() as bot:
        await (await manager.slash("autodream on", channel=env.channel)).result()
        count = len(env.channel.messages)
        await env.ann.post(env.channel, files=[Upload("broken.png", broken)])
        assert await _settled(env, bot) == 0
        assert len(env.channel.messages) == count + 1


async def test_a_deleted_image_gets_no_reply(
    env: BotEnvironment, manager: UserHandle, tmp_path: Path
) -> None:
    hold(tmp_path)
    async with env.bot() as bot:
        await (await manager.slash("autodream on", channel=env.channel)).result()
        posted = await env.ann.post(env.channel, files=[noise_png()])
        async with asyncio.timeout(100):
            while not await bot.services.store.unfinished():  # noqa: ASYNC110 - the store sends no events
                await asyncio.sleep(0.01)
        await env.ann.delete(posted)
        assert await _settled(env, bot) == 0


async def test_without_message_content_the_missing_intent_is_reported(
    env: BotEnvironment, manager: UserHandle
) -> None:
    env.sandbox.grant_message_content(False)
    async with env.bot():
        reply = await (await manager.slash("autodream on", channel=env.channel)).result()
    assert "message content intent" in reply.content


async def test_missing_permissions_are_named_before_autodream_is_enabled(
    env: BotEnvironment, manager: UserHandle
) -> None:
    env.channel.revoke(Permission.READ_MESSAGE_HISTORY)
    async with env.bot() as bot:
        reply = await (await manager.slash("autodream on", channel=env.channel)).result()
        assert reply.ephemeral
        assert "Read Message History" in reply.content
        assert (await bot.services.guild_store.autodream(env.channel.id)).chance == 0
