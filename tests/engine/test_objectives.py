"""What a dream climbs."""

import math

import pytest
import torch
from torch import Tensor

from dreambot.engine.objectives import (
    MAX_GUIDE_POSITIONS,
    CaricatureObjective,
    MatchObjective,
    activation_strength,
    evaluate_objective,
)
from dreambot.engine.transforms import Transform
from dreambot.recipe import LayerTerm
from dreambot.recipe.layers import Objective


def loud_and_quiet() -> torch.Tensor:
    """Two channels; the first a hundred times louder."""
    features = torch.rand(1, 2, 9, 9, generator=torch.Generator().manual_seed(1)) + 0.5
    features[:, 0] *= 100
    return features


def test_ms_is_the_mean_square() -> None:
    features = loud_and_quiet()
    assert activation_strength(features, "ms").item() == pytest.approx(features.square().mean().item())


def test_eq_lets_every_channel_count_alike() -> None:
    """Doubling the quiet channel moves `eq` about as much, in its share, as doubling the loud one."""

    def gain(kind: str, channel: int) -> float:
        features = loud_and_quiet().requires_grad_()
        activation_strength(features, "eq" if kind == "eq" else "ms").sum().backward()
        assert features.grad is not None
        return float(features.grad[:, channel].square().mean().sqrt())

    assert gain("ms", 0) / gain("ms", 1) > 50
    assert gain("eq", 0) / gain("eq", 1) < 2


def test_p4_prefers_one_loud_spot_to_many_quiet_ones() -> None:
    spread = torch.ones(1, 1, 8, 8)
    gathered = torch.zeros(1, 1, 8, 8)
    gathered[..., 0, 0] = 8.0
    assert activation_strength(spread, "ms").item() == pytest.approx(
        activation_strength(gathered, "ms").item()
    )
    assert activation_strength(gathered, "p4").item() > 2 * activation_strength(spread, "p4").item()


def test_silence_has_a_finite_gradient() -> None:
    features = torch.zeros(1, 4, 5, 5, requires_grad=True)
    kinds: tuple[Objective, ...] = ("ms", "eq", "p4")
    for kind in kinds:
        evaluate_objective({"a": features}, [LayerTerm(layer="a")], kind).sum().backward()
        assert features.grad is not None
        assert torch.isfinite(features.grad).all()


def test_weights_mean_the_same_at_any_loudness() -> None:
    quiet, loud = torch.rand(1, 3, 4, 4) + 0.1, 1000 * (torch.rand(1, 3, 4, 4) + 0.1)
    terms = [LayerTerm(layer="quiet", weight=2), LayerTerm(layer="loud", weight=1)]
    before = evaluate_objective({"quiet": quiet, "loud": loud}, terms, "ms")
    double_quiet = evaluate_objective({"quiet": 2 * quiet, "loud": loud}, terms, "ms") - before
    double_loud = evaluate_objective({"quiet": quiet, "loud": 2 * loud}, terms, "ms") - before
    assert double_quiet.item() == pytest.approx(2 * double_loud.item(), rel=1e-4)


def test_channels_narrow_and_minus_suppresses() -> None:
    features = {"a": loud_and_quiet()}
    loud = evaluate_objective(features, [LayerTerm(layer="a", channels=(0,))], "ms")
    quiet = evaluate_objective(features, [LayerTerm(layer="a", channels=(1,))], "ms")
    assert loud.item() > quiet.item() + 5
    assert evaluate_objective(features, [LayerTerm(layer="a", weight=-1)], "ms").item() < 0


def test_pictures_of_a_batch_are_told_apart() -> None:
    features = torch.stack([torch.ones(2, 3, 3), 10 * torch.ones(2, 3, 3)])
    assert evaluate_objective({"a": features}, [LayerTerm(layer="a")], "ms").shape == (2,)


def test_classes_add_up_and_none_outshouts_the_others() -> None:
    """Those to be avoided count against, and an objective for layers that look at places does not concern
    them."""
    logits = {"classes": torch.tensor([[3.0, -1.0, 5.0], [0.0, 2.0, 4.0]])}
    wanted, avoided = LayerTerm(layer="classes", channels=(0, 2)), LayerTerm(layer="classes", channels=(1,))
    terms = [wanted, avoided.model_copy(update={"weight": -0.5})]
    kinds: tuple[Objective, ...] = ("logit", "eq")
    for kind in kinds:
        assert evaluate_objective(logits, terms, kind).tolist() == pytest.approx(
            [2.5353, 1.4436 - 0.7218], abs=1e-3
        )


def test_a_class_can_be_mixed_with_a_layer() -> None:
    features = {"a": loud_and_quiet(), "classes": torch.tensor([[3.0, 7.0]])}
    layer, kind = LayerTerm(layer="a"), LayerTerm(layer="classes", channels=(1,), weight=2)
    mixed = evaluate_objective(features, [layer, kind], "ms")
    assert mixed.item() == pytest.approx(
        evaluate_objective(features, [layer], "ms").item() + 2 * math.asinh(7)
    )


TERMS = (LayerTerm(layer="a"),)


def features(height: int = 6, width: int = 8, channels: int = 5, seed: int = 1) -> Tensor:
    return torch.rand(1, channels, height, width, generator=torch.Generator().manual_seed(seed))


def gradient(score: MatchObjective | CaricatureObjective, at: Tensor) -> Tensor:
    at = at.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(score({"a": at}).sum(), at)
    return gradient


def test_every_spot_is_pulled_to_its_best_match() -> None:
    guide = torch.eye(3).reshape(1, 3, 1, 3)
    at = torch.tensor([[3.0, 1.0, 0.0], [0.0, 1.0, 2.0]]).T.reshape(1, 3, 1, 2)
    pulled = gradient(MatchObjective(TERMS, {"a": guide}), at)[0, :, 0]
    assert pulled[:, 0].argmax().item() == 0
    assert pulled[:, 1].argmax().item() == 2
    assert (pulled > 0).sum().item() == 2


def test_a_large_guide_is_thinned_out() -> None:
    score = MatchObjective(TERMS, {"a": features(100, 170)})
    assert all(guide.shape[1] <= MAX_GUIDE_POSITIONS for guide in score._guide)
    assert torch.isfinite(gradient(score, features(200, 300))).all()


def test_a_caricature_exaggerates() -> None:
    """Climbing away from the guide's mean makes what differs differ more, in the same direction."""
    own = features()
    score = CaricatureObjective(TERMS, [{"a": own}])
    climbed = own + gradient(score, own) / gradient(score, own).abs().max()
    before, after = (x - x.mean(dim=(2, 3), keepdim=True) for x in (own, climbed))
    assert after.norm() > 1.1 * before.norm()
    assert torch.cosine_similarity(before.flatten(), after.flatten(), dim=0) > 0.9


def test_a_caricature_moves_with_the_picture() -> None:
    own, movement = features(), Transform(2 / 6, -3 / 8)
    still = CaricatureObjective(TERMS, [{"a": own}])
    moved = gradient(still.transformed(movement), movement.apply(own))
    assert torch.allclose(moved, movement.apply(gradient(still, own)), atol=1e-6)


def test_a_caricature_takes_the_guide_of_the_nearest_size() -> None:
    small, large = features(6, 8), features(12, 16, seed=2)
    score = CaricatureObjective(TERMS, [{"a": small}, {"a": large}])
    alone = CaricatureObjective(TERMS, [{"a": large}])
    assert torch.equal(score({"a": features(12, 16)}), alone({"a": features(12, 16)}))
    assert torch.isfinite(score({"a": features(11, 14)})).all()


@pytest.mark.parametrize("kind", [MatchObjective, lambda terms, guide: CaricatureObjective(terms, [guide])])
def test_weights_mean_the_same_at_any_loudness_with_a_guide(kind: type[MatchObjective]) -> None:
    terms = (LayerTerm(layer="quiet", weight=2), LayerTerm(layer="loud", weight=-1))
    guide = {"quiet": features(seed=3), "loud": 1000 * features(seed=3)}
    here = {name: activation + 0 for name, activation in guide.items()}
    leaves = {name: activation.requires_grad_() for name, activation in here.items()}
    quiet, loud = torch.autograd.grad(kind(terms, guide)(leaves).sum(), list(leaves.values()))
    assert quiet.norm().item() == pytest.approx(2 * 1000 * loud.norm().item(), rel=0.01)
    assert torch.cosine_similarity(quiet.flatten(), loud.flatten(), dim=0) < -0.99


def test_silence_has_a_finite_gradient_with_a_guide() -> None:
    nothing = torch.zeros(1, 5, 6, 8)
    for score in (MatchObjective(TERMS, {"a": nothing}), CaricatureObjective(TERMS, [{"a": nothing}])):
        assert torch.isfinite(gradient(score, nothing)).all()
