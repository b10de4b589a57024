"""A shared comparison is deleted with its images, and counts as the dream in it."""

import asyncio
from collections.abc import Awaitable, Callable

import numpy as np
import pytest
from sqlalchemy import func, select

from dreambot.bot.buttons import compare
from dreambot.guilds.settings import PersonSettings
from dreambot.jobs.schema import comparisons
from dreambot.sandbox.driver.channels import ChannelHandle, MessageHandle
from dreambot.sandbox.driver.users import UserHandle
from dreambot.sandbox.permissions import Permission
from tests.bot.support import (
    MODERATOR,
    BotEnvironment,
    RunningBot,
    decode_pixels,
    fake_engine_output,
    noise_png,
    press,
)
from tests.bot.test_delete_button import delete
from tests.bot.test_variation_buttons import POSTED, dreamed, job_of, pressed

Delete = Callable[[BotEnvironment, MessageHandle, MessageHandle], Awaitable[None]]


async def compared(who: UserHandle, dream: MessageHandle) -> MessageHandle:
    """Presses *Compare* and returns the private answer."""
    private = await (await press(who, dream, "Compare")).result()
    return await private.until(lambda now: now.attachments)


async def shown(
    env: BotEnvironment, who: UserHandle, dream: MessageHandle, channel: ChannelHandle | None = None
) -> MessageHandle:
    """Makes a comparison and shares it."""
    private = await compared(who, dream)
    return await shown_from(env, who, private, channel)


async def shown_from(
    env: BotEnvironment, who: UserHandle, private: MessageHandle, channel: ChannelHandle | None = None
) -> MessageHandle:
    """Shares a private comparison."""
    channel = channel or env.channel
    before = {one.id for one in channel.messages}
    await who.press(private, "Show everyone")
    return await channel.wait_for_message(
        lambda one: one.id not in before and not one.ephemeral and one.attachments, 30
    )


async def stored(bot: RunningBot, count: int) -> None:
    """Waits until that many comparisons are stored."""
    chosen = select(func.count()).select_from(comparisons)

    async def counted() -> int:
        async with bot.services.store.database.engine.connect() as connection:
            return await connection.scalar(chosen) or 0

    async with asyncio.timeout(30):
        while await counted() != count:  # noqa: ASYNC110 - the database sends no events
            await asyncio.sleep(0.05)


def moderator(env: BotEnvironment) -> UserHandle:
    return env.guild.add_member("mia", permissions=MODERATOR)


def look(env: BotEnvironment) -> MessageHandle:
    """Posts an image as Bob."""
    [posted] = [one for one in env.channel.messages if one.content == "look"]
    return posted


async def _forget(env: BotEnvironment, **options: object) -> MessageHandle:
    mod = moderator(env)
    reply = await (await mod.slash("forget", channel=env.channel, **options)).result()
    if "person" in options:
        [button] = reply.buttons
        await press(mod, reply, button)
    return await reply.until(lambda now: "gone" in now.content)


async def _erase(env: BotEnvironment, who: UserHandle, action: str) -> None:
    page = await (await who.slash("privacy", channel=env.channel)).result()
    await who.press(page, "privacy:delete")
    await page.until(lambda now: "Keep everything" in now.buttons)
    await who.press(page, f"privacy:{action}")
    await page.until(lambda now: "Done." in now.content)


async def by_its_button(env: BotEnvironment, dream: MessageHandle, comparison: MessageHandle) -> None:
    await delete(env.ann, dream)


async def by_hand(env: BotEnvironment, dream: MessageHandle, comparison: MessageHandle) -> None:
    await moderator(env).delete(dream)


async def by_forgetting_the_dream(
    env: BotEnvironment, dream: MessageHandle, comparison: MessageHandle
) -> None:
    await _forget(env, dream=str(dream.id))


async def by_forgetting_the_comparison(
    env: BotEnvironment, dream: MessageHandle, comparison: MessageHandle
) -> None:
    await _forget(env, dream=str(comparison.id))
    assert dream.deleted


async def by_forgetting_the_requester(
    env: BotEnvironment, dream: MessageHandle, comparison: MessageHandle
) -> None:
    await _forget(env, person=env.ann)


async def as_the_requester_deletes_data(
    env: BotEnvironment, dream: MessageHandle, comparison: MessageHandle
) -> None:
    await _erase(env, env.ann, "erase")
    assert not dream.deleted


async def as_the_requester_deletes_everything(
    env: BotEnvironment, dream: MessageHandle, comparison: MessageHandle
) -> None:
    await _erase(env, env.ann, "erase-posted")
    assert dream.deleted


async def as_the_author_deletes_data(
    env: BotEnvironment, dream: MessageHandle, comparison: MessageHandle
) -> None:
    await _erase(env, env.bob, "erase")
    assert not dream.deleted


async def with_the_source(env: BotEnvironment, dream: MessageHandle, comparison: MessageHandle) -> None:
    await env.bob.delete(look(env))


@pytest.mark.parametrize(
    "gone",
    [
        by_its_button,
        by_hand,
        by_forgetting_the_dream,
        by_forgetting_the_comparison,
        by_forgetting_the_requester,
        as_the_requester_deletes_data,
        as_the_requester_deletes_everything,
        as_the_author_deletes_data,
        with_the_source,
    ],
)
async def test_a_shared_comparison_is_deleted_with_its_images(env: BotEnvironment, gone: Delete) -> None:
    carl, dora = env.guild.add_member("carl"), env.guild.add_member("dora")
    async with env.bot() as bot:
        dream = await dreamed(env)
        comparison = await shown(env, carl, dream)
        # Comparisons of other users' images.
        posted = await dora.post(env.channel, files=[noise_png(300, 260, seed=5)])
        others = await env.dreamed(await (await dora.menu("Dream this", posted)).response())
        kept = await shown(env, carl, others)
        await stored(bot, 2)
    async with env.bot() as bot:
        await gone(env, dream, comparison)
        await comparison.until(lambda now: now.deleted)
        await stored(bot, 1)
        assert not kept.deleted
        assert not others.deleted


async def test_a_comparison_is_deleted_with_the_parent_but_not_with_a_later_dream(
    env: BotEnvironment,
) -> None:
    async with env.bot() as bot:
        first = await dreamed(env)
        second = await pressed(env, env.bob, first, "Deeper")
        third = await pressed(env, env.ann, second, "Deeper")
        of_first, of_second, of_third = [await shown(env, env.bob, one) for one in (first, second, third)]
        await delete(env.ann, third)
        await of_third.until(lambda now: now.deleted)
        await stored(bot, 2)
        await delete(env.ann, first)
        for comparison in (of_first, of_second):
            await comparison.until(lambda now: now.deleted)
        await stored(bot, 0)
        assert not second.deleted


async def test_a_comparison_without_a_source_message_is_deleted_with_its_dream(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        interaction = await env.ann.slash("dream", channel=env.channel, image=POSTED)
        dream = await env.dreamed(await interaction.response())
        comparison = await shown(env, env.ann, dream)
        await stored(bot, 1)
        await delete(env.ann, dream)
        await comparison.until(lambda now: now.deleted)
        await stored(bot, 0)


async def test_an_offline_deletion_removes_the_dream_and_its_comparison(
    env: BotEnvironment,
) -> None:
    async with env.bot() as bot:
        dream = await dreamed(env)
        comparison = await shown(env, env.bob, dream)
        await stored(bot, 1)
    await env.guild.add_member("mod", permissions=MODERATOR).delete(dream)
    async with env.bot() as bot:
        await _forget(env, dream=str(dream.id))
        assert comparison.deleted
        await stored(bot, 0)


async def test_a_comparison_is_deleted_with_the_data_of_its_sharer(env: BotEnvironment) -> None:
    carl = env.guild.add_member("carl")
    async with env.bot() as bot:
        dream = await dreamed(env)
        comparison = await shown(env, carl, dream)
        await stored(bot, 1)
        await _erase(env, carl, "erase")
        assert comparison.deleted
        assert not dream.deleted
        await stored(bot, 0)


async def test_a_deleted_comparison_is_not_stored(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        dream = await dreamed(env)
        comparison = await shown(env, env.bob, dream)
        await stored(bot, 1)
        await press(env.bob, comparison, "🗑️")
        await comparison.until(lambda now: now.deleted)
        await stored(bot, 0)
        assert not dream.deleted


async def test_without_send_permission_a_comparison_is_posted_and_deleted_too(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        dream = await dreamed(env)
        env.channel.revoke(Permission.SEND_MESSAGES, of=env.sandbox.bot_id)
        comparison = await shown(env, env.bob, dream)
        assert comparison.replies_to != dream.id
        await stored(bot, 1)
        env.channel.allow(Permission.SEND_MESSAGES, of=env.sandbox.bot_id)
        again = await env.dreamed(await (await env.ann.menu("Dream this", comparison)).response())
        assert np.array_equal(
            decode_pixels(again.attachments[0].data), fake_engine_output(dream.attachments[0].data)
        )
        await delete(env.ann, dream)
        await comparison.until(lambda now: now.deleted)


async def test_sharing_is_not_offered_where_it_could_not_be_deleted(env: BotEnvironment) -> None:
    strangers = env.sandbox.add_guild("strangers", bot=False)
    lounge = strangers.add_channel("lounge")
    strangers.add_member(env.ann)
    env.ann.install()
    async with env.bot():
        posted = await env.ann.post(lounge, files=[POSTED])
        dream = await env.dreamed(await (await env.ann.menu("Dream this", posted)).response())
        assert not (await compared(env.ann, dream)).buttons


@pytest.mark.parametrize("gone", [by_its_button, with_the_source])
async def test_images_deleted_meanwhile_are_not_shown(env: BotEnvironment, gone: Delete) -> None:
    async with env.bot() as bot:
        dream = await dreamed(env)
        private = await compared(env.ann, dream)
        await gone(env, dream, private)
        reply = await (await env.ann.press(private, "Show everyone")).follow_up()
        assert reply.ephemeral
        assert "no longer available" in reply.content
        await stored(bot, 0)


@pytest.mark.parametrize("gone", [by_hand, with_the_source])
async def test_a_comparison_is_deleted_if_an_image_vanishes_while_it_is_stored(
    env: BotEnvironment, gone: Delete, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = compare.ShareComparisonButton._post

    async def slowly(self: compare.ShareComparisonButton, *args: object) -> int:
        posted: int = await post(self, *args)  # type: ignore[arg-type]
        await gone(env, dream, private)
        return posted

    async with env.bot() as bot:
        dream = await dreamed(env)
        private = await compared(env.bob, dream)
        monkeypatch.setattr(compare.ShareComparisonButton, "_post", slowly)
        comparison = await shown_from(env, env.bob, private)
        await comparison.until(lambda now: now.deleted)
        await stored(bot, 0)


async def test_an_undone_dream_is_not_shown_in_the_history(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        first = await dreamed(env)
        second = await pressed(env, env.bob, first, "Deeper")
        private = await compared(env.ann, second)
        await press(env.bob, second, "Undo")
        await second.until(lambda now: "Undo" not in now.buttons)
        reply = await (await env.ann.press(private, "Show everyone")).follow_up()
        assert "no longer available" in reply.content
        # The message now shows the first dream, and its comparison goes with the message.
        comparison = await shown(env, env.ann, second)
        await stored(bot, 1)
        await env.guild.add_member("mod", permissions=MODERATOR).delete(second)
        await comparison.until(lambda now: now.deleted)


async def test_dreaming_a_comparison_dreams_its_result(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        dream = await dreamed(env)
        comparison = await shown(env, env.bob, dream)
        for interaction in (
            await env.ann.menu("Dream this", comparison),
            await env.ann.slash("dream", channel=env.channel, url=_link(env, comparison)),
        ):
            again = await env.dreamed(await interaction.response())
            assert np.array_equal(
                decode_pixels(again.attachments[0].data), fake_engine_output(dream.attachments[0].data)
            )
            subject = (await job_of(bot, again)).spec.source
            assert subject
            assert (subject.message, subject.person) == (dream.id, env.bob.id)
        await env.bob.delete(look(env))
        question = await env.channel.wait_for_message(lambda one: "Keep" in one.buttons)
        assert "3 dreams" in question.content


def _link(env: BotEnvironment, message: MessageHandle) -> str:
    return f"https://discord.com/channels/{env.guild.id}/{env.channel.id}/{message.id}"


async def test_a_comparison_is_not_the_newest_image(env: BotEnvironment) -> None:
    async with env.bot():
        dream = await dreamed(env)
        await shown(env, env.ann, dream)
        interaction = await env.ann.slash("dream", channel=env.channel)
        again = await env.dreamed(await interaction.response())
        assert np.array_equal(
            decode_pixels(again.attachments[0].data), fake_engine_output(dream.attachments[0].data)
        )


async def test_an_opted_out_users_image_is_neither_shown_nor_dreamed(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        dream = await dreamed(env)
        comparison, private = await shown(env, env.ann, dream), await compared(env.ann, dream)
        await bot.services.guild_store.set_person(env.bob.id, PersonSettings(untouchable=True))
        mention = f"<@{env.sandbox.bot_id}> mixed4"
        reply = await (await env.ann.menu("Dream this", comparison)).follow_up()
        assert "does not want others" in reply.content
        reply = await (await env.ann.press(private, "Show everyone")).follow_up()
        assert "does not want others" in reply.content
        await env.ann.post(env.channel, mention, reply_to=comparison)
        await env.channel.wait_for_message(lambda one: "does not want others" in one.content)
        own = await env.bob.menu("Dream this", comparison)
        assert await env.dreamed(await own.response())


async def test_a_spoiler_stays_a_spoiler(env: BotEnvironment) -> None:
    async with env.bot():
        posted = await env.bob.post(env.channel, files=[POSTED], spoiler=True)
        dream = await env.dreamed(await (await env.ann.menu("Dream this", posted)).response())
        comparison = await shown(env, env.ann, dream)
        assert [one.spoiler for one in comparison.attachments] == [True]
        again = await env.dreamed(await (await env.ann.menu("Dream this", comparison)).response())
        assert again.attachments[0].spoiler


async def test_in_a_thread_a_comparison_is_deleted_with_the_image_of_the_parent_channel(
    env: BotEnvironment,
) -> None:
    async with env.bot() as bot:
        first = await dreamed(env)
        thread = await env.bob.start_thread(first)
        interaction = await env.ann.slash("dream", channel=thread)
        second = await env.dreamed(await interaction.response())
        comparison = await shown(env, env.ann, second, thread)
        assert len(comparison.attachments) == 2
        await stored(bot, 1)
        await env.bob.delete(look(env))
        await comparison.until(lambda now: now.deleted)
        await stored(bot, 0)


async def test_a_comparison_is_shown_once_though_the_button_is_pressed_twice(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        dream = await env.dreamed(
            await (await env.ann.slash("dream", channel=env.channel, image=noise_png())).response()
        )
        await bot.idle()
        private = await compared(env.ann, dream)
        pressed_twice = [await env.ann.press(private, "Show everyone") for _ in range(2)]
        for one in pressed_twice:
            await one.acknowledged()
        await env.channel.wait_for_message(lambda one: not one.ephemeral and one.id > private.id, 30)
        await stored(bot, 1)
        await env.events_handled()
        posted = [one for one in env.channel.messages if not one.ephemeral and one.id > private.id]
        assert len(posted) == 1
