"""What a dream climbs."""

import math

import pytest
import torch

from dreambot.engine.objective import excitement, objective
from dreambot.recipe import LayerTerm
from dreambot.recipe.layers import Objective


def loud_and_quiet() -> torch.Tensor:
    """Two channels; the first a hundred times louder."""
    features = torch.rand(1, 2, 9, 9, generator=torch.Generator().manual_seed(1)) + 0.5
    features[:, 0] *= 100
    return features


def test_ms_is_the_mean_square() -> None:
    features = loud_and_quiet()
    assert excitement(features, "ms").item() == pytest.approx(features.square().mean().item())


def test_eq_lets_every_channel_count_alike() -> None:
    """Doubling the quiet channel moves `eq` about as much, in its share, as doubling the loud one."""

    def gain(kind: str, channel: int) -> float:
        features = loud_and_quiet().requires_grad_()
        excitement(features, "eq" if kind == "eq" else "ms").sum().backward()
        assert features.grad is not None
        return float(features.grad[:, channel].square().mean().sqrt())

    assert gain("ms", 0) / gain("ms", 1) > 50
    assert gain("eq", 0) / gain("eq", 1) < 2


def test_p4_prefers_one_loud_spot_to_many_quiet_ones() -> None:
    spread = torch.ones(1, 1, 8, 8)
    gathered = torch.zeros(1, 1, 8, 8)
    gathered[..., 0, 0] = 8.0
    assert excitement(spread, "ms").item() == pytest.approx(excitement(gathered, "ms").item())
    assert excitement(gathered, "p4").item() > 2 * excitement(spread, "p4").item()


def test_silence_has_a_finite_gradient() -> None:
    features = torch.zeros(1, 4, 5, 5, requires_grad=True)
    kinds: tuple[Objective, ...] = ("ms", "eq", "p4")
    for kind in kinds:
        objective({"a": features}, [LayerTerm(layer="a")], kind).sum().backward()
        assert features.grad is not None
        assert torch.isfinite(features.grad).all()


def test_weights_mean_the_same_at_any_loudness() -> None:
    quiet, loud = torch.rand(1, 3, 4, 4) + 0.1, 1000 * (torch.rand(1, 3, 4, 4) + 0.1)
    terms = [LayerTerm(layer="quiet", weight=2), LayerTerm(layer="loud", weight=1)]
    before = objective({"quiet": quiet, "loud": loud}, terms, "ms")
    double_quiet = objective({"quiet": 2 * quiet, "loud": loud}, terms, "ms") - before
    double_loud = objective({"quiet": quiet, "loud": 2 * loud}, terms, "ms") - before
    assert double_quiet.item() == pytest.approx(2 * double_loud.item(), rel=1e-4)


def test_channels_narrow_and_minus_suppresses() -> None:
    features = {"a": loud_and_quiet()}
    loud = objective(features, [LayerTerm(layer="a", channels=(0,))], "ms")
    quiet = objective(features, [LayerTerm(layer="a", channels=(1,))], "ms")
    assert loud.item() > quiet.item() + 5
    assert objective(features, [LayerTerm(layer="a", weight=-1)], "ms").item() < 0


def test_pictures_of_a_batch_are_told_apart() -> None:
    features = torch.stack([torch.ones(2, 3, 3), 10 * torch.ones(2, 3, 3)])
    assert objective({"a": features}, [LayerTerm(layer="a")], "ms").shape == (2,)


def test_classes_add_up_and_none_outshouts_the_others() -> None:
    """Those to be avoided count against, and an objective for layers that look at places does not concern
    them."""
    logits = {"classes": torch.tensor([[3.0, -1.0, 5.0], [0.0, 2.0, 4.0]])}
    wanted, avoided = LayerTerm(layer="classes", channels=(0, 2)), LayerTerm(layer="classes", channels=(1,))
    terms = [wanted, avoided.model_copy(update={"weight": -0.5})]
    kinds: tuple[Objective, ...] = ("logit", "eq")
    for kind in kinds:
        assert objective(logits, terms, kind).tolist() == pytest.approx([2.5353, 1.4436 - 0.7218], abs=1e-3)


def test_a_class_can_be_mixed_with_a_layer() -> None:
    features = {"a": loud_and_quiet(), "classes": torch.tensor([[3.0, 7.0]])}
    layer, kind = LayerTerm(layer="a"), LayerTerm(layer="classes", channels=(1,), weight=2)
    mixed = objective(features, [layer, kind], "ms")
    assert mixed.item() == pytest.approx(objective(features, [layer], "ms").item() + 2 * math.asinh(7))
