"""Threads that are started from a picture: it belongs to them, though it lies in the channel above."""

import numpy as np

from dreambot.sandbox.driver.channels import ChannelHandle
from dreambot.sandbox.permissions import Permission
from tests.bot.support import BotEnvironment, decode_pixels, fake_engine_output, is_dream, noise_png
from tests.bot.test_variation_buttons import pressed


async def started(stage: BotEnvironment, data: bytes) -> ChannelHandle:
    """A thread started from a picture that Bob posted in the channel, with talk in it."""
    thread = await stage.bob.start_thread(await stage.bob.post(stage.channel, files=[data]), "cats")
    await stage.ann.post(thread, "lovely")
    return thread


async def test_a_dream_in_a_thread_takes_the_picture_it_was_started_from(stage: BotEnvironment) -> None:
    data = noise_png(300, 260)
    async with stage.bot():
        thread = await started(stage, data)
        asked = await stage.ann.slash("dream", channel=thread, layer="mixed4")
        done = await stage.dreamed(await asked.response())
        assert np.array_equal(decode_pixels(done.attachments[0].data), fake_engine_output(data))
        assert done.model.channel is thread.model


async def test_the_first_message_of_a_thread_can_be_dreamed(stage: BotEnvironment) -> None:
    data = noise_png(300, 260)
    async with stage.bot():
        thread = await started(stage, data)
        first = thread.messages[0]
        assert not first.attachments
        done = await stage.dreamed(await (await stage.ann.menu("Dream this", first)).response())
        assert np.array_equal(decode_pixels(done.attachments[0].data), fake_engine_output(data))
        settings = await stage.ann.menu("Dream settings…", first)
        sent = await stage.ann.submit(settings, {"seed": "7"})
        done = await stage.dreamed(await sent.response())
        # The picture is found once more, though it is not among the thread's own messages.
        assert await pressed(stage, stage.ann, done, "Again")


async def test_the_picture_is_found_however_much_was_said_since(stage: BotEnvironment) -> None:
    data = noise_png(300, 260)
    async with stage.bot():
        thread = await started(stage, data)
        for number in range(60):
            await stage.ann.post(thread, f"lovely {number}")
        done = await stage.dreamed(await (await stage.ann.slash("dream", channel=thread)).response())
        assert np.array_equal(decode_pixels(done.attachments[0].data), fake_engine_output(data))


async def test_a_thread_started_from_words_has_no_picture(stage: BotEnvironment) -> None:
    async with stage.bot():
        thread = await stage.bob.start_thread(await stage.bob.post(stage.channel, "cats?"))
        asked = await stage.ann.slash("dream", channel=thread)
        assert "no picture" in (await asked.follow_up()).content
        asked = await stage.ann.menu("Dream this", thread.messages[0])
        assert "no picture in that message" in (await asked.follow_up()).content


async def test_a_thread_whose_first_message_was_deleted_has_no_picture(stage: BotEnvironment) -> None:
    async with stage.bot():
        thread = await started(stage, noise_png())
        await stage.bob.delete(stage.channel.messages[0])
        asked = await stage.ann.slash("dream", channel=thread)
        assert "no picture" in (await asked.follow_up()).content


async def test_a_mention_in_a_thread_is_answered_there(stage: BotEnvironment) -> None:
    async with stage.bot():
        thread = await started(stage, noise_png())
        await stage.ann.post(
            thread, f"<@{stage.sandbox.bot_id}> dogs 9", reply_to=thread.messages[0], files=[noise_png()]
        )
        assert await thread.wait_for_message(is_dream, 100)
        stage.channel.revoke(Permission.SEND_MESSAGES_IN_THREADS)
        asked = await stage.ann.slash("dream", channel=thread, image=noise_png())
        assert await stage.dreamed(await asked.response())
