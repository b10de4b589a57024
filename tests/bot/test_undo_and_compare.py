"""The buttons that look back: Undo to the parent dream, Compare with parent and source."""

from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from dreambot.bot.sources import refetch
from dreambot.guilds.settings import PersonSettings
from dreambot.sandbox.driver.channels import MessageHandle
from tests.bot.support import (
    BotEnvironment,
    decode_pixels,
    fake_engine_output,
    noise_png,
    press,
)
from tests.bot.test_delete_button import delete
from tests.bot.test_variation_buttons import POSTED, dreamed, job_of, pressed

Pixels = np.ndarray[Any, np.dtype[Any]]


async def test_undo_restores_the_parent_for_the_requester(env: BotEnvironment) -> None:
    async with env.bot():
        first = await dreamed(env, "mixed4 3")
        assert "Undo" not in first.buttons
        second = await pressed(env, env.bob, first, "Deeper")
        refused = await (await press(env.ann, second, "Undo")).response()
        assert refused.ephemeral
        assert "Only the person who asked" in refused.content
        await press(env.bob, second, "Undo")
        await second.until(lambda now: "Undo" not in now.buttons)
        assert second.content == first.content
        assert np.array_equal(
            decode_pixels(second.attachments[0].data), decode_pixels(first.attachments[0].data)
        )
        third = await pressed(env, env.ann, second, "Deeper")
        assert np.array_equal(
            decode_pixels(third.attachments[0].data), fake_engine_output(first.attachments[0].data)
        )


async def test_undo_of_a_deleted_dream_is_refused(env: BotEnvironment) -> None:
    async with env.bot():
        first = await dreamed(env)
        second = await pressed(env, env.bob, first, "Deeper")
        before = second.attachments[0].id
        await delete(env.ann, first)
        reply = await (await press(env.bob, second, "Undo")).follow_up()
        assert reply.ephemeral
        assert "cannot be undone" in reply.content
        assert second.attachments[0].id == before
        assert await pressed(env, env.bob, second, "Deeper")


def halves(message: MessageHandle, number: int) -> tuple[Pixels, Pixels]:
    """Splits a comparison of images of 300×260 into its two images, the earlier one first."""
    width, height = 300, 260
    both = decode_pixels(message.attachments[number].data)
    assert both.shape[:2] == (2 * height + 8, width)
    return both[:height].astype(int), both[height + 8 :].astype(int)


def alike(one: Pixels, other: Pixels) -> bool:
    """Checks whether two images differ by no more than an encoding does."""
    return bool(np.abs(one.astype(int) - other.astype(int)).mean() < 12)


async def test_a_comparison_is_private_at_first(env: BotEnvironment) -> None:
    async with env.bot():
        first = await dreamed(env)
        compared = await (await press(env.bob, first, "Compare")).result()
        await compared.until(lambda now: now.attachments)
    assert compared.ephemeral
    assert compared.content == "Before and after."
    assert len(compared.attachments) == 1
    before, after = halves(compared, 0)
    assert alike(before, decode_pixels(POSTED))
    assert alike(after, fake_engine_output(POSTED))


@pytest.mark.parametrize("button", ["Louder", "Deeper"])
async def test_a_dream_of_a_dream_is_compared_with_its_parent_and_with_the_original(
    env: BotEnvironment, button: str
) -> None:
    async with env.bot():
        first = await dreamed(env, "mixed4 seed:7")
        second = await pressed(env, env.bob, first, button)
        compared = await (await press(env.ann, second, "Compare")).result()
        await compared.until(lambda now: len(now.attachments) == 2)
    assert "before" in compared.content
    for number, earlier in enumerate((first.attachments[0].data, POSTED)):
        before, after = halves(compared, number)
        assert alike(before, decode_pixels(earlier))
        assert alike(after, decode_pixels(second.attachments[0].data))
    descriptions = [one.description for one in compared.attachments]
    assert descriptions[0] != descriptions[1]


async def test_a_comparison_leaves_out_deleted_images(env: BotEnvironment) -> None:
    async with env.bot():
        first = await dreamed(env)
        second = await pressed(env, env.bob, first, "Louder")
        await delete(env.ann, first)
        compared = await (await press(env.ann, second, "Compare")).result()
        await compared.until(lambda now: now.attachments)
        assert len(compared.attachments) == 1
        assert alike(halves(compared, 0)[0], decode_pixels(POSTED))
        [posted] = [one for one in env.channel.messages if one.content == "look"]
        await env.bob.delete(posted)
        reply = await (await press(env.ann, second, "Compare")).result()
        await reply.until(lambda now: now.content)
        assert "no longer available" in reply.content


async def test_a_comparison_can_be_shared_and_deleted(env: BotEnvironment) -> None:
    carl = env.guild.add_member("carl")
    async with env.bot():
        first = await dreamed(env)
        compared = await (await press(env.bob, first, "Compare")).result()
        await compared.until(lambda now: now.attachments)
    async with env.bot():
        await env.bob.press(compared, "Show everyone")
        shown = await env.channel.wait_for_message(
            lambda one: not one.ephemeral and one.content.startswith("Before and after."), 30
        )
        await compared.until(lambda now: not now.buttons)
        assert shown.replies_to == first.id
        assert env.bob.mention in shown.content
        assert alike(halves(shown, 0)[0], decode_pixels(POSTED))
        # It is no result of the bot: not anyone's newest image, and no source of a variation.
        assert set(shown.buttons) == {"🗑️"}
        refused = await (await press(carl, shown, "🗑️")).result()
        assert "Only the person who asked" in refused.content
        await press(env.bob, shown, "🗑️")
        await shown.until(lambda now: now.deleted)


async def test_blocked_users_and_private_dreams_cannot_be_shared(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        first = await dreamed(env)
        compared = await (await press(env.bob, first, "Compare")).result()
        await compared.until(lambda now: now.attachments)
        await bot.services.guild_store.block(env.guild.id, env.bob.id)
        reply = await (await env.bob.press(compared, "Show everyone")).follow_up()
        assert "blocked" in reply.content
        asked = await env.ann.slash("dream", channel=env.channel, image=POSTED, private=True)
        private = await env.dreamed(await asked.response())
        alone = await (await press(env.ann, private, "Compare")).result()
        await alone.until(lambda now: now.attachments)
        assert not alone.buttons


async def test_a_dream_can_be_continued_after_its_source_was_deleted(env: BotEnvironment) -> None:
    async with env.bot():
        first = await dreamed(env)
        [posted] = [one for one in env.channel.messages if one.content == "look"]
        await env.bob.delete(posted)
    async with env.bot():
        for button in ("Louder", "Again"):
            reply = await (await press(env.ann, first, button)).follow_up()
            assert reply.ephemeral
            assert "Deeper, Bend and Zoom video still work" in reply.content
        reply = await (await press(env.ann, first, "Compare")).result()
        assert "no longer available" in reply.content
        assert await pressed(env, env.ann, first, "Bend")


async def test_a_passed_image_is_valid_for_a_day(
    env: BotEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with env.bot():
        asked = await env.ann.slash("dream", channel=env.channel, image=POSTED)
        first = await env.dreamed(await asked.response())
        assert await pressed(env, env.bob, first, "Louder")
        monkeypatch.setattr(refetch, "_MARGIN", timedelta(days=2))
        reply = await (await press(env.bob, first, "Quieter")).follow_up()
        assert "no longer available" in reply.content


async def test_where_the_bot_is_no_member_it_uses_the_pressed_message(env: BotEnvironment) -> None:
    """Installed by Ann only, the bot can read no messages there."""
    strangers = env.sandbox.add_guild("strangers", bot=False)
    lounge = strangers.add_channel("lounge")
    strangers.add_member(env.ann)
    strangers.add_member(env.bob)
    env.ann.install()
    async with env.bot():
        posted = await env.bob.post(lounge, files=[POSTED])
        asked = await env.ann.menu("Dream this", posted)
        first = await env.dreamed(await asked.response())
        louder = await pressed(env, env.ann, first, "Louder")
        assert np.array_equal(decode_pixels(louder.attachments[0].data), fake_engine_output(POSTED))
        deeper = await pressed(env, env.bob, louder, "Deeper")
        assert np.array_equal(
            decode_pixels(deeper.attachments[0].data), fake_engine_output(louder.attachments[0].data)
        )
        reply = await (await press(env.bob, deeper, "Undo")).follow_up()
        assert "cannot be undone" in reply.content
        await (await press(env.bob, deeper, "🗑️")).acknowledged()
        await deeper.until(lambda now: "Delete" in now.buttons)
        refused = await (await env.ann.press(deeper, "Delete")).result()
        assert "Only the person who asked" in refused.content
        await env.bob.press(deeper, "Delete")
        await deeper.until(lambda now: now.deleted)


async def test_variations_respect_an_opt_out(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        first = await dreamed(env)
        await bot.services.guild_store.set_person(env.bob.id, PersonSettings(untouchable=True))
        for button in ("Deeper", "Again"):
            reply = await (await press(env.ann, first, button)).follow_up()
            assert reply.ephemeral
            assert "does not want others" in reply.content
        assert await pressed(env, env.bob, first, "Deeper")


async def test_a_guide_is_used_again(env: BotEnvironment, monkeypatch: pytest.MonkeyPatch) -> None:
    async with env.bot() as bot:
        asked = await env.ann.slash("dream", channel=env.channel, image=POSTED, guide=noise_png(seed=3))
        first = await env.dreamed(await asked.response())
        guided, again = (await job_of(bot, first)).recipe, await pressed(env, env.bob, first, "Again")
        recipe = (await job_of(bot, again)).recipe
        assert guided
        assert recipe
        assert recipe.guide == guided.guide is not None
        monkeypatch.setattr(refetch, "_MARGIN", timedelta(days=2))
        reply = await (await env.bob.press(first, "Again")).follow_up()
        assert "guide" in reply.content
        deeper = await pressed(env, env.bob, first, "Deeper")
        assert (await job_of(bot, deeper)).spec.guide is None
