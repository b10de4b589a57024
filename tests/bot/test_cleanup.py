"""What happens in the channel takes dreams back."""

import pytest

from dreambot.sandbox.driver.channels import MessageHandle
from dreambot.sandbox.driver.users import InteractionHandle
from dreambot.sandbox.permissions import Permission
from tests.bot.support import BotEnvironment, RunningBot, is_dream, noise_png
from tests.bot.test_delete_button import delete
from tests.bot.test_variation_buttons import dreamed, pressed


@pytest.fixture(autouse=True)
def _slowly(monkeypatch: pytest.MonkeyPatch, _fake_engine: None) -> None:
    monkeypatch.setenv("FAKE_ENGINE_STEP", "0.1")


async def _begun(stage: BotEnvironment) -> tuple[MessageHandle, InteractionHandle]:
    posted = await stage.bob.post(stage.channel, "look", files=[noise_png()])
    asked = await stage.ann.menu("Dream this", posted)
    await (await asked.result()).until(lambda now: "octave" in now.content)
    return posted, asked


async def _nothing_came(stage: BotEnvironment, life: RunningBot) -> None:
    await life.idle()
    mine = [one for one in stage.channel.messages if one.author_id == stage.sandbox.bot_id]
    assert not [one for one in mine if is_dream(one)]


async def test_deleting_the_picture_cancels_and_the_asker_hears_why(stage: BotEnvironment) -> None:
    async with stage.bot() as life:
        posted, asked = await _begun(stage)
        await stage.bob.delete(posted)
        told = await asked.follow_up()
        assert "gone" in told.content
        await stage.alone(told)
        await _nothing_came(stage, life)


async def test_deleting_the_mention_cancels(stage: BotEnvironment) -> None:
    async with stage.bot() as life:
        mention = f"<@{stage.sandbox.bot_id}>"
        asked = await stage.ann.post(stage.channel, f"{mention} mixed5 11", files=[noise_png()])
        reply = await stage.channel.wait_for_message(lambda one: "octave" in one.content)
        await stage.ann.delete(asked)
        await _nothing_came(stage, life)
        assert "Cancel" not in reply.buttons


async def test_being_thrown_out_cancels(stage: BotEnvironment) -> None:
    async with stage.bot() as life:
        await _begun(stage)
        stage.guild.remove_bot()
        await _nothing_came(stage, life)


async def test_the_channels_end_cancels(stage: BotEnvironment) -> None:
    async with stage.bot() as life:
        await _begun(stage)
        stage.channel.delete()
        await life.idle()


async def _asked(stage: BotEnvironment) -> tuple[MessageHandle, MessageHandle, MessageHandle]:
    """A dream of Ann's upon Bob's picture, one of hers upon that, and what is asked once the picture is
    gone."""
    first = await dreamed(stage)
    second = await pressed(stage, stage.ann, first, "Deeper")
    [posted] = [one for one in stage.channel.messages if one.content == "look"]
    await stage.bob.delete(posted)
    question = await stage.channel.wait_for_message(lambda one: "Keep" in one.buttons)
    assert question.replies_to == second.id
    return first, second, question


async def test_whose_picture_it_was_may_have_its_dreams_deleted_too(
    stage: BotEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_ENGINE_STEP", "0.005")
    carl = stage.guild.add_member("carl")
    async with stage.bot():
        first, second, question = await _asked(stage)
        assert "2 dreams" in question.content
    async with stage.bot():
        told = await (await carl.press(question, "Delete")).follow_up()
        assert told.ephemeral
        assert "Only the owner of the picture" in told.content
        await stage.bob.press(question, "Delete")
        for message in (first, second, question):
            await message.until(lambda now: now.deleted)


async def test_dreams_are_kept_where_those_want_it_whom_it_concerns(
    stage: BotEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_ENGINE_STEP", "0.005")
    async with stage.bot():
        first, second, question = await _asked(stage)
        await stage.ann.press(question, "Keep")
        await question.until(lambda now: now.deleted)
        assert not first.deleted
        assert not second.deleted


async def test_nothing_is_asked_where_the_bot_may_not_speak_or_all_is_gone(
    stage: BotEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_ENGINE_STEP", "0.005")
    async with stage.bot() as life:
        silent = stage.guild.add_channel("silent")
        for channel in (silent, stage.channel):
            posted = await stage.bob.post(channel, files=[noise_png()])
            asked = await stage.ann.menu("Dream this", posted)
            dream = await stage.dreamed(await asked.response())
            await life.idle()
            if channel is silent:
                channel.revoke(Permission.SEND_MESSAGES)
            else:
                await delete(stage.ann, dream)
            await stage.bob.delete(posted)
        # Whatever was heard before this was dealt with when it is answered.
        last = await stage.ann.slash("dream", channel=stage.channel, image=noise_png())
        await stage.dreamed(await last.response())
        for channel in (silent, stage.channel):
            assert not [one for one in channel.messages if "Keep" in one.buttons]
