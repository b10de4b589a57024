"""/hellscape, from noise and from images."""

from dreambot.recipe.hellscape import HellscapeRequest
from tests.bot.support import BotEnvironment, is_dream, noise_png


async def test_a_video_from_noise(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        interaction = await env.ann.slash(
            "hellscape", channel=env.channel, layer="mixed3 > mixed5", seconds=1, intensity=1, seed=7
        )
        done = await env.dreamed(await interaction.response())
        await bot.idle()
        recipe = (await bot.services.job_history.dreams(env.ann.id))[0].recipe
    assert done.attachments[0].filename.endswith((".mp4", ".webp"))
    assert recipe
    assert recipe.hellscape
    assert (recipe.hellscape.start, recipe.hellscape.frames, recipe.seed) == ("smooth", 24, 7)
    assert [leg[0].layer for leg in recipe.legs] == ["mixed3", "mixed5"]


async def test_a_video_from_the_newest_image(env: BotEnvironment) -> None:
    await env.bob.post(env.channel, files=[noise_png(128, 96)])
    async with env.bot() as bot:
        interaction = await env.ann.slash(
            "hellscape", channel=env.channel, start="picture", seconds=1, zoom=1.1, loop=True, private=True
        )
        done = await env.dreamed(await interaction.response())
        await bot.idle()
        [job] = await bot.services.job_history.dreams(env.ann.id)
    assert done.ephemeral
    assert isinstance(job.spec.request, HellscapeRequest)
    assert (job.spec.request.start, job.spec.request.zoom, job.spec.request.loop) == ("picture", 1.1, True)


async def test_the_menu_starts_a_video_from_the_messages_image(env: BotEnvironment) -> None:
    posted = await env.bob.post(env.channel, files=[noise_png(128, 96)])
    async with env.bot(max_film_seconds=1.0):
        interaction = await env.ann.menu("Hellscape this", posted)
        assert is_dream(await env.dreamed(await interaction.response()))


async def test_journeys_are_completed_and_errors_reported(env: BotEnvironment) -> None:
    async with env.bot(max_film_seconds=4.0):
        choices = await env.ann.autocomplete("hellscape", "layer", "mixed3 > mixed8", channel=env.channel)
        assert choices == [{"name": "mixed3 > mixed8 · foliage and feathers", "value": "mixed3 > mixed8"}]

        interaction = await env.ann.slash(
            "hellscape", channel=env.channel, start="static", image=noise_png(), seconds=1
        )
        reply = await interaction.follow_up()
        assert "start from only one thing" in reply.content
        await env.alone(reply)

        interaction = await env.ann.slash("hellscape", channel=env.channel, seconds=30)
        reply = await interaction.follow_up()
        assert "4" in reply.content
        assert reply.ephemeral
