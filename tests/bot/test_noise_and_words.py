"""Dreams without a picture, and words in dreams."""

from typing import Any

import numpy as np
import pytest

from dreambot.guilds.settings import GuildSettings
from dreambot.recipe import Recipe
from dreambot.sandbox.driver.channels import MessageHandle
from tests.bot.support import (
    BotEnvironment,
    RunningBot,
    decode_pixels,
    fake_engine_output,
    is_dream,
    noise_png,
)
from tests.bot.test_variation_buttons import job_of, pressed

PICTURE = noise_png(300, 260)


async def slash(env: BotEnvironment, **options: Any) -> MessageHandle:
    """The dream of a command."""
    interaction = await env.ann.slash("dream", channel=env.channel, **options)
    return await env.dreamed(await interaction.response())


async def recipe_of(bot: RunningBot, message: MessageHandle) -> Recipe:
    recipe = (await job_of(bot, message)).recipe
    assert recipe
    return recipe


async def test_noise_needs_no_picture_and_every_button_works_on_it(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        first = await slash(env, source="noise", seed=3)
        recipe = await recipe_of(bot, first)
        assert "source:noise intensity:9 seed:3`" in first.content
        assert "pure noise" in (first.attachments[0].description or "").lower()
        assert decode_pixels(first.attachments[0].data).shape == (512, 512, 3)
        again = await recipe_of(bot, await pressed(env, env.bob, first, "Again"))
        assert (again.source, again.layers) == ("noise", recipe.layers)
        assert again.seed != 3
        louder = await recipe_of(bot, await pressed(env, env.bob, first, "Louder"))
        assert (louder.source, louder.intensity, louder.seed) == ("noise", 11, 3)
        deeper = await pressed(env, env.bob, first, "Deeper")
        gone_on = await recipe_of(bot, deeper)
        assert (gone_on.source, gone_on.layers, gone_on.intensity) == ("picture", recipe.layers, 9)
        assert np.array_equal(
            decode_pixels(deeper.attachments[0].data), fake_engine_output(first.attachments[0].data)
        )
        choosing = await (await env.bob.press(first, "Layer…")).response()
        select = choosing.components[0]["components"][0]
        chosen = await env.bob.choose(choosing, select["custom_id"], ["layer mixed3"])
        other = await recipe_of(bot, await env.dreamed(await chosen.response()))
        assert (other.source, other.seed, other.layers[0].layer) == ("noise", 3, "mixed3")


async def test_words_come_out_of_the_dark_or_onto_a_picture(env: BotEnvironment) -> None:
    await env.bob.post(env.channel, files=[PICTURE])
    async with env.bot() as bot:
        dark = await slash(env, text="HE COMES")
        assert 'preset:giger model:faces layer:s64_1 text:"HE COMES" intensity:' in dark.content
        assert "The words “HE COMES”" in (dark.attachments[0].description or "")
        assert (await recipe_of(bot, dark)).source == "dark"
        given = await slash(env, text="HE COMES", image=PICTURE, preset="watchers")
        assert "with the words “HE COMES”" in (given.attachments[0].description or "")
        assert np.array_equal(decode_pixels(given.attachments[0].data), fake_engine_output(PICTURE))
        again = await pressed(env, env.bob, given, "Again")
        assert (await recipe_of(bot, again)).text == "HE COMES"
        assert np.array_equal(decode_pixels(again.attachments[0].data), fake_engine_output(PICTURE))
        deeper = await recipe_of(bot, await pressed(env, env.bob, given, "Deeper"))
        assert (deeper.text, deeper.preset) == (None, "watchers")
        newest = await slash(env, text="HE COMES", source="picture")
        assert (await recipe_of(bot, newest)).source == "picture"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"source": "noise", "image": PICTURE}, "start from only one thing"),
        ({"text": "hello 🐕"}, "I cannot write 🐕"),
        ({"text": "x" * 61}, "at most 60 characters"),
        ({"text": "<@123>"}, "cannot write mentions"),
        ({"text": "\u200b"}, "no visible characters"),
    ],
)
async def test_mistakes_are_explained(env: BotEnvironment, options: dict[str, Any], said: str) -> None:
    async with env.bot():
        interaction = await env.ann.slash("dream", channel=env.channel, **options)
        assert said in (await interaction.follow_up()).content


async def test_a_spoiler_without_a_picture_stays_hidden(env: BotEnvironment) -> None:
    async with env.bot():
        first = await slash(env, text="he dies", spoiler=True)
        assert first.attachments[0].spoiler
        again = await pressed(env, env.bob, first, "Again")
        assert again.attachments[0].spoiler


@pytest.mark.parametrize(
    ("typed", "made"),
    [
        ("source:noise", "source:noise intensity:9 seed:"),
        ("noise mixed3 11!", "layer:mixed3 source:noise intensity:11 seed:"),
        ('text:"HE COMES" preset:giger', 'preset:giger model:faces layer:s64_1 text:"HE COMES" intensity:'),
        ("text: he comes layer:mixed4 9", 'layer:mixed4 text:"he comes" intensity:9 seed:'),
        # What is printed under a result.
        ('-# `layer:mixed4 text:"I” see: you" intensity:9 seed:7`', 'text:"I” see: you" intensity:9 seed:7`'),
    ],
)
async def test_in_a_mention(env: BotEnvironment, typed: str, made: str) -> None:
    async with env.bot() as bot:
        mention = await env.ann.post(env.channel, f"<@{env.sandbox.bot_id}> {typed}")
        done = await env.channel.wait_for_message(
            lambda one: one.replies_to == mention.id and is_dream(one), 100
        )
        assert made in done.content
        assert not (await recipe_of(bot, done)).needs_source


async def test_a_mention_writes_on_the_picture_that_it_replies_to(env: BotEnvironment) -> None:
    posted = await env.bob.post(env.channel, files=[PICTURE])
    ping = f"<@{env.sandbox.bot_id}>"
    async with env.bot() as bot:
        mention = await env.ann.post(env.channel, f"{ping} text:“HE COMES”", reply_to=posted)
        done = await env.channel.wait_for_message(
            lambda one: one.replies_to == mention.id and is_dream(one), 100
        )
        assert np.array_equal(decode_pixels(done.attachments[0].data), fake_engine_output(PICTURE))
        # Noise has nothing to do with that picture.
        mention = await env.ann.post(env.channel, f"{ping} noise", reply_to=posted)
        done = await env.channel.wait_for_message(
            lambda one: one.replies_to == mention.id and is_dream(one), 100
        )
        assert (await job_of(bot, done)).spec.source is None
        await env.ann.post(env.channel, f"{ping} noise", files=[PICTURE])
        await env.channel.wait_for_message(lambda one: "start from only one thing" in one.content, 100)
        await env.ann.post(env.channel, f'{ping} hellscape text:"no"')
        await env.channel.wait_for_message(
            lambda one: "Words appear only in a plain dream" in one.content, 100
        )


async def test_in_a_direct_message(env: BotEnvironment) -> None:
    talk = env.ann.dm_channel()
    async with env.bot() as bot:
        for typed, source in (('text:"HE COMES"', "dark"), ("noise 3", "noise")):
            sent = await env.ann.post(talk, typed)
            done = await talk.wait_for_message(lambda one: one.replies_to == sent.id and is_dream(one), 100)  # noqa: B023
            assert (await recipe_of(bot, done)).source == source


async def test_a_recipe_without_a_picture_can_be_pasted(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        recipe = await recipe_of(bot, await slash(env, text="HE COMES"))
        pasted = await slash(env, recipe=recipe.to_json())
        assert await recipe_of(bot, pasted) == recipe
        interaction = await env.ann.slash(
            "dream", channel=env.channel, recipe=recipe.to_json(), image=PICTURE
        )
        assert "uses no picture" in (await interaction.follow_up()).content


async def test_what_is_usual_stays_within_the_limit_of_the_server(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        await bot.services.guild_store.set_guild(env.guild.id, GuildSettings(intensity=6))
        assert (await recipe_of(bot, await slash(env, source="noise"))).intensity == 6
        assert (await recipe_of(bot, await slash(env, text="NO"))).intensity == 6
