"""/summon, from noise and into an image."""

from tests.bot.support import BotEnvironment, noise_png


async def test_summoned_from_noise(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        interaction = await env.ann.slash(
            "summon", channel=env.channel, what="jellyfish", intensity=1, seed=7
        )
        done = await env.dreamed(await interaction.response())
        await bot.idle()
        [job] = await bot.services.job_history.dreams(env.ann.id)
    assert done.attachments
    assert job.spec.source is None
    assert job.recipe
    assert (job.recipe.parametrisation, job.recipe.seed) == ("fourier", 7)


async def test_into_a_picture(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        interaction = await env.ann.slash(
            "summon", channel=env.channel, what="golden retriever + goldfish", image=noise_png(300, 260)
        )
        await env.dreamed(await interaction.response())
        await bot.idle()
        [job] = await bot.services.job_history.dreams(env.ann.id)
    assert job.recipe
    assert job.recipe.parametrisation == "pixels"
    assert len(job.recipe.layers) == 2


async def test_classes_are_completed_and_unknown_ones_get_suggestions(
    env: BotEnvironment,
) -> None:
    async with env.bot():
        choices = await env.ann.autocomplete("summon", "what", "goldfish + jellyf", channel=env.channel)
        assert {"name": "goldfish + jellyfish", "value": "goldfish + jellyfish"} in choices
        interaction = await env.ann.slash("summon", channel=env.channel, what="jellyfsh and a bicycl pump")
        reply = await interaction.follow_up()
        assert "There is no class called" in reply.content
        await env.alone(reply)
