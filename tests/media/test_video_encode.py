"""Encoded videos are playable, in every format, and fit the limit."""

import io
from collections.abc import AsyncIterator
from pathlib import Path

import av
import numpy as np
import pytest
import pytest_asyncio
from PIL import Image

from dreambot.media import video_settings
from dreambot.media.containers import iter_mp4_boxes
from dreambot.media.decode import probe
from dreambot.media.encode import EncodedFile
from dreambot.media.frames import read_frames
from dreambot.media.metadata import read_recipe
from dreambot.media.picture import PictureError
from dreambot.media.video_settings import VideoFormat
from dreambot.workers.codec_pool import CodecPool, PoolClosed
from tests.media.samples import psnr
from tests.media.videos import encode_video, panning_frames
from tests.workers.test_codec_pool import codecs

FORMATS: list[VideoFormat] = ["mp4", "webp", "gif"]
RECIPE = '{"layer":"mixed4","seed":7}'


def written(file: EncodedFile, folder: Path) -> Path:
    path = folder / f"video.{file.extension}"
    path.write_bytes(file.data)
    return path


@pytest.mark.parametrize("format", FORMATS)
def test_frames_survive_encoding(tmp_path, format):
    frames = panning_frames()
    path = written(encode_video(frames, format), tmp_path)
    seen = probe(path)
    assert (seen.format, seen.width, seen.height, seen.frames) == (format.upper(), 64, 48, 6)
    assert seen.seconds == pytest.approx(0.6)
    back = read_frames(path, size=(64, 48))
    assert back.loops == 0
    assert back.complete
    assert np.mean([psnr(a, b) for a, b in zip(frames, back.rgb, strict=True)]) > 27


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("durations", [[40, 500, 130, 90, 60, 200], [80, 80, 200, 80, 80, 80, 80, 300]])
def test_every_frame_keeps_its_duration(tmp_path, format, durations):
    path = written(encode_video(panning_frames(len(durations)), format, durations=durations), tmp_path)
    assert read_frames(path, size=(64, 48)).durations == pytest.approx(durations, abs=0.1)
    assert probe(path).seconds == pytest.approx(sum(durations) / 1000)


@pytest.mark.parametrize("format", FORMATS)
def test_rounding_errors_do_not_add_up(tmp_path, format):
    frames = panning_frames(2) * 30
    path = written(encode_video(frames, format, durations=[1000 / 24] * 60), tmp_path)
    assert probe(path).seconds == pytest.approx(2.5, abs=0.01)


def test_frames_too_fast_for_a_gif_keep_its_duration(tmp_path):
    path = written(encode_video(panning_frames(30), "gif", durations=[10] * 30), tmp_path)
    seen = probe(path)
    assert seen.frames < 20
    assert seen.seconds == pytest.approx(0.3, abs=0.02)


def test_an_mp4_that_phones_and_browsers_play(tmp_path):
    file = encode_video(panning_frames(width=63, height=47), "mp4", recipe_json=RECIPE)
    assert (file.width, file.height) == (64, 48)
    kinds = [kind for kind, _, _ in iter_mp4_boxes(io.BytesIO(file.data), 0, len(file.data))]
    assert kinds.index(b"moov") < kinds.index(b"mdat")
    with av.open(io.BytesIO(file.data)) as container:
        context = container.streams.video[0].codec_context
        assert (context.name, context.pix_fmt, context.profile) == ("h264", "yuv420p", "High")
        assert (context.color_primaries, context.color_trc, context.colorspace) == (1, 1, 1)
        assert context.color_range == av.video.reformatter.ColorRange.MPEG
        assert len(list(container.decode(video=0))) == 6


def test_colours_are_not_tinted(tmp_path):
    colours = [np.full((32, 32, 3), c, np.uint8) for c in ((255, 0, 0), (0, 200, 40), (30, 30, 250))]
    for format in FORMATS:
        back = read_frames(written(encode_video(colours, format), tmp_path), size=(32, 32))
        for one, other in zip(colours, back.rgb, strict=True):
            assert np.abs(one[16, 16].astype(int) - other[16, 16]).max() <= 4, format


@pytest.mark.parametrize("format", FORMATS)
def test_the_recipe_is_stored(tmp_path, format):
    assert (
        read_recipe(written(encode_video(panning_frames(), format, recipe_json=RECIPE), tmp_path)) == RECIPE
    )
    assert read_recipe(written(encode_video(panning_frames(), format), tmp_path)) is None


@pytest.mark.parametrize("format", FORMATS)
def test_a_video_fits_any_limit(tmp_path, format):
    frames = panning_frames(12, 256, 192)
    whole = len(encode_video(frames, format).data)
    sizes = []
    for limit in (whole, whole - 1, whole // 3, whole // 6):
        file = encode_video(frames, format, limit=limit, recipe_json=None)
        assert len(file.data) <= limit
        assert len(file.data) > limit / 3
        path = written(file, tmp_path)
        assert probe(path).frames == 12
        assert probe(path).seconds == pytest.approx(1.2, abs=0.02)
        sizes.append(file.width)
    assert sizes[0] == 256
    assert sizes == sorted(sizes, reverse=True)


def test_an_impossible_limit_is_refused():
    with pytest.raises(PictureError, match="fewer frames"):
        encode_video(panning_frames(), "mp4", limit=200, recipe_json=RECIPE)


@pytest.mark.parametrize("size", [(1, 1), (1, 90), (90, 1), (33, 17)])
@pytest.mark.parametrize("format", FORMATS)
def test_odd_sizes(tmp_path, format, size):
    frames = [np.full((size[1], size[0], 3), 60 * n, np.uint8) for n in range(3)]
    seen = probe(written(encode_video(frames, format), tmp_path))
    even = tuple(side + side % 2 for side in size)
    assert (seen.width, seen.height) == (even if format == "mp4" else size)


@pytest.mark.parametrize("format", FORMATS)
def test_a_video_of_one_frame(tmp_path, format):
    assert probe(written(encode_video(panning_frames(1), format), tmp_path)).frames == 1


def test_a_single_play_is_stored(tmp_path):
    for format in ("webp", "gif"):
        assert (
            read_frames(
                written(encode_video(panning_frames(), format, loops=1), tmp_path), size=(64, 48)
            ).loops
            == 1
        )


def test_still_areas_of_a_gif_keep_their_colours(tmp_path):
    still = panning_frames(1)[0]
    moving = [still.copy() for _ in range(4)]
    for n, rgb in enumerate(moving):
        rgb[40:, 10 * n : 10 * n + 10] = 255
    back = read_frames(written(encode_video(moving, "gif"), tmp_path), size=(64, 48)).rgb
    assert (back[:, :30] == back[0, :30]).all()


@pytest_asyncio.fixture
async def pool() -> AsyncIterator[CodecPool]:
    pool = CodecPool(processes=1, max_videos=1, timeout=100)
    yield pool
    await pool.close()


def processes() -> int:
    return len(codecs())


@pytest.mark.parametrize("format", [None, "gif"])
async def test_a_video_through_the_pool(pool, tmp_path, format):
    async with await pool.start_video(
        64, 48, fps=20, format=format, limit=9000, recipe_json=RECIPE
    ) as session:
        for index, rgb in enumerate(panning_frames()):
            await session.add(rgb, 300 if index == 2 else None)
        preview = await pool.preview(panning_frames()[0])
        assert preview, "other calls are served meanwhile"
        file = await session.finish()
    assert len(file.data) <= 9000
    assert file.format == (format or "mp4").upper()
    path = written(file, tmp_path)
    back = await pool.frames(path, size=(32, 24), max_frames=4)
    assert back.rgb.shape == (4, 24, 32, 3)
    assert back.durations[2] == pytest.approx(300, abs=0.1)
    assert not back.complete
    assert await pool.read_recipe(path) == RECIPE
    assert (await pool.probe(path)).moves


async def test_an_abandoned_video_frees_its_process(pool):
    async with await pool.start_video(64, 48, fps=10) as session:
        await session.add(panning_frames()[0])
        assert processes() == 1
    assert processes() == 0
    with pytest.raises(PoolClosed):
        await session.add(panning_frames()[0])
    again = await pool.start_video(64, 48, fps=10)
    await again.abandon()
    await again.abandon()


async def test_a_pool_closes_during_a_video(pool):
    session = await pool.start_video(64, 48, fps=10)
    await session.add(panning_frames()[0])
    await pool.close()
    with pytest.raises(PoolClosed):
        await session.add(panning_frames()[0])
    await session.abandon()
    assert processes() == 0


async def test_without_pyav_videos_are_webp(pool, monkeypatch):
    monkeypatch.setattr(video_settings, "has_video", lambda: False)
    with pytest.raises(PictureError, match="PyAV is not installed"):
        await pool.start_video(64, 48, fps=10, format="mp4")
    async with await pool.start_video(64, 48, fps=10) as session:
        await session.add(panning_frames()[0])
        file = await session.finish()
    with Image.open(io.BytesIO(file.data)) as image:
        assert image.format == "WEBP"
