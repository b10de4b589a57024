"""Blocking users, and deleting dreams for good."""

from pathlib import Path

import pytest

from dreambot.sandbox.driver.channels import MessageHandle
from dreambot.sandbox.driver.users import UserHandle
from dreambot.sandbox.errors import RejectedByClient
from dreambot.sandbox.permissions import Permission
from tests.bot.support import BotEnvironment, RunningBot, noise_png
from tests.support.fake_engine import HELD, hold, release


@pytest.fixture
def mod(env: BotEnvironment) -> UserHandle:
    may = Permission.MODERATE_MEMBERS | Permission.MANAGE_MESSAGES
    return env.guild.add_member("mia", permissions=may)


async def _dream(env: BotEnvironment, bot: RunningBot, seed: int = 0) -> MessageHandle:
    interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png(seed=seed))
    done = await env.dreamed(await interaction.response())
    await bot.idle()
    return done


def _link(env: BotEnvironment, message: MessageHandle) -> str:
    return f"https://discord.com/channels/{env.guild.id}/{env.channel.id}/{message.id}"


async def test_members_may_neither_block_nor_forget(env: BotEnvironment) -> None:
    async with env.bot():
        for command in ("block", "unblock", "forget"):
            with pytest.raises(RejectedByClient):
                await env.ann.slash(command, channel=env.channel)


async def test_a_blocked_user_is_refused_until_unblocked(env: BotEnvironment, mod: UserHandle) -> None:
    async with env.bot() as bot:
        done = await (await mod.slash("block", channel=env.channel, person=env.ann)).result()
        assert done.ephemeral
        interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png())
        reply = await interaction.follow_up()
        assert reply.ephemeral
        assert "blocked" in reply.content
        listed = await (await mod.slash("unblock", channel=env.channel)).result()
        assert env.ann.mention in listed.content
        await (await mod.slash("unblock", channel=env.channel, person=env.ann)).result()
        await _dream(env, bot)


async def test_blocking_cancels_waiting_jobs(env: BotEnvironment, mod: UserHandle, tmp_path: Path) -> None:
    hold(tmp_path)
    async with env.bot() as bot:
        interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png())
        await (await interaction.response()).until(lambda now: "Cancel" in now.buttons)
        await (await mod.slash("block", channel=env.channel, person=env.ann)).result()
        await bot.idle()
        assert "moderator" in (await interaction.follow_up()).content


async def test_users_cannot_block_themselves(env: BotEnvironment, mod: UserHandle) -> None:
    async with env.bot():
        reply = await (await mod.slash("block", channel=env.channel, person=mod)).result()
        assert "yourself" in reply.content


async def test_a_deleted_dream_goes_with_its_comparisons(env: BotEnvironment, mod: UserHandle) -> None:
    staff = env.guild.add_channel("staff")
    async with env.bot() as bot:
        await bot.services.guild_store.update_guild(
            env.guild.id, lambda now: now.model_copy(update={"log_channel": staff.id})
        )
        first = await _dream(env, bot)
        await env.ann.press(first, "Deeper")
        second = await env.channel.wait_for_message(lambda one: one.id != first.id and one.attachments, 100)
        await bot.idle()
        kept = await bot.services.job_history.find_by_result(first.id)
        other = await _dream(env, bot, seed=1)
        reply = await (await mod.slash("forget", channel=env.channel, dream=_link(env, first))).result()
        assert "2 dreams are gone" in reply.content
        assert first.deleted
        assert second.deleted
        assert not other.deleted
        assert await bot.services.job_history.find_by_result(first.id) is None
        assert kept is not None
        forgotten = await bot.services.store.get(kept.id)
        assert forgotten is not None
        assert forgotten.spec.source is None
        assert "2 dreams" in (await staff.wait_for_message()).content


async def test_all_dreams_of_a_user_are_deleted_after_a_confirmation(
    env: BotEnvironment, mod: UserHandle
) -> None:
    async with env.bot() as bot:
        dreams = [await _dream(env, bot, seed) for seed in range(2)]
        interaction = await (await mod.slash("forget", channel=env.channel, person=env.ann)).result()
        assert "2 dreams" in interaction.content
        assert not any(one.deleted for one in dreams)
        await mod.press(interaction, "Remove 2 dreams")
        await interaction.until(lambda now: "2 dreams are gone" in now.content)
        assert all(one.deleted for one in dreams)
        assert await bot.services.job_history.dreams(env.ann.id) == []


async def test_messages_that_are_no_dreams_are_not_deleted(env: BotEnvironment, mod: UserHandle) -> None:
    elsewhere = env.sandbox.add_guild("elsewhere")
    room = elsewhere.add_channel("room")
    elsewhere.add_member(env.bob)
    async with env.bot() as bot:
        interaction = await env.bob.slash("dream", channel=room, image=noise_png())
        theirs = await env.dreamed(await interaction.response())
        await bot.idle()
        mine = await env.ann.post(env.channel, files=[noise_png()])
        for dream in (str(theirs.id), str(mine.id), "9" * 20, "that one"):
            reply = await (await mod.slash("forget", channel=env.channel, dream=dream)).result()
            assert reply.ephemeral
            assert "wrong on my side" not in reply.content
        assert not theirs.deleted
        assert not mine.deleted


async def test_the_user_without_dreams_is_named(env: BotEnvironment, mod: UserHandle) -> None:
    async with env.bot():
        reply = await (await mod.slash("forget", channel=env.channel, person=env.ann)).result()
        assert reply.ephemeral
        assert env.ann.mention in reply.content


async def test_running_dreams_are_cancelled_only_where_the_moderator_manages_messages(
    env: BotEnvironment, mod: UserHandle, tmp_path: Path
) -> None:
    elsewhere = env.guild.add_channel("elsewhere")
    elsewhere.revoke(Permission.MANAGE_MESSAGES, of=mod.id)
    async with env.bot() as bot:
        there = await env.ann.slash("dream", channel=elsewhere, image=noise_png(), seed=HELD)
        await (await there.response()).until(lambda now: "Cancel" in now.buttons)
        reply = await (await mod.slash("forget", channel=env.channel, person=env.ann)).result()
        assert env.ann.mention in reply.content
        here = await env.ann.slash("dream", channel=env.channel, image=noise_png(), seed=HELD)
        await (await here.response()).until(lambda now: "Cancel" in now.buttons)
        reply = await (await mod.slash("forget", channel=env.channel, person=env.ann)).result()
        assert "gone" in reply.content
        assert "moderator" in (await here.follow_up()).content
        release(tmp_path)
        await env.dreamed(await there.response())
        await bot.idle()
