"""What people may ask of a bot that dreamed their picture or their face."""

from tests.bot.support import BotEnvironment
from tests.bot.test_delete_button import delete


async def test_whose_avatar_was_dreamed_may_delete_it_and_is_forgotten_with_it(stage: BotEnvironment) -> None:
    carl = stage.guild.add_member("carl")
    async with stage.bot() as life:
        asked = await stage.ann.menu("Dream avatar", stage.bob)
        dream = await stage.dreamed(await asked.response())
        await life.idle()
        page = await (await stage.bob.slash("privacy", channel=stage.channel)).result()
        told = await (await stage.bob.press(page, "privacy:export")).result()
        assert str(dream.model.channel.id).encode() in told.attachments[0].data
        refused = await (await carl.press(dream, "🗑️")).result()
        assert refused.ephemeral
        assert not dream.deleted
        await delete(stage.bob, dream)
        await stage.bob.press(page, "privacy:delete")
        await page.until(lambda now: "Keep everything" in now.buttons)
        await stage.bob.press(page, "privacy:erase")
        await page.until(lambda now: "Done." in now.content)
        [job] = await life.services.job_history.dreams(stage.ann.id)
    assert job.ask.subject is None
    assert job.recipe
