"""A comparison that is shown to everyone goes with its pictures, and counts as the dream in it."""

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
)
from tests.bot.test_delete_button import delete
from tests.bot.test_variation_buttons import POSTED, dreamed, job_of, pressed

Delete = Callable[[BotEnvironment, MessageHandle, MessageHandle], Awaitable[None]]


async def compared(who: UserHandle, dream: MessageHandle) -> MessageHandle:
    """What a press on *Compare* shows to one person."""
    private = await (await who.press(dream, "Compare")).result()
    return await private.until(lambda now: now.attachments)


async def shown(
    stage: BotEnvironment, who: UserHandle, dream: MessageHandle, channel: ChannelHandle | None = None
) -> MessageHandle:
    """A comparison that somebody showed to everyone."""
    private = await compared(who, dream)
    return await shown_from(stage, who, private, channel)


async def shown_from(
    stage: BotEnvironment, who: UserHandle, private: MessageHandle, channel: ChannelHandle | None = None
) -> MessageHandle:
    """The same, from what one person sees."""
    channel = channel or stage.channel
    before = {one.id for one in channel.messages}
    await who.press(private, "Show everyone")
    return await channel.wait_for_message(
        lambda one: one.id not in before and not one.ephemeral and one.attachments, 30
    )


async def stored(life: RunningBot, count: int) -> None:
    """Waits until that many comparisons are stored."""
    chosen = select(func.count()).select_from(comparisons)

    async def counted() -> int:
        async with life.services.store.database.engine.connect() as connection:
            return await connection.scalar(chosen) or 0

    async with asyncio.timeout(30):
        while await counted() != count:  # noqa: ASYNC110 - the database tells nothing
            await asyncio.sleep(0.05)


def moderator(stage: BotEnvironment) -> UserHandle:
    return stage.guild.add_member("mia", permissions=MODERATOR)


def look(stage: BotEnvironment) -> MessageHandle:
    """The picture that Bob posted."""
    [posted] = [one for one in stage.channel.messages if one.content == "look"]
    return posted


async def _forget(stage: BotEnvironment, **options: object) -> MessageHandle:
    mod = moderator(stage)
    told = await (await mod.slash("forget", channel=stage.channel, **options)).result()
    if "person" in options:
        [button] = told.buttons
        await mod.press(told, button)
    return await told.until(lambda now: "gone" in now.content)


async def _erase(stage: BotEnvironment, who: UserHandle, action: str) -> None:
    page = await (await who.slash("privacy", channel=stage.channel)).result()
    await who.press(page, "privacy:delete")
    await page.until(lambda now: "Keep everything" in now.buttons)
    await who.press(page, f"privacy:{action}")
    await page.until(lambda now: "Done." in now.content)


async def by_its_button(stage: BotEnvironment, dream: MessageHandle, comparison: MessageHandle) -> None:
    await delete(stage.ann, dream)


async def by_hand(stage: BotEnvironment, dream: MessageHandle, comparison: MessageHandle) -> None:
    await moderator(stage).delete(dream)


async def by_forgetting_the_dream(
    stage: BotEnvironment, dream: MessageHandle, comparison: MessageHandle
) -> None:
    await _forget(stage, dream=str(dream.id))


async def by_forgetting_the_comparison(
    stage: BotEnvironment, dream: MessageHandle, comparison: MessageHandle
) -> None:
    await _forget(stage, dream=str(comparison.id))
    assert dream.deleted


async def by_forgetting_the_asker(
    stage: BotEnvironment, dream: MessageHandle, comparison: MessageHandle
) -> None:
    await _forget(stage, person=stage.ann)


async def as_the_asker_deletes_data(
    stage: BotEnvironment, dream: MessageHandle, comparison: MessageHandle
) -> None:
    await _erase(stage, stage.ann, "erase")
    assert not dream.deleted


async def as_the_asker_deletes_all(
    stage: BotEnvironment, dream: MessageHandle, comparison: MessageHandle
) -> None:
    await _erase(stage, stage.ann, "erase-posted")
    assert dream.deleted


async def as_the_author_deletes_data(
    stage: BotEnvironment, dream: MessageHandle, comparison: MessageHandle
) -> None:
    await _erase(stage, stage.bob, "erase")
    assert not dream.deleted


async def with_the_source(stage: BotEnvironment, dream: MessageHandle, comparison: MessageHandle) -> None:
    await stage.bob.delete(look(stage))


@pytest.mark.parametrize(
    "gone",
    [
        by_its_button,
        by_hand,
        by_forgetting_the_dream,
        by_forgetting_the_comparison,
        by_forgetting_the_asker,
        as_the_asker_deletes_data,
        as_the_asker_deletes_all,
        as_the_author_deletes_data,
        with_the_source,
    ],
)
async def test_a_shown_comparison_goes_with_its_pictures(stage: BotEnvironment, gone: Delete) -> None:
    carl, dora = stage.guild.add_member("carl"), stage.guild.add_member("dora")
    async with stage.bot() as life:
        dream = await dreamed(stage)
        comparison = await shown(stage, carl, dream)
        # Of other people's pictures.
        posted = await dora.post(stage.channel, files=[noise_png(300, 260, seed=5)])
        others = await stage.dreamed(await (await dora.menu("Dream this", posted)).response())
        kept = await shown(stage, carl, others)
        await stored(life, 2)
    async with stage.bot() as life:
        await gone(stage, dream, comparison)
        await comparison.until(lambda now: now.deleted)
        await stored(life, 1)
        assert not kept.deleted
        assert not others.deleted


async def test_it_goes_with_the_dream_before_and_not_with_a_later_one(stage: BotEnvironment) -> None:
    async with stage.bot() as life:
        first = await dreamed(stage)
        second = await pressed(stage, stage.bob, first, "Deeper")
        third = await pressed(stage, stage.ann, second, "Deeper")
        of_first, of_second, of_third = [await shown(stage, stage.bob, one) for one in (first, second, third)]
        await delete(stage.ann, third)
        await of_third.until(lambda now: now.deleted)
        await stored(life, 2)
        await delete(stage.ann, first)
        for comparison in (of_first, of_second):
            await comparison.until(lambda now: now.deleted)
        await stored(life, 0)
        assert not second.deleted


async def test_it_goes_with_a_dream_of_a_picture_that_is_in_no_message(stage: BotEnvironment) -> None:
    async with stage.bot() as life:
        asked = await stage.ann.slash("dream", channel=stage.channel, image=POSTED)
        dream = await stage.dreamed(await asked.response())
        comparison = await shown(stage, stage.ann, dream)
        await stored(life, 1)
        await delete(stage.ann, dream)
        await comparison.until(lambda now: now.deleted)
        await stored(life, 0)


async def test_a_dream_that_was_deleted_unseen_is_forgotten_with_its_comparison(
    stage: BotEnvironment,
) -> None:
    async with stage.bot() as life:
        dream = await dreamed(stage)
        comparison = await shown(stage, stage.bob, dream)
        await stored(life, 1)
    await stage.guild.add_member("mod", permissions=MODERATOR).delete(dream)
    async with stage.bot() as life:
        await _forget(stage, dream=str(dream.id))
        assert comparison.deleted
        await stored(life, 0)


async def test_who_showed_it_has_it_deleted_with_their_data(stage: BotEnvironment) -> None:
    carl = stage.guild.add_member("carl")
    async with stage.bot() as life:
        dream = await dreamed(stage)
        comparison = await shown(stage, carl, dream)
        await stored(life, 1)
        await _erase(stage, carl, "erase")
        assert comparison.deleted
        assert not dream.deleted
        await stored(life, 0)


async def test_a_deleted_comparison_is_not_kept(stage: BotEnvironment) -> None:
    async with stage.bot() as life:
        dream = await dreamed(stage)
        comparison = await shown(stage, stage.bob, dream)
        await stored(life, 1)
        await stage.bob.press(comparison, "🗑️")
        await comparison.until(lambda now: now.deleted)
        await stored(life, 0)
        assert not dream.deleted


async def test_without_leave_to_send_it_is_shown_and_goes_too(stage: BotEnvironment) -> None:
    async with stage.bot() as life:
        dream = await dreamed(stage)
        stage.channel.revoke(Permission.SEND_MESSAGES, of=stage.sandbox.bot_id)
        comparison = await shown(stage, stage.bob, dream)
        assert comparison.replies_to != dream.id
        await stored(life, 1)
        stage.channel.allow(Permission.SEND_MESSAGES, of=stage.sandbox.bot_id)
        again = await stage.dreamed(await (await stage.ann.menu("Dream this", comparison)).response())
        assert np.array_equal(
            decode_pixels(again.attachments[0].data), fake_engine_output(dream.attachments[0].data)
        )
        await delete(stage.ann, dream)
        await comparison.until(lambda now: now.deleted)


async def test_it_is_not_offered_where_it_could_not_be_deleted(stage: BotEnvironment) -> None:
    strangers = stage.sandbox.add_guild("strangers", bot=False)
    lounge = strangers.add_channel("lounge")
    strangers.add_member(stage.ann)
    stage.ann.install()
    async with stage.bot():
        posted = await stage.ann.post(lounge, files=[POSTED])
        dream = await stage.dreamed(await (await stage.ann.menu("Dream this", posted)).response())
        assert not (await compared(stage.ann, dream)).buttons


@pytest.mark.parametrize("gone", [by_its_button, with_the_source])
async def test_nothing_is_shown_of_what_was_deleted_meanwhile(stage: BotEnvironment, gone: Delete) -> None:
    async with stage.bot() as life:
        dream = await dreamed(stage)
        private = await compared(stage.ann, dream)
        await gone(stage, dream, private)
        told = await (await stage.ann.press(private, "Show everyone")).follow_up()
        assert told.ephemeral
        assert "no longer available" in told.content
        await stored(life, 0)


@pytest.mark.parametrize("gone", [by_hand, with_the_source])
async def test_it_is_taken_down_when_a_picture_goes_before_it_is_noted(
    stage: BotEnvironment, gone: Delete, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = compare.ShareComparisonButton._post

    async def slowly(self: compare.ShareComparisonButton, *args: object) -> int:
        posted: int = await post(self, *args)  # type: ignore[arg-type]
        await gone(stage, dream, private)
        return posted

    async with stage.bot() as life:
        dream = await dreamed(stage)
        private = await compared(stage.bob, dream)
        monkeypatch.setattr(compare.ShareComparisonButton, "_post", slowly)
        comparison = await shown_from(stage, stage.bob, private)
        await comparison.until(lambda now: now.deleted)
        await stored(life, 0)


async def test_what_an_undone_dream_showed_is_not_shown_any_more(stage: BotEnvironment) -> None:
    async with stage.bot() as life:
        first = await dreamed(stage)
        second = await pressed(stage, stage.bob, first, "Deeper")
        private = await compared(stage.ann, second)
        await stage.bob.press(second, "Undo")
        await second.until(lambda now: "Undo" not in now.buttons)
        told = await (await stage.ann.press(private, "Show everyone")).follow_up()
        assert "no longer available" in told.content
        # The message now shows the first dream, and its comparison goes with the message.
        comparison = await shown(stage, stage.ann, second)
        await stored(life, 1)
        await stage.guild.add_member("mod", permissions=MODERATOR).delete(second)
        await comparison.until(lambda now: now.deleted)


async def test_to_dream_a_comparison_is_to_dream_its_dream(stage: BotEnvironment) -> None:
    async with stage.bot() as life:
        dream = await dreamed(stage)
        comparison = await shown(stage, stage.bob, dream)
        for asked in (
            await stage.ann.menu("Dream this", comparison),
            await stage.ann.slash("dream", channel=stage.channel, url=_link(stage, comparison)),
        ):
            again = await stage.dreamed(await asked.response())
            assert np.array_equal(
                decode_pixels(again.attachments[0].data), fake_engine_output(dream.attachments[0].data)
            )
            subject = (await job_of(life, again)).ask.subject
            assert subject
            assert (subject.message, subject.person) == (dream.id, stage.bob.id)
        await stage.bob.delete(look(stage))
        question = await stage.channel.wait_for_message(lambda one: "Keep" in one.buttons)
        assert "3 dreams" in question.content


def _link(stage: BotEnvironment, message: MessageHandle) -> str:
    return f"https://discord.com/channels/{stage.guild.id}/{stage.channel.id}/{message.id}"


async def test_a_comparison_is_nobodys_newest_picture(stage: BotEnvironment) -> None:
    async with stage.bot():
        dream = await dreamed(stage)
        await shown(stage, stage.ann, dream)
        asked = await stage.ann.slash("dream", channel=stage.channel)
        again = await stage.dreamed(await asked.response())
        assert np.array_equal(
            decode_pixels(again.attachments[0].data), fake_engine_output(dream.attachments[0].data)
        )


async def test_whose_picture_is_to_be_left_alone_is_neither_shown_nor_dreamed(stage: BotEnvironment) -> None:
    async with stage.bot() as life:
        dream = await dreamed(stage)
        comparison, private = await shown(stage, stage.ann, dream), await compared(stage.ann, dream)
        await life.services.guild_store.set_person(stage.bob.id, PersonSettings(untouchable=True))
        mention = f"<@{stage.sandbox.bot_id}> mixed4"
        told = await (await stage.ann.menu("Dream this", comparison)).follow_up()
        assert "does not want others" in told.content
        told = await (await stage.ann.press(private, "Show everyone")).follow_up()
        assert "does not want others" in told.content
        await stage.ann.post(stage.channel, mention, reply_to=comparison)
        await stage.channel.wait_for_message(lambda one: "does not want others" in one.content)
        own = await stage.bob.menu("Dream this", comparison)
        assert await stage.dreamed(await own.response())


async def test_a_spoiler_stays_one(stage: BotEnvironment) -> None:
    async with stage.bot():
        posted = await stage.bob.post(stage.channel, files=[POSTED], spoiler=True)
        dream = await stage.dreamed(await (await stage.ann.menu("Dream this", posted)).response())
        comparison = await shown(stage, stage.ann, dream)
        assert [one.spoiler for one in comparison.attachments] == [True]
        again = await stage.dreamed(await (await stage.ann.menu("Dream this", comparison)).response())
        assert again.attachments[0].spoiler


async def test_in_a_thread_it_goes_with_the_picture_of_the_channel_above(stage: BotEnvironment) -> None:
    async with stage.bot() as life:
        first = await dreamed(stage)
        thread = await stage.bob.start_thread(first)
        asked = await stage.ann.slash("dream", channel=thread)
        second = await stage.dreamed(await asked.response())
        comparison = await shown(stage, stage.ann, second, thread)
        assert len(comparison.attachments) == 2
        await stored(life, 1)
        await stage.bob.delete(look(stage))
        await comparison.until(lambda now: now.deleted)
        await stored(life, 0)
