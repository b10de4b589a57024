"""Who may delete a result."""

from dreambot.guilds.settings import GuildSettings
from dreambot.sandbox.driver.channels import MessageHandle
from dreambot.sandbox.driver.users import UserHandle
from tests.bot.support import (
    BotEnvironment,
    noise_png,
    press,
)
from tests.bot.test_variation_buttons import POSTED, dreamed, job_of, pressed


async def delete(who: UserHandle, dream: MessageHandle) -> None:
    """Presses 🗑️ and confirms."""
    asked = await (await press(who, dream, "🗑️")).result()
    assert asked.ephemeral
    assert set(asked.buttons) == {"Delete", "Keep"}
    assert not dream.deleted
    await who.press(asked, "Delete")
    await dream.until(lambda now: now.deleted)
    await asked.until(lambda now: not now.buttons)


async def test_a_result_can_be_deleted_by_its_requester_only(env: BotEnvironment) -> None:
    async with env.bot():
        asked = await env.ann.slash("dream", channel=env.channel, image=noise_png())
        dream = await env.dreamed(await asked.response())
        refused = await (await press(env.bob, dream, "🗑️")).result()
        assert refused.ephemeral
        assert "Only the person who asked" in refused.content
        await delete(env.ann, dream)


async def test_the_source_owner_may_delete_the_dream(env: BotEnvironment) -> None:
    carl = env.guild.add_member("carl")
    async with env.bot():
        first = await dreamed(env)
        second = await pressed(env, carl, first, "Deeper")
        refused = await (await press(carl, first, "🗑️")).result()
        assert refused.ephemeral
        assert "Only the person who asked" in refused.content
        # Bob posted the picture, and both go back to it.
        for dream in (second, first):
            await delete(env.bob, dream)


async def test_everyone_may_delete_if_moderators_allow_it(env: BotEnvironment) -> None:
    carl = env.guild.add_member("carl")
    async with env.bot() as bot:
        first = await dreamed(env)
        await bot.services.guild_store.set_guild(env.guild.id, GuildSettings(deleters="everyone"))
        await delete(carl, first)


async def test_the_source_owner_may_delete_other_users_dreams(env: BotEnvironment) -> None:
    async with env.bot():
        asked = await env.ann.slash("dream", channel=env.channel, image=noise_png())
        first = await env.dreamed(await asked.response())
        louder = await pressed(env, env.bob, first, "Louder")
        await delete(env.ann, louder)


async def test_the_confirmation_can_be_declined_and_works_after_a_restart(env: BotEnvironment) -> None:
    async with env.bot():
        first = await dreamed(env)
        kept = await (await press(env.ann, first, "🗑️")).result()
        await env.ann.press(kept, "Keep")
        await kept.until(lambda now: now.deleted)
        asked = await (await press(env.ann, first, "🗑️")).result()
    assert not first.deleted
    async with env.bot():
        await env.ann.press(asked, "Delete")
        await first.until(lambda now: now.deleted)
        await asked.until(lambda now: now.content == "Deleted." and not now.buttons)


async def test_a_forged_confirmation_deletes_nothing(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        mine, others = await dreamed(env), await env.bob.post(env.channel, "keep this")
        asked = await env.bob.slash("dream", channel=env.channel, image=noise_png())
        bobs = await env.dreamed(await asked.response())
        job, other = await job_of(bot, mine), await job_of(bot, bobs)
        question = await (await press(env.ann, mine, "🗑️")).result()
        for message, job_id, said in (
            (others.id, job.id, "no longer know"),
            (bobs.id, job.id, "no longer know"),
            (bobs.id, other.id, "Only the person who asked"),
        ):
            forged = f"dream:sure:delete:{message}:{job_id}"
            question.buttons["Delete"]["custom_id"] = forged
            reply = await (await env.ann.press(question, forged)).follow_up()
            assert said in reply.content
        assert not others.deleted
        assert not bobs.deleted
        assert not mine.deleted


async def test_a_private_dream_asks_for_confirmation_in_its_own_message(env: BotEnvironment) -> None:
    async with env.bot():
        sent = await env.ann.slash("dream", channel=env.channel, image=POSTED, private=True)
        dream = await env.dreamed(await sent.response())
        await (await press(env.ann, dream, "🗑️")).acknowledged()
        await dream.until(lambda now: {"Delete", "Keep"} <= set(now.buttons))
        usual = set(dream.buttons) - {"Delete", "Keep"} | {"🗑️"}
        assert {"Less", "Compare"} < usual
        assert "🗑️" not in dream.buttons
        await (await env.ann.press(dream, "Keep")).acknowledged()
        await dream.until(lambda now: set(now.buttons) == usual)
        await (await press(env.ann, dream, "🗑️")).acknowledged()
        await dream.until(lambda now: "Delete" in now.buttons)
    async with env.bot():
        await env.ann.press(dream, "Delete")
        await dream.until(lambda now: now.deleted)
