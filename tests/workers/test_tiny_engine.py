"""The pixels of the real engine, in batches, with interleaved stills and alone."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio

from dreambot.media.picture import DreamInputs
from dreambot.recipe import HellscapeParams, Recipe
from dreambot.scheduler.executor import LocalExecutor
from dreambot.workers.types import JobFailed, Pixels
from tests.engine.tiny import tiny_recipe
from tests.support.frame_recorder import FrameRecorder
from tests.support.waiting import until_running
from tests.workers.tiny_engine import ENGINE, TOO_LARGE, TOO_LARGE_IN_TILES

FRAMES = 30
"""Enough that a video is still running when two stills are done, on one busy core too."""

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def executor() -> AsyncIterator[LocalExecutor]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
        executor = LocalExecutor(["cpu"], engine=ENGINE)
        await executor.start()
    yield executor
    await executor.close()


def _picture(seed: int) -> Pixels:
    return np.random.default_rng(seed).integers(0, 256, (192, 192, 3), dtype=np.uint8)


def _still(**changes: object) -> Recipe:
    return tiny_recipe(
        **{"width": 192, "height": 192, "octaves": 2, "octave_scale": 2.0, "steps": 12, **changes}
    )


def _psnr(a: Pixels, b: Pixels) -> float:
    return float(10 * np.log10(255**2 / max(1e-9, np.square(a.astype(float) - b).mean())))


async def test_a_batch_gives_the_same_dreams_as_single_jobs(executor: LocalExecutor) -> None:
    recipes = [_still(seed=seed, step=0.01 * seed) for seed in range(1, 4)]
    alone = [
        (await executor.submit(f"alone {recipe.seed}", recipe, DreamInputs(_picture(recipe.seed))).result())
        for recipe in recipes
    ]
    # Until all three wait, the device has something else to do.
    first = executor.submit("first", _still(steps=2000, width=256), DreamInputs(_picture(0)))
    await until_running(first)
    runs = [
        executor.submit(str(recipe.seed), recipe, DreamInputs(_picture(recipe.seed))) for recipe in recipes
    ]
    first.cancel()
    together = await asyncio.gather(*(run.result() for run in runs))
    assert {one.plan for one in alone} == {None}
    assert {one.plan for one in together} == {"batched"}
    assert all(_psnr(one.rgb, other.rgb) > 40 for one, other in zip(alone, together, strict=True))


async def test_interleaving_stills_does_not_change_the_frames(executor: LocalExecutor) -> None:
    video = tiny_recipe(
        width=160, height=120, octaves=2, steps=6, hellscape=HellscapeParams(frames=FRAMES), seed=5
    )
    undisturbed = FrameRecorder()
    await executor.submit("undisturbed", video, DreamInputs(_picture(0)), frames=undisturbed.take).result()
    recorder = FrameRecorder()
    run = executor.submit("video", video, DreamInputs(_picture(0)), frames=recorder.take)
    await until_running(run)
    stills = 0
    while not run.settled and stills < 3:
        still = executor.submit(
            f"still {stills}", _still(steps=2, seed=stills), DreamInputs(_picture(stills))
        )
        await still.result()
        stills += not run.settled
    await run.result()
    assert stills >= 2
    assert recorder.indices == undisturbed.indices == list(range(FRAMES))
    assert all(
        np.array_equal(one, other) for one, other in zip(recorder.frames, undisturbed.frames, strict=True)
    )


async def test_pictures_that_do_not_fit_are_tiled_or_refused(executor: LocalExecutor) -> None:
    whole = executor.submit("whole", _still(seed=TOO_LARGE), DreamInputs(_picture(1)))
    tiles = executor.submit("tiles", _still(seed=TOO_LARGE_IN_TILES), DreamInputs(_picture(1)))
    assert (await whole.result()).plan == "tiled"
    with pytest.raises(JobFailed, match="more memory than I have"):
        await tiles.result()
