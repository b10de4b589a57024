"""Deletions in the channel cancel jobs and raise questions about dreams."""

from pathlib import Path

import pytest

from dreambot.sandbox.driver.channels import MessageHandle
from dreambot.sandbox.driver.users import InteractionHandle
from dreambot.sandbox.permissions import Permission
from tests.bot.support import BotEnvironment, RunningBot, is_dream, noise_png
from tests.bot.test_delete_button import delete
from tests.bot.test_variation_buttons import dreamed, pressed
from tests.support.fake_engine import hold, release


@pytest.fixture(autouse=True)
def _held(tmp_path: Path) -> None:
    hold(tmp_path)


async def _begun(env: BotEnvironment) -> tuple[MessageHandle, InteractionHandle]:
    posted = await env.bob.post(env.channel, "look", files=[noise_png()])
    interaction = await env.ann.menu("Dream this", posted)
    await (await interaction.result()).until(lambda now: "octave" in now.content)
    return posted, interaction


async def _nothing_came(env: BotEnvironment, bot: RunningBot) -> None:
    await bot.idle()
    mine = [one for one in env.channel.messages if one.author_id == env.sandbox.bot_id]
    assert not [one for one in mine if is_dream(one)]


async def test_deleting_the_image_cancels_and_the_requester_is_notified(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        posted, interaction = await _begun(env)
        await env.bob.delete(posted)
        told = await interaction.follow_up()
        assert "was deleted" in told.content
        await env.alone(told)
        await _nothing_came(env, bot)


async def test_deleting_the_mention_cancels(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        mention = f"<@{env.sandbox.bot_id}>"
        request = await env.ann.post(env.channel, f"{mention} mixed5 11", files=[noise_png()])
        reply = await env.channel.wait_for_message(lambda one: "octave" in one.content)
        await env.ann.delete(request)
        await _nothing_came(env, bot)
        assert "Cancel" not in reply.buttons


async def test_removal_from_the_server_cancels_jobs(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        await _begun(env)
        env.guild.remove_bot()
        await _nothing_came(env, bot)


async def test_deleting_the_channel_cancels(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        await _begun(env)
        env.channel.delete()
        await bot.idle()


async def _asked(env: BotEnvironment) -> tuple[MessageHandle, MessageHandle, MessageHandle]:
    """Dreams an image of Bob for Ann, dreams the result, deletes the image, and returns the question."""
    first = await dreamed(env)
    second = await pressed(env, env.ann, first, "Deeper")
    [posted] = [one for one in env.channel.messages if one.content == "look"]
    await env.bob.delete(posted)
    question = await env.channel.wait_for_message(lambda one: "Keep" in one.buttons)
    assert question.replies_to == second.id
    return first, second, question


async def test_the_source_owner_may_delete_all_its_dreams(env: BotEnvironment, tmp_path: Path) -> None:
    release(tmp_path)
    carl = env.guild.add_member("carl")
    async with env.bot():
        first, second, question = await _asked(env)
        assert "2 dreams" in question.content
    async with env.bot():
        told = await (await carl.press(question, "Delete")).follow_up()
        assert told.ephemeral
        assert "Only the owner of the picture" in told.content
        await env.bob.press(question, "Delete")
        for message in (first, second, question):
            await message.until(lambda now: now.deleted)


async def test_dreams_are_kept_at_the_owners_choice(env: BotEnvironment, tmp_path: Path) -> None:
    release(tmp_path)
    async with env.bot():
        first, second, question = await _asked(env)
        await env.ann.press(question, "Keep")
        await question.until(lambda now: now.deleted)
        assert not first.deleted
        assert not second.deleted


async def test_no_question_where_the_bot_may_not_post_or_nothing_is_left(
    env: BotEnvironment, tmp_path: Path
) -> None:
    release(tmp_path)
    async with env.bot() as bot:
        silent = env.guild.add_channel("silent")
        for channel in (silent, env.channel):
            posted = await env.bob.post(channel, files=[noise_png()])
            interaction = await env.ann.menu("Dream this", posted)
            dream = await env.dreamed(await interaction.response())
            await bot.idle()
            if channel is silent:
                channel.revoke(Permission.SEND_MESSAGES)
            else:
                await delete(env.ann, dream)
            await env.bob.delete(posted)
        # Earlier events have been handled once this one is answered.
        last = await env.ann.slash("dream", channel=env.channel, image=noise_png())
        await env.dreamed(await last.response())
        for channel in (silent, env.channel):
            assert not [one for one in channel.messages if "Keep" in one.buttons]
