"""What the buttons under a result look back at: the dream it came from, and what it was dreamed upon."""

from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from dreambot.bot.sources import refetch
from dreambot.guilds.settings import PersonSettings
from dreambot.sandbox.driver.channels import MessageHandle
from tests.bot.support import BotEnvironment, decode_pixels, fake_engine_output, noise_png
from tests.bot.test_delete_button import delete
from tests.bot.test_variation_buttons import POSTED, dreamed, job_of, pressed

Pixels = np.ndarray[Any, np.dtype[Any]]


async def test_undo_turns_the_message_back_for_its_owner(stage: BotEnvironment) -> None:
    async with stage.bot():
        first = await dreamed(stage, "mixed4 3")
        assert "Undo" not in first.buttons
        second = await pressed(stage, stage.bob, first, "Deeper")
        refused = await (await stage.ann.press(second, "Undo")).response()
        assert refused.ephemeral
        assert "Only the person who asked" in refused.content
        await stage.bob.press(second, "Undo")
        await second.until(lambda now: "Undo" not in now.buttons)
        assert second.content == first.content
        assert np.array_equal(
            decode_pixels(second.attachments[0].data), decode_pixels(first.attachments[0].data)
        )
        third = await pressed(stage, stage.ann, second, "Deeper")
        assert np.array_equal(
            decode_pixels(third.attachments[0].data), fake_engine_output(first.attachments[0].data)
        )


async def test_there_is_no_way_back_to_what_was_deleted(stage: BotEnvironment) -> None:
    async with stage.bot():
        first = await dreamed(stage)
        second = await pressed(stage, stage.bob, first, "Deeper")
        before = second.attachments[0].id
        await delete(stage.ann, first)
        told = await (await stage.bob.press(second, "Undo")).follow_up()
        assert told.ephemeral
        assert "no way back" in told.content
        assert second.attachments[0].id == before
        assert await pressed(stage, stage.bob, second, "Deeper")


def halves(message: MessageHandle, number: int) -> tuple[Pixels, Pixels]:
    """The two pictures of a comparison of pictures of 300×260, the earlier one first."""
    width, height = 300, 260
    both = decode_pixels(message.attachments[number].data)
    assert both.shape[:2] == (2 * height + 8, width)
    return both[:height].astype(int), both[height + 8 :].astype(int)


def alike(one: Pixels, other: Pixels) -> bool:
    """Whether two pictures differ by no more than an encoding does."""
    return bool(np.abs(one.astype(int) - other.astype(int)).mean() < 12)


async def test_before_and_after_are_shown_to_one_person(stage: BotEnvironment) -> None:
    async with stage.bot():
        first = await dreamed(stage)
        compared = await (await stage.bob.press(first, "Compare")).result()
        await compared.until(lambda now: now.attachments)
    assert compared.ephemeral
    assert compared.content == "Before and after."
    assert len(compared.attachments) == 1
    before, after = halves(compared, 0)
    assert alike(before, decode_pixels(POSTED))
    assert alike(after, fake_engine_output(POSTED))


@pytest.mark.parametrize("button", ["Louder", "Deeper"])
async def test_a_dream_of_a_dream_is_compared_with_its_parent_and_with_the_original(
    stage: BotEnvironment, button: str
) -> None:
    async with stage.bot():
        first = await dreamed(stage, "mixed4 seed:7")
        second = await pressed(stage, stage.bob, first, button)
        compared = await (await stage.ann.press(second, "Compare")).result()
        await compared.until(lambda now: len(now.attachments) == 2)
    assert "before" in compared.content
    for number, earlier in enumerate((first.attachments[0].data, POSTED)):
        before, after = halves(compared, number)
        assert alike(before, decode_pixels(earlier))
        assert alike(after, decode_pixels(second.attachments[0].data))
    descriptions = [one.description for one in compared.attachments]
    assert descriptions[0] != descriptions[1]


async def test_a_comparison_does_without_what_is_gone(stage: BotEnvironment) -> None:
    async with stage.bot():
        first = await dreamed(stage)
        second = await pressed(stage, stage.bob, first, "Louder")
        await delete(stage.ann, first)
        compared = await (await stage.ann.press(second, "Compare")).result()
        await compared.until(lambda now: now.attachments)
        assert len(compared.attachments) == 1
        assert alike(halves(compared, 0)[0], decode_pixels(POSTED))
        [posted] = [one for one in stage.channel.messages if one.content == "look"]
        await stage.bob.delete(posted)
        told = await (await stage.ann.press(second, "Compare")).result()
        await told.until(lambda now: now.content)
        assert "no longer available" in told.content


async def test_a_comparison_can_be_shown_to_everyone_and_taken_away(stage: BotEnvironment) -> None:
    carl = stage.guild.add_member("carl")
    async with stage.bot():
        first = await dreamed(stage)
        compared = await (await stage.bob.press(first, "Compare")).result()
        await compared.until(lambda now: now.attachments)
    async with stage.bot():
        await stage.bob.press(compared, "Show everyone")
        shown = await stage.channel.wait_for_message(
            lambda one: not one.ephemeral and one.content.startswith("Before and after."), 30
        )
        await compared.until(lambda now: not now.buttons)
        assert shown.replies_to == first.id
        assert stage.bob.mention in shown.content
        assert alike(halves(shown, 0)[0], decode_pixels(POSTED))
        # It is no dream of ours: nobody's newest picture, and nothing to go on from.
        assert set(shown.buttons) == {"🗑️"}
        refused = await (await carl.press(shown, "🗑️")).result()
        assert "Only the person who asked" in refused.content
        await stage.bob.press(shown, "🗑️")
        await shown.until(lambda now: now.deleted)


async def test_who_is_blocked_shows_nothing_and_private_dreams_are_not_shown(stage: BotEnvironment) -> None:
    async with stage.bot() as life:
        first = await dreamed(stage)
        compared = await (await stage.bob.press(first, "Compare")).result()
        await compared.until(lambda now: now.attachments)
        await life.services.guild_store.block(stage.guild.id, stage.bob.id)
        told = await (await stage.bob.press(compared, "Show everyone")).follow_up()
        assert "blocked" in told.content
        asked = await stage.ann.slash("dream", channel=stage.channel, image=POSTED, private=True)
        private = await stage.dreamed(await asked.response())
        alone = await (await stage.ann.press(private, "Compare")).result()
        await alone.until(lambda now: now.attachments)
        assert not alone.buttons


async def test_when_the_picture_is_gone_the_dream_still_lives(stage: BotEnvironment) -> None:
    async with stage.bot():
        first = await dreamed(stage)
        [posted] = [one for one in stage.channel.messages if one.content == "look"]
        await stage.bob.delete(posted)
    async with stage.bot():
        for button in ("Louder", "Again"):
            told = await (await stage.ann.press(first, button)).follow_up()
            assert told.ephemeral
            assert "Deeper, Bend and Zoom video still work" in told.content
        told = await (await stage.ann.press(first, "Compare")).result()
        assert "no longer available" in told.content
        assert await pressed(stage, stage.ann, first, "Bend")


async def test_a_picture_handed_over_is_good_for_a_day(
    stage: BotEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage.bot():
        asked = await stage.ann.slash("dream", channel=stage.channel, image=POSTED)
        first = await stage.dreamed(await asked.response())
        assert await pressed(stage, stage.bob, first, "Louder")
        monkeypatch.setattr(refetch, "_MARGIN", timedelta(days=2))
        told = await (await stage.bob.press(first, "Quieter")).follow_up()
        assert "no longer available" in told.content


async def test_where_the_bot_is_no_member_it_goes_on_from_what_it_was_shown(stage: BotEnvironment) -> None:
    """Brought along on Ann's account, it may read no messages there."""
    strangers = stage.sandbox.add_guild("strangers", bot=False)
    lounge = strangers.add_channel("lounge")
    strangers.add_member(stage.ann)
    strangers.add_member(stage.bob)
    stage.ann.install()
    async with stage.bot():
        posted = await stage.bob.post(lounge, files=[POSTED])
        asked = await stage.ann.menu("Dream this", posted)
        first = await stage.dreamed(await asked.response())
        louder = await pressed(stage, stage.ann, first, "Louder")
        assert np.array_equal(decode_pixels(louder.attachments[0].data), fake_engine_output(POSTED))
        deeper = await pressed(stage, stage.bob, louder, "Deeper")
        assert np.array_equal(
            decode_pixels(deeper.attachments[0].data), fake_engine_output(louder.attachments[0].data)
        )
        told = await (await stage.bob.press(deeper, "Undo")).follow_up()
        assert "no way back" in told.content
        await (await stage.bob.press(deeper, "🗑️")).acknowledged()
        await deeper.until(lambda now: "Delete" in now.buttons)
        refused = await (await stage.ann.press(deeper, "Delete")).result()
        assert "Only the person who asked" in refused.content
        await stage.bob.press(deeper, "Delete")
        await deeper.until(lambda now: now.deleted)


async def test_pictures_that_are_to_be_left_alone_are_not_gone_on_from(stage: BotEnvironment) -> None:
    async with stage.bot() as life:
        first = await dreamed(stage)
        await life.services.guild_store.set_person(stage.bob.id, PersonSettings(untouchable=True))
        for button in ("Deeper", "Again"):
            told = await (await stage.ann.press(first, button)).follow_up()
            assert told.ephemeral
            assert "does not want others" in told.content
        assert await pressed(stage, stage.bob, first, "Deeper")


async def test_a_guide_is_looked_at_again(stage: BotEnvironment, monkeypatch: pytest.MonkeyPatch) -> None:
    async with stage.bot() as life:
        asked = await stage.ann.slash("dream", channel=stage.channel, image=POSTED, guide=noise_png(seed=3))
        first = await stage.dreamed(await asked.response())
        guided, again = (await job_of(life, first)).recipe, await pressed(stage, stage.bob, first, "Again")
        recipe = (await job_of(life, again)).recipe
        assert guided
        assert recipe
        assert recipe.guide == guided.guide is not None
        monkeypatch.setattr(refetch, "_MARGIN", timedelta(days=2))
        told = await (await stage.bob.press(first, "Again")).follow_up()
        assert "guide" in told.content
        deeper = await pressed(stage, stage.bob, first, "Deeper")
        assert (await job_of(life, deeper)).ask.guide is None
