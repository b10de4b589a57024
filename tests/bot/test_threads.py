"""Threads that are started from an image: it belongs to them, though it is in the parent channel."""

import numpy as np

from dreambot.sandbox.driver.channels import ChannelHandle
from dreambot.sandbox.permissions import Permission
from tests.bot.support import BotEnvironment, decode_pixels, fake_engine_output, is_dream, noise_png
from tests.bot.test_variation_buttons import pressed


async def started(env: BotEnvironment, data: bytes) -> ChannelHandle:
    """Starts a thread from an image that Bob posted in the channel, with messages in it."""
    thread = await env.bob.start_thread(await env.bob.post(env.channel, files=[data]), "cats")
    await env.ann.post(thread, "lovely")
    return thread


async def test_a_dream_in_a_thread_uses_the_image_of_its_starting_message(env: BotEnvironment) -> None:
    data = noise_png(300, 260)
    async with env.bot():
        thread = await started(env, data)
        interaction = await env.ann.slash("dream", channel=thread, layer="mixed4")
        done = await env.dreamed(await interaction.response())
        assert np.array_equal(decode_pixels(done.attachments[0].data), fake_engine_output(data))
        assert done.model.channel is thread.model


async def test_the_first_message_of_a_thread_can_be_dreamed(env: BotEnvironment) -> None:
    data = noise_png(300, 260)
    async with env.bot():
        thread = await started(env, data)
        first = thread.messages[0]
        assert not first.attachments
        done = await env.dreamed(await (await env.ann.menu("Dream this", first)).response())
        assert np.array_equal(decode_pixels(done.attachments[0].data), fake_engine_output(data))
        settings = await env.ann.menu("Dream settings…", first)
        sent = await env.ann.submit(settings, {"seed": "7"})
        done = await env.dreamed(await sent.response())
        # The image is found again, though it is not among the thread's own messages.
        assert await pressed(env, env.ann, done, "Again")


async def test_the_image_is_found_behind_many_messages(env: BotEnvironment) -> None:
    data = noise_png(300, 260)
    async with env.bot():
        thread = await started(env, data)
        for number in range(60):
            await env.ann.post(thread, f"lovely {number}")
        done = await env.dreamed(await (await env.ann.slash("dream", channel=thread)).response())
        assert np.array_equal(decode_pixels(done.attachments[0].data), fake_engine_output(data))


async def test_a_thread_started_from_text_has_no_image(env: BotEnvironment) -> None:
    async with env.bot():
        thread = await env.bob.start_thread(await env.bob.post(env.channel, "cats?"))
        interaction = await env.ann.slash("dream", channel=thread)
        assert "no picture" in (await interaction.follow_up()).content
        interaction = await env.ann.menu("Dream this", thread.messages[0])
        assert "no picture in that message" in (await interaction.follow_up()).content


async def test_a_thread_whose_first_message_was_deleted_has_no_picture(env: BotEnvironment) -> None:
    async with env.bot():
        thread = await started(env, noise_png())
        await env.bob.delete(env.channel.messages[0])
        interaction = await env.ann.slash("dream", channel=thread)
        assert "no picture" in (await interaction.follow_up()).content


async def test_a_mention_in_a_thread_is_answered_there(env: BotEnvironment) -> None:
    async with env.bot():
        thread = await started(env, noise_png())
        await env.ann.post(
            thread, f"<@{env.sandbox.bot_id}> dogs 9", reply_to=thread.messages[0], files=[noise_png()]
        )
        assert await thread.wait_for_message(is_dream, 100)
        env.channel.revoke(Permission.SEND_MESSAGES_IN_THREADS)
        interaction = await env.ann.slash("dream", channel=thread, image=noise_png())
        assert await env.dreamed(await interaction.response())
