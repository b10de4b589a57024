from collections.abc import AsyncIterator

import numpy as np
import pytest
import pytest_asyncio
from skimage import data
from skimage.transform import resize

from dreambot.media.picture import DreamInputs
from dreambot.recipe import DreamRequest, HellscapeParams, Recipe, SourceFacts, resolve_dream
from dreambot.recipe.layers import DEFAULT_MODEL, TrainedModel
from dreambot.scheduler.executor import LocalExecutor
from dreambot.workers.types import JobCancelled, JobFailed, Pixels
from dreambot.zoo.weights import locate, weights_sha256
from tests.support import require
from tests.support.frame_recorder import FrameRecorder
from tests.support.waiting import until_running

pytestmark = [pytest.mark.weights, pytest.mark.asyncio(loop_scope="module")]
FRAMES = 30
"""Enough that a video is still running when a still is done, on one busy core too."""


@pytest.fixture(scope="module")
def cat() -> Pixels:
    small = resize(data.chelsea(), (200, 300), anti_aliasing=True)
    return (small * 255).astype(np.uint8)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def executor() -> AsyncIterator[LocalExecutor]:
    require("weights", locate(DEFAULT_MODEL) is not None)
    executor = LocalExecutor(["cpu"])
    await executor.start()
    yield executor
    await executor.close()


def _recipe(executor: LocalExecutor, picture: Pixels, weights: str, intensity: int = 1) -> Recipe:
    height, width, _ = picture.shape
    return resolve_dream(
        DreamRequest(layer="mixed4", intensity=intensity),
        SourceFacts(width, height),
        seed=1,
        models=lambda name: TrainedModel(name, weights),
        precision=executor.precision,
        max_pixels=10**6,
    )


async def test_a_real_dream(executor: LocalExecutor, cat: Pixels) -> None:
    [device] = executor.devices
    assert (device.device, device.kind) == ("cpu", "cpu")
    recipe = _recipe(executor, cat, weights_sha256(DEFAULT_MODEL), intensity=7)
    run = executor.submit("a", recipe, DreamInputs(cat))
    events = [event async for event in run.events() if event.running]
    done = await run.result()
    assert done.rgb.shape == (recipe.height, recipe.width, 3)
    assert done.rgb.std() > 10
    # Objectives of different octaves cannot be compared. The first one has the most steps.
    objectives = [event.objective for event in events if event.octave == 1]
    assert objectives[-1] > objectives[0]
    previews = [event.preview for event in events if event.preview is not None]
    assert all(max(preview.shape) <= 320 for preview in previews)

    again = await executor.submit("b", recipe, DreamInputs(cat)).result()
    assert np.array_equal(again.rgb, done.rgb)


async def test_a_real_dream_can_be_cancelled(executor: LocalExecutor, cat: Pixels) -> None:
    recipe = _recipe(executor, cat, weights_sha256(DEFAULT_MODEL), intensity=11)
    # It would take minutes.
    recipe = recipe.model_copy(update={"steps": 2000})
    run = executor.submit("a", recipe, DreamInputs(cat))
    async for event in run.events():
        if event.running:
            break
    run.cancel()
    with pytest.raises(JobCancelled):
        await run.result()
    short = recipe.model_copy(update={"steps": 1, "octaves": 1})
    await executor.submit("b", short, DreamInputs(cat)).result()
    assert executor.device_states()[0].restarts == 0


async def test_interleaving_a_still_does_not_change_the_frames(executor: LocalExecutor, cat: Pixels) -> None:
    still = _recipe(executor, cat, weights_sha256(DEFAULT_MODEL))
    video = Recipe.model_validate(
        still.model_dump()
        | {
            "width": 150,
            "height": 100,
            "octaves": 2,
            "steps": 3,
            "steps_ratio": 1.0,
            "clouds": 0.0,
            "hellscape": HellscapeParams(frames=FRAMES),
        }
    )
    undisturbed, recorder = FrameRecorder(), FrameRecorder()
    await executor.submit("undisturbed", video, DreamInputs(cat), frames=undisturbed.take).result()
    run = executor.submit("video", video, DreamInputs(cat), frames=recorder.take)
    await until_running(run)
    short = still.model_copy(update={"octaves": 2, "steps": 2})
    await executor.submit("guest", short, DreamInputs(cat)).result()
    assert not run.settled
    await run.result()
    assert recorder.indices == undisturbed.indices == list(range(FRAMES))
    assert all(
        np.array_equal(one, other) for one, other in zip(recorder.frames, undisturbed.frames, strict=True)
    )


async def test_a_recipe_with_other_weights_is_refused(executor: LocalExecutor, cat: Pixels) -> None:
    with pytest.raises(JobFailed, match="other weights"):
        await executor.submit("a", _recipe(executor, cat, "0" * 64), DreamInputs(cat)).result()
