"""The options of /dream besides layer and intensity."""

import hashlib

import pytest

from cogs.dream import Dream
from dreambot.bot.requests.free_text import OPTIONS
from dreambot.recipe import DreamRequest, Recipe
from tests.bot.support import BotEnvironment, RunningBot, noise_png


async def test_a_guide_image_is_used(env: BotEnvironment) -> None:
    guide = noise_png(seed=3)
    async with env.bot() as bot:
        interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png(), guide=guide)
        await env.dreamed(await interaction.response())
        recipe = await last(env, bot)
        assert recipe.guide
        assert recipe.guide.kind == "exaggerate"
        assert recipe.guide.sha256 == hashlib.sha256(guide).hexdigest()

        pasted = await env.ann.slash("dream", channel=env.channel, image=noise_png(), recipe=recipe.to_json())
        assert "second picture" in (await pasted.follow_up()).content
        pasted = await env.ann.slash(
            "dream", channel=env.channel, image=noise_png(), recipe=recipe.to_json(), guide=guide
        )
        await env.dreamed(await pasted.response())
        assert await last(env, bot) == recipe


async def test_bends_models_secrets_and_spoilers(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        interaction = await env.ann.slash(
            "dream",
            channel=env.channel,
            image=noise_png(),
            bend="cut@conv3_1",
            model="vgg16",
            private=True,
            spoiler=True,
        )
        done = await env.dreamed(await interaction.response())
        recipe = await last(env, bot)
    assert done.ephemeral
    assert done.attachments[0].spoiler
    assert recipe.model == "vgg16"
    assert recipe.bends[0].kind == "cut"


@pytest.mark.parametrize("more", [{}, {"preset": "eyes"}])
async def test_a_palette_is_used_and_shown_and_can_be_pasted(
    env: BotEnvironment, more: dict[str, str]
) -> None:
    async with env.bot() as bot:
        for palette in ("acid", "source", "natural"):
            interaction = await env.ann.slash(
                "dream", channel=env.channel, image=noise_png(), palette=palette, seed=3, **more
            )
            done = await env.dreamed(await interaction.response())
            recipe = await last(env, bot)
            assert recipe.palette == palette
            assert ("palette:" in done.content) is (palette != "natural")
            pasted = await env.ann.slash(
                "dream", channel=env.channel, image=noise_png(), recipe=f"`{recipe.in_words()}`"
            )
            await env.dreamed(await pasted.response())
            assert (await last(env, bot)).palette == palette


async def test_the_text_below_a_result_is_a_recipe_too(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        interaction = await env.ann.slash(
            "dream", channel=env.channel, image=noise_png(), layer="mixed4[68,47]", intensity=9, seed=3
        )
        await env.dreamed(await interaction.response())
        first = await last(env, bot)
        interaction = await env.ann.slash(
            "dream", channel=env.channel, image=noise_png(), recipe=f"`{first.in_words()}`"
        )
        await env.dreamed(await interaction.response())
        assert await last(env, bot) == first


MISTAKES = (
    ({"recipe": "a pinch of salt"}, "not one of my recipes"),
    ({"recipe": "dream1.2 inception_v3"}, "That is no recipe"),
    ({"recipe": "{}"}, "not one of my recipes"),
    ({"recipe": "layer:mixed5", "seed": 7}, "Leave out `seed`"),
    ({"bend": "smash@mixed1"}, "no bend called"),
    ({"model": "skynet"}, "no network called"),
    ({"guide": b"only text, whatever it is called"}, "not a picture"),
    ({"source": "noise", "image": None, "where": "faces"}, "only a still picture"),
    ({"guide_as": "style"}, "Attach it as the `guide`"),
    ({"url": "a link", "image": None}, "http"),
)


async def test_mistakes_are_reported_in_private(env: BotEnvironment) -> None:
    async with env.bot():
        for options, said in MISTAKES:
            given = {"image": noise_png(), **options}
            interaction = await env.ann.slash("dream", channel=env.channel, options=given)
            reply = await interaction.follow_up()
            assert reply.ephemeral
            assert said in reply.content


async def test_options_are_completed_for_the_network_that_was_named(env: BotEnvironment) -> None:
    async with env.bot():
        layers = await env.ann.autocomplete("dream", "layer", "", channel=env.channel, model="vgg16")
        bends = await env.ann.autocomplete("dream", "bend", "cut", channel=env.channel, model="vgg16")
        models = await env.ann.autocomplete("dream", "model", "vgg", channel=env.channel)
    assert "conv4_3" in [one["value"] for one in layers]
    assert bends[0]["value"].startswith("cut@conv")
    assert [one["value"] for one in models] == ["vgg16"]


async def last(env: BotEnvironment, bot: RunningBot) -> Recipe:
    """Loads the recipe of Ann's last dream."""
    await bot.idle()
    recipe = (await bot.services.job_history.dreams(env.ann.id))[0].recipe
    assert recipe
    return recipe


def test_every_option_of_the_request_can_be_typed() -> None:
    command = {parameter.name for parameter in Dream.dream.parameters}
    fields = set(DreamRequest.model_fields)
    typed = set(OPTIONS.values())
    assert typed <= fields
    assert typed - command == {"chaos"}
    # The words of a text are taken out first, with `split_text`.
    assert command & fields - typed == {"guide", "guide_as", "text"}
