"""Pictures with colour tags look as in Chromium."""

import base64
import struct

import numpy as np
import pytest
from PIL import Image

from dreambot.media.colour import ColourTags, converter_for
from dreambot.media.decode import decode
from dreambot.media.frames import read_frames
from tests.media.samples import cat, chunk, png, save_image
from tests.media.videos import write_tagged_video
from tests.sandbox.browser import open_browser

SWATCHES = [(66, 66, 66), (132, 132, 132), (197, 197, 197), (132, 0, 0), (132, 66, 33)]
PLAIN = "66 132 197 (132,0,0) (132,66,33)"
SRGB = chunk(b"sRGB", b"\0")
P3_PRIMARIES = (0.3127, 0.329, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06)
SRGB_PRIMARIES = (0.3127, 0.329, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06)


def gama(value: int) -> bytes:
    return chunk(b"gAMA", struct.pack(">I", value))


def chrm(*xy: float) -> bytes:
    return chunk(b"cHRM", struct.pack(">8I", *(round(v * 100_000) for v in xy)))


def cicp(primaries: int, transfer: int, matrix: int = 0, full: int = 1) -> bytes:
    return chunk(b"cICP", bytes([primaries, transfer, matrix, full]))


def light_level(nits: int) -> bytes:
    return chunk(b"cLLI", struct.pack(">II", nits * 10_000, 100 * 10_000))


def mastered_on(nits: int) -> bytes:
    return chunk(b"mDCV", struct.pack(">8HII", *[0] * 8, nits * 10_000, 50))


def swatches_png(*extra: bytes) -> bytes:
    """The swatches side by side, eight bits a channel."""
    row = b"\0" + b"".join(bytes(swatch) * 8 for swatch in SWATCHES)
    return png(8 * len(SWATCHES), 8, *extra, pixels=row * 8, kind=2)


def colours(text: str) -> list[tuple[int, ...]]:
    """Parses the colours of a line; one number is a grey."""
    words = [[int(v) for v in word.strip("()").split(",")] for word in text.split()]
    return [tuple(word * 3 if len(word) == 1 else word) for word in words]


def shown(rgb: np.ndarray) -> list[tuple[int, ...]]:
    """The centre of each swatch."""
    height, width, _ = rgb.shape
    step = width // len(SWATCHES)
    return [tuple(rgb[height // 2, step // 2 + step * n].tolist()) for n in range(len(SWATCHES))]


def is_near(found: list[tuple[int, ...]], wanted: list[tuple[int, ...]], by: int) -> bool:
    return np.abs(np.subtract(found, wanted)).max() <= by


# How Chromium 156 displays each, read from screenshots.
PNGS: dict[str, tuple[list[bytes], str]] = {
    "untagged": ([], PLAIN),
    "sRGB": ([SRGB], PLAIN),
    "gAMA of sRGB": ([gama(45455)], PLAIN),
    "gAMA near that of sRGB": ([gama(47000)], PLAIN),
    "gAMA 43000": ([gama(43000)], "59 128 196 (128,0,0) (128,59,23)"),
    "gAMA 50000": ([gama(50000)], "73 141 203 (141,0,0) (141,73,35)"),
    "gAMA of light": ([gama(100000)], "139 190 228 (190,0,0) (190,139,101)"),
    "gAMA 10": ([gama(1000000)], "240 248 252 (248,0,0) (248,240,233)"),
    "gAMA 0": ([gama(0)], PLAIN),
    "gAMA and cHRM of sRGB": ([gama(45455), chrm(*SRGB_PRIMARIES)], "64 133 198 (133,0,0) (133,64,27)"),
    "gAMA and cHRM of P3": ([gama(45455), chrm(*P3_PRIMARIES)], "64 133 198 (146,0,0) (143,59,12)"),
    "a cHRM with a white of D50": (
        [gama(45455), chrm(0.3457, 0.3585, *SRGB_PRIMARIES[2:])],
        "64 133 198 (139,4,7) (138,65,32)",
    ),
    "cHRM alone": ([chrm(*P3_PRIMARIES)], PLAIN),
    "cHRM of nothing": ([gama(45455), chrm(*[0] * 8)], PLAIN),
    "sRGB before gAMA": ([SRGB, gama(100000)], PLAIN),
    "sRGB before gAMA, in any order": ([gama(100000), chrm(*P3_PRIMARIES), SRGB], PLAIN),
    "cICP before sRGB and gAMA": (
        [SRGB, gama(100000), cicp(12, 13)],
        "66 132 197 (145,0,0) (142,61,22)",
    ),
    "Display P3": ([cicp(12, 13)], "66 132 197 (145,0,0) (142,61,22)"),
    "DCI P3": ([cicp(11, 17)], "50 123 197 (131,0,0) (130,45,0)"),
    "BT.2020": ([cicp(9, 14)], "56 125 194 (158,0,0) (153,37,2)"),
    "BT.709": ([cicp(1, 1)], "56 125 194 (125,0,0) (125,56,21)"),
    "BT.601": ([cicp(6, 6)], "56 125 194 (122,12,0) (122,57,20)"),
    "PAL": ([cicp(5, 13)], "66 132 197 (135,0,0) (134,66,34)"),
    "SMPTE 240M": ([cicp(7, 7)], "83 145 204 (141,16,0) (142,84,51)"),
    "gamma 2.2": ([cicp(1, 4)], "64 133 198 (133,0,0) (133,64,27)"),
    "light": ([cicp(1, 8)], "139 190 228 (190,0,0) (190,139,101)"),
    "PQ": ([cicp(9, 16)], "32 142 255 (179,0,0) (177,0,0)"),
    "PQ in P3": ([cicp(12, 16)], "32 142 255 (156,0,0) (155,12,0)"),
    "PQ of 400 nits": ([cicp(9, 16), light_level(400)], "41 173 255 (218,0,0) (216,0,0)"),
    "PQ of 4000 nits": ([cicp(9, 16), light_level(4000)], "32 141 230 (178,0,0) (176,0,0)"),
    "PQ from a screen of 600 nits": ([cicp(9, 16), mastered_on(600)], "37 160 255 (201,0,0) (199,0,0)"),
    "HLG": ([cicp(9, 18)], "44 103 198 (115,0,0) (115,36,10)"),
    "cICP of a limited range": ([cicp(12, 13, 0, 0)], PLAIN),
    "cICP with unspecified values": ([cicp(2, 2)], PLAIN),
    "cICP of an unknown curve": ([cicp(12, 77)], PLAIN),
    "cICP of unknown primaries": ([cicp(77, 13)], PLAIN),
    "cICP of unknown primaries before gAMA": (
        [cicp(77, 13), gama(100000)],
        "139 190 228 (190,0,0) (190,139,101)",
    ),
}


@pytest.mark.parametrize("name", PNGS)
def test_tags_of_a_png(tmp_path, name):
    extra, wanted = PNGS[name]
    path = tmp_path / "a.png"
    path.write_bytes(swatches_png(*extra))
    found = shown(decode(path).rgb)
    exact = wanted == PLAIN
    assert is_near(found, colours(wanted), 0 if exact else 2), found


async def test_chromium_agrees():
    async with open_browser() as browser:
        page = await browser.new_page()
        for name, (extra, _) in PNGS.items():
            data = base64.b64encode(swatches_png(*extra)).decode()
            values = await page.evaluate(
                """async url => {
                    const image = new Image(); image.src = url; await image.decode();
                    const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
                    canvas.drawImage(image, 0, 0);
                    return [...canvas.getImageData(0, 0, image.width, image.height).data];
                }""",
                f"data:image/png;base64,{data}",
            )
            rgb = np.array(values).reshape(8, -1, 4)[..., :3]
            assert is_near(shown(rgb), colours(PNGS[name][1]), 3), (name, shown(rgb))


DEEP = {
    "gAMA of light": (gama(100000), ColourTags(1, 1.0), 800),
    "light": (cicp(1, 8), ColourTags(1, 8), 800),
    "PQ": (cicp(9, 16), ColourTags(9, 16), 20_000),
    "HLG": (cicp(9, 18), ColourTags(9, 18), 20_000),
}


@pytest.mark.parametrize("kind", [0, 2, 6])
@pytest.mark.parametrize("name", DEEP)
def test_all_bits_of_deep_pngs_count(tmp_path, kind, name):
    """Dark colours: with eight bits there would be only four levels."""
    extra, tags, brightest = DEEP[name]
    samples = np.linspace(0, brightest, 256).astype(np.uint16)
    pixels = np.repeat(samples[:, None], {0: 1, 2: 3, 6: 4}[kind], axis=1).astype(">u2")
    if kind == 6:
        pixels[:, 3] = 40_000
    row = b"\0" + pixels.tobytes()
    (tmp_path / "a.png").write_bytes(png(256, 4, extra, pixels=row * 4, depth=16, kind=kind))
    picture = decode(tmp_path / "a.png")
    convert = converter_for(tags)
    assert convert is not None
    wanted = convert(np.repeat(samples[None, :, None], 3, axis=2))
    assert np.array_equal(picture.rgb[:1], wanted)
    assert len(set(wanted[0, :, 1].tolist())) > 20
    assert (picture.alpha is None) == (kind != 6)
    if picture.alpha is not None:
        assert (picture.alpha == 40_000 >> 8).all()


def test_deep_swatches(tmp_path):
    values = np.repeat(np.array(SWATCHES) * 257, 8, axis=0).astype(">u2")
    row = b"\0" + values.tobytes()
    for extra, wanted in ((cicp(9, 16), PNGS["PQ"][1]), (gama(100000), PNGS["light"][1])):
        (tmp_path / "a.png").write_bytes(png(40, 8, extra, pixels=row * 8, depth=16, kind=2))
        assert is_near(shown(decode(tmp_path / "a.png").rgb), colours(wanted), 2)


@pytest.mark.parametrize("depth", [1, 2, 4, 8, 16])
def test_grey_pngs(tmp_path, depth):
    most = 2**depth - 1
    value = most if depth == 1 else round(most * 0.5)
    packed = value.to_bytes(2, "big") if depth == 16 else bytes([sum(value << s for s in range(0, 8, depth))])
    row = b"\0" + packed * (depth // len(packed))
    (tmp_path / "a.png").write_bytes(png(8, 8, gama(100000), pixels=row * 8, depth=depth))
    light = value / most
    expected = 255 * (1.055 * light ** (1 / 2.4) - 0.055)
    assert decode(tmp_path / "a.png").rgb[4, 4] == pytest.approx([expected] * 3, abs=1.5)


def test_palettes(tmp_path):
    palette = chunk(b"PLTE", b"".join(map(bytes, SWATCHES)))
    row = b"\0" + b"".join(bytes([n]) * 8 for n in range(len(SWATCHES)))
    (tmp_path / "a.png").write_bytes(png(40, 8, cicp(12, 13), palette, pixels=row * 8, kind=3))
    assert is_near(shown(decode(tmp_path / "a.png").rgb), colours(PNGS["Display P3"][1]), 2)


def test_alpha_is_not_converted(tmp_path):
    row = b"\0" + b"".join((bytes(swatch) + b"\x80") * 8 for swatch in SWATCHES)
    (tmp_path / "a.png").write_bytes(png(40, 8, cicp(9, 18), pixels=row * 8, kind=6))
    picture = decode(tmp_path / "a.png")
    assert picture.alpha is not None
    assert (picture.alpha == 128).all()
    assert is_near(shown(picture.rgb), colours(PNGS["HLG"][1]), 2)


def test_a_profile_precedes_gama_and_cicp_precedes_a_profile(tmp_path):
    with_profile = save_image(
        Image.new("RGB", (8, 8), (132, 66, 33)), tmp_path / "p.png", icc_profile=linear_profile()
    )
    data = with_profile.read_bytes()
    after_header = 8 + 25
    for extra, wanted in ((gama(200000), (190, 139, 101)), (cicp(12, 13), (142, 61, 22))):
        (tmp_path / "a.png").write_bytes(data[:after_header] + extra + data[after_header:])
        assert decode(tmp_path / "a.png").rgb[4, 4] == pytest.approx(wanted, abs=3)


def linear_profile() -> bytes:
    from tests.media.test_icc_profiles import matrix_profile

    return matrix_profile(1.0)


def test_every_frame_of_an_animation(tmp_path):
    frames = [Image.new("RGB", (16, 16), (shade,) * 3) for shade in (66, 132, 197)]
    path = save_image(frames[0], tmp_path / "a.png", save_all=True, append_images=frames[1:], duration=90)
    data = path.read_bytes()
    path.write_bytes(data[: 8 + 25] + gama(100000) + data[8 + 25 :])
    back = read_frames(path, size=(16, 16))
    assert back.rgb[:, 8, 8, 0].tolist() == pytest.approx([139, 190, 228], abs=1)


AVIFS = {
    "sRGB": (1, 13, 6, PLAIN),
    "Display P3": (12, 13, 6, "66 132 197 (144,0,0) (143,61,21)"),
    "PQ": (9, 16, 9, "32 141 255 (177,0,0) (176,0,0)"),
    "HLG": (9, 18, 9, "44 103 198 (115,0,0) (115,37,10)"),
    "BT.709": (1, 1, 1, PLAIN),
    "BT.2020": (9, 14, 9, "66 132 198 (167,0,0) (159,51,19)"),
    "gamma 2.2": (1, 4, 6, "64 133 198 (133,0,0) (134,64,27)"),
    "light": (1, 8, 6, "139 190 228 (190,0,0) (191,139,100)"),
}


@pytest.mark.parametrize("is_full", [True, False])
@pytest.mark.parametrize("name", AVIFS)
def test_tags_of_an_avif(tmp_path, name, is_full):
    primaries, transfer, matrix, wanted = AVIFS[name]
    path = write_tagged_video(
        tmp_path / "a.avif",
        np.array(SWATCHES) / 255,
        codec="libsvtav1",
        tags=(primaries, transfer, matrix),
        is_full=is_full,
        depth=10 if transfer in (16, 18) else 8,
        frames=1,
    )
    found = shown(decode(path).rgb)
    assert is_near(found, colours(wanted), 9), found


def test_an_animated_avif(tmp_path):
    path = write_tagged_video(
        tmp_path / "a.avif", np.array(SWATCHES) / 255, codec="libsvtav1", tags=(12, 13, 6), is_full=True
    )
    back = read_frames(path, size=(160, 32))
    assert len(back.rgb) == 3
    assert back.loops == 0
    for rgb in back.rgb:
        assert is_near(shown(rgb), colours(AVIFS["Display P3"][3]), 6)


def test_srgb_is_not_converted():
    for tags in (ColourTags(1, 13), ColourTags(1, 1), ColourTags(2, 2), ColourTags(0, 0), ColourTags(1, 14)):
        assert converter_for(tags) is None
    assert converter_for(ColourTags((0.3,) * 8, 2.2)) is None


@pytest.mark.parametrize("transfer", [16, 18])
@pytest.mark.parametrize("peak", [None, 50.0, 400.0, 1000.0, 10_000.0])
def test_hdr_rises_to_white_and_keeps_its_hues(transfer, peak):
    convert = converter_for(ColourTags(9, transfer, peak))
    assert convert is not None
    values = np.linspace(0, 65535, 4096).astype(np.uint16)
    grey = convert(np.stack([values] * 3, axis=-1)[None])[0].astype(int)
    assert (np.diff(grey[:, 0]) >= 0).all()
    assert np.ptp(grey, axis=1).max() <= 1
    assert grey[0, 0] == 0
    assert grey[-1, 0] == 255
    half = convert(np.full((1, 1, 3), (40000, 20000, 20000), np.uint16))[0, 0]
    assert half[0] > 2 * max(half[1:])


def test_eight_and_sixteen_bits_agree():
    dice = np.random.default_rng(3)
    eight = dice.integers(0, 256, (40, 50, 3)).astype(np.uint8)
    for tags in (ColourTags(9, 16), ColourTags(9, 18), ColourTags(12, 13), ColourTags(1, 8)):
        convert = converter_for(tags)
        assert convert is not None
        one, other = convert(eight), convert(eight.astype(np.uint16) * 257)
        assert np.abs(one.astype(int) - other).max() <= 1


def test_pictures_without_tags_are_bit_identical(tmp_path):
    for suffix in ("png", "webp"):
        path = save_image(cat(), tmp_path / f"a.{suffix}", lossless=True)
        assert np.array_equal(decode(path).rgb, np.asarray(cat()))
