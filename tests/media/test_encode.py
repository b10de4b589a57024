"""Encoded files fit the limit and look like the original."""

import io

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from dreambot.media.decode import decode
from dreambot.media.encode import EncodedFile, encode, encode_preview
from dreambot.media.picture import Picture
from tests.media.samples import ROCKET, psnr

SMALLEST = 700  # a JPEG of one pixel takes 631
PHOTO = decode(ROCKET, max_pixels=120_000)


def with_transparency(picture: Picture) -> Picture:
    fade = np.linspace(0, 255, picture.width).astype(np.uint8)
    return Picture(picture.rgb, np.tile(fade, (picture.height, 1)))


def opened(file: EncodedFile) -> Image.Image:
    image = Image.open(io.BytesIO(file.data))
    assert image.format == file.format
    assert image.size == (file.width, file.height)
    return image


@pytest.mark.parametrize("shape", [(1, 1), (1, 7), (33, 65), (240, 320)])
def test_png_is_exact(shape):
    rng = np.random.default_rng(7)
    rgb, alpha = rng.integers(0, 256, (*shape, 3), np.uint8), rng.integers(0, 256, shape, np.uint8)
    plain = encode(Picture(rgb))
    assert (plain.format, plain.extension) == ("PNG", "png")
    assert np.array_equal(np.asarray(opened(plain)), rgb)
    assert np.array_equal(np.asarray(opened(encode(Picture(rgb, alpha)))), np.dstack([rgb, alpha]))


def test_png_comes_back_through_our_own_decoder(tmp_path):
    (tmp_path / "out.png").write_bytes(encode(PHOTO).data)
    assert np.array_equal(decode(tmp_path / "out.png", max_pixels=10**9).rgb, PHOTO.rgb)


def test_a_generous_limit_keeps_png():
    assert encode(PHOTO, limit=10**7).format == "PNG"


def test_a_tighter_limit_costs_little_to_see():
    exact = len(encode(PHOTO).data)
    file = encode(PHOTO, limit=exact // 2)
    assert (file.width, file.height) == (PHOTO.width, PHOTO.height)
    assert psnr(np.asarray(opened(file).convert("RGB")), PHOTO.rgb) > 35


def test_a_larger_limit_never_looks_worse():
    looks = []
    for limit in (6_000, 12_000, 25_000, 50_000):
        file = encode(PHOTO, limit=limit)
        same = opened(file).convert("RGB").resize((PHOTO.width, PHOTO.height))
        looks.append(psnr(np.asarray(same), PHOTO.rgb))
    assert looks == sorted(looks)


@settings(max_examples=40, suppress_health_check=[HealthCheck.differing_executors])
@given(
    limit=st.integers(SMALLEST, 200_000),
    alpha=st.booleans(),
    recipe=st.sampled_from([None, '{"version": 1}', '{"ü": "' + "x" * 3000 + '"}']),
    format=st.sampled_from([None, None, "PNG", "WEBP", "JPEG"]),
)
def test_encoding_never_fails(limit, alpha, recipe, format):
    picture = with_transparency(PHOTO) if alpha else PHOTO
    file = encode(picture, limit=limit, recipe_json=recipe, format=format)
    assert len(file.data) <= limit
    image = opened(file)
    image.load()
    assert file.format == format or format is None
    if max(image.size) > 40:
        assert image.width / image.height == pytest.approx(picture.width / picture.height, rel=0.1)
    if alpha and format != "JPEG" and image.width > 40:
        assert image.has_transparency_data
        opacity = np.asarray(image.convert("RGBA"))[..., 3]
        assert opacity[:, 0].max() < 40
        assert opacity[:, -1].min() > 215


@pytest.mark.parametrize("limit", [0, 1, 30, 60])
@pytest.mark.parametrize("format", [None, "PNG", "WEBP", "JPEG"])
def test_an_absurd_limit_gives_one_pixel(limit, format):
    file = encode(PHOTO, limit=limit, format=format)
    assert max(opened(file).size) <= 4
    assert len(file.data) < SMALLEST


def test_very_long_pictures_find_a_format():
    noise = np.random.default_rng(3).integers(0, 256, (4, 20_000, 3), np.uint8)
    file = encode(Picture(noise), limit=100_000)
    assert file.width == 20_000
    assert file.format == "JPEG"
    faded = encode(with_transparency(Picture(noise)), limit=100_000)
    assert (faded.format, len(faded.data) <= 100_000) == ("WEBP", True)


def test_jpeg_puts_transparent_pictures_on_white():
    picture = Picture(np.zeros((16, 16, 3), np.uint8), np.zeros((16, 16), np.uint8))
    assert np.asarray(opened(encode(picture, format="JPEG"))).min() > 250


def test_one_format_without_a_limit():
    assert encode(PHOTO, format="WEBP").extension == "webp"
    assert encode(PHOTO, format="JPEG").extension == "jpg"
    with pytest.raises(ValueError, match="PNG, WEBP, JPEG"):
        encode(PHOTO, format="BMP")


@pytest.mark.parametrize("shape", [(1, 1, 3), (427, 640, 3), (3000, 20, 3)])
def test_preview_is_small(shape):
    data = encode_preview(np.full(shape, 77, np.uint8))
    with Image.open(io.BytesIO(data)) as image:
        assert image.format == "JPEG"
        assert max(image.size) <= 512
        assert image.getpixel((0, 0)) == (77, 77, 77)
    assert len(data) < 20_000
