"""The menus of messages and people."""

import numpy as np
import pytest

from dreambot.errors import Message
from dreambot.guilds.settings import PersonSettings
from dreambot.sandbox.messages import Upload
from tests.bot.support import BotEnvironment, decode_pixels, fake_engine_output, is_dream, noise_png


async def test_it_dreams_the_picture_of_that_message(stage: BotEnvironment) -> None:
    data = noise_png(300, 260)
    meant = await stage.bob.post(stage.channel, files=[data])
    await stage.ann.post(stage.channel, files=[noise_png(seed=9)])
    async with stage.bot():
        asked = await stage.ann.menu("Dream this", meant)
        done = await stage.dreamed(await asked.response())
    assert np.array_equal(decode_pixels(done.attachments[0].data), fake_engine_output(data))


async def test_a_message_without_a_picture(stage: BotEnvironment) -> None:
    words = await stage.bob.post(stage.channel, "only words")
    async with stage.bot():
        asked = await stage.ann.menu("Dream this", words)
        told = await asked.follow_up()
    assert told.ephemeral
    assert "no picture in that message" in told.content


@pytest.mark.parametrize(
    ("name", "declared"),
    [
        ("cat", None),
        ("cat.bin", "application/octet-stream"),
        ("cat.PNG", None),
        ("CAT", "IMAGE/PNG"),
        ("cat.txt", "text/plain"),
    ],
)
async def test_the_bytes_of_a_file_that_somebody_points_at_tell_what_it_is(
    stage: BotEnvironment, name: str, declared: str | None
) -> None:
    data = noise_png(300, 260)
    posted = await stage.bob.post(stage.channel, files=[Upload(name, data)])
    posted.model.attachments[0].content_type = declared
    async with stage.bot():
        by_menu = await stage.dreamed(await (await stage.ann.menu("Dream this", posted)).response())
        mention = await stage.ann.post(stage.channel, f"<@{stage.sandbox.bot_id}>", reply_to=posted)
        by_mention = await stage.channel.wait_for_message(
            lambda one: is_dream(one) and one.replies_to == mention.id, 30
        )
        settings = await stage.ann.menu("Dream settings…", posted)
        await settings.acknowledged()
        assert settings.modal
    for done in (by_menu, by_mention):
        assert np.array_equal(decode_pixels(done.attachments[0].data), fake_engine_output(data))


async def test_a_file_that_is_no_picture_is_said_to_be_none(stage: BotEnvironment) -> None:
    posted = await stage.bob.post(stage.channel, files=[Upload("notes.txt", b"eggs and milk")])
    async with stage.bot():
        told = await (await stage.ann.menu("Dream this", posted)).follow_up()
        assert "is text, not a picture" in told.content
        looked_for = await (await stage.ann.slash("dream", channel=stage.channel)).follow_up()
        assert "no picture in the last 50" in looked_for.content


async def test_it_works_without_the_message_content_intent(stage: BotEnvironment) -> None:
    stage.sandbox.grant_message_content(False)
    meant = await stage.bob.post(stage.channel, files=[noise_png()])
    async with stage.bot():
        asked = await stage.ann.menu("Dream this", meant)
        assert await stage.dreamed(await asked.response())


async def test_an_avatar_is_dreamed(stage: BotEnvironment) -> None:
    async with stage.bot() as life:
        asked = await stage.ann.menu("Dream avatar", stage.bob)
        assert is_dream(await stage.dreamed(await asked.response()))
        await life.idle()
        [job] = await life.services.job_history.dreams(stage.ann.id)
    assert job.ask.subject
    assert Message.from_json(job.ask.subject.label).text() == "someone's avatar"


async def test_pictures_and_avatars_of_people_who_do_not_want_it_are_left_alone(
    stage: BotEnvironment,
) -> None:
    posted = await stage.bob.post(stage.channel, files=[noise_png()])
    async with stage.bot() as life:
        await life.services.guild_store.set_person(stage.bob.id, PersonSettings(untouchable=True))
        asked = await stage.ann.menu("Dream avatar", stage.bob)
        assert "dream their avatar" in (await asked.follow_up()).content
        for name in ("Dream this", "Hellscape this", "Bend this"):
            asked = await stage.ann.menu(name, posted)
            assert "dream their pictures" in (await asked.follow_up()).content
        mention = f"<@{stage.sandbox.bot_id}>"
        await stage.ann.post(stage.channel, mention, reply_to=posted)
        await stage.channel.wait_for_message(lambda one: "dream their pictures" in one.content)
        own = await stage.bob.menu("Dream avatar", stage.bob)
        assert is_dream(await stage.dreamed(await own.response()))
