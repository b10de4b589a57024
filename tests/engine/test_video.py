"""Films dreamed frame by frame, on a tiny network."""

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


def recipe(frames: int = 6, carry: float = 0.85, **changes: object) -> Recipe:
    film = VideoParams(frames=frames, carry=carry)
    return tiny_recipe(**{"moving": film, "width": WIDTH, "height": HEIGHT, "steps": 8, **changes})


def run(
    film: Pixels, asked: Recipe, network: Network = NETWORK
) -> tuple[list[Progress], list[Frame], Pixels]:
    steps: list[Progress] = []
    frames: list[Frame] = []
    running = dream_video(network, DreamInputs(film), asked)
    while True:
        try:
            event = next(running)
        except StopIteration as end:
            return steps, frames, end.value
        if isinstance(event, Frame):
            frames.append(event)
        else:
            steps.append(event)


def dreamed(film: Pixels, asked: Recipe, network: Network = NETWORK) -> Pixels:
    return np.stack([frame.rgb for frame in run(film, asked, network)[1]])


def alone(source: Pixels, asked: Recipe) -> Pixels:
    running = dream(NETWORK, DreamInputs(source), asked)
    while True:
        try:
            next(running)
        except StopIteration as end:
            result: Pixels = end.value
            return result


def noisy_still(frames: int = 6) -> Pixels:
    """A photo as a camera sees it that stands still."""
    photo = data.coffee()[50:338:4, 100:484:4].astype(float)
    rng = np.random.default_rng(0)
    return np.stack(
        [np.clip(photo + rng.normal(0, 4, photo.shape), 0, 255).astype(np.uint8) for _ in range(frames)]
    )


def pan(frames: int = 6) -> Pixels:
    """A window that moves over a photo, two pixels a frame."""
    photo = data.astronaut()[::2, ::2]
    return np.stack([photo[20 : 20 + HEIGHT, 40 + 2 * n : 40 + 2 * n + WIDTH] for n in range(frames)])


def change(film: NDArray[np.generic]) -> float:
    return float(np.abs(np.diff(film.astype(float), axis=0)).mean())


def test_a_carried_dream_changes_less_than_frames_dreamed_each_for_itself() -> None:
    film = noisy_still()
    details = [dreamed(film, recipe(carry=carry)).astype(int) - film for carry in (0.85, 0.0)]
    carried, alone = (change(detail) for detail in details)
    assert carried < 0.7 * alone


@pytest.mark.weights
def test_a_real_dream_flickers_much_less_when_it_is_carried() -> None:
    """On a still scene, all that changes beyond the camera's noise is flicker."""
    require("weights", weights.locate("inception_v3") is not None)
    real = load("inception_v3", torch.device("cpu"), torch.float32)
    film = noisy_still(4)
    numbers = {"layers": (LayerTerm(layer="mixed4"),), "objective": "eq", "octaves": 1, "step": 0.03}
    carried, alone = (
        change(dreamed(film, recipe(4, carry, **numbers), real)) - change(film) for carry in (0.85, 0.0)
    )
    assert alone > 4
    assert carried < 0.4 * alone


def test_a_carried_dream_moves_along_with_the_picture() -> None:
    film = pan()
    dreams = dreamed(film, recipe())
    detail: NDArray[np.int16] = dreams.astype(np.int16) - film
    followed = np.abs(detail[1:, 8:-8, 8:-10] - detail[:-1, 8:-8, 10:-8]).mean()
    stayed = np.abs(detail[1:, 8:-8, 8:-10] - detail[:-1, 8:-8, 8:-10]).mean()
    assert followed < 0.7 * stayed


def test_a_dream_neither_fades_nor_grows() -> None:
    film = noisy_still(16)
    strength = np.square(dreamed(film, recipe(16)).astype(float) - film).mean(axis=(1, 2, 3)) ** 0.5
    assert 0.7 * strength[0] < strength[-1] < 1.3 * strength[0]
    assert abs(strength[-1] - strength[-4]) < 0.05 * strength[0]


def test_closeness_holds_a_carried_dream_back_too() -> None:
    film = noisy_still(12)
    strengths = []
    for closeness in (0.0, 0.1):
        dreams = dreamed(film, recipe(12, closeness=closeness)).astype(float)
        strengths.append(np.square(dreams - film).mean(axis=(1, 2, 3))[[0, -1]] ** 0.5)
    assert strengths[1][1] < 0.85 * strengths[0][1]
    assert strengths[1][1] == pytest.approx(strengths[1][0], rel=0.35)


def test_without_carry_each_frame_is_a_dream_of_its_own() -> None:
    film = noisy_still(2)
    asked = recipe(2, carry=0.0)
    for rgb, source in zip(dreamed(film, asked), film, strict=True):
        assert np.array_equal(rgb, alone(source, asked))


def test_a_cut_begins_a_new_dream() -> None:
    film = np.concatenate([noisy_still(2), pan(2)])
    steps, frames, _ = run(film, recipe(4))
    assert len(frames) == 4
    per_frame = [step.steps for step in steps if step.octave == 1 and step.step == 1]
    assert per_frame[0] == 8
    assert per_frame[2] >= 6
    assert max(per_frame[1], per_frame[3]) <= 3
    fresh = alone(film[2], recipe()).astype(int)
    assert np.abs(frames[2].rgb - fresh).mean() < 0.5 * np.abs(film[2] - fresh).mean()


def test_frames_and_progress_come_in_order() -> None:
    steps, frames, last = run(pan(), recipe(4))
    assert [(frame.index, frame.frames) for frame in frames] == [(n, 4) for n in range(4)]
    assert np.array_equal(frames[-1].rgb, last)
    assert last.shape == (HEIGHT, WIDTH, 3)
    fractions = [step.fraction for step in steps]
    assert fractions == sorted(fractions)
    assert fractions[-1] == pytest.approx(1)


def test_fewer_frames_than_promised_are_all_dreamed() -> None:
    assert len(run(pan(2), recipe(9))[1]) == 2


def test_the_same_recipe_gives_the_same_film() -> None:
    assert np.array_equal(dreamed(pan(3), recipe(3)), dreamed(pan(3), recipe(3)))


def test_a_stop_is_heard_within_one_step() -> None:
    told: list[str] = []
    running = dream_video(NETWORK, DreamInputs(pan()), recipe(), lambda: bool(told))
    for _ in range(11):
        next(running)
    told.append("stop")
    with pytest.raises(Stopped):
        next(running)


def test_where_the_mask_is_black_the_film_stays_as_it_is() -> None:
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    mask[:, : WIDTH // 2] = 255
    film = pan(3)
    asked = recipe(3, mask="0" * 64)
    running = dream_video(NETWORK, DreamInputs(film, mask=mask), asked)
    frames = [event for event in running if isinstance(event, Frame)]
    for frame, source in zip(frames, film, strict=True):
        assert np.array_equal(frame.rgb[:, WIDTH // 2 + 2 :], source[:, WIDTH // 2 + 2 :])
        assert not np.array_equal(frame.rgb[:, : WIDTH // 2], source[:, : WIDTH // 2])
