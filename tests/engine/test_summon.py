"""Adam, climbing."""

import random

import numpy as np
import pytest
import torch
from torch import Tensor

from dreambot.engine.dream import Stopped
from dreambot.engine.progress import Progress
from dreambot.engine.run import run_recipe
from dreambot.engine.summon import Adam, FourierImage
from dreambot.engine.transforms import random_augmentation
from dreambot.media.picture import DreamInputs, Pixels
from dreambot.recipe import Recipe
from dreambot.recipe.layers import TrainedModel
from dreambot.recipe.summon import SummonRequest, resolve_summon
from dreambot.zoo import weights
from dreambot.zoo.loading import load
from dreambot.zoo.network import Network
from tests.engine.tiny import tiny_network, tiny_recipe
from tests.support import require


def test_it_finds_a_top_that_is_far_steeper_one_way() -> None:
    steepness, at = torch.tensor([1.0, 1000.0]), torch.tensor([3.0, -3.0])
    adam = Adam(at)
    for step in range(200):
        at = at + adam.step(-2 * steepness * at, 0.1 * (1 - step / 200))
    assert at.abs().max() < 0.1


def test_nothing_to_climb_is_no_step() -> None:
    assert not Adam(torch.zeros(3)).step(torch.zeros(3), 1.0).any()


def test_the_size_of_gradients_does_not_matter() -> None:
    tiny, huge = (Adam(torch.zeros(1)).step(torch.tensor([size]), 0.5) for size in (1e-15, 1e15))
    assert torch.allclose(tiny, torch.tensor([0.5]))
    assert torch.allclose(huge, torch.tensor([0.5]))


def test_noise_is_the_same_for_the_same_seed_and_next_to_grey() -> None:
    one, same, other = (FourierImage.noise(50, 37, seed).image() for seed in (1, 1, 2))
    assert one.shape == (1, 3, 37, 50)
    assert torch.equal(one, same)
    assert not torch.equal(one, other)
    assert one.abs().max() < 0.5


@pytest.mark.parametrize("size", [(96, 74), (97, 75), (200, 120)])
def test_growing_keeps_the_picture(size: tuple[int, int]) -> None:
    small = FourierImage.noise(50, 37, 1)
    with torch.no_grad():
        small.coefficients[:, :, :4, :4] *= 20
    large = small.resized(*size).image()
    assert large.shape[-2:] == size[::-1]
    back = torch.nn.functional.interpolate(large, (37, 50), mode="area")
    assert (back - small.image()).abs().mean() < 0.1 * small.image().abs().mean()


def test_the_gradient_to_a_picture_reaches_its_spectrum() -> None:
    spectrum = FourierImage.noise(32, 32, 1)
    wish = torch.zeros(1, 3, 32, 32)
    wish[:, :, 8:24, 8:24] = 1
    adam = Adam(spectrum.coefficients.detach())
    before = (spectrum.image() - wish).abs().mean().item()
    for _ in range(60):
        likeness = -(spectrum.image() - wish).square().mean()
        spectrum.add(adam.step(torch.autograd.grad(likeness, spectrum.coefficients)[0], 0.05))
    assert (spectrum.image() - wish).abs().mean().item() < before / 2


def test_without_chroma_it_is_grey() -> None:
    picture = FourierImage.noise(32, 32, 1, chroma=0.0).image()
    assert torch.allclose(picture[:, :1].expand(1, 3, 32, 32), picture, atol=1e-6)


def fourier(**changes: object) -> Recipe:
    numbers = {
        "parametrisation": "fourier",
        "objective": "ms",
        "octaves": 2,
        "octave_scale": 2.0,
        "step": 0.05,
    }
    return tiny_recipe(**{**numbers, "rotation": 8.0, "scaling": 0.4, **changes})


def performed(recipe: Recipe, network: Network | None = None) -> tuple[list[Progress], Pixels]:
    steps: list[Progress] = []
    run = run_recipe(network or tiny_network(), DreamInputs(None), recipe)
    while True:
        try:
            step = next(run)
        except StopIteration as done:
            return steps, done.value
        assert isinstance(step, Progress)
        steps.append(step)


def test_out_of_nothing_comes_a_picture_of_the_size_asked_for() -> None:
    steps, picture = performed(fourier(steps=12))
    assert picture.shape == (170, 200, 3)
    assert len(steps) == 24
    assert steps[-1].fraction == pytest.approx(1)
    assert steps[-1].objective > steps[0].objective
    assert steps[3].render_preview(64).shape[1] == 64


def test_the_same_recipe_gives_the_same_pixels() -> None:
    one, same, other = (performed(fourier(seed=seed))[1] for seed in (1, 1, 2))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_it_stops_when_told() -> None:
    with pytest.raises(Stopped):
        list(run_recipe(tiny_network(), DreamInputs(None), fourier(), lambda: True))


def test_a_network_that_answers_nonsense_leaves_a_picture() -> None:
    class Nonsense(torch.nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return x.log()

    network = tiny_network()
    network.stages["conv1"] = Nonsense()
    _, picture = performed(fourier(), network)
    assert 60 < picture.mean() < 200


def test_a_view_of_an_oblong_picture_is_not_sheared() -> None:
    rows = torch.zeros(1, 3, 60, 120)
    rows[..., 25:35, 55:65] = 1
    recipe = fourier(rotation=45.0, scaling=0.0, jitter=0)
    for seed in range(5):
        seen = random_augmentation(recipe, 120, 60, random.Random(seed)).apply(rows)[0, 0]
        bright = (seen > seen.median() + 0.3).sum().item()
        assert bright == pytest.approx(100, rel=0.25)


@pytest.mark.weights
def test_classes_that_were_summoned_are_seen() -> None:
    """Which of a thousand classes comes first differs between seeds and processors: a goldfish in an aquarium
    may be called a puffer. Of 24 seeds, in both precisions, goldfish never came later than sixth and was
    first in more than half."""
    require("weights", weights.locate("mobilenet_v2") is not None)
    network = load("mobilenet_v2")
    for name, number in (("goldfish", 1), ("castle", 483)):
        places = [_place(network, name, number, seed) for seed in range(1, 5)]
        assert max(places) < 20, (name, places)
        assert sorted(places)[1] < 5, (name, places)


def _place(network: Network, name: str, number: int, seed: int) -> int:
    """How many classes the network sees rather than the one that was summoned."""
    recipe = resolve_summon(
        SummonRequest.of(name, size=128, intensity=6, seed=seed),
        None,
        seed=0,
        models=lambda name: TrainedModel(name, "0" * 64),
        precision="fp32",
        max_pixels=786_432,
    )
    _, picture = performed(recipe, network)
    shown = torch.from_numpy(picture).permute(2, 0, 1)[None] / 127.5 - 1
    with torch.no_grad():
        logits = network.forward_to(shown, ["classes"])["classes"][0]
    return int((logits > logits[number]).sum())
