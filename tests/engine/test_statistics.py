"""The statistics prior: the distance from the training data, and the network that measures it."""

import pytest
import torch

from dreambot.engine.bend import bend_network
from dreambot.engine.gradients import compute_gradient
from dreambot.engine.objectives import LayerObjective
from dreambot.engine.statistics import (
    STATISTICS_LAYER,
    StatisticsNetwork,
    StatisticsObjective,
    statistics_distance,
)
from dreambot.recipe import LayerTerm
from dreambot.recipe.bends import BendTerm
from dreambot.zoo import network as zoo
from dreambot.zoo.architectures.mobilenet_v2 import Projection
from dreambot.zoo.network import StagedNetwork
from tests.zoo.untrained import random_module

MEAN, STD = torch.tensor([[0.5, -1.0]]), torch.tensor([[2.0, 0.1]])


def activation(mean: torch.Tensor = MEAN, std: torch.Tensor = STD) -> torch.Tensor:
    """Two channels with exactly these statistics, channels_last."""
    values = torch.randn(3, 2, 20, 30, generator=torch.Generator().manual_seed(1))
    values = values - values.mean(dim=(2, 3), keepdim=True)
    values = values / values.var(dim=(2, 3), keepdim=True, correction=0).sqrt()
    values = values * std[..., None, None] + mean[..., None, None]
    return values.to(memory_format=torch.channels_last)


def test_the_distance_is_in_standard_deviations_of_each_channel() -> None:
    assert statistics_distance(activation(), MEAN, STD) == pytest.approx([0, 0, 0], abs=1e-5)
    shifted = statistics_distance(activation(mean=MEAN + 3 * STD), MEAN, STD)
    assert shifted == pytest.approx([9, 9, 9], rel=1e-3)
    spread = statistics_distance(activation(std=STD * torch.tensor([1.0, 5.0])), MEAN, STD)
    assert spread == pytest.approx([8, 8, 8], rel=1e-3)


def test_the_distance_is_measured_for_each_image() -> None:
    images = activation()
    images[1] += 1
    distance = statistics_distance(images, MEAN, STD)
    assert distance[[0, 2]] == pytest.approx([0, 0], abs=1e-5)
    assert distance[1] > 10


def test_a_flat_activation_has_a_finite_gradient() -> None:
    flat = torch.ones(1, 2, 4, 4, requires_grad=True)
    (gradient,) = torch.autograd.grad(statistics_distance(flat, MEAN, STD).sum(), flat)
    assert gradient.isfinite().all()
    assert gradient.abs().max() > 0


@pytest.fixture(scope="module")
def network() -> StagedNetwork:
    return zoo.build("mobilenet_v2", random_module("mobilenet_v2").state_dict())


def image(seed: int = 0) -> torch.Tensor:
    return torch.rand(1, 3, 96, 96, generator=torch.Generator().manual_seed(seed)) * 2 - 1


def test_the_layers_stay_as_they_are_and_no_hook_remains(network: StagedNetwork) -> None:
    with torch.no_grad():
        plain = network.forward_to(image(), ["block3", "classes"])
        measured = StatisticsNetwork(network).forward_to(image(), ["block3", "classes", STATISTICS_LAYER])
    assert torch.equal(measured["block3"], plain["block3"])
    assert torch.equal(measured["classes"], plain["classes"])
    assert measured[STATISTICS_LAYER].shape == (1,)
    assert not any(module._forward_hooks for module in network.modules())


def test_a_failure_leaves_no_hook(network: StagedNetwork) -> None:
    def fail(_name: str, _stage: torch.nn.Module, _x: torch.Tensor) -> torch.Tensor:
        raise RuntimeError("out of memory")

    with pytest.raises(RuntimeError, match="out of memory"):
        StatisticsNetwork(network).forward_to(image(), ["block3", STATISTICS_LAYER], fail)
    assert not any(module._forward_hooks for module in network.modules())


def test_a_bent_network_is_measured_where_it_is_bent(network: StagedNetwork) -> None:
    """The bend replaces the kernels of a stage, so the activations of the replaced ones count."""

    def distance(amount: float) -> float:
        bent = bend_network(network, [BendTerm(kind="noise", layer="block2", amount=amount)], 1)
        measured = StatisticsNetwork(bent)
        with torch.no_grad():
            first, again = (
                float(measured.forward_to(image(), ["block2", STATISTICS_LAYER])[STATISTICS_LAYER])
                for _ in range(2)
            )
        assert first == again
        return first

    assert distance(0.2) != distance(1.0)


def test_the_gradient_leads_to_the_statistics(network: StagedNetwork) -> None:
    objective = LayerObjective([LayerTerm(layer="classes", channels=(1,))], "logit")
    measured = StatisticsNetwork(network)

    def distance(x: torch.Tensor) -> float:
        with torch.no_grad():
            return float(measured.forward_to(x, ["classes", STATISTICS_LAYER])[STATISTICS_LAYER])

    for seed in range(3):
        x = image(seed)
        gradient, value = compute_gradient(measured, x, StatisticsObjective(objective, 1000.0))
        _, of_class = compute_gradient(network, x, objective)
        assert value == pytest.approx(of_class - 1000 * distance(x), rel=1e-3)
        # First order: a step changes the distance by its length times the length of the gradient.
        length = 1e-4
        expected = length * float(gradient.norm()) / 1000
        assert distance(x + length * gradient / gradient.norm()) == pytest.approx(
            distance(x) - expected, abs=0.3 * expected
        )


def test_projections_know_the_statistics_that_a_batch_norm_gives_its_channels() -> None:
    theirs = random_module("mobilenet_v2").train()
    for module in theirs.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            # The running statistics become those of the last batch.
            module.momentum = 1.0
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    batch = torch.rand(8, 3, 96, 96, generator=torch.Generator().manual_seed(0)) * 2 - 1
    with torch.no_grad():
        theirs((batch / 2 + 0.5 - RGB_MEAN) / RGB_STD)
    ours = zoo.build("mobilenet_v2", theirs.state_dict())
    seen: list[tuple[Projection, torch.Tensor]] = []
    projections = [module for module in ours.modules() if isinstance(module, Projection)]
    for module in projections:
        module.register_forward_hook(lambda module, _inputs, output: seen.append((module, output)))
    ours.forward_to(batch, ["classes"])
    assert len(projections) == len(seen) == 17
    for projection, output in seen[:10]:
        means, stds = output.mean(dim=(0, 2, 3)), output.std(dim=(0, 2, 3), correction=0)
        torch.testing.assert_close(means[None], projection.mean, rtol=0.05, atol=0.05)
        torch.testing.assert_close(stds[None], projection.std, rtol=0.05, atol=0.05)


RGB_MEAN = torch.tensor((0.485, 0.456, 0.406)).view(3, 1, 1)
RGB_STD = torch.tensor((0.229, 0.224, 0.225)).view(3, 1, 1)
