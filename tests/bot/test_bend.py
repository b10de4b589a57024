"""/bend and its menu."""

from dreambot.recipe.random_bends import random_bends
from tests.bot.support import BotEnvironment, noise_png


async def test_the_knobs_are_spun_as_the_seed_says(stage: BotEnvironment) -> None:
    async with stage.bot() as life:
        asked = await stage.ann.slash("bend", channel=stage.channel, image=noise_png(), chaos=9, seed=7)
        done = await stage.dreamed(await asked.response())
        await life.idle()
        [job] = await life.services.job_history.dreams(stage.ann.id)
    assert job.recipe
    assert job.recipe.bends == random_bends(9, 7)[0]
    assert "bend:" in done.content


async def test_the_menu_bends_that_messages_picture(stage: BotEnvironment) -> None:
    posted = await stage.bob.post(stage.channel, files=[noise_png()])
    words = await stage.bob.post(stage.channel, "only words")
    async with stage.bot():
        told = await (await stage.ann.menu("Bend this", words)).follow_up()
        assert "no picture in that message" in told.content
        asked = await stage.ann.menu("Bend this", posted)
        done = await stage.dreamed(await asked.response())
    assert "bend:" in done.content
