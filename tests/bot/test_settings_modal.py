"""The message menu “Dream settings…”: a form, and the dream that it requests."""

from tests.bot.support import BotEnvironment, is_dream, noise_png


async def test_the_form_submits_the_job(env: BotEnvironment) -> None:
    posted = await env.bob.post(env.channel, files=[noise_png()])
    async with env.bot() as bot:
        form = await (await env.ann.menu("Dream settings…", posted)).acknowledged()
        assert form.modal
        assert form.modal["title"] == "Dream settings"
        values = {"layer": "mixed4", "intensity": "9", "bend": "random:11", "seed": "7"}
        sent = await env.ann.submit(form, values)
        done = await env.dreamed(await sent.response())
        await bot.idle()
        [job] = await bot.services.job_history.dreams(env.ann.id)
    assert "layer:mixed4" in done.content
    assert "intensity:9 seed:7" in done.content
    assert job.recipe
    assert len(job.recipe.bends) == 3
    assert job.spec.source
    assert job.spec.source.message == posted.id


async def test_all_fields_of_the_form_are_optional(env: BotEnvironment) -> None:
    posted = await env.bob.post(env.channel, files=[noise_png()])
    async with env.bot():
        form = await (await env.ann.menu("Dream settings…", posted)).acknowledged()
        sent = await env.ann.submit(form)
        assert is_dream(await env.dreamed(await sent.response()))
        form = await (await env.ann.menu("Dream settings…", posted)).acknowledged()
        sent = await env.ann.submit(form, {"preset": "eyes", "bend": "cut@mixed1=0.6"})
        done = await env.dreamed(await sent.response())
    assert "preset:eyes" in done.content
    assert "bend:cut@mixed1=0.6" in done.content


async def test_errors_are_reported_in_private(env: BotEnvironment) -> None:
    posted = await env.bob.post(env.channel, files=[noise_png()])
    words = await env.bob.post(env.channel, "only words")
    async with env.bot():
        form = await (await env.ann.menu("Dream settings…", posted)).acknowledged()
        sent = await env.ann.submit(form, {"seed": "lots"})
        reply = await sent.follow_up()
        assert "whole number such as 7, not “lots”" in reply.content
        await env.alone(reply)

        interaction = await env.ann.menu("Dream settings…", words)
        reply = await interaction.response()
        assert interaction.modal is None
        assert reply.ephemeral
        assert "no picture in that message" in reply.content
