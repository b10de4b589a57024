"""/hellscape, out of nothing and into pictures."""

from dreambot.recipe.hellscape import HellscapeRequest
from tests.bot.support import BotEnvironment, is_dream, noise_png


async def test_a_film_out_of_nothing(stage: BotEnvironment) -> None:
    async with stage.bot() as life:
        asked = await stage.ann.slash(
            "hellscape", channel=stage.channel, layer="mixed3 > mixed5", seconds=1, intensity=1, seed=7
        )
        done = await stage.dreamed(await asked.response())
        await life.idle()
        recipe = (await life.services.job_history.dreams(stage.ann.id))[0].recipe
    assert done.attachments[0].filename.endswith((".mp4", ".webp"))
    assert recipe
    assert recipe.hellscape
    assert (recipe.hellscape.start, recipe.hellscape.frames, recipe.seed) == ("smooth", 24, 7)
    assert [leg[0].layer for leg in recipe.legs] == ["mixed3", "mixed5"]


async def test_a_film_into_the_newest_picture(stage: BotEnvironment) -> None:
    await stage.bob.post(stage.channel, files=[noise_png(128, 96)])
    async with stage.bot() as life:
        asked = await stage.ann.slash(
            "hellscape", channel=stage.channel, start="picture", seconds=1, zoom=1.1, loop=True, private=True
        )
        done = await stage.dreamed(await asked.response())
        await life.idle()
        [job] = await life.services.job_history.dreams(stage.ann.id)
    assert done.ephemeral
    assert isinstance(job.ask.request, HellscapeRequest)
    assert (job.ask.request.start, job.ask.request.zoom, job.ask.request.loop) == ("picture", 1.1, True)


async def test_the_menu_begins_with_that_messages_picture(stage: BotEnvironment) -> None:
    posted = await stage.bob.post(stage.channel, files=[noise_png(128, 96)])
    async with stage.bot(max_film_seconds=1.0):
        asked = await stage.ann.menu("Hellscape this", posted)
        assert is_dream(await stage.dreamed(await asked.response()))


async def test_journeys_are_completed_and_what_does_not_work_is_said(stage: BotEnvironment) -> None:
    async with stage.bot(max_film_seconds=4.0):
        choices = await stage.ann.autocomplete("hellscape", "layer", "mixed3 > mixed8", channel=stage.channel)
        assert choices == [{"name": "mixed3 > mixed8 · foliage and feathers", "value": "mixed3 > mixed8"}]

        asked = await stage.ann.slash(
            "hellscape", channel=stage.channel, start="static", image=noise_png(), seconds=1
        )
        told = await asked.follow_up()
        assert "start from only one thing" in told.content
        await stage.alone(told)

        asked = await stage.ann.slash("hellscape", channel=stage.channel, seconds=30)
        told = await asked.follow_up()
        assert "4" in told.content
        assert told.ephemeral
