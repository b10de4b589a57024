"""Networks bent for one dream."""

import math
from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from dreambot.engine.bend import bend_network
from dreambot.engine.dream import dream
from dreambot.engine.gradients import compute_gradient
from dreambot.engine.objectives import LayerObjective
from dreambot.media.picture import DreamInputs, Pixels
from dreambot.recipe import BendTerm, LayerTerm
from dreambot.recipe.bend_effects import BENDS
from dreambot.recipe.bends import parse_bends
from dreambot.recipe.random_bends import random_bends
from dreambot.zoo import weights
from dreambot.zoo.loading import load
from dreambot.zoo.network import Network, StagedNetwork, UnknownLayer
from tests.engine.manual_pass.networks import small_faces, small_inception, small_vgg
from tests.engine.tiny import tiny_network, tiny_recipe
from tests.support import require

KINDS = list(BENDS)
STATEFUL = {"feedback", "delay"}
RANDOM = {"cut", "swap", "invert", "gain", "noise", "matrix"}


def picture(side: int = 96, seed: int = 0, batch: int = 1) -> Tensor:
    return torch.rand(batch, 3, side, side, generator=torch.Generator().manual_seed(seed)) * 2 - 1


def bend(kind: str, amount: float, layer: str = "conv0") -> BendTerm:
    return BendTerm.model_validate({"kind": kind, "layer": layer, "amount": amount})


def wild(kind: str) -> BendTerm:
    # With eight channels, a shift by 32 would change nothing.
    return bend(kind, 3 if kind == "shift" else BENDS[kind].wild)


def values(network: Network, x: Tensor, layer: str = "conv1") -> Tensor:
    return network.forward_to(x, [layer])[layer]


def second_step(network: Network) -> Tensor:
    """Returns conv1 at the second step, when every bend has an effect."""
    values(network, picture())
    return values(network, picture(seed=1))


@pytest.mark.parametrize("kind", KINDS)
def test_a_bend_changes_later_layers_and_not_the_network(kind: str) -> None:
    network = tiny_network()
    straight = values(network, picture(seed=1))
    changed = second_step(bend_network(network, [wild(kind)], seed=1))
    assert changed.shape == straight.shape
    assert not torch.allclose(changed, straight, rtol=0.02)
    assert torch.equal(values(network, picture(seed=1)), straight)


def test_without_bends_the_network_is_returned_unchanged() -> None:
    network = tiny_network()
    assert bend_network(network, (), seed=1) is network


def test_an_exception_leaves_the_network_unchanged() -> None:
    class Refuses(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            raise RuntimeError("out of memory")

    whole = tiny_network()
    straight = values(whole, picture(), "conv0")
    network = StagedNetwork(whole.name, {"conv0": whole.stages["conv0"], "conv1": Refuses()}, whole.layers)
    bent = bend_network(network, [wild("noise"), wild("swap")], seed=1)
    with pytest.raises(RuntimeError, match="out of memory"):
        values(bent, picture())
    assert torch.equal(values(network, picture(), "conv0"), straight)


@pytest.mark.parametrize("kind", KINDS)
def test_the_seed_determines_a_random_bend(kind: str) -> None:
    network = tiny_network()
    first, second = (second_step(bend_network(network, [wild(kind)], seed=7)) for _ in range(2))
    assert torch.equal(first, second)
    others = [
        second_step(bend_network(network, [bend(kind, 1 if kind == "shift" else 0.5)], seed))
        for seed in range(4)
    ]
    assert all(torch.equal(other, others[0]) for other in others) is (kind not in RANDOM)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("end", ["least", "most"])
def test_the_gradient_is_finite_at_both_ends_of_the_range(kind: str, end: str) -> None:
    network = bend_network(tiny_network(), [bend(kind, getattr(BENDS[kind], end))], seed=1)
    assert second_step(network).isfinite().all()
    gradient, reached = compute_gradient(
        network, picture(), LayerObjective((LayerTerm(layer="conv1"),), "eq")
    )
    assert math.isfinite(reached)
    assert gradient.isfinite().all()


def test_bends_add_up_and_have_an_order() -> None:
    network = tiny_network()
    x = picture()
    twice = values(bend_network(network, parse_bends("shift@conv0=1+shift@conv0=2"), 1), x)
    assert torch.equal(twice, values(bend_network(network, parse_bends("shift@conv0=3"), 1), x))
    nested = bend_network(
        bend_network(network, parse_bends("shift@conv0=1"), 1), parse_bends("shift@conv0=2"), 1
    )
    assert torch.equal(values(nested, x), twice)
    orders = [
        values(bend_network(network, parse_bends(text), 1), x)
        for text in ("cut@conv0=0.5+shift@conv0=1", "shift@conv0=1+cut@conv0=0.5")
    ]
    assert not torch.equal(*orders)


@pytest.mark.parametrize("kind", sorted(STATEFUL))
def test_memory_is_reset_by_another_size_and_another_dream(kind: str) -> None:
    network = tiny_network()
    bent = bend_network(network, [wild(kind)], seed=1)
    fresh = values(bent, picture())
    assert torch.equal(fresh, values(network, picture()))
    assert not torch.equal(values(bent, picture()), fresh)
    larger = picture(112)
    assert torch.equal(values(bent, larger), values(network, larger))
    assert torch.equal(values(bend_network(network, [wild(kind)], seed=1), picture()), fresh)


@pytest.mark.parametrize("kind", KINDS)
def test_images_of_a_batch_are_independent(kind: str) -> None:
    network = tiny_network()
    both = torch.cat([picture(seed=1), picture(seed=2)])
    together = values(bend_network(network, [wild(kind)], seed=1), both)
    alone = values(bend_network(network, [wild(kind)], seed=1), both[1:])
    torch.testing.assert_close(together[1:], alone, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_bf16_stays_bf16(kind: str) -> None:
    network = bend_network(tiny_network().to(torch.bfloat16), [wild(kind)], seed=1)
    assert second_step(network).dtype == torch.bfloat16


def test_an_unknown_layer_is_named() -> None:
    with pytest.raises(UnknownLayer, match="mixed5"):
        bend_network(tiny_network(), parse_bends("cut@mixed5"), seed=1)


def test_extreme_activations_are_clamped() -> None:
    """Eight strong bends at once, on a layer with NaN and infinity."""

    class NonFinite(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            y = x.mean(dim=1, keepdim=True).repeat(1, 8, 1, 1)
            y[:, 0] = torch.nan
            y[:, 1] = torch.inf
            return y

    network = tiny_network()
    network.stages["conv0"] = NonFinite()
    loud = [bend(kind, 8) for kind in ("matrix", "gain", "delay", "fold") * 2]
    out = second_step(bend_network(network, loud, seed=1))
    assert out.isfinite().all()
    assert out.abs().amax() < 1e3


def test_bends_change_a_dream_reproducibly() -> None:
    network = tiny_network()
    source = np.random.default_rng(0).integers(0, 256, (170, 200, 3), dtype=np.uint8)

    def dreamed(text: str) -> Pixels:
        recipe = tiny_recipe(bends=parse_bends(text) if text else ())
        *_, last = steps = list(dream(network, DreamInputs(source), recipe))
        assert len(steps) == 12
        return last.render_preview(200)

    plain = dreamed("")
    bent = dreamed("noise@conv0=1+feedback@conv0=0.8+power@conv1=2")
    assert not np.array_equal(plain, bent)
    assert np.array_equal(bent, dreamed("noise@conv0=1+feedback@conv0=0.8+power@conv1=2"))
    assert np.array_equal(plain, dreamed(""))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("build", "layer", "deeper"),
    [
        (small_faces, "s32_1", "s64_2"),
        (small_faces, "s64_1", "s128_1"),
        (small_vgg, "conv1_2", "conv2_2"),
        (small_inception, "mixed0", "mixed3"),
    ],
)
def test_every_kind_of_block_can_be_bent(
    build: Callable[[], StagedNetwork], layer: str, deeper: str, kind: str
) -> None:
    """The gradient of a bent network comes from autograd, not from the hand-written pass."""
    network = build()
    x = picture()
    objective = LayerObjective((LayerTerm(layer=deeper),), "ms")
    straight, _ = compute_gradient(network, x, objective)
    bent = bend_network(network, [bend(kind, 3 if kind == "shift" else BENDS[kind].wild, layer)], seed=1)
    values(bent, picture(seed=1), deeper)
    changed, reached = compute_gradient(bent, x, objective)
    assert math.isfinite(reached)
    assert changed.isfinite().all()
    assert changed.any()
    assert not torch.allclose(changed, straight, rtol=0.02, atol=1e-2 * float(straight.abs().max()))
    again, _ = compute_gradient(network, x, objective)
    assert torch.equal(again, straight)


@pytest.mark.weights
@pytest.mark.parametrize("model", ["faces", "writing"])
def test_random_bends_change_other_networks(model: str) -> None:
    require("weights", weights.locate(model) is not None)
    network = load(model)
    x = picture(128)
    for seed, chaos in enumerate((1, 3, 5, 7, 9, 11)):
        bends, dreamed = random_bends(chaos, seed, model)
        straight = values(network, x, dreamed)
        bent = bend_network(network, bends, seed)
        values(bent, picture(128, seed=1), dreamed)
        changed = values(bent, x, dreamed)
        assert changed.isfinite().all()
        assert not torch.allclose(changed, straight, rtol=0.1)


@pytest.mark.weights
def test_no_bend_changes_the_real_network() -> None:
    require("weights", weights.locate("inception_v3") is not None)
    network = load("inception_v3", cut="mixed3")
    x = picture()
    straight = values(network, x, "mixed3")
    for kind in KINDS:
        bent = bend_network(network, [bend(kind, BENDS[kind].wild, "mixed0")], seed=1)
        values(bent, picture(seed=1), "mixed3")
        changed = values(bent, x, "mixed3")
        assert changed.isfinite().all()
        assert not torch.allclose(changed, straight, rtol=0.1)
    assert torch.equal(values(network, x, "mixed3"), straight)
