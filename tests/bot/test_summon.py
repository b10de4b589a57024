"""/summon, out of nothing and into a picture."""

from tests.bot.support import BotEnvironment, noise_png


async def test_out_of_nothing(stage: BotEnvironment) -> None:
    async with stage.bot() as life:
        asked = await stage.ann.slash("summon", channel=stage.channel, what="jellyfish", intensity=1, seed=7)
        done = await stage.dreamed(await asked.response())
        await life.idle()
        [job] = await life.services.job_history.dreams(stage.ann.id)
    assert done.attachments
    assert job.ask.subject is None
    assert job.recipe
    assert (job.recipe.parametrisation, job.recipe.seed) == ("fourier", 7)


async def test_into_a_picture(stage: BotEnvironment) -> None:
    async with stage.bot() as life:
        asked = await stage.ann.slash(
            "summon", channel=stage.channel, what="golden retriever + goldfish", image=noise_png(300, 260)
        )
        await stage.dreamed(await asked.response())
        await life.idle()
        [job] = await life.services.job_history.dreams(stage.ann.id)
    assert job.recipe
    assert job.recipe.parametrisation == "pixels"
    assert len(job.recipe.layers) == 2


async def test_classes_are_completed_and_what_there_is_not_is_answered_with_what_is_near(
    stage: BotEnvironment,
) -> None:
    async with stage.bot():
        choices = await stage.ann.autocomplete("summon", "what", "goldfish + jellyf", channel=stage.channel)
        assert {"name": "goldfish + jellyfish", "value": "goldfish + jellyfish"} in choices
        asked = await stage.ann.slash("summon", channel=stage.channel, what="jellyfsh and a bicycl pump")
        told = await asked.follow_up()
        assert "There is no class called" in told.content
        await stage.alone(told)
