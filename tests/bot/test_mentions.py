"""Mentions in reply to an image."""

import numpy as np
import pytest

from dreambot.sandbox.permissions import Permission
from tests.bot.support import BotEnvironment, decode_pixels, fake_engine_output, is_dream, noise_png


async def test_a_mention_in_reply_to_a_picture_dreams_it(env: BotEnvironment) -> None:
    data = noise_png(300, 260)
    posted = await env.bob.post(env.channel, files=[data])
    async with env.bot():
        mention = await env.ann.post(
            env.channel, f"<@{env.sandbox.bot_id}> mixed4 intensity:9 seed:3", reply_to=posted
        )
        done = await env.channel.wait_for_message(is_dream, 100)
    assert done.replies_to == mention.id
    assert "`layer:mixed4 intensity:9 seed:3`" in done.content
    assert np.array_equal(decode_pixels(done.attachments[0].data), fake_engine_output(data))
    assert len([message for message in env.channel.messages if message.author_id == env.sandbox.bot_id]) == 1


async def test_a_mention_with_a_picture_of_its_own(env: BotEnvironment) -> None:
    async with env.bot():
        await env.ann.post(env.channel, f"<@{env.sandbox.bot_id}>", files=[noise_png()], spoiler=True)
        done = await env.channel.wait_for_message(is_dream, 100)
    assert done.attachments[0].spoiler


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("hello", "I do not know “hello”"),
        ("layer:hello", "There is no layer called"),
        ("intensity:12", "from 1 to 11"),
        ("", "in a reply to a picture"),
    ],
)
async def test_mistakes_get_a_short_reply(env: BotEnvironment, words: str, said: str) -> None:
    async with env.bot():
        files = [noise_png()] if words else []
        await env.ann.post(env.channel, f"<@{env.sandbox.bot_id}> {words}", files=files)
        told = await env.channel.wait_for_message(lambda one: said in one.content, 100)
        assert not told.attachments
        assert not told.buttons


@pytest.mark.parametrize(
    ("words", "made"),
    [
        (", **mixed4** 9!", "`layer:mixed4 intensity:9 seed:"),
        ("dogs, 11 please 🐕", "`preset:dogs model:vgg16 layer:conv4_3 intensity:11 seed:"),
        ("\n```\nlayer = mixed4\nintensity = 9\n```", "`layer:mixed4 intensity:9 seed:"),
        ("Look!\n-# Look! · `layer:mixed4 intensity:9 seed:3`", "`layer:mixed4 intensity:9 seed:3`"),
    ],
)
async def test_spellings_of_requests(env: BotEnvironment, words: str, made: str) -> None:
    async with env.bot():
        await env.ann.post(env.channel, f"<@{env.sandbox.bot_id}>{words}", files=[noise_png()])
        done = await env.channel.wait_for_message(is_dream, 30)
    assert made in done.content


async def test_a_recipe_and_other_commands_can_follow_a_mention(env: BotEnvironment) -> None:
    posted = await env.bob.post(env.channel, files=[noise_png()])
    mention = f"<@{env.sandbox.bot_id}>"
    async with env.bot():
        interaction = await env.ann.slash(
            "dream", channel=env.channel, image=noise_png(), layer="mixed3", seed=3
        )
        await env.dreamed(await interaction.response())
        told = await (await env.ann.slash("recipe", channel=env.channel)).result()
        for words, made, reply in (
            (told.content, "`layer:mixed3 intensity:6 seed:3`", posted),
            ("/summon what:jellyfish seed:3", "`/summon what:jellyfish intensity:6 seed:3`", None),
            ("hellscape mixed3 > mixed5 seconds:1 seed:3", "`/hellscape layer:mixed3 > mixed5", posted),
        ):
            sent = await env.ann.post(env.channel, f"{mention} {words}", reply_to=reply)
            done = await env.channel.wait_for_message(
                lambda one, sent=sent: is_dream(one) and one.replies_to == sent.id, 60
            )
            assert made in done.content


async def test_a_reply_to_the_bot_is_no_mention(env: BotEnvironment) -> None:
    async with env.bot():
        interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png())
        done = await env.dreamed(await interaction.response())
        count = len(env.channel.messages)
        await env.bob.post(env.channel, "lovely", reply_to=done)
        mention = await env.bob.post(env.channel, f"<@{env.sandbox.bot_id}> again", reply_to=done)
        await env.channel.wait_for_message(lambda one: one.replies_to == mention.id)
        assert len(env.channel.messages) == count + 3


async def test_other_bots_are_ignored(env: BotEnvironment) -> None:
    robot = env.guild.add_member("robot", bot=True)
    async with env.bot():
        await robot.post(env.channel, f"<@{env.sandbox.bot_id}>", files=[noise_png()])
        await env.ann.post(env.channel, f"<@{env.sandbox.bot_id}>", files=[noise_png()])
        await env.channel.wait_for_message(is_dream, 100)
    assert len(env.channel.messages) == 3


async def test_without_message_content_a_mention_dreams_its_own_image(
    env: BotEnvironment,
) -> None:
    env.sandbox.grant_message_content(False)
    posted = await env.bob.post(env.channel, files=[noise_png()])
    async with env.bot():
        await env.ann.post(env.channel, f"<@{env.sandbox.bot_id}>", files=[noise_png()])
        await env.channel.wait_for_message(is_dream, 100)
        await env.ann.post(env.channel, f"<@{env.sandbox.bot_id}>", reply_to=posted)
        await env.channel.wait_for_message(lambda one: "may not read other people" in one.content)


async def test_a_missing_attach_permission_is_reported(env: BotEnvironment) -> None:
    env.channel.revoke(Permission.ATTACH_FILES)
    async with env.bot():
        await env.ann.post(env.channel, f"<@{env.sandbox.bot_id}>", files=[noise_png()])
        await env.channel.wait_for_message(lambda one: "Attach Files" in one.content)


async def test_a_missing_send_permission_is_reported_where_possible(env: BotEnvironment) -> None:
    env.channel.revoke(Permission.SEND_MESSAGES)
    async with env.bot():
        await env.ann.post(env.channel, f"<@{env.sandbox.bot_id}>", files=[noise_png()])
        interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png())
        assert "Send Messages" in (await interaction.follow_up()).content
