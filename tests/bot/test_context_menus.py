"""The menus of messages and users."""

import hashlib

import numpy as np
import pytest

from dreambot.errors import Message
from dreambot.guilds.settings import PersonSettings
from dreambot.recipe import Guide
from dreambot.sandbox.messages import Upload
from tests.bot.support import BotEnvironment, decode_pixels, fake_engine_output, is_dream, noise_png


async def test_it_dreams_the_picture_of_that_message(env: BotEnvironment) -> None:
    data = noise_png(300, 260)
    meant = await env.bob.post(env.channel, files=[data])
    await env.ann.post(env.channel, files=[noise_png(seed=9)])
    async with env.bot():
        interaction = await env.ann.menu("Dream this", meant)
        done = await env.dreamed(await interaction.response())
    assert np.array_equal(decode_pixels(done.attachments[0].data), fake_engine_output(data))


async def test_a_message_without_a_picture(env: BotEnvironment) -> None:
    words = await env.bob.post(env.channel, "only words")
    async with env.bot():
        interaction = await env.ann.menu("Dream this", words)
        reply = await interaction.follow_up()
    assert reply.ephemeral
    assert "no picture in that message" in reply.content


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
async def test_the_bytes_of_a_chosen_file_decide_its_type(
    env: BotEnvironment, name: str, declared: str | None
) -> None:
    data = noise_png(300, 260)
    posted = await env.bob.post(env.channel, files=[Upload(name, data)])
    posted.model.attachments[0].content_type = declared
    async with env.bot():
        by_menu = await env.dreamed(await (await env.ann.menu("Dream this", posted)).response())
        mention = await env.ann.post(env.channel, f"<@{env.sandbox.bot_id}>", reply_to=posted)
        by_mention = await env.channel.wait_for_message(
            lambda one: is_dream(one) and one.replies_to == mention.id, 30
        )
        settings = await env.ann.menu("Dream settings…", posted)
        await settings.acknowledged()
        assert settings.modal
    for done in (by_menu, by_mention):
        assert np.array_equal(decode_pixels(done.attachments[0].data), fake_engine_output(data))


async def test_a_file_that_is_no_image_is_reported(env: BotEnvironment) -> None:
    posted = await env.bob.post(env.channel, files=[Upload("notes.txt", b"eggs and milk")])
    async with env.bot():
        reply = await (await env.ann.menu("Dream this", posted)).follow_up()
        assert "is text, not a picture" in reply.content
        looked_for = await (await env.ann.slash("dream", channel=env.channel)).follow_up()
        assert "no picture in the last 50" in looked_for.content


@pytest.mark.parametrize(
    ("use", "kind", "model"), [("style", "style", "vgg16"), ("shapes", "exaggerate", None)]
)
async def test_a_second_picture_is_mixed_in(
    env: BotEnvironment, use: str, kind: str, model: str | None
) -> None:
    data, guide = noise_png(300, 260), noise_png(seed=3)
    meant = await env.bob.post(env.channel, files=[data])
    async with env.bot() as bot:
        form = await env.ann.menu("Mix with…", meant)
        await form.acknowledged()
        sent = await env.ann.submit(form, {"guide": guide, "guide_as": use})
        done = await env.dreamed(await sent.response())
        await bot.idle()
        [job] = await bot.services.job_history.dreams(env.ann.id)
        assert job.recipe
        assert job.recipe.guide == Guide(sha256=hashlib.sha256(guide).hexdigest(), kind=kind)
        for button in ("again", "deeper"):
            press = await env.ann.press(done, f"dream:{button}:{job.id}")
            assert is_dream(await env.dreamed(await press.response()))
        await bot.idle()
        deeper, again, _ = await bot.services.job_history.dreams(env.ann.id)
    assert again.recipe
    assert again.recipe.guide == job.recipe.guide
    assert deeper.recipe
    assert deeper.recipe.guide is None


async def test_what_cannot_be_mixed_is_reported(env: BotEnvironment) -> None:
    words = await env.bob.post(env.channel, "only words")
    picture = await env.bob.post(env.channel, files=[noise_png()])
    async with env.bot():
        refused = await env.ann.menu("Mix with…", words)
        assert "no picture in that message" in (await refused.response()).content
        form = await env.ann.menu("Mix with…", picture)
        await form.acknowledged()
        sent = await env.ann.submit(form, {"guide": b"eggs and milk", "guide_as": "style"})
        assert "not a picture" in (await sent.follow_up()).content


async def test_it_works_without_the_message_content_intent(env: BotEnvironment) -> None:
    env.sandbox.grant_message_content(False)
    meant = await env.bob.post(env.channel, files=[noise_png()])
    async with env.bot():
        interaction = await env.ann.menu("Dream this", meant)
        assert await env.dreamed(await interaction.response())


async def test_an_avatar_is_dreamed(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        interaction = await env.ann.menu("Dream avatar", env.bob)
        assert is_dream(await env.dreamed(await interaction.response()))
        await bot.idle()
        [job] = await bot.services.job_history.dreams(env.ann.id)
    assert job.spec.source
    assert Message.from_json(job.spec.source.label).text() == "someone's avatar"


async def test_images_and_avatars_of_users_who_opted_out_are_refused(
    env: BotEnvironment,
) -> None:
    posted = await env.bob.post(env.channel, files=[noise_png()])
    async with env.bot() as bot:
        await bot.services.guild_store.set_person(env.bob.id, PersonSettings(untouchable=True))
        interaction = await env.ann.menu("Dream avatar", env.bob)
        assert "dream their avatar" in (await interaction.follow_up()).content
        for name in ("Dream this", "Hellscape this", "Bend this"):
            interaction = await env.ann.menu(name, posted)
            assert "dream their pictures" in (await interaction.follow_up()).content
        mention = f"<@{env.sandbox.bot_id}>"
        await env.ann.post(env.channel, mention, reply_to=posted)
        await env.channel.wait_for_message(lambda one: "dream their pictures" in one.content)
        own = await env.bob.menu("Dream avatar", env.bob)
        assert is_dream(await env.dreamed(await own.response()))
