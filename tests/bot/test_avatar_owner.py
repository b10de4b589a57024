"""What users can do about dreams of their image or their avatar."""

from tests.bot.support import (
    BotEnvironment,
    press,
)
from tests.bot.test_delete_button import delete


async def test_the_avatar_owner_may_delete_the_dream_and_their_data(env: BotEnvironment) -> None:
    carl = env.guild.add_member("carl")
    async with env.bot() as bot:
        interaction = await env.ann.menu("Dream avatar", env.bob)
        dream = await env.dreamed(await interaction.response())
        await bot.idle()
        page = await (await env.bob.slash("privacy", channel=env.channel)).result()
        reply = await (await env.bob.press(page, "privacy:export")).result()
        assert str(dream.model.channel.id).encode() in reply.attachments[0].data
        refused = await (await press(carl, dream, "🗑️")).result()
        assert refused.ephemeral
        assert not dream.deleted
        await delete(env.bob, dream)
        await env.bob.press(page, "privacy:delete")
        await page.until(lambda now: "Keep everything" in now.buttons)
        await env.bob.press(page, "privacy:erase")
        await page.until(lambda now: "Done." in now.content)
        [job] = await bot.services.job_history.dreams(env.ann.id)
    assert job.spec.source is None
    assert job.recipe
