"""Every kind of picture is decoded to what a person would see."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from dreambot.media.decode import decode, fit_size, probe
from dreambot.media.picture import PictureError
from dreambot.media.srgb import to_rgb
from tests.media.samples import PHOTOS, cat, half_transparent, png, psnr, save_image

PLENTY = 10**7


def decoded(path: Path) -> np.ndarray:
    return decode(path, max_pixels=PLENTY).rgb


@pytest.mark.parametrize(
    ("suffix", "options", "near"),
    [
        ("png", {}, 99),
        ("bmp", {}, 99),
        ("tiff", {}, 99),
        ("tiff", {"compression": "tiff_lzw"}, 99),
        ("webp", {"lossless": True}, 99),
        ("webp", {"quality": 95}, 33),
        ("jpg", {"quality": 95, "subsampling": 0}, 33),
        ("jpg", {"quality": 90, "progressive": True}, 28),
        ("avif", {"quality": 95}, 33),
        ("gif", {}, 25),
    ],
)
def test_every_format_looks_like_the_cat(tmp_path, suffix, options, near):
    path = save_image(cat(), tmp_path / f"cat.{suffix}", **options)
    assert psnr(decoded(path), np.asarray(cat())) >= near


@pytest.mark.parametrize(
    ("mode", "suffix"),
    [
        *((mode, "png") for mode in ("1", "L", "LA", "P", "RGBA", "I;16")),
        *((mode, "tiff") for mode in ("CMYK", "YCbCr", "LAB", "F", "I", "I;16", "LA", "RGBA")),
        *((mode, "jpg") for mode in ("CMYK", "YCbCr", "L")),
        *(("P", "gif"), ("RGBA", "webp"), ("RGBA", "avif"), ("1", "bmp")),
    ],
)
def test_every_mode_keeps_its_brightness(tmp_path, mode, suffix):
    grey = np.asarray(cat().convert("L"))
    if mode == "I;16":
        image = Image.fromarray(grey.astype(np.uint16) * 257)
    elif mode == "LAB":
        profiles = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
        image = ImageCms.profileToProfile(cat(), *profiles, outputMode="LAB")
    else:
        image = cat().convert(mode)
    options = {"quality": 95} if suffix in ("jpg", "webp", "avif") else {}
    seen = decoded(save_image(image, tmp_path / f"cat.{suffix}", **options))
    assert seen.shape == (64, 96, 3)
    assert seen.dtype == np.uint8
    blocks = [
        np.asarray(Image.fromarray(x).convert("L").resize((12, 8), Image.Resampling.BOX))
        for x in (seen, grey)
    ]
    assert np.abs(blocks[0].astype(int) - blocks[1]).mean() < 8


@pytest.mark.parametrize("mode", ["PA", "La", "RGBa", "RGBX", "HSV", "I;16B", "I;16L"])
def test_modes_that_only_some_files_have(mode):
    image = cat().convert("RGBA").convert("PA" if mode == "PA" else "RGBA")
    if mode.startswith("I;16"):
        deep = np.asarray(cat().convert("L")).astype(">u2" if mode.endswith("B") else "<u2") * 257
        image = Image.frombytes(mode, (96, 64), deep.astype(deep.dtype).tobytes())
    elif mode == "La":
        image = cat().convert("LA").convert("La")
    elif mode != "PA":
        image = (cat().convert("RGBA") if mode == "RGBa" else cat()).convert(mode)
    rgb, alpha = to_rgb(image)
    assert alpha is None
    assert rgb.mode == "RGB"
    grey = [np.asarray(x.convert("L").resize((12, 8)), float) for x in (rgb, cat())]
    assert np.abs(grey[0] - grey[1]).mean() < 8


@pytest.mark.parametrize("mode", ["RGB", "LAB", "CMYK"])
def test_colours_survive(tmp_path, mode):
    image = Image.new("RGB", (8, 8), (200, 60, 30))
    if mode == "LAB":
        profiles = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
        image = ImageCms.profileToProfile(image, *profiles, outputMode="LAB")
    path = save_image(image.convert(mode) if mode == "CMYK" else image, tmp_path / "red.tiff")
    assert np.abs(decoded(path)[4, 4].astype(int) - (200, 60, 30)).max() <= 2


def test_sixteen_bits_are_scaled_not_clipped(tmp_path):
    ramp = np.linspace(0, 65535, 256).astype(np.uint16)[None].repeat(16, 0)
    seen = decoded(save_image(Image.fromarray(ramp), tmp_path / "ramp.png"))
    assert np.array_equal(seen[0, :, 0], np.arange(256))


def test_sixteen_bit_colour(tmp_path):
    row = np.array([[60000, 30000, 100]] * 8, ">u2").tobytes()
    (tmp_path / "deep.png").write_bytes(png(8, 8, pixels=(b"\0" + row) * 8, depth=16, kind=2))
    assert np.abs(decoded(tmp_path / "deep.png")[3, 3].astype(int) - (233, 117, 0)).max() <= 1


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0.0, 0.5, 1.0], [0, 128, 255]),
        ([0.0, 100.0, 255.0], [0, 100, 255]),
        ([-1.0, 0.0, 1.0], [0, 128, 255]),
        ([0.0, 1e6, 2e6], [0, 128, 255]),
        ([float("nan"), 0.5, 1.0], [0, 128, 255]),
        ([7e5, 7e5, 7e5], [0, 0, 0]),
    ],
)
def test_floats_find_their_white(tmp_path, values, expected):
    image = Image.fromarray(np.array([values] * 3, np.float32))
    seen = decoded(save_image(image, tmp_path / "float.tiff"))
    assert np.abs(seen[0, :, 0].astype(int) - expected).max() <= 1


def test_alpha_is_separate_and_hidden_colours_are_replaced(tmp_path):
    picture = decode(save_image(half_transparent(), tmp_path / "half.png"), max_pixels=PLENTY)
    assert picture.alpha is not None
    assert (picture.alpha[:, :16] == 255).all()
    assert (picture.alpha[:, 16:] == 0).all()
    mean = np.asarray(half_transparent())[:, :16, :3].reshape(-1, 3).mean(0)
    assert np.abs(picture.rgb[:, 16:] - mean).max() <= 1


def test_hidden_colours_do_not_bleed_when_scaled(tmp_path):
    picture = decode(save_image(half_transparent(128), tmp_path / "half.png"), max_pixels=32 * 32)
    assert picture.alpha is not None
    seen = picture.rgb[picture.alpha > 16].astype(int)
    assert (seen[:, 1] <= seen[:, 0] + 40).all(), "green from under the transparent half"


def test_palette_transparency(tmp_path):
    image = cat().quantize(16)
    path = save_image(image, tmp_path / "p.png", transparency=bytes([0] + [255] * 15))
    picture = decode(path, max_pixels=PLENTY)
    assert picture.alpha is not None
    assert np.array_equal(picture.alpha == 0, np.asarray(image) == 0)


def test_transparent_gif(tmp_path):
    image = cat().quantize(16)
    picture = decode(save_image(image, tmp_path / "p.gif", transparency=3), max_pixels=PLENTY)
    assert picture.alpha is not None
    assert np.array_equal(picture.alpha == 0, np.asarray(image) == 3)


def test_sixteen_bit_transparent_grey(tmp_path):
    values = np.array([[5, 600, 60000]] * 3, np.uint16)
    path = save_image(Image.fromarray(values), tmp_path / "t.png", transparency=600)
    picture = decode(path, max_pixels=PLENTY)
    assert picture.alpha is not None
    assert picture.alpha[0].tolist() == [255, 0, 255]


def test_opaque_alpha_is_dropped(tmp_path):
    assert decode(save_image(cat().convert("RGBA"), tmp_path / "o.png"), max_pixels=PLENTY).alpha is None


@pytest.mark.parametrize(
    ("suffix", "alpha"), [("png", 0), ("png", 7), ("webp", 0), ("webp", 7), ("avif", 0), ("gif", 0)]
)
def test_wholly_transparent_pictures_are_refused(tmp_path, suffix, alpha):
    path = save_image(Image.new("RGBA", (9, 7), (255, 0, 255, alpha)), tmp_path / f"t.{suffix}")
    for read in (
        probe,
        lambda file: decode(file, max_pixels=PLENTY),
        lambda file: decode(file, size=(32, 24)),
    ):
        with pytest.raises(PictureError, match="completely transparent"):
            read(path)


@pytest.mark.parametrize("alpha", [8, 255])
def test_one_visible_pixel_is_enough(tmp_path, alpha):
    image = Image.new("RGBA", (9, 7), (255, 0, 255, 0))
    image.putpixel((4, 3), (1, 2, 3, alpha))
    picture = decode(save_image(image, tmp_path / "t.png"), max_pixels=PLENTY)
    assert (picture.rgb == (1, 2, 3)).all()


@pytest.mark.parametrize("suffix", ["jpg", "png", "tiff", "avif"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation(tmp_path, suffix, orientation):
    quadrants = np.zeros((48, 64, 3), np.uint8)
    quadrants[:24, :32], quadrants[:24, 32:], quadrants[24:, :32] = (250, 0, 0), (0, 250, 0), (0, 0, 250)
    undo = [None, None, 0, 3, 1, 5, 2, 6, 4][orientation]
    image = Image.fromarray(quadrants)
    stored = image if undo is None else image.transpose(Image.Transpose(undo))
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = save_image(stored, tmp_path / f"turned.{suffix}", exif=exif.tobytes())
    assert psnr(decoded(path), quadrants) > 20, "as Chromium shows it"
    small = decode(path, max_pixels=48 * 64 // 4).rgb
    assert small.shape == (24, 32, 3)
    seen = probe(path)
    assert (seen.width, seen.height) == (64, 48)


@pytest.mark.parametrize("exif", [b"Exif\0\0garbage", b"Exif\0\0MM\0*\0\0\xff\xff", b"x"])
def test_broken_exif_is_ignored(tmp_path, exif):
    path = save_image(cat(), tmp_path / "e.jpg", exif=exif)
    assert decoded(path).shape == (64, 96, 3)
    assert probe(path).width == 96


def test_phone_photos_with_a_second_picture_are_jpegs(tmp_path):
    path = tmp_path / "phone.jpg"
    cat().save(path, "MPO", save_all=True, append_images=[cat(32, 32)])
    seen = probe(path)
    assert (seen.format, seen.frames, seen.width) == ("JPEG", 1, 96)
    assert psnr(decoded(path), np.asarray(cat())) > 25


def test_first_frame_of_an_animation(tmp_path):
    path = tmp_path / "a.gif"
    cat().save(path, save_all=True, append_images=[Image.new("RGB", (96, 64))] * 3, duration=0)
    assert psnr(decoded(path), np.asarray(cat())) > 25


@pytest.mark.parametrize(
    "photo", ["rocket.jpg", "retina.jpg", "coffee.png", "phantom.png", "moon.png", "logo.png"]
)
def test_real_pictures_fit_the_requested_size(photo):
    picture = decode(PHOTOS / photo, max_pixels=30_000)
    with Image.open(PHOTOS / photo) as image:
        aspect = image.width / image.height
    assert 27_000 < picture.width * picture.height <= 30_000
    assert picture.width / picture.height == pytest.approx(aspect, rel=0.02)


@given(width=st.integers(1, 20_000), height=st.integers(1, 20_000), most=st.integers(1, 10**7))
def test_fit_size_keeps_aspect_and_limit(width, height, most):
    small = fit_size((width, height), most)
    assert 1 <= small[0] <= width
    assert 1 <= small[1] <= height
    assert small[0] * small[1] <= most or small == (width, height)
    if width * height <= most:
        assert small == (width, height)
    elif min(small) > 20:
        assert small[0] / small[1] == pytest.approx(width / height, rel=0.06)


@pytest.mark.parametrize("size", [(600, 400), (300, 200), (33, 22), (1200, 800), (601, 400)])
def test_exactly_the_requested_size(size):
    picture = decode(PHOTOS / "coffee.png", size=size)
    assert (picture.width, picture.height) == size
    with Image.open(PHOTOS / "coffee.png") as image:
        expected = np.asarray(image.resize(size, Image.Resampling.LANCZOS))
    assert psnr(picture.rgb, expected) > 32


def test_an_exact_size_keeps_transparency_and_turn(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    path = save_image(half_transparent(64), tmp_path / "t.png", exif=exif)
    picture = decode(path, size=(48, 40))
    assert picture.alpha is not None
    assert picture.alpha.shape == (40, 48)
    assert picture.alpha[:15].min() == 255
    assert picture.alpha[-15:].max() == 0


@pytest.mark.parametrize("size", [(1, 1), (1, 40), (40, 1)])
def test_tiny_pictures(tmp_path, size):
    path = save_image(Image.new("RGB", size, (9, 99, 199)), tmp_path / "tiny.png")
    assert decoded(path)[0, 0].tolist() == [9, 99, 199]
    assert len(probe(path).masking) == 33


def test_pixels_can_be_written(tmp_path):
    picture = decode(save_image(half_transparent(), tmp_path / "half.png"), max_pixels=PLENTY)
    picture.rgb[0, 0] = 1
    assert picture.alpha is not None
    picture.alpha[0, 0] = 1


def test_missing_file(tmp_path):
    with pytest.raises(PictureError, match=r"no file called “nothing\.png”"):
        decode(tmp_path / "nothing.png", max_pixels=PLENTY)
