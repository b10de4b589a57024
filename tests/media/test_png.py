"""PNG files as Chromium displays them; each value here was read from its canvas."""

import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageCms

from dreambot.media.decode import decode, probe
from dreambot.media.frames import read_frames
from dreambot.media.metadata import read_recipe
from dreambot.media.picture import PictureError
from tests.media.samples import cat, chunk, png

SCENE = np.asarray(cat(32, 24))
PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
PALETTE = bytes([255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255])


def packed(samples: np.ndarray, depth: int) -> bytes:
    """Rows of samples, (height, width, channels), each with the filter byte 0."""
    rows = b""
    for row in samples.reshape(len(samples), -1):
        if depth == 16:
            rows += b"\0" + row.astype(">u2").tobytes()
        else:
            bits = "".join(format(int(value), f"0{depth}b") for value in row)
            bits += "0" * (-len(bits) % 8)
            rows += b"\0" + bytes(int(bits[n : n + 8], 2) for n in range(0, len(bits), 8))
    return rows


def interlaced(samples: np.ndarray, depth: int) -> bytes:
    parts = (samples[y::down, x::across] for x, y, across, down in PASSES)
    return b"".join(packed(part, depth) for part in parts if part.size)


def sampled(
    samples: np.ndarray, depth: int, kind: int, *extra: bytes, adam7: bool = False, keep: float = 1.0
) -> bytes:
    """A PNG of any samples. keep: the share of its compressed pixels that the file contains."""
    height, width = samples.shape[:2]
    header = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, int(adam7))
    stream = zlib.compress(interlaced(samples, depth) if adam7 else packed(samples, depth))
    parts = [chunk(b"IHDR", header), *extra, chunk(b"IDAT", stream[: int(len(stream) * keep)])]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts) + chunk(b"IEND", b"")


def key(*values: int) -> bytes:
    return chunk(b"tRNS", struct.pack(f">{len(values)}H", *values))


def scene(*extra: bytes) -> bytes:
    return sampled(SCENE, 8, 2, *extra)


def seen(tmp_path, data: bytes) -> np.ndarray:
    """The decoded picture, (height, width, 4)."""
    path = tmp_path / "picture.png"
    path.write_bytes(data)
    picture = decode(path)
    alpha = np.full(picture.rgb.shape[:2], 255, np.uint8) if picture.alpha is None else picture.alpha
    return np.dstack([picture.rgb, alpha])


@pytest.mark.parametrize("adam7", [False, True])
@pytest.mark.parametrize("depth", [1, 2, 4, 8, 16])
def test_a_transparent_grey(tmp_path, depth, adam7):
    samples = np.random.default_rng(depth).integers(0, 2**depth, (13, 19, 1))
    chosen = int(samples[3, 4, 0])
    found = seen(tmp_path, sampled(samples, depth, 0, key(chosen), adam7=adam7))
    opaque = samples[..., 0] != chosen
    assert np.array_equal(found[..., 3], np.where(opaque, 255, 0))
    expected = samples[..., 0] * 255 / (2**depth - 1)
    assert np.abs(found[opaque][:, 0] - expected[opaque]).max() <= 0.5


@pytest.mark.parametrize("adam7", [False, True])
@pytest.mark.parametrize("depth", [8, 16])
def test_a_transparent_colour(tmp_path, depth, adam7):
    samples = np.random.default_rng(depth).integers(0, 2**depth, (13, 19, 3))
    # Almost equal: the same high bytes, and one channel off by one.
    samples[0, 0] = samples[2, 2] = samples[12, 18] = (2**depth - 9, 2, 3)
    samples[0, 1] = (2**depth - 9, 2, 4)
    samples[0, 2] = (2**depth - 8, 2, 3)
    found = seen(tmp_path, sampled(samples, depth, 2, key(2**depth - 9, 2, 3), adam7=adam7))
    transparent = np.argwhere(found[..., 3] == 0).tolist()
    assert transparent == [[0, 0], [2, 2], [12, 18]]


@pytest.mark.parametrize("adam7", [False, True])
@pytest.mark.parametrize("depth", [1, 2, 4, 8])
def test_a_palette_with_transparency(tmp_path, depth, adam7):
    rng = np.random.default_rng(depth)
    colours = rng.integers(0, 256, (2**depth, 3)).astype(np.uint8)
    # Other entries of the palette are opaque.
    alpha = rng.integers(1, 256, max(1, 2**depth // 2)).astype(np.uint8)
    samples = rng.integers(0, 2**depth, (13, 19, 1))
    parts = chunk(b"PLTE", colours.tobytes()), chunk(b"tRNS", alpha.tobytes())
    found = seen(tmp_path, sampled(samples, depth, 3, *parts, adam7=adam7))
    whole = np.concatenate([alpha, np.full(2**depth - len(alpha), 255)])
    assert np.array_equal(found, np.dstack([colours[samples[..., 0]], whole[samples[..., 0]]]))


@pytest.mark.parametrize("adam7", [False, True])
@pytest.mark.parametrize("depth", [8, 16])
@pytest.mark.parametrize(("kind", "channels"), [(4, 2), (6, 4)])
def test_an_alpha_channel(tmp_path, kind, channels, depth, adam7):
    samples = np.random.default_rng(depth).integers(2 ** (depth - 4), 2**depth, (13, 19, channels))
    found = seen(tmp_path, sampled(samples, depth, kind, adam7=adam7))
    expected = samples >> 8 if depth == 16 else samples
    assert np.array_equal(found[..., 3], expected[..., -1])
    assert np.array_equal(found[..., :3], np.broadcast_to(expected[..., :-1], (13, 19, 3)))


@pytest.mark.parametrize(
    ("depth", "part", "alpha"),
    [
        (2, key(7), [255, 255, 255, 255]),
        (4, key(0x12), [255, 255, 255, 255]),
        (8, key(0x102), [255, 255, 0, 255]),
        (4, chunk(b"tRNS", b"\2"), [255, 255, 255, 255]),
        (4, chunk(b"tRNS", b"\0\2\0\0"), [255, 255, 0, 255]),
        (4, chunk(b"tRNS", b"\0\2")[:-1] + b"\0", [255, 255, 255, 255]),
        (4, key(2) + key(1), [255, 255, 0, 255]),
    ],
    ids=["above 2 bits", "above 4 bits", "above 8 bits", "short", "long", "wrong checksum", "twice"],
)
def test_odd_transparency(tmp_path, depth, part, alpha):
    samples = np.array([[[0], [1], [2], [3]]] * 4)
    assert seen(tmp_path, sampled(samples, depth, 0, part))[0, :, 3].tolist() == alpha


@pytest.mark.parametrize(
    ("parts", "alpha"),
    [
        ((chunk(b"tRNS", b"\xff\0\x40"), chunk(b"PLTE", PALETTE)), [255, 255, 255, 255]),
        ((chunk(b"PLTE", PALETTE), chunk(b"tRNS", b"\xff\0\x40\x10\x20\x30")), [255, 0, 64, 16]),
        ((chunk(b"PLTE", PALETTE[:6]), chunk(b"tRNS", b"\xff\x20")), [255, 32, 0, 0]),
        ((chunk(b"PLTE", PALETTE), chunk(b"tRNS", b"")), [255, 255, 255, 255]),
    ],
    ids=["before its palette", "longer than its palette", "index outside of the palette", "empty"],
)
def test_odd_palettes(tmp_path, parts, alpha):
    samples = np.array([[[0], [1], [2], [3]]] * 4)
    assert seen(tmp_path, sampled(samples, 2, 3, *parts))[0, :, 3].tolist() == alpha


TEXT = b"".join(b"step %d of a long editing history; " % n for n in range(40_000))
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes() + bytes(1_500_000)


def wrong(data: bytes) -> bytes:
    """A chunk with a wrong checksum."""
    return data[:-4] + bytes(255 - value for value in data[-4:])


@pytest.mark.parametrize(
    "extra",
    [
        chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(TEXT)),
        chunk(b"zTXt", b"workflow\0\0" + zlib.compress(TEXT)),
        chunk(b"tEXt", b"workflow\0" + TEXT),
        chunk(b"zTXt", b"workflow\0\0" + zlib.compress(TEXT)) * 40,
        chunk(b"iCCP", b"p\0\0" + zlib.compress(PROFILE)),
        wrong(chunk(b"tEXt", b"Comment\0hi")),
        wrong(chunk(b"iCCP", b"p\0\0" + zlib.compress(b"x"))),
        wrong(chunk(b"tIME", bytes(7))),
        wrong(chunk(b"eXIf", b"MM\0*")),
        chunk(b"gAMA", b"\0\0"),
        chunk(b"pHYs", b"\0\0"),
        chunk(b"sRGB", b""),
        chunk(b"cHRM", b"\0\0"),
        chunk(b"iCCP", b"p\0\1" + zlib.compress(b"x")),
        chunk(b"iCCP", b"p\0\0" + zlib.compress(PROFILE)[:99]),
        chunk(b"iCCP", b"no end of the name"),
        chunk(b"zTXt", b"no end of the name"),
        chunk(b"iTXt", b""),
        chunk(b"eXIf", b"MM\0*\xff\xff\xff\xff"),
        chunk(b"eXIf", b"garbage"),
        chunk(b"acTL", b"\0\0"),
        chunk(b"fcTL", b"\0\0"),
        chunk(b"abCd", b"unknown"),
        chunk(b"ab\1d", b"no type"),
        struct.pack(">I", 5) + chunk(b"tEXt", b"Comment\0hello world")[4:],
        struct.pack(">I", 25) + chunk(b"tEXt", b"Comment\0hello world")[4:],
        struct.pack(">I", 0x7FFFFFFF) + chunk(b"tEXt", b"Comment\0hello")[4:],
    ],
)
def test_other_chunks_do_not_matter(tmp_path, extra):
    assert np.array_equal(seen(tmp_path, scene(extra))[..., :3], SCENE)
    assert probe(tmp_path / "picture.png").format == "PNG"
    recipe = chunk(b"iTXt", b"dreambot\0\0\0\0\0{}")
    data = scene(recipe, extra)
    (tmp_path / "ours.png").write_bytes(data)
    assert read_recipe(tmp_path / "ours.png") == "{}"


@pytest.mark.parametrize(
    "data",
    [
        scene()[:-12],
        scene()[:-4] + b"abcd",
        scene() + b"junk" * 99,
        scene()[:-12] + struct.pack(">I", 500) + b"tEXtcut off",
        scene()[:-12] + chunk(b"tEXt", b"late\0text") + chunk(b"IEND", b""),
    ],
    ids=["no end", "wrong checksum of the end", "junk after the end", "cut off in text", "text at the end"],
)
def test_the_end_of_a_file_does_not_matter(tmp_path, data):
    assert np.array_equal(seen(tmp_path, data)[..., :3], SCENE)


def test_checksums_of_pixels_do_not_matter(tmp_path):
    noise = np.random.default_rng(1).integers(0, 256, (24, 32, 3))
    stream = zlib.compress(packed(noise, 8))
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 32, 24, 8, 2, 0, 0, 0))
    for pixels in (
        wrong(chunk(b"IDAT", stream)),
        chunk(b"IDAT", stream[:2000]) + wrong(chunk(b"IDAT", stream[2000:])),
        chunk(b"IDAT", stream[:-1] + bytes([stream[-1] ^ 1])),
        chunk(b"IDAT", stream + b"more"),
        chunk(b"IDAT", stream[:2000]) + chunk(b"tEXt", b"in\0between") + chunk(b"IDAT", stream[2000:]),
    ):
        data = b"\x89PNG\r\n\x1a\n" + header + pixels + chunk(b"IEND", b"")
        assert np.array_equal(seen(tmp_path, data)[..., :3], noise)


def test_useless_profiles_are_ignored(tmp_path):
    red = np.full((8, 8, 3), (200, 40, 30))
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    plain = seen(tmp_path, sampled(red, 8, 2))
    # A profile of another colour space is ignored, as is one that is too large.
    for profile in (lab, bytes(5 * 2**20)):
        part = chunk(b"iCCP", b"p\0\0" + zlib.compress(profile))
        assert np.array_equal(seen(tmp_path, sampled(red, 8, 2, part)), plain)


XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"/></rdf:RDF>'
    b"</x:xmpmeta>"
)


@pytest.mark.parametrize("suffix", ["png", "jpg", "webp", "avif", "tiff"])
def test_an_orientation_in_xmp_is_ignored(tmp_path, suffix):
    path = tmp_path / f"xmp.{suffix}"
    if suffix == "png":
        path.write_bytes(scene(chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP)))
    elif suffix == "tiff":
        cat(32, 24).save(path, tiffinfo={700: XMP})
    else:
        cat(32, 24).save(path, xmp=XMP)
    assert decode(path).rgb.shape == (24, 32, 3)
    assert (probe(path).width, probe(path).height) == (32, 24)


def test_an_orientation_in_exif_is_applied_as_in_browsers(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    content = exif.tobytes().removeprefix(b"Exif\0\0")
    part = chunk(b"eXIf", content)
    raw = b"\nexif\n%8d\n" % len(content) + content.hex().encode()
    cat(32, 24).save(tmp_path / "turned.webp", exif=exif)
    assert seen(tmp_path, scene(part)).shape[:2] == (32, 24)
    assert seen(tmp_path, scene(wrong(part))).shape[:2] == (24, 32)
    assert seen(tmp_path, scene()[:-12] + part + chunk(b"IEND", b"")).shape[:2] == (24, 32)
    assert seen(tmp_path, scene(chunk(b"eXIf", b"Exif\0\0" + content))).shape[:2] == (24, 32)
    zipped = chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(raw))
    assert seen(tmp_path, scene(zipped)).shape[:2] == (24, 32)
    assert decode(tmp_path / "turned.webp").rgb.shape == (24, 32, 3)


def frame(number: int, box: tuple[int, int, int, int], dispose: int, blend: int) -> bytes:
    x, y, width, height = box
    return chunk(b"fcTL", struct.pack(">5I2H2B", number, width, height, x, y, 100, 1000, dispose, blend))


def animated(
    depth: int, kind: int, extra: bytes, frames: list[tuple[np.ndarray, int, int, int, int]], still: bool
) -> bytes:
    """An animated PNG. frames: samples, x, y, dispose, blend. still: add a picture that is not a frame."""
    first = frames[0][0]
    height, width = first.shape[:2]
    parts = [chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 0))]
    parts += [chunk(b"acTL", struct.pack(">II", len(frames), 0)), extra]
    if still:
        parts.append(chunk(b"IDAT", zlib.compress(packed(np.zeros_like(first), depth))))
    # Frame controls and frame data share one sequence of numbers.
    number = 0
    for index, (samples, x, y, dispose, blend) in enumerate(frames):
        box = (x, y, samples.shape[1], samples.shape[0])
        data = zlib.compress(packed(samples, depth))
        parts.append(frame(number, box, dispose, blend))
        number += 1
        if index == 0 and not still:
            parts.append(chunk(b"IDAT", data))
        else:
            parts.append(chunk(b"fdAT", struct.pack(">I", number) + data))
            number += 1
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts) + chunk(b"IEND", b"")


def flat(value: object, width: int, height: int) -> np.ndarray:
    return np.broadcast_to(np.array(value), (height, width, np.array(value).size))


WHITE, RED, GREEN = [255, 255, 255], [255, 0, 0], [0, 255, 0]
HALF_GREEN = [127, 128, 0]


@pytest.mark.parametrize("still", [False, True])
@pytest.mark.parametrize(
    ("dispose", "blend", "second", "third"),
    [
        (0, 0, [127, 255, 127], [127, 255, 127]),
        (0, 1, HALF_GREEN, HALF_GREEN),
        (1, 0, [127, 255, 127], WHITE),
        (1, 1, HALF_GREEN, WHITE),
        (2, 0, [127, 255, 127], RED),
        (2, 1, HALF_GREEN, RED),
    ],
)
def test_animations_blend_and_dispose_as_in_browsers(tmp_path, dispose, blend, second, third, still):
    """A half transparent green square on red, on white: while it is displayed and afterwards."""
    frames = [
        (flat((255, 0, 0, 255), 8, 8), 0, 0, 0, 0),
        (flat((0, 255, 0, 128), 4, 4), 2, 2, dispose, blend),
        (flat((0, 0, 255, 255), 1, 1), 7, 7, 0, 0),
    ]
    (tmp_path / "a.png").write_bytes(animated(8, 6, b"", frames, still))
    shown = read_frames(tmp_path / "a.png", size=(8, 8)).rgb
    assert np.abs(shown[:, 3, 3].astype(int) - [RED, second, third]).max() <= 1
    assert (shown[:, 0, 0] == RED).all()
    assert shown[2, 7, 7].tolist() == [0, 0, 255]
    assert decode(tmp_path / "a.png").rgb[3, 3].tolist() == RED, "the first frame, as in browsers"


@pytest.mark.parametrize("dispose", [1, 2])
def test_the_first_frame_is_disposed(tmp_path, dispose):
    frames = [(flat((255, 0, 0, 255), 8, 8), 0, 0, dispose, 0), (flat((0, 255, 0, 255), 4, 4), 2, 2, 0, 1)]
    (tmp_path / "a.png").write_bytes(animated(8, 6, b"", frames, still=False))
    shown = read_frames(tmp_path / "a.png", size=(8, 8)).rgb
    assert shown[1, 3, 3].tolist() == GREEN
    assert shown[1, 0, 0].tolist() == WHITE


@pytest.mark.parametrize(
    ("depth", "kind", "extra", "shown", "hidden", "colour"),
    [
        (1, 0, key(1), [0], [1], [0, 0, 0]),
        (2, 0, key(3), [1], [3], [85, 85, 85]),
        (4, 0, key(9), [5], [9], [85, 85, 85]),
        (16, 0, key(9), [257 * 99], [9], [99, 99, 99]),
        (8, 2, key(1, 2, 3), [255, 0, 0], [1, 2, 3], RED),
        (16, 2, key(1, 2, 3), [65535, 0, 0], [1, 2, 3], RED),
        (2, 3, chunk(b"PLTE", PALETTE) + chunk(b"tRNS", b"\xff\0"), [0], [1], RED),
    ],
)
def test_transparency_in_animations_of_any_kind(tmp_path, depth, kind, extra, shown, hidden, colour):
    frames = [
        (flat(hidden, 8, 8), 0, 0, 0, 0),
        (flat(shown, 4, 8), 0, 0, 0, 1),
        (flat(hidden, 8, 8), 0, 0, 0, 1),
    ]
    (tmp_path / "a.png").write_bytes(animated(depth, kind, extra, frames, still=False))
    found = read_frames(tmp_path / "a.png", size=(8, 8)).rgb
    assert found[:, 0, 0].tolist() == [WHITE, colour, colour]
    assert found[:, 0, 7].tolist() == [WHITE] * 3
    picture = decode(tmp_path / "a.png")
    assert picture.alpha is not None
    assert picture.alpha[0].tolist() == [255] * 4 + [0] * 4, "the first visible frame"


def test_an_invisible_animation_is_refused(tmp_path):
    frames = [(flat((9, 9, 9, 0), 8, 8), 0, 0, 0, 0)] * 3
    (tmp_path / "a.png").write_bytes(animated(8, 6, b"", frames, still=False))
    for read in (probe, decode):
        with pytest.raises(PictureError, match="completely transparent"):
            read(tmp_path / "a.png")


def test_a_frame_outside_of_its_canvas_ends_the_animation(tmp_path):
    frames = [(flat((255, 0, 0, 255), 8, 8), 0, 0, 0, 0), (flat((0, 255, 0, 255), 4, 4), 6, 6, 0, 0)]
    (tmp_path / "a.png").write_bytes(animated(8, 6, b"", frames, still=False))
    back = read_frames(tmp_path / "a.png", size=(8, 8))
    assert (len(back.rgb), back.complete) == (1, False)


def test_missing_pixels_are_transparent(tmp_path):
    """Browsers leave them transparent."""
    noise = np.random.default_rng(1).integers(0, 256, (100, 40, 3))
    data = sampled(noise, 8, 2, keep=0.95)
    found = seen(tmp_path, data)
    rows = int((found[..., 3] == 255).all(axis=1).sum())
    assert 93 <= rows <= 95
    assert np.array_equal(found[:rows, :, :3], noise[:rows])
    assert not found[rows + 1 :, :, 3].any()
    assert decode(tmp_path / "picture.png").missing == pytest.approx(1 - rows / 100, abs=0.01)


def test_missing_interlaced_pixels_repeat_the_row_above(tmp_path):
    """Browsers repeat the row above, if there is one."""
    noise = np.random.default_rng(1).integers(0, 256, (100, 40, 3))
    found = seen(tmp_path, sampled(noise, 8, 2, adam7=True, keep=0.95))
    assert (found[..., 3] == 255).all()
    assert np.array_equal(found[::2, :, :3], noise[::2])
    assert np.array_equal(found[1:80:2, :, :3], noise[1:80:2])
    assert np.array_equal(found[99, :, :3], noise[98])
    assert decode(tmp_path / "picture.png").missing == pytest.approx(0.05, abs=0.01)


@pytest.mark.parametrize("adam7", [False, True])
@pytest.mark.parametrize("keep", [0.0, 0.3, 0.8])
def test_too_many_missing_pixels(tmp_path, adam7, keep):
    noise = np.random.default_rng(1).integers(0, 256, (100, 40, 3))
    (tmp_path / "cut.png").write_bytes(sampled(noise, 8, 2, adam7=adam7, keep=keep))
    for read in (probe, decode):
        with pytest.raises(PictureError, match="damaged"):
            read(tmp_path / "cut.png")


@pytest.mark.parametrize(
    "data",
    [
        png(8, 8, depth=3),
        png(8, 8, depth=16, kind=3),
        sampled(np.zeros((4, 4, 1), int), 2, 3),
        wrong(scene()[:33])[:33] + scene()[33:],
    ],
    ids=["a depth that is none", "a palette of 16 bits", "no palette", "wrong checksum of the header"],
)
def test_damaged_headers(tmp_path, data):
    (tmp_path / "damaged.png").write_bytes(data)
    with pytest.raises(PictureError, match="damaged"):
        decode(tmp_path / "damaged.png")
