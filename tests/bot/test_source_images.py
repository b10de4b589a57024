"""Which picture is dreamed, from messages as Discord sends them."""

import io
from pathlib import Path

import numpy as np
from PIL import Image

from dreambot.guilds.settings import PersonSettings
from dreambot.media.metadata import read_recipe
from dreambot.recipe import Recipe
from dreambot.sandbox.driver.channels import MessageHandle
from dreambot.sandbox.messages import Upload
from dreambot.sandbox.models import MessageFlag
from tests.bot.support import BotEnvironment, decode_pixels, fake_engine_output, is_dream, noise_png
from tests.media.samples import gif


async def with_gallery(stage: BotEnvironment, data: bytes, **item: object) -> MessageHandle:
    """A message of another bot's, which shows its picture in a gallery."""
    robot = stage.guild.add_member("robot", bot=True)
    posted = await robot.post(stage.channel, files=[data])
    shown = {"media": {"url": f"attachment://{posted.attachments[0].filename}"}, **item}
    posted.model.components = [{"type": 17, "components": [{"type": 12, "items": [shown]}]}]
    posted.model.flags |= MessageFlag.COMPONENTS_V2
    return posted


async def test_a_chain_of_dreams_goes_on_from_the_last(stage: BotEnvironment) -> None:
    mine = noise_png(300, 260, seed=1)
    await stage.ann.post(stage.channel, files=[mine])
    async with stage.bot():
        first = await stage.dreamed(await (await stage.ann.slash("dream", channel=stage.channel)).response())
        second = await stage.dreamed(await (await stage.ann.slash("dream", channel=stage.channel)).response())
    assert np.array_equal(decode_pixels(first.attachments[0].data), fake_engine_output(mine))
    assert np.array_equal(decode_pixels(second.attachments[0].data), decode_pixels(mine))


async def test_a_gallery_of_another_bot_and_its_spoiler(stage: BotEnvironment) -> None:
    data = noise_png(300, 260, seed=2)
    await with_gallery(stage, data, spoiler=True, description="A cat")
    async with stage.bot():
        done = await stage.dreamed(await (await stage.ann.slash("dream", channel=stage.channel)).response())
    assert np.array_equal(decode_pixels(done.attachments[0].data), fake_engine_output(data))
    assert done.attachments[0].spoiler
    assert "A cat" in (done.attachments[0].description or "")


async def test_a_mention_means_the_message_that_it_replies_to(stage: BotEnvironment) -> None:
    meant, other = noise_png(300, 260, seed=3), noise_png(300, 260, seed=4)
    gallery = await with_gallery(stage, meant)
    async with stage.bot():
        await stage.ann.post(stage.channel, f"<@{stage.sandbox.bot_id}>", files=[other], reply_to=gallery)
        done = await stage.channel.wait_for_message(is_dream, 100)
    assert np.array_equal(decode_pixels(done.attachments[0].data), fake_engine_output(meant))


async def test_pictures_that_are_to_be_left_alone(stage: BotEnvironment) -> None:
    free, kept = noise_png(300, 260, seed=5), noise_png(300, 260, seed=6)
    cleo = stage.guild.add_member("cleo")
    await cleo.post(stage.channel, files=[free])
    untouchable = await stage.bob.post(stage.channel, files=[kept])
    async with stage.bot() as life:
        await life.services.guild_store.set_person(stage.bob.id, PersonSettings(untouchable=True))
        told = await (await stage.ann.menu("Dream this", untouchable)).follow_up()
        assert "does not want others to dream their pictures" in told.content
        await stage.ann.post(stage.channel, f"<@{stage.sandbox.bot_id}>", reply_to=untouchable)
        await stage.channel.wait_for_message(lambda one: "does not want others" in one.content)
        found = await stage.dreamed(await (await stage.ann.slash("dream", channel=stage.channel)).response())
        own = await stage.dreamed(await (await stage.bob.menu("Dream this", untouchable)).response())
    assert told.ephemeral
    assert np.array_equal(decode_pixels(found.attachments[0].data), fake_engine_output(free))
    assert np.array_equal(decode_pixels(own.attachments[0].data), fake_engine_output(kept))


async def test_what_moves_goes_on_moving(stage: BotEnvironment) -> None:
    frames = [Image.fromarray(decode_pixels(noise_png(64, 48, seed=n))) for n in range(3)]
    async with stage.bot():
        await stage.ann.post(stage.channel, files=[gif(frames, duration=100)])
        done = await stage.dreamed(await (await stage.ann.slash("dream", channel=stage.channel)).response())
    with Image.open(io.BytesIO(done.attachments[0].data)) as dream:
        assert getattr(dream, "n_frames", 1) == 3


async def test_a_results_recipe_names_nobody(stage: BotEnvironment, tmp_path: Path) -> None:
    posted = await stage.bob.post(stage.channel, files=[Upload("bobs-secret.png", noise_png(300, 260))])
    async with stage.bot():
        done = await stage.dreamed(await (await stage.ann.menu("Dream this", posted)).response())
    (tmp_path / "dream.png").write_bytes(done.attachments[0].data)
    recipe = read_recipe(tmp_path / "dream.png")
    assert recipe
    assert Recipe.from_json(recipe)
    ids = (stage.ann.id, stage.bob.id, stage.guild.id, stage.channel.id, posted.id, done.id)
    for private in (*map(str, ids), "secret", "memes"):
        assert private not in recipe
        assert private.encode() not in done.attachments[0].data


async def test_pictures_of_age_restricted_channels_stay_there(stage: BotEnvironment) -> None:
    grown_up = stage.guild.add_channel("grown-ups", nsfw=True)
    posted = await stage.bob.post(grown_up, files=[noise_png()])
    url = posted.attachments[0].url
    async with stage.bot():
        asked = await stage.ann.slash("dream", channel=stage.channel, url=url)
        assert "age-restricted" in (await asked.follow_up()).content
        there = await stage.ann.slash("dream", channel=grown_up, url=url)
        assert "web ports" in (await there.follow_up()).content


async def test_a_link_to_a_message_means_its_picture(stage: BotEnvironment) -> None:
    data = noise_png(300, 260, seed=7)
    posted = await stage.bob.post(stage.channel, files=[data])
    words = await stage.bob.post(stage.channel, "only words")
    other = await stage.bob.post(stage.guild.add_channel("elsewhere"), files=[data])

    def link(message: MessageHandle) -> str:
        channel = message.model.channel
        return f"<https://discord.com/channels/{stage.guild.id}/{channel.id}/{message.id}>"

    async with stage.bot():
        done = await stage.dreamed(
            await (await stage.ann.slash("dream", channel=stage.channel, url=link(posted))).response()
        )
        bare = await stage.ann.slash("dream", channel=stage.channel, url=link(words))
        assert "no picture in the message" in (await bare.follow_up()).content
        far = await stage.ann.slash("dream", channel=stage.channel, url=link(other))
        assert "another channel" in (await far.follow_up()).content
        await stage.bob.delete(posted)
        gone = await stage.ann.slash("dream", channel=stage.channel, url=link(posted))
        assert "cannot see the message" in (await gone.follow_up()).content
    assert np.array_equal(decode_pixels(done.attachments[0].data), fake_engine_output(data))


async def test_what_is_forwarded_from_there_stays_there_too(stage: BotEnvironment) -> None:
    grown_up = stage.guild.add_channel("grown-ups", nsfw=True)
    plain = stage.guild.add_channel("pictures")
    data = noise_png(300, 260, seed=8)
    fine = await stage.bob.forward(await stage.bob.post(plain, files=[data]), stage.channel)
    not_fine = await stage.bob.forward(await stage.bob.post(grown_up, files=[noise_png()]), stage.channel)
    async with stage.bot():
        asked = await stage.ann.menu("Dream this", not_fine)
        assert "age-restricted" in (await asked.follow_up()).content
        chosen = await stage.dreamed(await (await stage.ann.menu("Dream this", fine)).response())
        found = await stage.dreamed(await (await stage.bob.slash("dream", channel=stage.channel)).response())
    assert np.array_equal(decode_pixels(chosen.attachments[0].data), fake_engine_output(data))
    assert np.array_equal(decode_pixels(found.attachments[0].data), fake_engine_output(data))


async def test_stickers_and_a_servers_own_emoji(stage: BotEnvironment) -> None:
    wave = stage.guild.add_sticker("wave", noise_png(300, 260, seed=9))
    grin = stage.guild.add_emoji("grin", noise_png(128, 128, seed=10))
    stuck = await stage.bob.post(stage.channel, stickers=[wave])
    async with stage.bot():
        sticker = await stage.dreamed(await (await stage.ann.menu("Dream this", stuck)).response())
        asked = await stage.ann.slash("dream", channel=stage.channel, url=f"<:grin:{grin.id}>")
        emoji = await stage.dreamed(await asked.response())
    assert "the sticker wave" in (sticker.attachments[0].description or "").lower()
    assert "the emoji grin" in (emoji.attachments[0].description or "").lower()
