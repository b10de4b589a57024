"""/bend and its menu."""

from dreambot.recipe.random_bends import random_bends
from tests.bot.support import BotEnvironment, noise_png


async def test_random_bends_depend_on_the_seed(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        interaction = await env.ann.slash("bend", channel=env.channel, image=noise_png(), chaos=9, seed=7)
        done = await env.dreamed(await interaction.response())
        await bot.idle()
        [job] = await bot.services.job_history.dreams(env.ann.id)
    assert job.recipe
    assert job.recipe.bends == random_bends(9, 7)[0]
    assert "bend:" in done.content


async def test_the_menu_bends_that_messages_picture(env: BotEnvironment) -> None:
    posted = await env.bob.post(env.channel, files=[noise_png()])
    words = await env.bob.post(env.channel, "only words")
    async with env.bot():
        reply = await (await env.ann.menu("Bend this", words)).follow_up()
        assert "no picture in that message" in reply.content
        interaction = await env.ann.menu("Bend this", posted)
        done = await env.dreamed(await interaction.response())
    assert "bend:" in done.content
