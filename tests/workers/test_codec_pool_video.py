"""Videos in a codec process, which has little memory and serves many requests."""

from collections.abc import AsyncIterator

import numpy as np
import psutil
import pytest_asyncio

from dreambot.workers.codec_pool import CodecPool
from tests.media.test_colour import SWATCHES
from tests.media.videos import panning_frames, write_tagged_video, write_video


@pytest_asyncio.fixture
async def pool() -> AsyncIterator[CodecPool]:
    pool = CodecPool(processes=1, max_videos=1, timeout=60)
    yield pool
    await pool.close()


def codec() -> psutil.Process:
    """The one codec process."""
    children = psutil.Process().children(recursive=True)
    (found,) = (child for child in children if "dreambot.workers.codec_worker" in " ".join(child.cmdline()))
    return found


async def test_many_frames_of_one_video(pool, tmp_path):
    path = write_video(tmp_path / "a.mp4", panning_frames(8) * 75, fps=30)
    back = await pool.frames(path, size=(64, 48), max_frames=1000, max_seconds=60)
    assert len(back.rgb) == 600
    assert back.complete


async def test_a_process_that_read_many_videos_is_no_larger(pool, tmp_path):
    path = write_tagged_video(
        tmp_path / "a.mp4",
        np.repeat(np.array(SWATCHES) / 255, 4, axis=0),
        codec="libx264",
        tags=(9, 16, 9),
        depth=10,
    )

    async def read(times: int) -> tuple[int, int]:
        for _ in range(times):
            await pool.probe(path)
            await pool.frames(path, size=(64, 48))
        return codec().num_threads(), codec().memory_info().vms

    threads, size = await read(10)
    more_threads, more_size = await read(40)
    assert more_threads <= threads + 4
    assert more_size < size + 64 * 2**20
