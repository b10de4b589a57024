"""/admin: for the bot's owners, in their server."""

from pathlib import Path

import pytest

from dreambot.sandbox.driver.users import InteractionHandle, UserHandle
from dreambot.sandbox.errors import RejectedByClient
from dreambot.sandbox.permissions import Permission
from tests.bot.support import BotEnvironment, noise_png
from tests.support.fake_engine import hold, release


@pytest.fixture
def owner(env: BotEnvironment) -> UserHandle:
    return UserHandle(env.sandbox.world, env.sandbox.world.application.owner)


async def _answer_text(interaction: InteractionHandle) -> str:
    message = await interaction.result()
    assert message.ephemeral
    return message.content


async def test_without_an_admin_server_there_is_no_admin_command(
    env: BotEnvironment, owner: UserHandle
) -> None:
    async with env.bot():
        with pytest.raises(RejectedByClient, match="no slash command"):
            await owner.slash("admin devices", channel=env.channel)
    assert not env.sandbox.requests.matching("PUT", "/guilds/")


async def test_it_is_published_in_that_server_alone_and_once(env: BotEnvironment, owner: UserHandle) -> None:
    elsewhere = env.sandbox.add_guild("elsewhere").add_channel("memes")
    for _ in range(2):
        async with env.bot(admin_guild=env.guild.id):
            with pytest.raises(RejectedByClient):
                await owner.slash("admin devices", channel=elsewhere)
    [put] = env.sandbox.requests.matching("PUT", f"/guilds/{env.guild.id}/commands")
    assert [command["name"] for command in put.json] == ["admin"]


async def test_an_admin_server_that_refuses_the_commands_does_not_stop_the_start(
    env: BotEnvironment, caplog: pytest.LogCaptureFixture
) -> None:
    async with env.bot(admin_guild=404):
        interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png())
        assert await env.dreamed(await interaction.response())
    assert "DREAMBOT_ADMIN_GUILD" in caplog.text


async def test_other_users_are_refused_even_if_they_see_the_command(env: BotEnvironment) -> None:
    admin = env.guild.add_member("admin", permissions=Permission.ADMINISTRATOR)
    async with env.bot(admin_guild=env.guild.id) as bot:
        interaction = await admin.slash("admin block-server", channel=env.channel, server=str(env.guild.id))
        assert "Only the owners" in await _answer_text(interaction)
        assert not await bot.services.guild_store.blocked(env.guild.id, env.ann.id)
        names = await admin.autocomplete("admin block-server", "server", "", channel=env.channel)
        assert names == []
        with pytest.raises(RejectedByClient):
            await env.ann.slash("admin devices", channel=env.channel)


async def test_the_owner_sees_devices_and_counts(env: BotEnvironment, owner: UserHandle) -> None:
    async with env.bot(admin_guild=env.guild.id) as bot:
        interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png())
        await env.dreamed(await interaction.response())
        await bot.idle()
        devices = await _answer_text(await owner.slash("admin devices", channel=env.channel))
        models = await _answer_text(await owner.slash("admin models", channel=env.channel))
        stats = await _answer_text(await owner.slash("admin stats", channel=env.channel))
    assert "✅ **cpu** fake · idle" in devices
    assert "inception_v3" in models
    assert "vgg16" in models
    assert "In one server" in stats
    assert stats.count("1 done") == 2


async def test_commands_are_published_at_the_owners_request(env: BotEnvironment, owner: UserHandle) -> None:
    async with env.bot(admin_guild=env.guild.id):
        before = len(env.sandbox.requests.matching("PUT", "/commands$"))
        reply = await _answer_text(await owner.slash("admin sync", channel=env.channel))
        assert "Published" in reply
        assert len(env.sandbox.requests.matching("PUT", "/commands$")) == before + 2


async def test_a_blocked_server_is_refused_until_it_is_not(env: BotEnvironment, owner: UserHandle) -> None:
    async with env.bot(admin_guild=env.guild.id):
        [choice] = await owner.autocomplete("admin block-server", "server", "meme", channel=env.channel)
        assert choice["value"] == str(env.guild.id)
        interaction = await owner.slash("admin block-server", channel=env.channel, server=choice["value"])
        assert "the meme channel" in await _answer_text(interaction)
        refused = await env.ann.slash("dream", channel=env.channel, image=noise_png())
        assert (await refused.follow_up()).ephemeral
        interaction = await owner.slash("admin unblock-server", channel=env.channel, server=choice["value"])
        assert "again" in await _answer_text(interaction)
        interaction = await owner.slash("admin unblock-server", channel=env.channel, server=choice["value"])
        assert "was not blocked" in await _answer_text(interaction)
        again = await env.ann.slash("dream", channel=env.channel, image=noise_png())
        assert await env.dreamed(await again.response())


async def test_an_invalid_server_id_is_reported(env: BotEnvironment, owner: UserHandle) -> None:
    async with env.bot(admin_guild=env.guild.id):
        for typed in ("the meme channel", "-4", "9" * 30, "٣"):
            interaction = await owner.slash("admin block-server", channel=env.channel, server=typed)
            assert "not a server's id" in await _answer_text(interaction)


async def test_a_blocked_user_is_refused_everywhere_and_their_jobs_are_cancelled(
    env: BotEnvironment, owner: UserHandle, tmp_path: Path
) -> None:
    hold(tmp_path)
    async with env.bot(admin_guild=env.guild.id) as bot:
        running = await env.ann.slash("dream", channel=env.channel, image=noise_png(), intensity=11)
        await (await running.result()).until(lambda now: "octave" in now.content)
        interaction = await owner.slash("admin block-person", channel=env.channel, person=env.ann.id)
        assert env.ann.mention in await _answer_text(interaction)
        await bot.idle()
        refused = await env.ann.slash("dream", channel=env.ann.dm_channel(), image=noise_png())
        assert (await refused.follow_up()).content
        assert await bot.services.store.unfinished() == []
        interaction = await owner.slash("admin unblock-person", channel=env.channel, person=env.ann.id)
        assert "again" in await _answer_text(interaction)
        assert not await bot.services.guild_store.blocked(None, env.ann.id)


async def test_draining_finishes_running_jobs_and_accepts_no_new_ones(
    env: BotEnvironment, owner: UserHandle, tmp_path: Path
) -> None:
    hold(tmp_path)
    async with env.bot(admin_guild=env.guild.id) as bot:
        running = await env.ann.slash("dream", channel=env.channel, image=noise_png())
        started = await (await running.result()).until(lambda now: "octave" in now.content)
        interaction = await owner.slash("admin drain", channel=env.channel, seconds=20)
        drained = await interaction.result()
        await drained.until(lambda now: "One dream is running" in now.content)
        refused = await env.bob.slash("dream", channel=env.channel, image=noise_png())
        assert "restart" in (await refused.follow_up()).content
        release(tmp_path)
        await drained.until(lambda now: "Drained" in now.content, 20)
        await env.dreamed(started)
        assert await bot.services.store.counts() == {}
        assert not bot.task.done()
