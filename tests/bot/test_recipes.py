"""/again and /recipe: recipes followed once more, and told."""

import re

import numpy as np

from dreambot.recipe import Recipe, parse_journey
from dreambot.recipe.text import format_recipe, parse_recipe
from dreambot.sandbox.driver.channels import MessageHandle
from dreambot.sandbox.messages import Upload
from tests.bot.support import BotEnvironment, RunningBot, decode_pixels, fake_engine_output, noise_png


async def dream(stage: BotEnvironment, life: RunningBot, **options: object) -> tuple[MessageHandle, Recipe]:
    """A dream of Ann's, and what it was made by."""
    asked = await stage.ann.slash("dream", channel=stage.channel, options={"image": noise_png(), **options})
    done = await stage.dreamed(await asked.response())
    await life.idle()
    recipe = (await life.services.job_history.dreams(stage.ann.id))[0].recipe
    assert recipe
    return done, recipe


def line(told: MessageHandle) -> str:
    """The recipe in an answer."""
    found = re.search(r"```\n(.*)\n```", told.content, re.DOTALL)
    assert found
    return found[1]


async def test_again_on_another_picture(stage: BotEnvironment) -> None:
    data = noise_png(300, 260, seed=4)
    async with stage.bot() as life:
        _, first = await dream(stage, life, layer="mixed4[68,47]", intensity=9, seed=3)
        asked = await stage.ann.slash("again", channel=stage.channel, image=data)
        done = await stage.dreamed(await asked.response())
        await life.idle()
        second = (await life.services.job_history.dreams(stage.ann.id))[0].recipe
    assert second
    assert (second.layers, second.step, second.seed) == (first.layers, first.step, 3)
    assert (second.width, second.height) == (300, 260)
    assert np.array_equal(decode_pixels(done.attachments[0].data), fake_engine_output(data))


async def test_again_out_of_nothing_is_something_new(stage: BotEnvironment) -> None:
    async with stage.bot() as life:
        for command, options in (("summon", {"what": "castle", "intensity": 1, "seed": 7}), ("again", {})):
            asked = await stage.ann.slash(command, channel=stage.channel, options=options)
            await stage.dreamed(await asked.response())
        await life.idle()
        new, old = await life.services.job_history.dreams(stage.ann.id)
        asked = await stage.ann.slash("again", channel=stage.channel, image=noise_png())
        assert "out of nothing" in (await asked.follow_up()).content
    assert new.recipe
    assert old.recipe
    assert new.recipe.layers == old.recipe.layers
    assert new.recipe.seed != old.recipe.seed


async def test_a_recipe_is_told_by_link_by_file_and_of_ones_own(stage: BotEnvironment) -> None:
    async with stage.bot() as life:
        done, recipe = await dream(stage, life, preset="eyes", seed=5)
        link = f"https://discord.com/channels/{stage.guild.id}/{stage.channel.id}/{done.id}"
        by_link = await stage.bob.slash("recipe", channel=stage.channel, link=link)
        file = Upload("eyes.png", done.attachments[0].data)
        by_file = await stage.bob.slash("recipe", channel=stage.channel, file=file)
        own = await stage.ann.slash("recipe", channel=stage.channel)
        for asked in (by_link, by_file, own):
            told = await asked.result()
            assert told.ephemeral
            assert parse_recipe(line(told)) == recipe
        pasted = await stage.bob.slash(
            "dream",
            channel=stage.channel,
            image=noise_png(280, 270, seed=9),
            recipe=f"```\n{line(told)}\n```",
        )
        await stage.dreamed(await pasted.response())
        await life.idle()
        followed = (await life.services.job_history.dreams(stage.bob.id))[0].recipe
    assert followed
    assert (followed.layers, followed.seed, followed.preset) == (recipe.layers, 5, "eyes")


async def test_where_there_is_no_recipe(stage: BotEnvironment) -> None:
    cases = (
        ({"link": "have a look at this"}, "not a link to a message"),
        ({"link": "https://discord.com/channels/1/2/3"}, "no dream of mine in that message"),
        ({"file": noise_png()}, "no recipe of mine"),
        ({"file": Upload("cat.png", b"only text")}, "not a picture"),
        ({}, "not dreamed anything yet"),
    )
    async with stage.bot():
        for options, said in cases:
            told = await (await stage.ann.slash("recipe", channel=stage.channel, options=options)).result()
            assert told.ephemeral
            assert said in told.content
        again = await stage.ann.slash("again", channel=stage.channel, image=noise_png())
        told = await again.follow_up()
        assert told.ephemeral
        assert "not dreamed anything yet" in told.content


async def test_recipes_of_places_one_cannot_see_are_not_told(stage: BotEnvironment) -> None:
    secret = stage.guild.add_channel("secret")
    async with stage.bot() as life:
        asked = await stage.ann.slash("dream", channel=secret, image=noise_png(), private=True)
        done = await stage.dreamed(await asked.response())
        await life.idle()
        link = f"https://discord.com/channels/{stage.guild.id}/{secret.id}/{done.id}"
        mine = await stage.ann.slash("recipe", channel=stage.channel, link=link)
        assert line(await mine.result())
        theirs = await stage.bob.slash("recipe", channel=stage.channel, link=link)
        assert "no dream of mine in that message" in (await theirs.result()).content


async def test_films_carry_their_recipes_and_long_ones_come_as_a_file(stage: BotEnvironment) -> None:
    async with stage.bot() as life:
        asked = await stage.ann.slash("hellscape", channel=stage.channel, seconds=1, intensity=1)
        done = await stage.dreamed(await asked.response())
        await life.idle()
        recipe = (await life.services.job_history.dreams(stage.ann.id))[0].recipe
        assert recipe
        assert recipe.hellscape
        film = Upload("film.mp4", done.attachments[0].data)
        by_file = await stage.bob.slash("recipe", channel=stage.channel, file=film)
        assert parse_recipe(line(await by_file.result())) == recipe

        channels = "[101,102,103,104,105,106,107,108,109,110]"
        journey = parse_journey(" > ".join([f"mixed3{channels}+mixed4{channels}"] * 24), max_length=9999)
        moved = recipe.hellscape.model_copy(update={"onward": journey[1:], "leg_frames": (1,), "fade": (0,)})
        long = recipe.model_copy(update={"hellscape": moved, "layers": journey[0]})
        asked = await stage.ann.slash("dream", channel=stage.channel, recipe=format_recipe(long))
        await stage.dreamed(await asked.response())
        await life.idle()
        told = await (await stage.ann.slash("recipe", channel=stage.channel)).result()
    [file] = told.attachments
    assert parse_recipe(file.data.decode()) == long
