"""Videos dreamed frame by frame, on a tiny network."""

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from skimage import data

from dreambot.engine.dream import Stopped, dream
from dreambot.engine.progress import Frame, Progress
from dreambot.engine.video import dream_video
from dreambot.media.picture import DreamInputs, Pixels
from dreambot.recipe import LayerTerm, Recipe, VideoParams
from dreambot.zoo import weights
from dreambot.zoo.loading import load
from dreambot.zoo.network import Network
from tests.engine.tiny import tiny_network, tiny_recipe
from tests.support import require

NETWORK = tiny_network()
WIDTH, HEIGHT = 96, 72


def video_recipe(frames: int = 6, carry: float = 0.85, **changes: object) -> Recipe:
    params = VideoParams(frames=frames, carry=carry)
    return tiny_recipe(**{"moving": params, "width": WIDTH, "height": HEIGHT, "steps": 8, **changes})


def run(
    video: Pixels, recipe: Recipe, network: Network = NETWORK
) -> tuple[list[Progress], list[Frame], Pixels]:
    steps: list[Progress] = []
    frames: list[Frame] = []
    running = dream_video(network, DreamInputs(video), recipe)
    while True:
        try:
            event = next(running)
        except StopIteration as end:
            return steps, frames, end.value
        if isinstance(event, Frame):
            frames.append(event)
        else:
            steps.append(event)


def dreamed(video: Pixels, recipe: Recipe, network: Network = NETWORK) -> Pixels:
    return np.stack([frame.rgb for frame in run(video, recipe, network)[1]])


def alone(source: Pixels, recipe: Recipe) -> Pixels:
    running = dream(NETWORK, DreamInputs(source), recipe)
    while True:
        try:
            next(running)
        except StopIteration as end:
            result: Pixels = end.value
            return result


def noisy_still(frames: int = 6) -> Pixels:
    """A still photo with camera noise."""
    photo = data.coffee()[50:338:4, 100:484:4].astype(float)
    rng = np.random.default_rng(0)
    return np.stack(
        [np.clip(photo + rng.normal(0, 4, photo.shape), 0, 255).astype(np.uint8) for _ in range(frames)]
    )


def pan(frames: int = 6) -> Pixels:
    """A crop that moves over a photo, two pixels per frame."""
    photo = data.astronaut()[::2, ::2]
    return np.stack([photo[20 : 20 + HEIGHT, 40 + 2 * n : 40 + 2 * n + WIDTH] for n in range(frames)])


def change(video: NDArray[np.generic]) -> float:
    return float(np.abs(np.diff(video.astype(float), axis=0)).mean())


def test_a_carried_dream_changes_less_than_independent_frames() -> None:
    video = noisy_still()
    details = [dreamed(video, video_recipe(carry=carry)).astype(int) - video for carry in (0.85, 0.0)]
    carried, alone = (change(detail) for detail in details)
    assert carried < 0.7 * alone


@pytest.mark.weights
def test_carrying_reduces_flicker_on_the_real_network() -> None:
    """In a still scene, all change beyond the camera noise is flicker."""
    require("weights", weights.locate("inception_v3") is not None)
    real = load("inception_v3", torch.device("cpu"), torch.float32)
    video = noisy_still(4)
    numbers = {"layers": (LayerTerm(layer="mixed4"),), "objective": "eq", "octaves": 1, "step": 0.03}
    carried, alone = (
        change(dreamed(video, video_recipe(4, carry, **numbers), real)) - change(video)
        for carry in (0.85, 0.0)
    )
    assert alone > 4
    assert carried < 0.4 * alone


def test_a_carried_dream_follows_the_motion() -> None:
    video = pan()
    dreams = dreamed(video, video_recipe())
    detail: NDArray[np.int16] = dreams.astype(np.int16) - video
    followed = np.abs(detail[1:, 8:-8, 8:-10] - detail[:-1, 8:-8, 10:-8]).mean()
    stayed = np.abs(detail[1:, 8:-8, 8:-10] - detail[:-1, 8:-8, 8:-10]).mean()
    assert followed < 0.7 * stayed


def test_the_strength_of_a_dream_is_stable() -> None:
    video = noisy_still(16)
    strength = np.square(dreamed(video, video_recipe(16)).astype(float) - video).mean(axis=(1, 2, 3)) ** 0.5
    assert 0.7 * strength[0] < strength[-1] < 1.3 * strength[0]
    assert abs(strength[-1] - strength[-4]) < 0.05 * strength[0]


def test_closeness_also_limits_a_carried_dream() -> None:
    video = noisy_still(12)
    strengths = []
    for closeness in (0.0, 0.1):
        dreams = dreamed(video, video_recipe(12, closeness=closeness)).astype(float)
        strengths.append(np.square(dreams - video).mean(axis=(1, 2, 3))[[0, -1]] ** 0.5)
    assert strengths[1][1] < 0.85 * strengths[0][1]
    assert strengths[1][1] == pytest.approx(strengths[1][0], rel=0.35)


def test_without_carry_frames_are_independent() -> None:
    video = noisy_still(2)
    recipe = video_recipe(2, carry=0.0)
    for rgb, source in zip(dreamed(video, recipe), video, strict=True):
        assert np.array_equal(rgb, alone(source, recipe))


def test_a_cut_starts_a_new_dream() -> None:
    video = np.concatenate([noisy_still(2), pan(2)])
    steps, frames, _ = run(video, video_recipe(4))
    assert len(frames) == 4
    per_frame = [step.steps for step in steps if step.octave == 1 and step.step == 1]
    assert per_frame[0] == 8
    assert per_frame[2] >= 6
    assert max(per_frame[1], per_frame[3]) <= 3
    fresh = alone(video[2], video_recipe()).astype(int)
    assert np.abs(frames[2].rgb - fresh).mean() < 0.5 * np.abs(video[2] - fresh).mean()


def test_frames_and_progress_are_in_order() -> None:
    steps, frames, last = run(pan(), video_recipe(4))
    assert [(frame.index, frame.frames) for frame in frames] == [(n, 4) for n in range(4)]
    assert np.array_equal(frames[-1].rgb, last)
    assert last.shape == (HEIGHT, WIDTH, 3)
    fractions = [step.fraction for step in steps]
    assert fractions == sorted(fractions)
    assert fractions[-1] == pytest.approx(1)


def test_a_source_with_too_few_frames_is_dreamed_completely() -> None:
    assert len(run(pan(2), video_recipe(9))[1]) == 2


def test_the_same_recipe_gives_the_same_video() -> None:
    assert np.array_equal(dreamed(pan(3), video_recipe(3)), dreamed(pan(3), video_recipe(3)))


def test_a_stop_takes_effect_within_one_step() -> None:
    stops: list[str] = []
    running = dream_video(NETWORK, DreamInputs(pan()), video_recipe(), lambda: bool(stops))
    for _ in range(11):
        next(running)
    stops.append("stop")
    with pytest.raises(Stopped):
        next(running)


def test_where_the_mask_is_black_the_video_is_unchanged() -> None:
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    mask[:, : WIDTH // 2] = 255
    video = pan(3)
    recipe = video_recipe(3, mask="0" * 64)
    running = dream_video(NETWORK, DreamInputs(video, mask=mask), recipe)
    frames = [event for event in running if isinstance(event, Frame)]
    for frame, source in zip(frames, video, strict=True):
        assert np.array_equal(frame.rgb[:, WIDTH // 2 + 2 :], source[:, WIDTH // 2 + 2 :])
        assert not np.array_equal(frame.rgb[:, : WIDTH // 2], source[:, : WIDTH // 2])
