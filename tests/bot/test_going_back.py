"""What the buttons under a result look back at: the dream it came from, and what it was dreamed upon."""

from datetime import timedelta

import numpy as np
import pytest

from dreambot.chat import refetch
from dreambot.community import PersonSettings
from tests.bot.support import Scene, inverted, picture, pixels
from tests.bot.test_buttons import POSTED, dreamed, job_of, pressed


async def test_undo_turns_the_message_back_for_its_owner(stage: Scene) -> None:
    async with stage.bot():
        first = await dreamed(stage, "mixed4 3")
        assert "Undo" not in first.buttons
        second = await pressed(stage, stage.bob, first, "Deeper")
        refused = await (await stage.ann.press(second, "Undo")).response()
        assert refused.ephemeral
        assert "Only the one who asked" in refused.content
        await stage.bob.press(second, "Undo")
        await second.until(lambda now: "Undo" not in now.buttons)
        assert second.content == first.content
        assert np.array_equal(pixels(second.attachments[0].data), pixels(first.attachments[0].data))
        third = await pressed(stage, stage.ann, second, "Deeper")
        assert np.array_equal(pixels(third.attachments[0].data), inverted(first.attachments[0].data))


async def test_there_is_no_way_back_to_what_was_deleted(stage: Scene) -> None:
    async with stage.bot():
        first = await dreamed(stage)
        second = await pressed(stage, stage.bob, first, "Deeper")
        before = second.attachments[0].id
        await (await stage.ann.press(first, "🗑️")).acknowledged()
        await first.until(lambda now: now.deleted)
        told = await (await stage.bob.press(second, "Undo")).follow_up()
        assert told.ephemeral
        assert "no way back" in told.content
        assert second.attachments[0].id == before
        assert await pressed(stage, stage.bob, second, "Deeper")


async def test_before_and_after_are_shown_to_one_person(stage: Scene) -> None:
    async with stage.bot():
        first = await dreamed(stage)
        compared = await (await stage.bob.press(first, "Compare")).result()
        await compared.until(lambda now: now.attachments)
    assert compared.ephemeral
    width, height = 300, 260
    both = pixels(compared.attachments[0].data)
    assert both.shape[:2] == (2 * height + 8, width)
    assert np.abs(both[:height].astype(int) - pixels(POSTED)).mean() < 12
    assert np.abs(both[height + 8 :].astype(int) - inverted(POSTED)).mean() < 12


async def test_when_the_picture_is_gone_the_dream_still_lives(stage: Scene) -> None:
    async with stage.bot():
        first = await dreamed(stage)
        [posted] = [one for one in stage.channel.messages if one.content == "look"]
        await stage.bob.delete(posted)
    async with stage.bot():
        for button in ("Louder", "Again"):
            told = await (await stage.ann.press(first, button)).follow_up()
            assert told.ephemeral
            assert "Deeper, Bend and Zoom still work" in told.content
        told = await (await stage.ann.press(first, "Compare")).result()
        assert "no longer there" in told.content
        assert await pressed(stage, stage.ann, first, "Bend")


async def test_a_picture_handed_over_is_good_for_a_day(stage: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    async with stage.bot():
        asked = await stage.ann.slash("dream", channel=stage.channel, image=POSTED)
        first = await stage.dreamed(await asked.response())
        assert await pressed(stage, stage.bob, first, "Louder")
        monkeypatch.setattr(refetch, "_MARGIN", timedelta(days=2))
        told = await (await stage.bob.press(first, "Quieter")).follow_up()
        assert "no longer there" in told.content


async def test_where_the_bot_is_no_member_it_goes_on_from_what_it_was_shown(stage: Scene) -> None:
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
        assert np.array_equal(pixels(louder.attachments[0].data), inverted(POSTED))
        deeper = await pressed(stage, stage.bob, louder, "Deeper")
        assert np.array_equal(pixels(deeper.attachments[0].data), inverted(louder.attachments[0].data))
        told = await (await stage.bob.press(deeper, "Undo")).follow_up()
        assert "no way back" in told.content
        await stage.bob.press(deeper, "🗑️")
        await deeper.until(lambda now: now.deleted)


async def test_pictures_that_are_to_be_left_alone_are_not_gone_on_from(stage: Scene) -> None:
    async with stage.bot() as life:
        first = await dreamed(stage)
        await life.services.community.set_person(stage.bob.id, PersonSettings(untouchable=True))
        for button in ("Deeper", "Again"):
            told = await (await stage.ann.press(first, button)).follow_up()
            assert told.ephemeral
            assert "does not want others" in told.content
        assert await pressed(stage, stage.bob, first, "Deeper")


async def test_a_guide_is_looked_at_again(stage: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    async with stage.bot() as life:
        asked = await stage.ann.slash("dream", channel=stage.channel, image=POSTED, guide=picture(seed=3))
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
