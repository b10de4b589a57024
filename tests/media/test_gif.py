"""GIF files as Chromium displays them; each value here was read from its canvas."""

import struct
from dataclasses import dataclass, field

import numpy as np
import pytest
from PIL import Image

from dreambot.media.decode import decode, probe
from dreambot.media.frames import read_frames
from dreambot.media.metadata import read_recipe
from dreambot.media.picture import PictureError
from tests.media.samples import cat

COLOURS = {"R": (255, 0, 0), "G": (0, 255, 0), "B": (0, 0, 255), "W": (255, 255, 255), ".": (255, 255, 255)}
PALETTE = bytes([255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255])
LOOP = b"!\xff\x0bNETSCAPE2.0\3\1\0\0\0"


@dataclass(frozen=True)
class Drawn:
    """A frame of one colour, by its index, or of one index for each pixel. key: the transparent index."""

    x: int
    y: int
    width: int
    height: int
    indices: int | list[int]
    disposal: int = 1
    key: int | None = None
    palette: bytes = b""
    interlaced: bool = False
    data: bytes | None = field(default=None)

    @property
    def bytes(self) -> bytes:
        flags = self.disposal << 2 | (self.key is not None)
        control = b"!\xf9\4" + struct.pack("<BHB", flags, 20, self.key or 0) + b"\0"
        flags = (0x81 if self.palette else 0) | (0x40 if self.interlaced else 0)
        place = struct.pack("<HHHHB", self.x, self.y, self.width, self.height, flags)
        indices = self.indices
        if isinstance(indices, int):
            indices = [indices] * (self.width * self.height)
        return control + b"," + place + self.palette + (packed(indices) if self.data is None else self.data)


def packed(indices: list[int]) -> bytes:
    """Two-bit LZW that begins again before each pixel."""
    codes = [code for index in indices for code in (4, index)] + [5]
    bits = sum(code << 3 * place for place, code in enumerate(codes))
    raw = bits.to_bytes(-(-3 * len(codes) // 8), "little")
    blocks = (raw[n : n + 255] for n in range(0, len(raw), 255))
    return b"\2" + b"".join(bytes([len(block)]) + block for block in blocks) + b"\0"


def gif(
    *frames: Drawn,
    canvas: tuple[int, int] = (8, 8),
    background: int = 0,
    extra: bytes = LOOP,
    end: bytes = b";",
) -> bytes:
    head = b"GIF89a" + struct.pack("<HHBBB", *canvas, 0x91, background, 0) + PALETTE
    return head + extra + b"".join(frame.bytes for frame in frames) + end


def map_of(rgb: np.ndarray) -> list[str]:
    """The letters of pure colours; white is W, also where it stands for transparency."""
    names = {colour: name for name, colour in COLOURS.items() if name != "."}
    return ["".join(names.get(tuple(int(v) for v in pixel), "?") for pixel in row) for row in rgb]


def quarters(rgb: np.ndarray) -> str:
    """The colours at the centres of an 8×8 picture's quarters, row by row."""
    return "".join(map_of(rgb[2::4, 2::4]))


def shown(tmp_path, data: bytes) -> list[np.ndarray]:
    path = tmp_path / "a.gif"
    path.write_bytes(data)
    seen = probe(path)
    return list(read_frames(path, size=(seen.width, seen.height)).rgb)


WHOLE, QUARTER = (0, 0, 8, 8), (0, 0, 4, 4)


@pytest.mark.parametrize("background", [0, 1, 3])
def test_what_the_first_frame_does_not_cover_is_transparent(tmp_path, background):
    frames = Drawn(4, 4, 4, 4, 1), Drawn(0, 0, 4, 4, 2)
    one, two = shown(tmp_path, gif(*frames, background=background))
    assert (quarters(one), quarters(two)) == ("WWWG", "BWWG")
    picture = decode(tmp_path / "a.gif")
    assert picture.alpha is not None
    assert picture.alpha[2::4, 2::4].tolist() == [[0, 0], [0, 255]]
    assert probe(tmp_path / "a.gif").has_alpha


@pytest.mark.parametrize(
    ("disposal", "after"),
    [(0, "GRRR"), (1, "GRRR"), (2, "WRRR"), (3, "RRRR"), (4, "RRRR"), (5, "GRRR"), (6, "GRRR"), (7, "GRRR")],
)
def test_every_disposal(tmp_path, disposal, after):
    frames = Drawn(*WHOLE, 0), Drawn(*QUARTER, 1, disposal), Drawn(7, 7, 1, 1, 2)
    one, two, three = shown(tmp_path, gif(*frames))
    assert (quarters(one), quarters(two), quarters(three)) == ("RRRR", "GRRR", after)
    assert map_of(three)[7].endswith("B")


@pytest.mark.parametrize(
    ("disposal", "after"), [(0, "GRRR"), (1, "GRRR"), (2, "GWWW"), (3, "GWWW"), (4, "GWWW")]
)
def test_every_disposal_of_the_first_frame(tmp_path, disposal, after):
    """Before the first frame the canvas is empty."""
    one, two = shown(tmp_path, gif(Drawn(*WHOLE, 0, disposal), Drawn(*QUARTER, 1), background=3))
    assert (quarters(one), quarters(two)) == ("RRRR", after)


def test_disposals_one_after_the_other(tmp_path):
    frames = (
        Drawn(0, 0, 8, 8, 0, disposal=1),
        Drawn(0, 0, 4, 4, 1, disposal=3),
        Drawn(2, 2, 4, 4, 2, disposal=2),
        Drawn(6, 6, 2, 2, 3, disposal=3),
        Drawn(0, 0, 1, 1, 1),
    )
    last = shown(tmp_path, gif(*frames))[-1]
    assert map_of(last)[0] == "GRRRRRRR"
    assert map_of(last)[3] == "RRWWWWRR"
    assert map_of(last)[7] == "RRRRRRRR"


def test_transparent_pixels_show_the_previous_frame(tmp_path):
    frames = (
        Drawn(*WHOLE, [0, 1] * 32, key=1),
        Drawn(0, 0, 4, 4, [1, 2] * 8, key=1),
        Drawn(*QUARTER, 1, key=0),
    )
    one, two, three = (map_of(rgb)[0] for rgb in shown(tmp_path, gif(*frames)))
    assert (one, two, three) == ("RWRWRWRW", "RBRBRWRW", "GGGGRWRW")


def test_a_transparent_index_outside_of_the_palette(tmp_path):
    one, two = shown(tmp_path, gif(Drawn(*WHOLE, 0, key=200), Drawn(*QUARTER, 1, key=200)))
    assert (quarters(one), quarters(two)) == ("RRRR", "GRRR")


def test_local_palettes(tmp_path):
    local = PALETTE[3:] + PALETTE[:3]
    frames = Drawn(*WHOLE, 0, palette=local), Drawn(*QUARTER, 0, palette=local, key=1), Drawn(4, 4, 4, 4, 0)
    assert list(map(quarters, shown(tmp_path, gif(*frames)))) == ["GGGG", "GGGG", "GGGR"]


def test_frames_outside_the_canvas_are_cropped(tmp_path):
    frames = Drawn(*WHOLE, 0), Drawn(6, 6, 6, 6, 1), Drawn(20, 20, 2, 2, 2), Drawn(4, 0, 9, 9, 3, disposal=2)
    one, two, three, four = shown(tmp_path, gif(*frames))
    assert map_of(two)[7] == map_of(three)[7] == "RRRRRRGG"
    assert map_of(two)[5] == "RRRRRRRR"
    assert map_of(four)[0] == "RRRRWWWW"
    assert one.shape == (8, 8, 3)


@pytest.mark.parametrize(
    ("frame", "canvas", "size"),
    [
        (Drawn(0, 0, 12, 10, 0), (8, 8), (12, 10)),
        (Drawn(4, 4, 8, 8, 0), (8, 8), (12, 12)),
        (Drawn(0, 0, 8, 8, 0), (0, 0), (8, 8)),
        (Drawn(0, 0, 4, 4, 0), (8, 8), (8, 8)),
    ],
)
def test_the_canvas_is_as_large_as_the_first_frame_needs(tmp_path, frame, canvas, size):
    path = tmp_path / "a.gif"
    path.write_bytes(gif(frame, canvas=canvas))
    seen, picture = probe(path), decode(path)
    assert (seen.width, seen.height) == (picture.width, picture.height) == size
    opaque = np.ones(size[::-1], bool) if picture.alpha is None else picture.alpha == 255
    assert opaque.sum() == frame.width * frame.height
    assert (picture.rgb[opaque] == COLOURS["R"]).all()


def test_an_invisible_first_frame(tmp_path):
    frames = Drawn(*WHOLE, 0, key=0), Drawn(*QUARTER, 1)
    one, two = shown(tmp_path, gif(*frames))
    assert (quarters(one), quarters(two)) == ("WWWW", "GWWW")
    picture = decode(tmp_path / "a.gif")
    assert picture.alpha is not None
    assert picture.alpha[2, 2] == 255, "the first visible frame"


def test_an_invisible_animation_is_refused(tmp_path):
    path = tmp_path / "a.gif"
    path.write_bytes(gif(*[Drawn(*WHOLE, 0, key=0)] * 3))
    for read in (probe, decode):
        with pytest.raises(PictureError, match="completely transparent"):
            read(path)


@pytest.mark.parametrize(
    "extra",
    [
        b"!\xfe\5hello\0",
        b"!\xfe" + b"\xff" * 256 + b"\0",
        b"!\xff\x0bXMP DataXMP\5hello\0",
        b"!\xff\x0bNETSCAPE2.0\0",
        b"!\xff\x0bNETSCAPE2.0\1\1\0",
        b"!\xff\3abc\0",
        b"!\1\x0c" + bytes(12) + b"\2hi\0",
        b"!\x77\2hi\0",
        b"!\x77\0",
        b"!\xf9\2\0\0\0",
        b"!\xf9\0",
        b"\0\0xyz",
    ],
)
def test_other_blocks_do_not_matter(tmp_path, extra):
    path = tmp_path / "a.gif"
    path.write_bytes(gif(Drawn(*WHOLE, 1), extra=extra))
    assert quarters(decode(path).rgb) == "GGGG"
    assert (probe(path).frames, decode(path).alpha) == (1, None)


@pytest.mark.parametrize("end", [b"", b";", b";junk!\xf9,", b"!\xfe\5hello\0;", b"!", b",", b",\0\0\0\0"])
def test_the_end_of_a_file_does_not_matter(tmp_path, end):
    path = tmp_path / "a.gif"
    path.write_bytes(gif(Drawn(*WHOLE, 1), end=end))
    assert quarters(decode(path).rgb) == "GGGG"
    assert probe(path).frames == 1


def test_our_comment_is_found_beside_others(tmp_path):
    path = tmp_path / "a.gif"
    path.write_bytes(gif(Drawn(*WHOLE, 1), extra=LOOP + b"!\xfe\x0bdreambot {}\0!\xfe\5hello\0"))
    assert read_recipe(path) == "{}"


@pytest.mark.parametrize("interlaced", [False, True])
@pytest.mark.parametrize("mode", ["L", "P"])
def test_pixels_of_pillow_are_what_pillow_reads(tmp_path, mode, interlaced):
    path = tmp_path / "cat.gif"
    cat(61, 43).convert(mode).save(path, interlace=interlaced)
    with Image.open(path) as image:
        expected = np.asarray(image.convert("RGB"))
    assert np.array_equal(decode(path).rgb, expected)


def cut(tmp_path, kept: float, *, interlaced: bool):
    path = tmp_path / "cut.gif"
    cat(160, 120).save(path, interlace=interlaced)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * kept)])
    return path


def test_missing_pixels_are_transparent(tmp_path):
    whole = decode(cut(tmp_path, 1.0, interlaced=False)).rgb
    picture = decode(cut(tmp_path, 0.95, interlaced=False))
    assert picture.alpha is not None
    there = picture.alpha == 255
    assert 0.9 < there.mean() < 0.98
    assert np.array_equal(picture.rgb[there], whole[there])
    assert picture.missing == pytest.approx(1 - there.mean())
    assert there[: int(120 * 0.9)].all()


def test_missing_interlaced_pixels_repeat_the_row_above(tmp_path):
    whole = decode(cut(tmp_path, 1.0, interlaced=True)).rgb
    picture = decode(cut(tmp_path, 0.95, interlaced=True))
    assert picture.alpha is None
    assert np.array_equal(picture.rgb[::2], whole[::2])
    assert np.array_equal(picture.rgb[119], whole[118]), "missing rows repeat the row above"
    assert 0.02 < picture.missing < 0.1


@pytest.mark.parametrize("interlaced", [False, True])
@pytest.mark.parametrize("kept", [0.2, 0.5, 0.8])
def test_too_many_missing_pixels(tmp_path, kept, interlaced):
    path = cut(tmp_path, kept, interlaced=interlaced)
    for read in (probe, decode):
        with pytest.raises(PictureError, match=r"cut off or damaged|is damaged"):
            read(path)


def test_missing_frames(tmp_path):
    frames = [Drawn(*WHOLE, index % 4) for index in range(20)]
    data = gif(*frames)
    path = tmp_path / "cut.gif"
    path.write_bytes(data)
    whole = read_frames(path, size=(8, 8))
    assert (len(whole.rgb), whole.complete, whole.missing) == (20, True, 0)
    path.write_bytes(data[: len(data) - len(frames[-1].bytes) // 2])
    back = read_frames(path, size=(8, 8))
    assert (len(back.rgb), back.complete, back.missing) == (19, False, pytest.approx(1 / 20))
    assert np.array_equal(back.rgb, whole.rgb[:19])
    few = read_frames(path, size=(8, 8), max_frames=5)
    assert (len(few.rgb), few.complete, few.missing) == (5, False, 0), "these are complete"


@pytest.mark.parametrize("data", [b"GIF89a", gif()[:-1], gif(), gif(Drawn(*WHOLE, 0, data=b"\2\0"))])
def test_a_gif_without_pixels(tmp_path, data):
    (tmp_path / "a.gif").write_bytes(data)
    with pytest.raises(PictureError, match="damaged"):
        decode(tmp_path / "a.gif")
