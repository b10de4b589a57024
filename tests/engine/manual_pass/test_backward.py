"""Hand-written passes compared with autograd."""

from collections.abc import Mapping, Sequence
from statistics import fmean

import pytest
import torch
from skimage import data
from torch import Tensor, nn

from dreambot.engine import gradients
from dreambot.engine.dream import dream
from dreambot.engine.gradients import compute_gradient
from dreambot.engine.manual_pass import convolution
from dreambot.engine.manual_pass.backward import manual_pass_for
from dreambot.engine.objectives import LayerObjective
from dreambot.media.picture import DreamInputs
from dreambot.recipe import LayerTerm
from dreambot.workers.gpu.devices import best_precision
from dreambot.zoo import weights
from dreambot.zoo.loading import load
from dreambot.zoo.network import StagedNetwork
from tests.engine.manual_pass.networks import small_faces, small_inception, small_vgg
from tests.support import require
from tests.support.recipes import make_recipe

NETWORKS = {"inception": small_inception(), "vgg": small_vgg(), "faces": small_faces()}
CASES = [
    ("inception", ["conv0"]),
    ("inception", ["mixed0"]),
    ("inception", ["mixed3"]),
    ("inception", ["mixed8"]),
    ("inception", ["mixed9"]),
    ("inception", ["mixed10"]),
    ("inception", ["conv1", "mixed10", "mixed0"]),
    ("vgg", ["conv1_1"]),
    ("vgg", ["conv2_2"]),
    ("vgg", ["conv1_2", "conv2_1"]),
    ("faces", ["s32_1"]),
    ("faces", ["s64_1"]),
    ("faces", ["s64_2", "s128_1"]),
]
SIZES = [(101, 96), (96, 107), (130, 131), (81, 240)]

has_kernels = pytest.mark.skipif(
    not convolution.is_available(torch.device("cpu"), torch.float32),
    reason="this torch does not have the kernels",
)


def random_image(height: int, width: int) -> Tensor:
    return torch.rand(1, 3, height, width, generator=torch.Generator().manual_seed(height)) * 2 - 1


def objective(*layers: str) -> LayerObjective:
    return LayerObjective([LayerTerm(layer=layer) for layer in layers], "ms")


def by_autograd(network: StagedNetwork, x: Tensor, layers: Sequence[str]) -> tuple[Tensor, float]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gradients, "manual_pass_for", lambda _network, _layers: None)
        return compute_gradient(network, x, objective(*layers))


def difference(ours: Tensor, theirs: Tensor) -> float:
    return float((ours - theirs).norm() / theirs.norm())


def similarity(ours: Tensor, theirs: Tensor) -> float:
    return float(torch.cosine_similarity(ours.flatten(), theirs.flatten(), dim=0))


@has_kernels
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("name", "layers"), CASES)
def test_the_gradient_equals_autograds(name: str, layers: list[str], size: tuple[int, int]) -> None:
    network, x = NETWORKS[name], random_image(*size)
    assert manual_pass_for(network, layers) is not None
    ours, reached = compute_gradient(network, x, objective(*layers))
    theirs, expected = by_autograd(network, x, layers)
    assert ours.shape == x.shape
    assert ours.dtype == torch.float32
    assert difference(ours, theirs) < 1e-5
    assert reached == pytest.approx(expected, rel=1e-5)


@has_kernels
@pytest.mark.parametrize("name", NETWORKS)
def test_the_bf16_gradient_is_similar_to_autograds(name: str) -> None:
    make = {"inception": small_inception, "vgg": small_vgg, "faces": small_faces}[name]
    network, x = make().bfloat16(), random_image(110, 121)
    deepest = network.layers[-1]
    if manual_pass_for(network, [deepest]) is None:
        pytest.skip("this torch does not have the kernels")
    ours, _ = compute_gradient(network, x, objective(deepest))
    assert similarity(ours, by_autograd(network, x, [deepest])[0]) > 0.99


@has_kernels
def test_the_same_picture_gives_the_same_bits() -> None:
    network, x = NETWORKS["inception"], random_image(120, 130)
    first, _ = compute_gradient(network, x, objective("mixed10", "conv1"))
    compute_gradient(network, random_image(100, 90), objective("mixed3"))
    again, _ = compute_gradient(network, x, objective("mixed10", "conv1"))
    assert torch.equal(first, again)


@has_kernels
def test_image_and_network_are_not_changed() -> None:
    network, x = small_inception(), random_image(100, 110)
    kept, before = x.clone(), [parameter.clone() for parameter in network.parameters()]
    compute_gradient(network, x, objective("mixed10"))
    assert torch.equal(x, kept)
    assert all(map(torch.equal, network.parameters(), before))


@has_kernels
def test_changed_weights_are_detected() -> None:
    network, x = small_vgg(), random_image(90, 90)
    compute_gradient(network, x, objective("conv2_2"))
    for parameter in network.parameters():
        parameter.mul_(1.5)
    ours, _ = compute_gradient(network, x, objective("conv2_2"))
    assert difference(ours, by_autograd(network, x, ["conv2_2"])[0]) < 1e-5


def test_a_constant_objective_has_a_zero_gradient() -> None:
    class ConstantObjective:
        layers = frozenset({"conv1", "mixed0"})

        def __call__(self, features: Mapping[str, Tensor]) -> Tensor:
            return (features["conv1"] * 0).sum()[None]

    gradient, reached = compute_gradient(NETWORKS["inception"], random_image(90, 90), ConstantObjective())
    assert not gradient.any()
    assert reached == 0


def test_nan_weights_give_no_nan_gradient() -> None:
    network = small_vgg()
    for parameter in network.parameters():
        parameter.fill_(float("nan"))
    gradient, _ = compute_gradient(network, random_image(90, 90), objective("conv2_2"))
    assert not gradient.isnan().any()


def test_a_block_without_a_pass_uses_autograd() -> None:
    torch.manual_seed(0)
    stages = {**small_vgg().stages, "odd": nn.Sequential(nn.Conv2d(12, 4, 3), nn.Tanh())}
    network = StagedNetwork("vgg16", stages, ("conv2_2", "odd"))
    assert manual_pass_for(network, ["conv2_2", "odd"]) is None
    assert compute_gradient(network, random_image(90, 90), objective("odd"))[0].any()


def test_without_the_kernels_autograd_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(convolution, "is_available", lambda _device, _dtype: False)
    network = small_inception()
    assert manual_pass_for(network, ["mixed3"]) is None
    assert compute_gradient(network, random_image(90, 90), objective("mixed3"))[0].any()


@pytest.mark.weights
def test_a_fast_dream_reaches_the_same_objective() -> None:
    """The hand-written pass in the faster precision reaches the same objective as autograd in fp32.

    Where bf16 is emulated, one such dream would take minutes.
    """
    require("weights", weights.locate("inception_v3") is not None)
    treated = {"objective": "eq", "gradient": "laplacian", "bands": (0.5, 1.0, 1.0, 0.7), "step": 0.03}
    rgb = data.chelsea()

    def reached(dtype: torch.dtype) -> float:
        network = load("inception_v3", dtype=dtype, cut="mixed5")
        ends: list[float] = []
        for seed in (1, 2):
            recipe = make_recipe(width=224, height=149, octaves=2, steps=10, seed=seed, **treated)
            ends += [step.objective for step in list(dream(network, DreamInputs(rgb), recipe))[-3:]]
        return fmean(ends)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gradients, "manual_pass_for", lambda _network, _layers: None)
        exact = reached(torch.float32)
    fast = torch.bfloat16 if best_precision(torch.device("cpu")) == "bf16" else torch.float32
    # The objective is a logarithm; its final value has a standard deviation of 0.01 over seeds.
    assert abs(reached(fast) - exact) < 0.05


@has_kernels
def test_kernels_are_packed_for_each_number_of_threads() -> None:
    network, x, before = small_inception(), random_image(101, 96), torch.get_num_threads()
    expected, _ = by_autograd(network, x, ["mixed10"])
    found = []
    try:
        for threads in (4, 1, 4):
            torch.set_num_threads(threads)
            found.append(compute_gradient(network, x, objective("mixed10"))[0])
    finally:
        torch.set_num_threads(before)
    assert torch.equal(found[0], found[2])
    for gradient in found:
        assert torch.nn.functional.cosine_similarity(gradient.flatten(), expected.flatten(), dim=0) > 0.9999
