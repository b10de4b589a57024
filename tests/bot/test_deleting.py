"""Who may take a result away again."""

from dreambot.community import GuildSettings
from tests.bot.support import Scene, picture
from tests.bot.test_buttons import dreamed, pressed


async def test_a_result_can_be_deleted_by_its_owner_alone(stage: Scene) -> None:
    async with stage.bot():
        asked = await stage.ann.slash("dream", channel=stage.channel, image=picture())
        dream = await stage.dreamed(await asked.response())
        refused = await (await stage.bob.press(dream, "🗑️")).result()
        assert refused.ephemeral
        assert "Only the one who asked" in refused.content
        await stage.ann.press(dream, "🗑️")
        await dream.until(lambda now: now.deleted)


async def test_whose_picture_it_was_may_delete_the_dream(stage: Scene) -> None:
    carl = stage.guild.add_member("carl")
    async with stage.bot():
        first = await dreamed(stage)
        second = await pressed(stage, carl, first, "Deeper")
        refused = await (await carl.press(first, "🗑️")).result()
        assert refused.ephemeral
        assert "Only the one who asked" in refused.content
        # Bob posted the picture, and both go back to it.
        for dream in (second, first):
            await stage.bob.press(dream, "🗑️")
            await dream.until(lambda now: now.deleted)


async def test_everybody_may_delete_where_moderators_say_so(stage: Scene) -> None:
    carl = stage.guild.add_member("carl")
    async with stage.bot() as life:
        first = await dreamed(stage)
        await life.services.community.set_guild(stage.guild.id, GuildSettings(deleters="everyone"))
        await carl.press(first, "🗑️")
        await first.until(lambda now: now.deleted)


async def test_who_handed_a_picture_over_may_delete_what_others_make_of_it(stage: Scene) -> None:
    async with stage.bot():
        asked = await stage.ann.slash("dream", channel=stage.channel, image=picture())
        first = await stage.dreamed(await asked.response())
        louder = await pressed(stage, stage.bob, first, "Louder")
        await stage.ann.press(louder, "🗑️")
        await louder.until(lambda now: now.deleted)
