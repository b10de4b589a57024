"""Which image is dreamed, from messages as Discord sends them."""

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


async def with_gallery(env: BotEnvironment, data: bytes, **item: object) -> MessageHandle:
    """Posts a message of another bot with an image in a gallery."""
    robot = env.guild.add_member("robot", bot=True)
    posted = await robot.post(env.channel, files=[data])
    shown = {"media": {"url": f"attachment://{posted.attachments[0].filename}"}, **item}
    posted.model.components = [{"type": 17, "components": [{"type": 12, "items": [shown]}]}]
    posted.model.flags |= MessageFlag.COMPONENTS_V2
    return posted


async def test_a_chain_of_dreams_continues_from_the_last(env: BotEnvironment) -> None:
    mine = noise_png(300, 260, seed=1)
    await env.ann.post(env.channel, files=[mine])
    async with env.bot():
        first = await env.dreamed(await (await env.ann.slash("dream", channel=env.channel)).response())
        second = await env.dreamed(await (await env.ann.slash("dream", channel=env.channel)).response())
    assert np.array_equal(decode_pixels(first.attachments[0].data), fake_engine_output(mine))
    assert np.array_equal(decode_pixels(second.attachments[0].data), decode_pixels(mine))


async def test_a_gallery_of_another_bot_and_its_spoiler(env: BotEnvironment) -> None:
    data = noise_png(300, 260, seed=2)
    await with_gallery(env, data, spoiler=True, description="A cat")
    async with env.bot():
        done = await env.dreamed(await (await env.ann.slash("dream", channel=env.channel)).response())
    assert np.array_equal(decode_pixels(done.attachments[0].data), fake_engine_output(data))
    assert done.attachments[0].spoiler
    assert "A cat" in (done.attachments[0].description or "")


async def test_a_mention_dreams_the_message_that_it_replies_to(env: BotEnvironment) -> None:
    meant, other = noise_png(300, 260, seed=3), noise_png(300, 260, seed=4)
    gallery = await with_gallery(env, meant)
    async with env.bot():
        await env.ann.post(env.channel, f"<@{env.sandbox.bot_id}>", files=[other], reply_to=gallery)
        done = await env.channel.wait_for_message(is_dream, 100)
    assert np.array_equal(decode_pixels(done.attachments[0].data), fake_engine_output(meant))


async def test_images_of_users_who_opted_out(env: BotEnvironment) -> None:
    free, kept = noise_png(300, 260, seed=5), noise_png(300, 260, seed=6)
    cleo = env.guild.add_member("cleo")
    await cleo.post(env.channel, files=[free])
    untouchable = await env.bob.post(env.channel, files=[kept])
    async with env.bot() as bot:
        await bot.services.guild_store.set_person(env.bob.id, PersonSettings(untouchable=True))
        reply = await (await env.ann.menu("Dream this", untouchable)).follow_up()
        assert "does not want others to dream their pictures" in reply.content
        await env.ann.post(env.channel, f"<@{env.sandbox.bot_id}>", reply_to=untouchable)
        await env.channel.wait_for_message(lambda one: "does not want others" in one.content)
        found = await env.dreamed(await (await env.ann.slash("dream", channel=env.channel)).response())
        own = await env.dreamed(await (await env.bob.menu("Dream this", untouchable)).response())
    assert reply.ephemeral
    assert np.array_equal(decode_pixels(found.attachments[0].data), fake_engine_output(free))
    assert np.array_equal(decode_pixels(own.attachments[0].data), fake_engine_output(kept))


async def test_variations_of_a_video_are_videos(env: BotEnvironment) -> None:
    frames = [Image.fromarray(decode_pixels(noise_png(64, 48, seed=n))) for n in range(3)]
    async with env.bot():
        await env.ann.post(env.channel, files=[gif(frames, duration=100)])
        done = await env.dreamed(await (await env.ann.slash("dream", channel=env.channel)).response())
    with Image.open(io.BytesIO(done.attachments[0].data)) as dream:
        assert getattr(dream, "n_frames", 1) == 3


async def test_a_result_contains_no_user_names(env: BotEnvironment, tmp_path: Path) -> None:
    posted = await env.bob.post(env.channel, files=[Upload("bobs-secret.png", noise_png(300, 260))])
    async with env.bot():
        done = await env.dreamed(await (await env.ann.menu("Dream this", posted)).response())
    (tmp_path / "dream.png").write_bytes(done.attachments[0].data)
    recipe = read_recipe(tmp_path / "dream.png")
    assert recipe
    assert Recipe.from_json(recipe)
    ids = (env.ann.id, env.bob.id, env.guild.id, env.channel.id, posted.id, done.id)
    for private in (*map(str, ids), "secret", "memes"):
        assert private not in recipe
        assert private.encode() not in done.attachments[0].data


async def test_pictures_of_age_restricted_channels_stay_there(env: BotEnvironment) -> None:
    grown_up = env.guild.add_channel("grown-ups", nsfw=True)
    posted = await env.bob.post(grown_up, files=[noise_png()])
    url = posted.attachments[0].url
    async with env.bot():
        interaction = await env.ann.slash("dream", channel=env.channel, url=url)
        assert "age-restricted" in (await interaction.follow_up()).content
        there = await env.ann.slash("dream", channel=grown_up, url=url)
        assert "web ports" in (await there.follow_up()).content
        await env.ann.post(env.channel, f"<@{env.sandbox.bot_id}> {url}")
        await env.channel.wait_for_message(
            lambda one: not one.ephemeral and "age-restricted" in one.content, 30
        )


async def test_pictures_of_spoiler_channels_are_spoilers_elsewhere(env: BotEnvironment) -> None:
    hidden = env.guild.add_channel("endings", spoiler=True)
    posted = await env.bob.post(hidden, files=[noise_png(300, 260)])
    thread = await env.bob.start_thread(posted)
    in_thread = await env.bob.post(thread, files=[noise_png(300, 260)])
    forwarded = await env.bob.forward(posted, env.channel)
    marked = await env.bob.post(env.channel, files=[Upload("a.png", noise_png(300, 260), flags=8)])
    async with env.bot():
        for message in (posted, in_thread, forwarded, marked):
            done = await env.dreamed(await (await env.ann.menu("Dream this", message)).response())
            assert done.attachments[0].spoiler
        open_channel = await env.bob.post(env.channel, files=[noise_png(300, 260)])
        done = await env.dreamed(await (await env.ann.menu("Dream this", open_channel)).response())
        assert not done.attachments[0].spoiler


async def test_a_link_to_a_message_resolves_to_its_image(env: BotEnvironment) -> None:
    data = noise_png(300, 260, seed=7)
    posted = await env.bob.post(env.channel, files=[data])
    words = await env.bob.post(env.channel, "only words")
    other = await env.bob.post(env.guild.add_channel("elsewhere"), files=[data])

    def link(message: MessageHandle) -> str:
        channel = message.model.channel
        return f"<https://discord.com/channels/{env.guild.id}/{channel.id}/{message.id}>"

    async with env.bot():
        done = await env.dreamed(
            await (await env.ann.slash("dream", channel=env.channel, url=link(posted))).response()
        )
        bare = await env.ann.slash("dream", channel=env.channel, url=link(words))
        assert "no picture in the message" in (await bare.follow_up()).content
        far = await env.ann.slash("dream", channel=env.channel, url=link(other))
        assert "another channel" in (await far.follow_up()).content
        await env.bob.delete(posted)
        deleted = await env.ann.slash("dream", channel=env.channel, url=link(posted))
        assert "cannot see the message" in (await deleted.follow_up()).content
    assert np.array_equal(decode_pixels(done.attachments[0].data), fake_engine_output(data))


async def test_forwarded_images_keep_their_age_restriction(env: BotEnvironment) -> None:
    grown_up = env.guild.add_channel("grown-ups", nsfw=True)
    plain = env.guild.add_channel("pictures")
    data = noise_png(300, 260, seed=8)
    fine = await env.bob.forward(await env.bob.post(plain, files=[data]), env.channel)
    not_fine = await env.bob.forward(await env.bob.post(grown_up, files=[noise_png()]), env.channel)
    async with env.bot():
        interaction = await env.ann.menu("Dream this", not_fine)
        assert "age-restricted" in (await interaction.follow_up()).content
        chosen = await env.dreamed(await (await env.ann.menu("Dream this", fine)).response())
        found = await env.dreamed(await (await env.bob.slash("dream", channel=env.channel)).response())
    assert np.array_equal(decode_pixels(chosen.attachments[0].data), fake_engine_output(data))
    assert np.array_equal(decode_pixels(found.attachments[0].data), fake_engine_output(data))


async def test_stickers_and_custom_emoji(env: BotEnvironment) -> None:
    wave = env.guild.add_sticker("wave", noise_png(300, 260, seed=9))
    grin = env.guild.add_emoji("grin", noise_png(128, 128, seed=10))
    stuck = await env.bob.post(env.channel, stickers=[wave])
    async with env.bot():
        sticker = await env.dreamed(await (await env.ann.menu("Dream this", stuck)).response())
        interaction = await env.ann.slash("dream", channel=env.channel, url=f"<:grin:{grin.id}>")
        emoji = await env.dreamed(await interaction.response())
    assert "the sticker wave" in (sticker.attachments[0].description or "").lower()
    assert "the emoji grin" in (emoji.attachments[0].description or "").lower()


async def test_images_forwarded_from_another_server_keep_its_marks(env: BotEnvironment) -> None:
    elsewhere = env.sandbox.add_guild("elsewhere")
    grown_up = elsewhere.add_channel("grown-ups", nsfw=True)
    endings = elsewhere.add_channel("endings", spoiler=True)
    elsewhere.add_member(env.bob)
    restricted = await env.bob.forward(await env.bob.post(grown_up, files=[noise_png()]), env.channel)
    hidden = await env.bob.forward(await env.bob.post(endings, files=[noise_png()]), env.channel)
    async with env.bot():
        interaction = await env.ann.menu("Dream this", restricted)
        assert "age-restricted" in (await interaction.follow_up()).content
        done = await env.dreamed(await (await env.ann.menu("Dream this", hidden)).response())
        assert done.attachments[0].spoiler


async def test_a_forwarded_dream_belongs_to_the_owner_of_its_image(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        dream = await env.dreamed(
            await (await env.ann.slash("dream", channel=env.channel, image=noise_png())).response()
        )
        await bot.idle()
        forwarded = await env.bob.forward(dream, env.channel)
        await bot.services.guild_store.set_person(env.ann.id, PersonSettings(untouchable=True))
        interaction = await env.bob.menu("Dream this", forwarded)
        assert "does not want" in (await interaction.follow_up()).content
        assert await env.dreamed(await (await env.ann.menu("Dream this", forwarded)).response())


async def test_alt_texts_do_not_contain_those_of_earlier_dreams(env: BotEnvironment) -> None:
    env.ann.set_locale("de")
    async with env.bot():
        interaction = await env.ann.slash("summon", channel=env.channel, what="castle", intensity=1)
        first = await env.dreamed(await interaction.response())
        second = await env.dreamed(await (await env.ann.press(first, "Tiefer")).response())
    said = second.attachments[0].description or ""
    assert said.count("seed:") == 1
    assert "ein Traum von mir" in said[:1].lower() + said[1:]
