"""Several dreams in one batch, on the CPU; with graphs the code is the same."""

from collections.abc import Generator
from typing import TypeVar

import numpy as np
import pytest
import torch

from dreambot.engine.cuda.batch import Batch, dream_batch
from dreambot.engine.cuda.step import step_config_for
from dreambot.engine.dream import Stopped
from dreambot.media.picture import DreamInputs, Pixels
from dreambot.recipe import BendTerm, Guide, LayerTerm, Recipe
from dreambot.recipe.fast_paths import batch_key
from tests.engine.tiny import dreamed, tiny_network, tiny_recipe
from tests.support import require

NETWORK = tiny_network()
SHA = "b" * 64
T = TypeVar("T")


def random_picture(seed: int) -> Pixels:
    return np.random.default_rng(seed).integers(0, 256, (150, 170, 3), dtype=np.uint8)


def batched_recipe(**changes: object) -> Recipe:
    """A recipe whose octaves fill their canvases, so that batched dreams equal single ones."""
    return tiny_recipe(**{"width": 192, "height": 192, "octaves": 2, "octave_scale": 2.0, **changes})


def result_of(running: Generator[object, None, T]) -> T:
    while True:
        try:
            next(running)
        except StopIteration as end:
            value: T = end.value
            return value


def psnr(a: Pixels, b: Pixels) -> float:
    return float(10 * np.log10(255**2 / max(1e-9, np.square(a.astype(float) - b).mean())))


SOURCES = [random_picture(seed) for seed in range(3)]
RECIPES = [
    batched_recipe(seed=1),
    batched_recipe(seed=2, step=0.05, cooling=0.1),
    batched_recipe(seed=3, jitter=0, light=0.3),
]
NATURAL = {"palette": "natural", "steps_ratio": 4.0, "clouds": 0.2}


@pytest.fixture(scope="module")
def alone() -> list[Pixels]:
    """The dreams, run one by one."""
    return [
        dreamed(NETWORK, DreamInputs(source), recipe) for source, recipe in zip(SOURCES, RECIPES, strict=True)
    ]


def test_batched_dreams_equal_single_dreams(alone: list[Pixels]) -> None:
    together = result_of(dream_batch(NETWORK, [DreamInputs(source) for source in SOURCES], RECIPES))
    assert all(psnr(*pair) > 40 for pair in zip(together, alone, strict=True))


def test_batched_dreams_with_a_palette_a_ratio_of_steps_and_clouds_equal_single_dreams() -> None:
    recipes = [batched_recipe(seed=seed, **NATURAL) for seed in (1, 2)]
    together = result_of(dream_batch(NETWORK, [DreamInputs(source) for source in SOURCES[:2]], recipes))
    for source, recipe, one in zip(SOURCES, recipes, together, strict=False):
        assert psnr(dreamed(NETWORK, DreamInputs(source), recipe), one) > 40


def test_each_dream_has_its_own_progress() -> None:
    steps = list(dream_batch(NETWORK, [DreamInputs(source) for source in SOURCES], RECIPES))
    assert len(steps) == 8
    for number in steps[0]:
        progress = [step[number] for step in steps]
        assert [(step.octave, step.step) for step in progress] == [
            (o, s) for o in (1, 2) for s in (1, 2, 3, 4)
        ]
        assert progress[-1].fraction == 1
        assert progress[-1].objective > progress[4].objective
        assert progress[-1].render_preview(64).shape == (64, 64, 3)


def test_a_dream_that_joins_later_catches_up(alone: list[Pixels]) -> None:
    batch = Batch(NETWORK)
    first = batch.join(DreamInputs(SOURCES[0]), RECIPES[0])
    assert result_of(batch.octave()) == {}
    late = batch.join(DreamInputs(SOURCES[1]), RECIPES[1])
    assert [set(steps) for steps in batch.octave()] == [{late}] * 4
    done = result_of(batch.octave())
    assert set(done) == {first, late}
    assert batch.dreams == 0
    assert psnr(done[first], alone[0]) > 40
    assert psnr(done[late], alone[1]) > 40


def test_a_dream_that_leaves_does_not_delay_the_others(alone: list[Pixels]) -> None:
    batch = Batch(NETWORK)
    stays, leaves = (batch.join(DreamInputs(SOURCES[index]), RECIPES[index]) for index in (0, 1))
    result_of(batch.octave())
    batch.leave(leaves)
    done = result_of(batch.octave())
    assert set(done) == {stays}
    assert psnr(done[stays], alone[0]) > 40


def test_a_batch_can_be_stopped() -> None:
    with pytest.raises(Stopped):
        next(dream_batch(NETWORK, [DreamInputs(SOURCES[0])], [RECIPES[0]], lambda: True))


def test_octaves_above_are_downsampled_in_a_batch() -> None:
    recipe = batched_recipe(octaves_above=1, width=96, height=96)
    (ours,) = result_of(dream_batch(NETWORK, [DreamInputs(SOURCES[0])], [recipe]))
    assert psnr(ours, dreamed(NETWORK, DreamInputs(SOURCES[0]), recipe)) > 40


@pytest.mark.parametrize(
    "more",
    [
        {"guide": Guide(sha256=SHA)},
        {"mask": SHA},
        {"bends": (BendTerm(kind="swap", layer="conv0", amount=0.3),)},
        {"tile": 128},
        {"rotation": 3},
        {"scaling": 0.1},
        {"closeness": 0.1},
        {"keep_colour": True},
        {"parametrisation": "fourier"},
        {"layers": (LayerTerm(layer="conv1", strongest=2),)},
    ],
)
def test_unsupported_recipes_cannot_be_batched(more: dict[str, object]) -> None:
    recipe = batched_recipe(**more)
    assert batch_key(recipe) is None
    with pytest.raises(ValueError, match="batch"):
        Batch(NETWORK).join(DreamInputs(SOURCES[0]), recipe)


def test_which_recipes_share_a_batch() -> None:
    keys = {batch_key(recipe) for recipe in RECIPES}
    assert len(keys) == 1
    # Their steps also have one configuration.
    assert len({step_config_for(recipe, recipe.layers) for recipe in RECIPES} - {None}) == 1
    others = [{"width": 200}, {"steps": 5}, {"chroma": 0.5}, {"objective": "eq"}, {"precision": "bf16"}]
    assert all(batch_key(batched_recipe(**other)) not in keys for other in others)
    batch = Batch(NETWORK)
    batch.join(DreamInputs(SOURCES[0]), RECIPES[0])
    with pytest.raises(ValueError, match="batch"):
        batch.join(DreamInputs(SOURCES[0]), batched_recipe(steps=5))


@pytest.mark.gpu
def test_a_batch_on_cuda_gives_the_same_dreams(alone: list[Pixels]) -> None:
    require("gpu", torch.cuda.is_available())
    network = tiny_network().cuda()
    together = result_of(dream_batch(network, [DreamInputs(source) for source in SOURCES], RECIPES))
    assert all(psnr(*pair) > 30 for pair in zip(together, alone, strict=True))


def test_a_dream_out_of_noise_shares_a_batch_with_others() -> None:
    recipes = [batched_recipe(seed=1, source="noise"), batched_recipe(seed=2)]
    assert batch_key(recipes[0]) == batch_key(recipes[1])
    inputs = [DreamInputs(None), DreamInputs(SOURCES[0])]
    together = result_of(dream_batch(NETWORK, inputs, recipes))
    alone = [dreamed(NETWORK, *one) for one in zip(inputs, recipes, strict=True)]
    assert all(psnr(*pair) > 40 for pair in zip(together, alone, strict=True))
    assert batch_key(batched_recipe(text="NO")) is None
