"""Who may take a result away again."""

from dreambot.guilds.settings import GuildSettings
from dreambot.sandbox.driver.channels import MessageHandle
from dreambot.sandbox.driver.users import UserHandle
from tests.bot.support import BotEnvironment, noise_png
from tests.bot.test_variation_buttons import POSTED, dreamed, job_of, pressed


async def delete(who: UserHandle, dream: MessageHandle) -> None:
    """Presses 🗑️ and answers the question with yes."""
    asked = await (await who.press(dream, "🗑️")).result()
    assert asked.ephemeral
    assert set(asked.buttons) == {"Delete", "Keep"}
    assert not dream.deleted
    await who.press(asked, "Delete")
    await dream.until(lambda now: now.deleted)
    await asked.until(lambda now: not now.buttons)


async def test_a_result_can_be_deleted_by_its_owner_alone(stage: BotEnvironment) -> None:
    async with stage.bot():
        asked = await stage.ann.slash("dream", channel=stage.channel, image=noise_png())
        dream = await stage.dreamed(await asked.response())
        refused = await (await stage.bob.press(dream, "🗑️")).result()
        assert refused.ephemeral
        assert "Only the person who asked" in refused.content
        await delete(stage.ann, dream)


async def test_whose_picture_it_was_may_delete_the_dream(stage: BotEnvironment) -> None:
    carl = stage.guild.add_member("carl")
    async with stage.bot():
        first = await dreamed(stage)
        second = await pressed(stage, carl, first, "Deeper")
        refused = await (await carl.press(first, "🗑️")).result()
        assert refused.ephemeral
        assert "Only the person who asked" in refused.content
        # Bob posted the picture, and both go back to it.
        for dream in (second, first):
            await delete(stage.bob, dream)


async def test_everybody_may_delete_where_moderators_say_so(stage: BotEnvironment) -> None:
    carl = stage.guild.add_member("carl")
    async with stage.bot() as life:
        first = await dreamed(stage)
        await life.services.guild_store.set_guild(stage.guild.id, GuildSettings(deleters="everyone"))
        await delete(carl, first)


async def test_who_handed_a_picture_over_may_delete_what_others_make_of_it(stage: BotEnvironment) -> None:
    async with stage.bot():
        asked = await stage.ann.slash("dream", channel=stage.channel, image=noise_png())
        first = await stage.dreamed(await asked.response())
        louder = await pressed(stage, stage.bob, first, "Louder")
        await delete(stage.ann, louder)


async def test_the_question_can_be_answered_with_no_and_survives_a_restart(stage: BotEnvironment) -> None:
    async with stage.bot():
        first = await dreamed(stage)
        kept = await (await stage.ann.press(first, "🗑️")).result()
        await stage.ann.press(kept, "Keep")
        await kept.until(lambda now: now.deleted)
        asked = await (await stage.ann.press(first, "🗑️")).result()
    assert not first.deleted
    async with stage.bot():
        await stage.ann.press(asked, "Delete")
        await first.until(lambda now: now.deleted)
        await asked.until(lambda now: now.content == "Deleted." and not now.buttons)


async def test_a_forged_answer_deletes_nothing(stage: BotEnvironment) -> None:
    async with stage.bot() as life:
        mine, others = await dreamed(stage), await stage.bob.post(stage.channel, "keep this")
        asked = await stage.bob.slash("dream", channel=stage.channel, image=noise_png())
        bobs = await stage.dreamed(await asked.response())
        job, other = await job_of(life, mine), await job_of(life, bobs)
        question = await (await stage.ann.press(mine, "🗑️")).result()
        for message, job_id, said in (
            (others.id, job.id, "no longer know"),
            (bobs.id, job.id, "no longer know"),
            (bobs.id, other.id, "Only the person who asked"),
        ):
            forged = f"dream:sure:delete:{message}:{job_id}"
            question.buttons["Delete"]["custom_id"] = forged
            told = await (await stage.ann.press(question, forged)).follow_up()
            assert said in told.content
        assert not others.deleted
        assert not bobs.deleted
        assert not mine.deleted


async def test_a_private_dream_asks_in_its_own_message(stage: BotEnvironment) -> None:
    async with stage.bot():
        sent = await stage.ann.slash("dream", channel=stage.channel, image=POSTED, private=True)
        dream = await stage.dreamed(await sent.response())
        usual = set(dream.buttons)
        await (await stage.ann.press(dream, "🗑️")).acknowledged()
        await dream.until(lambda now: {"Delete", "Keep"} <= set(now.buttons))
        assert set(dream.buttons) == usual - {"🗑️"} | {"Delete", "Keep"}
        await (await stage.ann.press(dream, "Keep")).acknowledged()
        await dream.until(lambda now: set(now.buttons) == usual)
        await (await stage.ann.press(dream, "🗑️")).acknowledged()
        await dream.until(lambda now: "Delete" in now.buttons)
    async with stage.bot():
        await stage.ann.press(dream, "Delete")
        await dream.until(lambda now: now.deleted)
