"""/admin: for the bot's owners, in their server."""

import pytest

from dreambot.sandbox.driver.users import InteractionHandle, UserHandle
from dreambot.sandbox.errors import RejectedByClient
from dreambot.sandbox.permissions import Permission
from tests.bot.support import BotEnvironment, noise_png


@pytest.fixture
def owner(stage: BotEnvironment) -> UserHandle:
    return UserHandle(stage.sandbox.world, stage.sandbox.world.application.owner)


async def _told(asked: InteractionHandle) -> str:
    message = await asked.result()
    assert message.ephemeral
    return message.content


async def test_without_a_server_of_the_owners_there_is_none(stage: BotEnvironment, owner: UserHandle) -> None:
    async with stage.bot():
        with pytest.raises(RejectedByClient, match="no slash command"):
            await owner.slash("admin devices", channel=stage.channel)
    assert not stage.sandbox.requests.matching("PUT", "/guilds/")


async def test_it_is_published_in_that_server_alone_and_once(
    stage: BotEnvironment, owner: UserHandle
) -> None:
    elsewhere = stage.sandbox.add_guild("elsewhere").add_channel("memes")
    for _ in range(2):
        async with stage.bot(admin_guild=stage.guild.id):
            with pytest.raises(RejectedByClient):
                await owner.slash("admin devices", channel=elsewhere)
    [put] = stage.sandbox.requests.matching("PUT", f"/guilds/{stage.guild.id}/commands")
    assert [command["name"] for command in put.json] == ["admin"]


async def test_a_server_that_does_not_take_it_does_not_keep_the_bot_from_starting(
    stage: BotEnvironment, caplog: pytest.LogCaptureFixture
) -> None:
    async with stage.bot(admin_guild=404):
        asked = await stage.ann.slash("dream", channel=stage.channel, image=noise_png())
        assert await stage.dreamed(await asked.response())
    assert "DREAMBOT_ADMIN_GUILD" in caplog.text


async def test_others_are_refused_even_when_they_see_it(stage: BotEnvironment) -> None:
    admin = stage.guild.add_member("admin", permissions=Permission.ADMINISTRATOR)
    async with stage.bot(admin_guild=stage.guild.id) as life:
        asked = await admin.slash("admin block-server", channel=stage.channel, server=str(stage.guild.id))
        assert "Only the owners" in await _told(asked)
        assert not await life.services.guild_store.blocked(stage.guild.id, stage.ann.id)
        names = await admin.autocomplete("admin block-server", "server", "", channel=stage.channel)
        assert names == []
        with pytest.raises(RejectedByClient):
            await stage.ann.slash("admin devices", channel=stage.channel)


async def test_the_owner_sees_how_it_goes(stage: BotEnvironment, owner: UserHandle) -> None:
    async with stage.bot(admin_guild=stage.guild.id) as life:
        asked = await stage.ann.slash("dream", channel=stage.channel, image=noise_png())
        await stage.dreamed(await asked.response())
        await life.idle()
        devices = await _told(await owner.slash("admin devices", channel=stage.channel))
        models = await _told(await owner.slash("admin models", channel=stage.channel))
        stats = await _told(await owner.slash("admin stats", channel=stage.channel))
    assert "✅ **cpu** fake · idle" in devices
    assert "inception_v3" in models
    assert "vgg16" in models
    assert "In one server" in stats
    assert stats.count("1 done") == 2


async def test_commands_are_published_when_the_owner_says_so(
    stage: BotEnvironment, owner: UserHandle
) -> None:
    async with stage.bot(admin_guild=stage.guild.id):
        before = len(stage.sandbox.requests.matching("PUT", "/commands$"))
        told = await _told(await owner.slash("admin sync", channel=stage.channel))
        assert "Published" in told
        assert len(stage.sandbox.requests.matching("PUT", "/commands$")) == before + 2


async def test_a_blocked_server_is_refused_until_it_is_not(stage: BotEnvironment, owner: UserHandle) -> None:
    async with stage.bot(admin_guild=stage.guild.id):
        [choice] = await owner.autocomplete("admin block-server", "server", "meme", channel=stage.channel)
        assert choice["value"] == str(stage.guild.id)
        asked = await owner.slash("admin block-server", channel=stage.channel, server=choice["value"])
        assert "the meme channel" in await _told(asked)
        refused = await stage.ann.slash("dream", channel=stage.channel, image=noise_png())
        assert (await refused.follow_up()).ephemeral
        asked = await owner.slash("admin unblock-server", channel=stage.channel, server=choice["value"])
        assert "again" in await _told(asked)
        asked = await owner.slash("admin unblock-server", channel=stage.channel, server=choice["value"])
        assert "was not blocked" in await _told(asked)
        again = await stage.ann.slash("dream", channel=stage.channel, image=noise_png())
        assert await stage.dreamed(await again.response())


async def test_what_is_no_servers_id_is_said(stage: BotEnvironment, owner: UserHandle) -> None:
    async with stage.bot(admin_guild=stage.guild.id):
        for typed in ("the meme channel", "-4", "9" * 30, "٣"):
            asked = await owner.slash("admin block-server", channel=stage.channel, server=typed)
            assert "not a server's id" in await _told(asked)


async def test_a_blocked_person_is_refused_everywhere_and_what_they_wait_for_ends(
    stage: BotEnvironment, owner: UserHandle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_ENGINE_STEP", "0.2")
    async with stage.bot(admin_guild=stage.guild.id) as life:
        running = await stage.ann.slash("dream", channel=stage.channel, image=noise_png(), intensity=11)
        await (await running.result()).until(lambda now: "octave" in now.content)
        asked = await owner.slash("admin block-person", channel=stage.channel, person=stage.ann.id)
        assert stage.ann.mention in await _told(asked)
        await life.idle()
        refused = await stage.ann.slash("dream", channel=stage.ann.dm_channel(), image=noise_png())
        assert (await refused.follow_up()).content
        assert await life.services.store.unfinished() == []
        asked = await owner.slash("admin unblock-person", channel=stage.channel, person=stage.ann.id)
        assert "again" in await _told(asked)
        assert not await life.services.guild_store.blocked(None, stage.ann.id)


async def test_draining_finishes_what_has_begun_and_takes_nothing_new(
    stage: BotEnvironment, owner: UserHandle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_ENGINE_STEP", "0.05")
    async with stage.bot(admin_guild=stage.guild.id) as life:
        running = await stage.ann.slash("dream", channel=stage.channel, image=noise_png())
        begun = await (await running.result()).until(lambda now: "octave" in now.content)
        asked = await owner.slash("admin drain", channel=stage.channel, seconds=20)
        drained = await asked.result()
        await drained.until(lambda now: "One dream is running" in now.content)
        refused = await stage.bob.slash("dream", channel=stage.channel, image=noise_png())
        assert "restart" in (await refused.follow_up()).content
        await drained.until(lambda now: "Drained" in now.content, 20)
        await stage.dreamed(begun)
        assert await life.services.store.counts() == {}
        assert not life.task.done()
