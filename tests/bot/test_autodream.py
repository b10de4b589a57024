"""Channels whose pictures are dreamed unasked, or for an eye."""

import asyncio

import pytest

from dreambot.community import AutoDream, PersonSettings
from dreambot.sandbox.driver.handles import UserHandle
from dreambot.sandbox.permissions import Permission
from dreambot.sandbox.posting import Upload
from dreambot.sandbox.refusal import ClientRefusal
from tests.bot.support import MANAGER, Life, Scene, is_dream, picture


@pytest.fixture
def manager(stage: Scene) -> UserHandle:
    return stage.guild.add_member("mia", permissions=MANAGER)


async def _settled(stage: Scene, life: Life) -> int:
    """How many dreams the bot posted, once it has nothing left to do."""
    await asyncio.sleep(0.5)
    await life.idle()
    return len(
        [one for one in stage.channel.messages if one.author_id == stage.sandbox.bot_id and is_dream(one)]
    )


async def test_off_by_default_on_when_switched_and_off_again(stage: Scene, manager: UserHandle) -> None:
    async with stage.bot() as life:
        await stage.ann.post(stage.channel, files=[picture()])
        assert await _settled(stage, life) == 0
        switched = await (await manager.slash("autodream on", channel=stage.channel)).result()
        assert "100%" in switched.content
        posted = await stage.ann.post(stage.channel, files=[picture()])
        done = await stage.channel.wait_for_message(is_dream, 100)
        assert done.replies_to == posted.id
        await (await manager.slash("autodream off", channel=stage.channel)).result()
        await stage.ann.post(stage.channel, files=[picture()])
        assert await _settled(stage, life) == 1


async def test_it_shows_no_progress(stage: Scene, manager: UserHandle) -> None:
    async with stage.bot():
        await (await manager.slash("autodream on", channel=stage.channel)).result()
        stage.sandbox.requests.clear()
        await stage.ann.post(stage.channel, files=[picture()])
        await stage.channel.wait_for_message(is_dream, 100)
        assert stage.sandbox.requests.of("PATCH", "messages") == []


async def test_only_those_who_manage_channels_may_switch_it(stage: Scene) -> None:
    async with stage.bot():
        with pytest.raises(ClientRefusal):
            await stage.ann.slash("autodream on", channel=stage.channel)


async def test_the_setting_outlives_a_restart(stage: Scene, manager: UserHandle) -> None:
    async with stage.bot():
        await (await manager.slash("autodream on", channel=stage.channel, percent=40)).result()
    async with stage.bot() as life:
        assert (await life.services.community.autodream(stage.channel.id)).chance == 0.4


async def test_bots_spoilers_and_other_files_are_left_alone(stage: Scene, manager: UserHandle) -> None:
    robot = stage.guild.add_member("robot", bot=True)
    async with stage.bot() as life:
        await (await manager.slash("autodream on", channel=stage.channel)).result()
        await life.services.community.set_person(stage.bob.id, PersonSettings(untouchable=True))
        await robot.post(stage.channel, files=[picture()])
        stage.channel.post_by_webhook("hook", "look", files=[Upload("a.png", picture())])
        await stage.ann.post(stage.channel, files=[picture()], spoiler=True)
        await stage.ann.post(stage.channel, files=[Upload("notes.txt", b"words")])
        await stage.ann.post(stage.channel, "words")
        await stage.bob.post(stage.channel, files=[picture()])
        assert await _settled(stage, life) == 0


async def test_no_more_than_so_many_an_hour(stage: Scene, manager: UserHandle) -> None:
    async with stage.bot(autodream_per_hour=2) as life:
        await (await manager.slash("autodream on", channel=stage.channel)).result()
        for seed in range(5):
            await stage.ann.post(stage.channel, files=[picture(seed=seed)])
        assert await _settled(stage, life) == 2


async def test_the_authors_pictures_a_day_are_not_used_up(stage: Scene) -> None:
    async with stage.bot() as life:
        community = life.services.community
        await community.change_guild(
            stage.guild.id,
            lambda now: now.model_copy(
                update={"everyone": now.everyone.model_copy(update={"pictures_a_day": 1})}
            ),
        )
        await community.set_autodream(stage.channel.id, AutoDream(chance=1.0))
        for seed in range(2):
            await stage.ann.post(stage.channel, files=[picture(seed=seed)])
        assert await _settled(stage, life) == 2
        await community.set_autodream(stage.channel.id, AutoDream())
        asked = await stage.ann.slash("dream", channel=stage.channel, image=picture())
        await stage.dreamed(await asked.response())


async def test_an_eye_asks_for_a_dream_once(stage: Scene) -> None:
    async with stage.bot() as life:
        await life.services.community.set_autodream(stage.channel.id, AutoDream(chance=1, trigger="reaction"))
        posted = await stage.ann.post(stage.channel, files=[picture()])
        await stage.bob.react(posted, "👍")
        assert await _settled(stage, life) == 0
        await stage.bob.react(posted, "👁️")
        done = await stage.channel.wait_for_message(is_dream, 100)
        assert done.replies_to == posted.id
        await life.idle()
        job = await life.services.lineage.of_result(done.id)
        assert job is not None
        assert job.ask.owner == stage.bob.id
        await stage.ann.react(posted, "👁️")
        assert await _settled(stage, life) == 1
    async with stage.bot() as life:
        await stage.ann.unreact(posted, "👁️")
        await stage.ann.react(posted, "👁️")
        assert await _settled(stage, life) == 1


async def test_a_cool_down_is_kept(stage: Scene) -> None:
    async with stage.bot() as life:
        await life.services.community.set_autodream(stage.channel.id, AutoDream(chance=1, cooldown=3600))
        for seed in range(3):
            await stage.ann.post(stage.channel, files=[picture(seed=seed)])
        assert await _settled(stage, life) == 1


async def test_it_keeps_to_the_servers_intensity(stage: Scene) -> None:
    async with stage.bot() as life:
        community = life.services.community
        await community.change_guild(stage.guild.id, lambda now: now.model_copy(update={"intensity": 2}))
        await community.set_autodream(stage.channel.id, AutoDream(chance=1.0))
        await stage.ann.post(stage.channel, files=[picture()])
        done = await stage.channel.wait_for_message(is_dream, 100)
        await life.idle()
        job = await life.services.lineage.of_result(done.id)
        assert job is not None
        assert job.recipe is not None
        assert job.recipe.intensity == 2


async def test_its_failures_are_silent(stage: Scene, manager: UserHandle) -> None:
    broken = picture()[:60]
    async with stage.bot() as life:
        await (await manager.slash("autodream on", channel=stage.channel)).result()
        count = len(stage.channel.messages)
        await stage.ann.post(stage.channel, files=[Upload("broken.png", broken)])
        assert await _settled(stage, life) == 0
        assert len(stage.channel.messages) == count + 1


async def test_a_deleted_picture_is_not_answered(
    stage: Scene, manager: UserHandle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_ENGINE_STEP", "0.05")
    async with stage.bot() as life:
        await (await manager.slash("autodream on", channel=stage.channel)).result()
        posted = await stage.ann.post(stage.channel, files=[picture()])
        async with asyncio.timeout(100):
            while not await life.services.store.unfinished():  # noqa: ASYNC110 - the store tells nobody
                await asyncio.sleep(0.01)
        await stage.ann.delete(posted)
        assert await _settled(stage, life) == 0


async def test_without_message_content_it_says_what_is_missing(stage: Scene, manager: UserHandle) -> None:
    stage.sandbox.grant_message_content(False)
    async with stage.bot():
        told = await (await manager.slash("autodream on", channel=stage.channel)).result()
    assert "message content intent" in told.content


async def test_a_missing_permission_is_named_before_it_is_switched_on(
    stage: Scene, manager: UserHandle
) -> None:
    stage.channel.revoke(Permission.READ_MESSAGE_HISTORY)
    async with stage.bot() as life:
        told = await (await manager.slash("autodream on", channel=stage.channel)).result()
        assert told.ephemeral
        assert "Read Message History" in told.content
        assert (await life.services.community.autodream(stage.channel.id)).chance == 0
