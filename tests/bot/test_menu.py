"""The message menu “Dream this”."""

import numpy as np

from tests.bot.support import Scene, inverted, picture, pixels


async def test_it_dreams_the_picture_of_that_message(stage: Scene) -> None:
    data = picture(300, 260)
    meant = await stage.bob.post(stage.channel, files=[data])
    await stage.ann.post(stage.channel, files=[picture(seed=9)])
    async with stage.bot():
        asked = await stage.ann.menu("Dream this", meant)
        done = await stage.dreamed(await asked.response())
    assert np.array_equal(pixels(done.attachments[0].data), inverted(data))


async def test_a_message_without_a_picture(stage: Scene) -> None:
    words = await stage.bob.post(stage.channel, "only words")
    async with stage.bot():
        asked = await stage.ann.menu("Dream this", words)
        told = await asked.follow_up()
    assert told.ephemeral
    assert "no picture in that message" in told.content


async def test_it_works_without_the_message_content_intent(stage: Scene) -> None:
    stage.sandbox.grant_message_content(False)
    meant = await stage.bob.post(stage.channel, files=[picture()])
    async with stage.bot():
        asked = await stage.ann.menu("Dream this", meant)
        assert await stage.dreamed(await asked.response())
