"""What /dream takes besides a layer and an intensity."""

import hashlib

from dreambot.recipe import Recipe
from tests.bot.support import BotEnvironment, RunningBot, noise_png


async def test_a_second_picture_guides(stage: BotEnvironment) -> None:
    guide = noise_png(seed=3)
    async with stage.bot() as life:
        asked = await stage.ann.slash("dream", channel=stage.channel, image=noise_png(), guide=guide)
        await stage.dreamed(await asked.response())
        recipe = await last(stage, life)
        assert recipe.guide
        assert recipe.guide.sha256 == hashlib.sha256(guide).hexdigest()

        pasted = await stage.ann.slash(
            "dream", channel=stage.channel, image=noise_png(), recipe=recipe.to_json()
        )
        assert "second picture" in (await pasted.follow_up()).content
        pasted = await stage.ann.slash(
            "dream", channel=stage.channel, image=noise_png(), recipe=recipe.to_json(), guide=guide
        )
        await stage.dreamed(await pasted.response())
        assert await last(stage, life) == recipe


async def test_bends_models_secrets_and_spoilers(stage: BotEnvironment) -> None:
    async with stage.bot() as life:
        asked = await stage.ann.slash(
            "dream",
            channel=stage.channel,
            image=noise_png(),
            bend="cut@conv3_1",
            model="vgg16",
            private=True,
            spoiler=True,
        )
        done = await stage.dreamed(await asked.response())
        recipe = await last(stage, life)
    assert done.ephemeral
    assert done.attachments[0].spoiler
    assert recipe.model == "vgg16"
    assert recipe.bends[0].kind == "cut"


async def test_the_words_beneath_a_result_are_a_recipe_too(stage: BotEnvironment) -> None:
    async with stage.bot() as life:
        asked = await stage.ann.slash(
            "dream", channel=stage.channel, image=noise_png(), layer="mixed4[68,47]", intensity=9, seed=3
        )
        await stage.dreamed(await asked.response())
        first = await last(stage, life)
        asked = await stage.ann.slash(
            "dream", channel=stage.channel, image=noise_png(), recipe=f"`{first.in_words()}`"
        )
        await stage.dreamed(await asked.response())
        assert await last(stage, life) == first


MISTAKES = (
    ({"recipe": "a pinch of salt"}, "no recipe of mine"),
    ({"recipe": "dream1.2 inception_v3"}, "That is no recipe"),
    ({"recipe": "{}"}, "no recipe"),
    ({"recipe": "layer:mixed5", "seed": 7}, "leave out `seed`"),
    ({"bend": "smash@mixed1"}, "no bend called"),
    ({"model": "skynet"}, "no network called"),
    ({"guide": b"only text, whatever it is called"}, "not a picture"),
    ({"url": "a link", "image": None}, "http"),
)


async def test_mistakes_are_told_in_private(stage: BotEnvironment) -> None:
    async with stage.bot():
        for options, said in MISTAKES:
            given = {"image": noise_png(), **options}
            asked = await stage.ann.slash("dream", channel=stage.channel, options=given)
            told = await asked.follow_up()
            assert told.ephemeral
            assert said in told.content


async def test_options_are_completed_for_the_network_that_was_named(stage: BotEnvironment) -> None:
    async with stage.bot():
        layers = await stage.ann.autocomplete("dream", "layer", "", channel=stage.channel, model="vgg16")
        bends = await stage.ann.autocomplete("dream", "bend", "cut", channel=stage.channel, model="vgg16")
        models = await stage.ann.autocomplete("dream", "model", "vgg", channel=stage.channel)
    assert "conv4_3" in [one["value"] for one in layers]
    assert bends[0]["value"].startswith("cut@conv")
    assert [one["value"] for one in models] == ["vgg16"]


async def last(stage: BotEnvironment, life: RunningBot) -> Recipe:
    """What Ann's last dream was made by."""
    await life.idle()
    recipe = (await life.services.job_history.dreams(stage.ann.id))[0].recipe
    assert recipe
    return recipe
