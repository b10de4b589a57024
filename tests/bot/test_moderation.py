"""Blocking people, and having dreams forgotten."""

import pytest

from dreambot.sandbox.driver.channels import MessageHandle
from dreambot.sandbox.driver.users import UserHandle
from dreambot.sandbox.errors import RejectedByClient
from dreambot.sandbox.permissions import Permission
from tests.bot.support import BotEnvironment, RunningBot, noise_png


@pytest.fixture
def mod(stage: BotEnvironment) -> UserHandle:
    may = Permission.MODERATE_MEMBERS | Permission.MANAGE_MESSAGES
    return stage.guild.add_member("mia", permissions=may)


async def _dream(stage: BotEnvironment, life: RunningBot, seed: int = 0) -> MessageHandle:
    asked = await stage.ann.slash("dream", channel=stage.channel, image=noise_png(seed=seed))
    done = await stage.dreamed(await asked.response())
    await life.idle()
    return done


def _link(stage: BotEnvironment, message: MessageHandle) -> str:
    return f"https://discord.com/channels/{stage.guild.id}/{stage.channel.id}/{message.id}"


async def test_members_may_neither_block_nor_forget(stage: BotEnvironment) -> None:
    async with stage.bot():
        for command in ("block", "unblock", "forget"):
            with pytest.raises(RejectedByClient):
                await stage.ann.slash(command, channel=stage.channel)


async def test_who_is_blocked_is_refused_until_unblocked(stage: BotEnvironment, mod: UserHandle) -> None:
    async with stage.bot() as life:
        done = await (await mod.slash("block", channel=stage.channel, person=stage.ann)).result()
        assert done.ephemeral
        asked = await stage.ann.slash("dream", channel=stage.channel, image=noise_png())
        told = await asked.follow_up()
        assert told.ephemeral
        assert "blocked" in told.content
        listed = await (await mod.slash("unblock", channel=stage.channel)).result()
        assert stage.ann.mention in listed.content
        await (await mod.slash("unblock", channel=stage.channel, person=stage.ann)).result()
        await _dream(stage, life)


async def test_blocking_ends_what_they_have_waiting(stage: BotEnvironment, mod: UserHandle) -> None:
    async with stage.bot(step=1.0) as life:
        asked = await stage.ann.slash("dream", channel=stage.channel, image=noise_png())
        await (await asked.response()).until(lambda now: "Cancel" in now.buttons)
        await (await mod.slash("block", channel=stage.channel, person=stage.ann)).result()
        await life.idle()
        assert "moderator" in (await asked.follow_up()).content


async def test_nobody_blocks_themselves(stage: BotEnvironment, mod: UserHandle) -> None:
    async with stage.bot():
        told = await (await mod.slash("block", channel=stage.channel, person=mod)).result()
        assert "yourself" in told.content


async def test_a_forgotten_dream_is_gone_with_what_came_of_it(stage: BotEnvironment, mod: UserHandle) -> None:
    staff = stage.guild.add_channel("staff")
    async with stage.bot() as life:
        await life.services.guild_store.update_guild(
            stage.guild.id, lambda now: now.model_copy(update={"log_channel": staff.id})
        )
        first = await _dream(stage, life)
        await stage.ann.press(first, "Deeper")
        second = await stage.channel.wait_for_message(lambda one: one.id != first.id and one.attachments, 100)
        await life.idle()
        kept = await life.services.job_history.find_by_result(first.id)
        other = await _dream(stage, life, seed=1)
        told = await (await mod.slash("forget", channel=stage.channel, dream=_link(stage, first))).result()
        assert "2 dreams are gone" in told.content
        assert first.deleted
        assert second.deleted
        assert not other.deleted
        assert await life.services.job_history.find_by_result(first.id) is None
        assert kept is not None
        forgotten = await life.services.store.get(kept.id)
        assert forgotten is not None
        assert forgotten.ask.subject is None
        assert "2 dreams" in (await staff.wait_for_message()).content


async def test_all_of_somebodys_dreams_are_forgotten_after_a_question(
    stage: BotEnvironment, mod: UserHandle
) -> None:
    async with stage.bot() as life:
        dreams = [await _dream(stage, life, seed) for seed in range(2)]
        asked = await (await mod.slash("forget", channel=stage.channel, person=stage.ann)).result()
        assert "2 dreams" in asked.content
        assert not any(one.deleted for one in dreams)
        await mod.press(asked, "Remove 2 dreams")
        await asked.until(lambda now: "2 dreams are gone" in now.content)
        assert all(one.deleted for one in dreams)
        assert await life.services.job_history.dreams(stage.ann.id) == []


async def test_what_is_no_dream_of_the_server_is_not_touched(stage: BotEnvironment, mod: UserHandle) -> None:
    elsewhere = stage.sandbox.add_guild("elsewhere")
    room = elsewhere.add_channel("room")
    elsewhere.add_member(stage.bob)
    async with stage.bot() as life:
        asked = await stage.bob.slash("dream", channel=room, image=noise_png())
        theirs = await stage.dreamed(await asked.response())
        await life.idle()
        mine = await stage.ann.post(stage.channel, files=[noise_png()])
        for dream in (str(theirs.id), str(mine.id), "that one"):
            told = await (await mod.slash("forget", channel=stage.channel, dream=dream)).result()
            assert told.ephemeral
        assert not theirs.deleted
        assert not mine.deleted
