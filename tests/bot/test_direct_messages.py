"""Direct messages to the bot: they need no mention, and every one is answered."""

import numpy as np
import pytest

from cogs import direct_messages
from dreambot.guilds.eligibility import ALL_GUILDS
from dreambot.sandbox.driver.channels import ChannelHandle, MessageHandle
from dreambot.sandbox.messages import Upload
from tests.bot.support import BotEnvironment, decode_pixels, fake_engine_output, is_dream, noise_png
from tests.bot.test_variation_buttons import pressed

POSTED = noise_png(300, 260)


def from_bot(env: BotEnvironment, channel: ChannelHandle) -> list[MessageHandle]:
    """Lists the bot's messages in the conversation."""
    return [one for one in channel.messages if one.author_id == env.sandbox.bot_id]


async def answered(channel: ChannelHandle, message: MessageHandle) -> MessageHandle:
    """Waits for the bot's reply to a message to be a dream."""
    return await channel.wait_for_message(lambda one: one.replies_to == message.id and is_dream(one), 100)


@pytest.mark.parametrize("content", [True, False], ids=["with the intent", "without the intent"])
@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "layer:"),
        ("mixed4 9", "layer:mixed4 intensity:9"),
        ("dogs, please!", "preset:dogs"),
        ("my dog", "layer:"),
        ("look at my cat", "layer:"),
        ("here is my cat at the age of 3, isn't it sweet?", "layer:"),
    ],
)
async def test_an_image_is_dreamed_with_any_text(
    env: BotEnvironment, words: str, said: str, content: bool
) -> None:
    env.sandbox.grant_message_content(content)
    talk = env.ann.dm_channel()
    async with env.bot():
        sent = await env.ann.post(talk, words, files=[POSTED])
        dream = await answered(talk, sent)
    assert said in dream.content
    assert np.array_equal(decode_pixels(dream.attachments[0].data), fake_engine_output(POSTED))
    assert len(from_bot(env, talk)) == 1


async def test_a_mention_in_a_direct_message_is_answered_once(env: BotEnvironment) -> None:
    talk = env.ann.dm_channel()
    async with env.bot() as bot:
        sent = await env.ann.post(talk, f"<@{env.sandbox.bot_id}> mixed3 5", files=[POSTED])
        dream = await answered(talk, sent)
        await bot.idle()
    assert "layer:mixed3 intensity:5" in dream.content
    assert len(from_bot(env, talk)) == 1


async def test_text_without_an_image_uses_the_newest_or_replied_image(env: BotEnvironment) -> None:
    talk = env.ann.dm_channel()
    async with env.bot():
        told = await env.ann.post(talk, "mixed4 9")
        await talk.wait_for_message(lambda one: one.replies_to == told.id and "no picture" in one.content)
        first = await env.ann.post(talk, files=[POSTED])
        dream = await answered(talk, first)
        again = await answered(talk, await env.ann.post(talk, "mixed3"))
        assert np.array_equal(
            decode_pixels(again.attachments[0].data), fake_engine_output(dream.attachments[0].data)
        )
        replied = await answered(talk, await env.ann.post(talk, "intensity 3", reply_to=first))
        assert np.array_equal(decode_pixels(replied.attachments[0].data), fake_engine_output(POSTED))
        assert "intensity:3" in replied.content
        deeper = await pressed(env, env.ann, replied, "Deeper")
        assert np.array_equal(
            decode_pixels(deeper.attachments[0].data), fake_engine_output(replied.attachments[0].data)
        )


@pytest.mark.parametrize(
    "words", ["hi", "what can you do?", "lovely 😍", "/help", "is 12 monkeys any good?", "thanks"]
)
async def test_small_talk_gets_one_line_of_help_once_a_minute(
    env: BotEnvironment, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = env.ann.dm_channel()
    async with env.bot() as bot:
        await env.ann.post(talk, words)
        told = await talk.wait_for_message(lambda one: one.author_id == env.sandbox.bot_id)
        assert "Send me a picture" in told.content
        assert "\n" not in told.content
        for _ in range(5):
            await env.ann.post(talk, words)
        # Bob is another user, and events arrive in order.
        await env.bob.post(env.bob.dm_channel(), words)
        await env.bob.dm_channel().wait_for_message(lambda one: one.author_id == env.sandbox.bot_id)
        await bot.idle()
    assert len(from_bot(env, talk)) == 1


async def test_a_reply_to_a_dream_that_only_thanks_for_it_dreams_nothing(env: BotEnvironment) -> None:
    talk = env.ann.dm_channel()
    async with env.bot() as bot:
        dream = await answered(talk, await env.ann.post(talk, files=[POSTED]))
        thanks = await env.ann.post(talk, "thanks, lovely", reply_to=dream)
        told = await talk.wait_for_message(lambda one: one.replies_to == thanks.id)
        assert "Send me a picture" in told.content
        await bot.idle()
    assert len(from_bot(env, talk)) == 2


async def test_mistakes_in_a_request_are_explained(env: BotEnvironment) -> None:
    talk = env.ann.dm_channel()
    async with env.bot():
        for words, said in (("mixd4 9", "did you mean mixed4"), ("mixed4 12", "from 1 to 11")):
            sent = await env.ann.post(talk, words, files=[POSTED])
            told = await talk.wait_for_message(lambda one, sent=sent: one.replies_to == sent.id)
            await told.until(lambda now, said=said: said in now.content)


async def test_files_of_unknown_type_are_tried(env: BotEnvironment) -> None:
    talk = env.ann.dm_channel()
    async with env.bot():
        nameless = await env.ann.post(talk, files=[Upload("photo", POSTED)])
        dream = await answered(talk, nameless)
        assert np.array_equal(decode_pixels(dream.attachments[0].data), fake_engine_output(POSTED))


async def test_bots_get_no_reply(env: BotEnvironment) -> None:
    robot = env.guild.add_member("robot", bot=True)
    talk = robot.dm_channel()
    async with env.bot() as bot:
        await robot.post(talk, "hi")
        await robot.post(talk, files=[POSTED])
        await env.bob.post(env.bob.dm_channel(), "hi")
        await env.bob.dm_channel().wait_for_message(lambda one: one.author_id == env.sandbox.bot_id)
        await bot.idle()
    assert not from_bot(env, talk)


async def test_users_are_answered_in_the_language_of_their_last_dream(
    env: BotEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(direct_messages, "HELP_INTERVAL_S", 0.001)
    talk = env.ann.dm_channel()
    env.ann.set_locale("de")
    async with env.bot() as bot:
        interaction = await env.ann.slash("dream", channel=talk, image=POSTED)
        await env.dreamed(await interaction.response())
        await bot.idle()
        await env.ann.post(talk, "hallo")
        await talk.wait_for_message(lambda one: "Schick mir ein Bild" in one.content)


async def test_blocked_users_get_no_help(env: BotEnvironment) -> None:
    talk = env.ann.dm_channel()
    async with env.bot() as bot:
        await bot.services.guild_store.block(ALL_GUILDS, env.ann.id)
        await env.ann.post(talk, "hi")
        await env.bob.post(env.bob.dm_channel(), "hi")
        await env.bob.dm_channel().wait_for_message(lambda one: one.author_id == env.sandbox.bot_id)
        await bot.idle()
    assert not from_bot(env, talk)
