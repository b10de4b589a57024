"""Channels whose pictures are dreamed unasked, or for an eye."""

import asyncio

import pytest

from dreambot.guilds.autodream import AutoDreamSettings
from dreambot.guilds.settings import PersonSettings
from dreambot.sandbox.driver.users import UserHandle
from dreambot.sandbox.errors import RejectedByClient
from dreambot.sandbox.messages import Upload
from dreambot.sandbox.permissions import Permission
from tests.bot.support import MANAGER, BotEnvironment, RunningBot, is_dream, noise_png


@pytest.fixture
def manager(stage: BotEnvironment) -> UserHandle:
    return stage.guild.add_member("mia", permissions=MANAGER)


async def _settled(stage: BotEnvironment, life: RunningBot) -> int:
    """How many dreams the bot posted, once it has nothing left to do."""
    await asyncio.sleep(0.5)
    await life.idle()
    return len(
        [one for one in stage.channel.messages if one.author_id == stage.sandbox.bot_id and is_dream(one)]
    )


async def test_off_by_default_on_when_switched_and_off_again(
    stage: BotEnvironment, manager: UserHandle
) -> None:
    async with stage.bot() as life:
        await stage.ann.post(stage.channel, files=[noise_png()])
        assert await _settled(stage, life) == 0
        switched = await (await manager.slash("autodream on", channel=stage.channel)).result()
        assert "100%" in switched.content
        posted = await stage.ann.post(stage.channel, files=[noise_png()])
        done = await stage.channel.wait_for_message(is_dream, 100)
        assert done.replies_to == posted.id
        await (await manager.slash("autodream off", channel=stage.channel)).result()
        await stage.ann.post(stage.channel, files=[noise_png()])
        assert await _settled(stage, life) == 1


async def test_it_shows_no_progress(stage: BotEnvironment, manager: UserHandle) -> None:
    async with stage.bot():
        await (await manager.slash("autodream on", channel=stage.channel)).result()
        stage.sandbox.requests.clear()
        await stage.ann.post(stage.channel, files=[noise_png()])
        await stage.channel.wait_for_message(is_dream, 100)
        assert stage.sandbox.requests.matching("PATCH", "messages") == []


async def test_only_those_who_manage_channels_may_switch_it(stage: BotEnvironment) -> None:
    async with stage.bot():
        with pytest.raises(RejectedByClient):
            await stage.ann.slash("autodream on", channel=stage.channel)


async def test_the_setting_outlives_a_restart(stage: BotEnvironment, manager: UserHandle) -> None:
    async with stage.bot():
        await (await manager.slash("autodream on", channel=stage.channel, percent=40)).result()
    async with stage.bot() as life:
        assert (await life.services.guild_store.autodream(stage.channel.id)).chance == 0.4


async def test_bots_spoilers_and_other_files_are_left_alone(
    stage: BotEnvironment, manager: UserHandle
) -> None:
    robot = stage.guild.add_member("robot", bot=True)
    async with stage.bot() as life:
        await (await manager.slash("autodream on", channel=stage.channel)).result()
        await life.services.guild_store.set_person(stage.bob.id, PersonSettings(untouchable=True))
        await robot.post(stage.channel, files=[noise_png()])
        stage.channel.post_by_webhook("hook", "look", files=[Upload("a.png", noise_png())])
        await stage.ann.post(stage.channel, files=[noise_png()], spoiler=True)
        await stage.ann.post(stage.channel, files=[Upload("notes.txt", b"words")])
        await stage.ann.post(stage.channel, "words")
        await stage.bob.post(stage.channel, files=[noise_png()])
        assert await _settled(stage, life) == 0


async def test_no_more_than_so_many_an_hour(stage: BotEnvironment, manager: UserHandle) -> None:
    async with stage.bot(autodream_per_hour=2) as life:
        await (await manager.slash("autodream on", channel=stage.channel)).result()
        for seed in range(5):
            await stage.ann.post(stage.channel, files=[noise_png(seed=seed)])
        assert await _settled(stage, life) == 2


async def test_the_authors_pictures_a_day_are_not_used_up(stage: BotEnvironment) -> None:
    async with stage.bot() as life:
        guild_store = life.services.guild_store
        await guild_store.update_guild(
            stage.guild.id,
            lambda now: now.model_copy(
                update={"everyone": now.everyone.model_copy(update={"pictures_a_day": 1})}
            ),
        )
        await guild_store.set_autodream(stage.channel.id, AutoDreamSettings(chance=1.0))
        for seed in range(2):
            await stage.ann.post(stage.channel, files=[noise_png(seed=seed)])
        assert await _settled(stage, life) == 2
        await guild_store.set_autodream(stage.channel.id, AutoDreamSettings())
        asked = await stage.ann.slash("dream", channel=stage.channel, image=noise_png())
        await stage.dreamed(await asked.response())


async def test_an_eye_asks_for_a_dream_once(stage: BotEnvironment) -> None:
    async with stage.bot() as life:
        await life.services.guild_store.set_autodream(
            stage.channel.id, AutoDreamSettings(chance=1, trigger="reaction")
        )
        posted = await stage.ann.post(stage.channel, files=[noise_png()])
        await stage.bob.react(posted, "👍")
        assert await _settled(stage, life) == 0
        await stage.bob.react(posted, "👁️")
        done = await stage.channel.wait_for_message(is_dream, 100)
        assert done.replies_to == posted.id
        await life.idle()
        job = await life.services.job_history.find_by_result(done.id)
        assert job is not None
        assert job.ask.owner == stage.bob.id
        await stage.ann.react(posted, "👁️")
        assert await _settled(stage, life) == 1
    async with stage.bot() as life:
        await stage.ann.unreact(posted, "👁️")
        await stage.ann.react(posted, "👁️")
        assert await _settled(stage, life) == 1


async def test_a_cool_down_is_kept(stage: BotEnvironment) -> None:
    async with stage.bot() as life:
        await life.services.guild_store.set_autodream(
            stage.channel.id, AutoDreamSettings(chance=1, cooldown=3600)
        )
        for seed in range(3):
            await stage.ann.post(stage.channel, files=[noise_png(seed=seed)])
        assert await _settled(stage, life) == 1


async def test_it_keeps_to_the_servers_intensity(stage: BotEnvironment) -> None:
    async with stage.bot() as life:
        guild_store = life.services.guild_store
        await guild_store.update_guild(stage.guild.id, lambda now: now.model_copy(update={"intensity": 2}))
        await guild_store.set_autodream(stage.channel.id, AutoDreamSettings(chance=1.0))
        await stage.ann.post(stage.channel, files=[noise_png()])
        done = await stage.channel.wait_for_message(is_dream, 100)
        await life.idle()
        job = await life.services.job_history.find_by_result(done.id)
        assert job is not None
        assert job.recipe is not None
        assert job.recipe.intensity == 2


async def test_its_failures_are_silent(stage: BotEnvironment, manager: UserHandle) -> None:
    broken = noise_png()[:60]
    async with stage.bot() as life:
        await (await manager.slash("autodream on", channel=stage.channel)).result()
        count = len(stage.channel.messages)
        await stage.ann.post(stage.channel, files=[Upload("broken.png", broken)])
        assert await _settled(stage, life) == 0
        assert len(stage.channel.messages) == count + 1


async def test_a_deleted_picture_is_not_answered(
    stage: BotEnvironment, manager: UserHandle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_ENGINE_STEP", "0.05")
    async with stage.bot() as life:
        await (await manager.slash("autodream on", channel=stage.channel)).result()
        posted = await stage.ann.post(stage.channel, files=[noise_png()])
        async with asyncio.timeout(100):
            while not await life.services.store.unfinished():  # noqa: ASYNC110 - the store tells nobody
                await asyncio.sleep(0.01)
        await stage.ann.delete(posted)
        assert await _settled(stage, life) == 0


async def test_without_message_content_it_says_what_is_missing(
    stage: BotEnvironment, manager: UserHandle
) -> None:
    stage.sandbox.grant_message_content(False)
    async with stage.bot():
        told = await (await manager.slash("autodream on", channel=stage.channel)).result()
    assert "message content intent" in told.content


async def test_a_missing_permission_is_named_before_it_is_switched_on(
    stage: BotEnvironment, manager: UserHandle
) -> None:
    stage.channel.revoke(Permission.READ_MESSAGE_HISTORY)
    async with stage.bot() as life:
        told = await (await manager.slash("autodream on", channel=stage.channel)).result()
        assert told.ephemeral
        assert "Read Message History" in told.content
        assert (await life.services.guild_store.autodream(stage.channel.id)).chance == 0
