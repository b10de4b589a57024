"""What the user reads about files that are truncated, transparent, or no images."""

import io

import numpy as np
import pytest
from PIL import Image

from dreambot.i18n import LOCALES, translator_for
from dreambot.sandbox.messages import Upload
from tests.bot.support import BotEnvironment, decode_pixels
from tests.media.samples import gif
from tests.media.test_signatures import archive, waves


def photo(width: int = 320, height: int = 256) -> bytes:
    """Makes a JPEG of soft noise, so that its bytes are distributed evenly over its rows."""
    noise = np.random.default_rng(3).integers(90, 166, (height, width, 3), np.uint8)
    file = io.BytesIO()
    Image.fromarray(noise).save(file, "JPEG", quality=90)
    return file.getvalue()


def transparent() -> bytes:
    file = io.BytesIO()
    Image.new("RGBA", (300, 260), (200, 40, 30, 0)).save(file, "PNG")
    return file.getvalue()


async def test_a_truncated_image_is_dreamed_and_reported(env: BotEnvironment) -> None:
    data = photo()
    whole = Image.open(io.BytesIO(data)).convert("RGB")
    async with env.bot():
        interaction = await env.ann.slash(
            "dream", channel=env.channel, image=Upload("cut.jpg", data[: len(data) * 95 // 100])
        )
        done = await env.dreamed(await interaction.response())
    assert "is cut off or damaged: about" in done.content
    assert "% of the picture is missing" in done.content
    seen = decode_pixels(done.attachments[0].data)
    assert np.array_equal(seen[:200], 255 - np.asarray(whole)[:200])
    with Image.open(io.BytesIO(done.attachments[0].data)) as image:
        assert image.getchannel("A").getextrema() == (0, 255)


@pytest.mark.parametrize("locale", LOCALES)
async def test_the_errors_are_in_the_users_language(env: BotEnvironment, locale: str) -> None:
    data = photo()
    env.ann.set_locale({"en": "en-US", "es": "es-ES", "pt": "pt-BR"}.get(locale, locale))
    async with env.bot():
        interaction = await env.ann.slash(
            "dream", channel=env.channel, image=Upload("cut.jpg", data[: len(data) * 95 // 100])
        )
        done = await env.dreamed(await interaction.response())
        told = [
            await (await env.ann.slash("dream", channel=env.channel, image=upload)).follow_up()
            for upload in (
                Upload("nothing.png", transparent()),
                Upload("half.jpg", data[: len(data) // 2]),
                Upload("sound.png", waves()),
            )
        ]
    say = translator_for(locale)
    known = say("core-missing-part", percent=0).split("0")
    assert all(part.strip() in done.content for part in known)
    formats = "PNG, JPEG, WebP, GIF, BMP, TIFF, AVIF, MP4, MOV, WebM"
    assert [message.content for message in told] == [
        say("errors-invisible"),
        say("errors-cut-off"),
        say("errors-no-picture-audio", format="WAV", formats=formats),
    ]
    assert all(message.ephemeral for message in told)


async def test_a_truncated_animation_is_dreamed_and_reported(env: BotEnvironment) -> None:
    frames = [Image.fromarray(decode_pixels(photo(64, 48))).rotate(90 * index) for index in range(10)]
    data = gif(frames, duration=100)
    async with env.bot():
        interaction = await env.ann.slash("dream", channel=env.channel, image=Upload("cut.gif", data[:-900]))
        done = await env.dreamed(await interaction.response())
    assert "about 10 % of the picture is missing" in done.content
    with Image.open(io.BytesIO(done.attachments[0].data)) as image:
        assert getattr(image, "n_frames", 1) == 9


async def test_a_file_without_an_end_marker_is_dreamed(env: BotEnvironment) -> None:
    data = photo()
    async with env.bot():
        interaction = await env.ann.slash("dream", channel=env.channel, image=Upload("cut.jpg", data[:-2]))
        done = await env.dreamed(await interaction.response())
    assert "missing" not in done.content
    assert np.array_equal(decode_pixels(done.attachments[0].data), 255 - decode_pixels(data))


async def test_files_that_are_no_images_are_refused_by_type(env: BotEnvironment) -> None:
    async with env.bot():
        for data, expected in (
            (archive(), "I cannot read ZIP files."),
            (b"\xff\x0a" + bytes(99), "I cannot read JPEG XL files."),
            (b"only words\n" * 9, "That file is text, not a picture."),
        ):
            interaction = await env.ann.slash("dream", channel=env.channel, image=Upload("a.png", data))
            told = await interaction.follow_up()
            assert told.content.startswith(expected)
            assert told.content.endswith("I can read PNG, JPEG, WebP, GIF, BMP, TIFF, AVIF, MP4, MOV, WebM.")
