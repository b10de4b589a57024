"""/again and /recipe: recipes are repeated and printed."""

import re

import numpy as np

from dreambot.recipe import Recipe, parse_journey
from dreambot.recipe.text import format_recipe, parse_recipe
from dreambot.sandbox.driver.channels import MessageHandle
from dreambot.sandbox.messages import Upload
from dreambot.sandbox.permissions import Permission
from tests.bot.support import BotEnvironment, RunningBot, decode_pixels, fake_engine_output, noise_png


async def dream(env: BotEnvironment, bot: RunningBot, **options: object) -> tuple[MessageHandle, Recipe]:
    """Dreams an image for Ann, and returns the result with its recipe."""
    interaction = await env.ann.slash("dream", channel=env.channel, options={"image": noise_png(), **options})
    done = await env.dreamed(await interaction.response())
    await bot.idle()
    recipe = (await bot.services.job_history.dreams(env.ann.id))[0].recipe
    assert recipe
    return done, recipe


def line(reply: MessageHandle) -> str:
    """Finds the recipe in an answer."""
    found = re.search(r"```\n(.*)\n```", reply.content, re.DOTALL)
    assert found
    return found[1]


async def test_again_on_another_picture(env: BotEnvironment) -> None:
    data = noise_png(300, 260, seed=4)
    async with env.bot() as bot:
        _, first = await dream(env, bot, layer="mixed4[68,47]", intensity=9, seed=3)
        interaction = await env.ann.slash("again", channel=env.channel, image=data)
        done = await env.dreamed(await interaction.response())
        await bot.idle()
        second = (await bot.services.job_history.dreams(env.ann.id))[0].recipe
    assert second
    assert (second.layers, second.step, second.seed) == (first.layers, first.step, 3)
    assert (second.width, second.height) == (300, 260)
    assert np.array_equal(decode_pixels(done.attachments[0].data), fake_engine_output(data))


async def test_again_without_a_source_uses_a_new_seed(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        for command, options in (("summon", {"what": "castle", "intensity": 1, "seed": 7}), ("again", {})):
            interaction = await env.ann.slash(command, channel=env.channel, options=options)
            await env.dreamed(await interaction.response())
        await bot.idle()
        new, old = await bot.services.job_history.dreams(env.ann.id)
        interaction = await env.ann.slash("again", channel=env.channel, image=noise_png())
        assert "starts from noise" in (await interaction.follow_up()).content
    assert new.recipe
    assert old.recipe
    assert new.recipe.layers == old.recipe.layers
    assert new.recipe.seed != old.recipe.seed


async def test_a_recipe_is_printed_by_link_by_file_and_of_the_last_dream(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        done, recipe = await dream(env, bot, preset="eyes", seed=5)
        link = f"https://discord.com/channels/{env.guild.id}/{env.channel.id}/{done.id}"
        by_link = await env.bob.slash("recipe", channel=env.channel, link=link)
        file = Upload("eyes.png", done.attachments[0].data)
        by_file = await env.bob.slash("recipe", channel=env.channel, file=file)
        own = await env.ann.slash("recipe", channel=env.channel)
        for interaction in (by_link, by_file, own):
            reply = await interaction.result()
            assert reply.ephemeral
            assert parse_recipe(line(reply)) == recipe
        pasted = await env.bob.slash(
            "dream",
            channel=env.channel,
            image=noise_png(280, 270, seed=9),
            recipe=f"```\n{line(reply)}\n```",
        )
        await env.dreamed(await pasted.response())
        await bot.idle()
        followed = (await bot.services.job_history.dreams(env.bob.id))[0].recipe
    assert followed
    assert (followed.layers, followed.seed, followed.preset) == (recipe.layers, 5, "eyes")


async def test_messages_without_a_recipe(env: BotEnvironment) -> None:
    cases = (
        ({"link": "have a look at this"}, "not a link to a message"),
        ({"link": "https://discord.com/channels/1/2/3"}, "no dream of mine in that message"),
        (
            {"link": f"https://discord.com/channels/1/{'9' * 20}/{'9' * 20}"},
            "no dream of mine in that message",
        ),
        ({"file": noise_png()}, "no recipe of mine"),
        ({"file": Upload("cat.png", b"only text")}, "not a picture"),
        ({}, "not dreamed anything yet"),
    )
    async with env.bot():
        for options, said in cases:
            reply = await (await env.ann.slash("recipe", channel=env.channel, options=options)).result()
            assert reply.ephemeral
            assert said in reply.content
        again = await env.ann.slash("again", channel=env.channel, image=noise_png())
        reply = await again.follow_up()
        assert reply.ephemeral
        assert "not dreamed anything yet" in reply.content


async def test_recipes_of_hidden_channels_are_not_printed(env: BotEnvironment) -> None:
    secret = env.guild.add_channel("secret")
    async with env.bot() as bot:
        interaction = await env.ann.slash("dream", channel=secret, image=noise_png(), private=True)
        done = await env.dreamed(await interaction.response())
        await bot.idle()
        link = f"https://discord.com/channels/{env.guild.id}/{secret.id}/{done.id}"
        mine = await env.ann.slash("recipe", channel=env.channel, link=link)
        assert line(await mine.result())
        theirs = await env.bob.slash("recipe", channel=env.channel, link=link)
        assert "no dream of mine in that message" in (await theirs.result()).content


async def test_videos_contain_recipes_and_long_recipes_are_sent_as_a_file(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        interaction = await env.ann.slash("hellscape", channel=env.channel, seconds=1, intensity=1)
        done = await env.dreamed(await interaction.response())
        await bot.idle()
        recipe = (await bot.services.job_history.dreams(env.ann.id))[0].recipe
        assert recipe
        assert recipe.hellscape
        video = Upload("film.mp4", done.attachments[0].data)
        by_file = await env.bob.slash("recipe", channel=env.channel, file=video)
        assert parse_recipe(line(await by_file.result())) == recipe

        channels = "[101,102,103,104,105,106,107,108,109,110]"
        journey = parse_journey(" > ".join([f"mixed3{channels}+mixed4{channels}"] * 24), max_length=9999)
        moved = recipe.hellscape.model_copy(update={"onward": journey[1:], "leg_frames": (1,), "fade": (0,)})
        long = recipe.model_copy(update={"hellscape": moved, "layers": journey[0], "other_weights": ()})
        interaction = await env.ann.slash("dream", channel=env.channel, recipe=format_recipe(long))
        await env.dreamed(await interaction.response())
        await bot.idle()
        reply = await (await env.ann.slash("recipe", channel=env.channel)).result()
    [file] = reply.attachments
    assert parse_recipe(file.data.decode()) == long


async def test_recipes_of_private_threads_are_printed_only_there(env: BotEnvironment) -> None:
    thread = await env.bob.start_thread(await env.bob.post(env.channel, "cats?"))
    thread.model.type = 12
    keeper = env.guild.add_member("mia", permissions=Permission.ADMINISTRATOR)
    async with env.bot() as bot:
        done = await env.dreamed(
            await (await env.ann.slash("dream", channel=thread, image=noise_png())).response()
        )
        await bot.idle()
        link = f"https://discord.com/channels/{env.guild.id}/{thread.id}/{done.id}"
        eve = env.guild.add_member("eve")
        reply = await (await eve.slash("recipe", channel=env.channel, link=link)).result()
        assert "no dream of mine in that message" in reply.content
        reply = await (await eve.slash("look save", channel=env.channel, name="mine", link=link)).result()
        assert "no dream of mine in that message" in reply.content
        for who, where in ((env.ann, env.channel), (keeper, env.channel), (env.bob, thread)):
            assert line(await (await who.slash("recipe", channel=where, link=link)).result())
