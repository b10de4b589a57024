"""Whole dreams on a tiny network."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dreambot.engine.dream import Stopped, dream, never_stop
from dreambot.engine.images import to_rgb, to_tensor
from dreambot.engine.progress import Progress
from dreambot.media.picture import DreamInputs, Pixels
from dreambot.recipe import Recipe
from tests.engine.tiny import dreamed, tiny_network, tiny_recipe

NETWORK = tiny_network()


def random_picture(width: int = 200, height: int = 170) -> Pixels:
    return np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)


def run(rgb: Pixels, recipe: Recipe, stop: Callable[[], bool] = never_stop) -> tuple[list[Progress], Pixels]:
    steps, running = [], dream(NETWORK, DreamInputs(rgb), recipe, stop)
    while True:
        try:
            steps.append(next(running))
        except StopIteration as end:
            return steps, end.value


def test_pixels_to_tensor_and_back_are_unchanged() -> None:
    picture = random_picture()
    assert np.array_equal(to_rgb(to_tensor(picture, NETWORK.device)), picture)


def test_the_objective_increases() -> None:
    steps, _ = run(random_picture(), tiny_recipe(steps=10))
    last = [step.objective for step in steps if step.octave == 3]
    assert last[-1] > last[0]


def test_progress_increases_to_one() -> None:
    steps, _ = run(random_picture(), tiny_recipe())
    fractions = [step.fraction for step in steps]
    assert fractions == sorted(fractions)
    assert fractions[0] > 0
    assert fractions[-1] == 1
    assert [(s.octave, s.step) for s in steps] == [(o, s) for o in (1, 2, 3) for s in (1, 2, 3, 4)]
    assert {(s.octaves, s.steps) for s in steps} == {(3, 4)}


def test_a_ratio_spreads_the_steps_over_the_octaves() -> None:
    recipe = tiny_recipe(steps=8, steps_ratio=4.0)
    steps, _ = run(random_picture(), recipe)
    shown = [(one.octave, one.step, one.steps) for one in steps]
    assert shown == [
        (octave, step, count) for octave, count in enumerate((16, 8, 4), 1) for step in range(1, count + 1)
    ]
    fractions = [one.fraction for one in steps]
    assert fractions == sorted(fractions)
    assert fractions[-1] == pytest.approx(1)


def test_clouds_are_those_of_the_seed_and_only_in_the_mask() -> None:
    source = np.full((170, 200, 3), 128, np.uint8)
    faint = {"step": 1e-6, "clouds": 0.2}
    one, other = (run(source, tiny_recipe(seed=seed, **faint))[1].astype(float) for seed in (1, 2))
    assert one.std() == pytest.approx(0.2 * 127.5, rel=0.15)
    assert abs(np.corrcoef(one.ravel(), other.ravel())[0, 1]) < 0.4
    assert np.array_equal(one, run(source, tiny_recipe(seed=1, **faint))[1])
    # Grey, and the same at any size.
    assert np.abs(one[..., 0] - one[..., 1]).max() <= 1
    wide = np.full((340, 400, 3), 128, np.uint8)
    large = run(wide, tiny_recipe(seed=1, width=400, height=340, **faint))[1].astype(float)
    assert np.corrcoef(large[::2, ::2, 0].ravel(), one[..., 0].ravel())[0, 1] > 0.95
    mask = np.zeros((170, 200), np.uint8)
    mask[:, 100:] = 255
    recipe = tiny_recipe(seed=1, mask="a" * 64, **faint)
    half = dreamed(NETWORK, DreamInputs(source, mask=mask), recipe)
    assert (half[:, :80] == 128).all()
    assert half[:, 120:].std() > 10


def test_the_same_recipe_gives_the_same_pixels() -> None:
    first, second = (run(random_picture(), tiny_recipe())[1] for _ in range(2))
    assert np.array_equal(first, second)


def test_different_seeds_give_different_dreams() -> None:
    first, second = (run(random_picture(), tiny_recipe(seed=seed))[1] for seed in (1, 2))
    assert not np.array_equal(first, second)


def test_a_stop_takes_effect_within_one_step() -> None:
    stops = []
    running = dream(NETWORK, DreamInputs(random_picture()), tiny_recipe(), lambda: bool(stops))
    next(running)
    next(running)
    stops.append("stop")
    with pytest.raises(Stopped):
        next(running)


@settings(max_examples=15)
@given(st.integers(1, 301), st.integers(1, 301))
def test_the_result_has_the_exact_size(width: int, height: int) -> None:
    recipe = tiny_recipe(width=width, height=height, steps=1)
    _, result = run(random_picture(64, 48), recipe)
    assert result.shape == (height, width, 3)
    assert result.dtype == np.uint8


def test_a_small_step_keeps_the_source_visible() -> None:
    picture = np.full((170, 200, 3), 120, np.uint8)
    _, result = run(picture, tiny_recipe(step=0.001))
    assert np.abs(result.astype(int) - picture).max() < 12


def test_detail_of_small_octaves_is_carried_over() -> None:
    """With more octaves, the result has more coarse detail."""
    picture = np.full((170, 200, 3), 120, np.uint8)
    _, one = run(picture, tiny_recipe(octaves=1, step=0.02))
    _, three = run(picture, tiny_recipe(octaves=3, step=0.02))
    coarse = [np.std(p.reshape(17, 10, 20, 10, 3).mean(axis=(1, 3))) for p in (one, three)]
    assert coarse[1] > 1.3 * coarse[0]


def test_a_preview_is_small_and_keeps_the_aspect_ratio() -> None:
    steps, _ = run(random_picture(), tiny_recipe())
    assert steps[-1].render_preview(100).shape == (85, 100, 3)


def test_a_network_of_nan_leaves_the_image_unchanged() -> None:
    """A NaN gradient is replaced by 0."""
    broken = tiny_network()
    for parameter in broken.parameters():
        parameter.fill_(float("nan"))
    picture = random_picture()
    running = dream(broken, DreamInputs(picture), tiny_recipe(octaves=1, steps=1))
    next(running)
    with pytest.raises(StopIteration) as end:
        next(running)
    assert np.array_equal(end.value.value, picture)
