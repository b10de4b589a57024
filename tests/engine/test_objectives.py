"""The objectives."""

import math

import pytest
import torch
from torch import Tensor

from dreambot.engine.objectives import (
    MAX_GUIDE_POSITIONS,
    CaricatureObjective,
    GramMatrix,
    LayerObjective,
    MatchObjective,
    StyleObjective,
    activation_strength,
    evaluate_objective,
)
from dreambot.engine.transforms import Transform
from dreambot.recipe import LayerTerm
from dreambot.recipe.layers import Objective


def unequal_channels() -> torch.Tensor:
    """Two channels, the first a hundred times as strong."""
    features = torch.rand(1, 2, 9, 9, generator=torch.Generator().manual_seed(1)) + 0.5
    features[:, 0] *= 100
    return features


def test_ms_is_the_mean_square() -> None:
    features = unequal_channels()
    assert activation_strength(features, "ms").item() == pytest.approx(features.square().mean().item())


def test_eq_weights_all_channels_equally() -> None:
    """Doubling the weak channel changes `eq` about as much as doubling the strong one."""

    def gain(kind: str, channel: int) -> float:
        features = unequal_channels().requires_grad_()
        activation_strength(features, "eq" if kind == "eq" else "ms").sum().backward()
        assert features.grad is not None
        return float(features.grad[:, channel].square().mean().sqrt())

    assert gain("ms", 0) / gain("ms", 1) > 50
    assert gain("eq", 0) / gain("eq", 1) < 2


def test_p4_prefers_one_strong_position_to_many_weak_ones() -> None:
    spread = torch.ones(1, 1, 8, 8)
    concentrated = torch.zeros(1, 1, 8, 8)
    concentrated[..., 0, 0] = 8.0
    assert activation_strength(spread, "ms").item() == pytest.approx(
        activation_strength(concentrated, "ms").item()
    )
    assert activation_strength(concentrated, "p4").item() > 2 * activation_strength(spread, "p4").item()


def test_zero_activations_have_a_finite_gradient() -> None:
    features = torch.zeros(1, 4, 5, 5, requires_grad=True)
    kinds: tuple[Objective, ...] = ("ms", "eq", "p4")
    for kind in kinds:
        evaluate_objective({"a": features}, [LayerTerm(layer="a")], kind).sum().backward()
        assert features.grad is not None
        assert torch.isfinite(features.grad).all()


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("kind", ["ms", "eq"])
@pytest.mark.parametrize("channels", [(), (4, 1)])
def test_the_closed_form_has_the_bits_of_autograd(
    kind: Objective, channels: tuple[int, ...], dtype: torch.dtype
) -> None:
    generator = torch.Generator().manual_seed(1)
    features = {
        name: torch.randn(2, 5, side, side + 2, generator=generator)
        .relu()
        .to(dtype, memory_format=torch.channels_last)
        .requires_grad_()
        for name, side in (("near", 17), ("far", 9))
    }
    terms = [LayerTerm(layer="near", weight=-0.7, channels=channels), LayerTerm(layer="far", weight=3)]
    objective = LayerObjective(terms, kind)
    expected = objective(features)
    gradients = torch.autograd.grad(expected.sum(), list(features.values()))
    with torch.no_grad():
        found = objective.closed_form(features)
    assert found is not None
    assert torch.equal(found[0], expected)
    for name, gradient in zip(features, gradients, strict=True):
        assert found[1][name].dtype == dtype
        assert found[1][name].is_contiguous(memory_format=torch.channels_last)
        assert torch.equal(found[1][name], gradient)


@pytest.mark.parametrize(
    ("terms", "kind"),
    [
        ([LayerTerm(layer="near")], "p4"),
        ([LayerTerm(layer="near"), LayerTerm(layer="near", channels=(1,))], "ms"),
        ([LayerTerm(layer="logits", channels=(1,))], "eq"),
    ],
)
def test_without_a_closed_form(terms: list[LayerTerm], kind: Objective) -> None:
    features = {"near": torch.rand(1, 3, 4, 4), "logits": torch.rand(1, 3)}
    assert LayerObjective(terms, kind).closed_form(features) is None


def test_weights_do_not_depend_on_scale() -> None:
    weak, strong = torch.rand(1, 3, 4, 4) + 0.1, 1000 * (torch.rand(1, 3, 4, 4) + 0.1)
    terms = [LayerTerm(layer="weak", weight=2), LayerTerm(layer="strong", weight=1)]
    before = evaluate_objective({"weak": weak, "strong": strong}, terms, "ms")
    double_weak = evaluate_objective({"weak": 2 * weak, "strong": strong}, terms, "ms") - before
    double_strong = evaluate_objective({"weak": weak, "strong": 2 * strong}, terms, "ms") - before
    assert double_weak.item() == pytest.approx(2 * double_strong.item(), rel=1e-4)


def test_channels_select_and_minus_suppresses() -> None:
    features = {"a": unequal_channels()}
    strong = evaluate_objective(features, [LayerTerm(layer="a", channels=(0,))], "ms")
    weak = evaluate_objective(features, [LayerTerm(layer="a", channels=(1,))], "ms")
    assert strong.item() > weak.item() + 5
    assert evaluate_objective(features, [LayerTerm(layer="a", weight=-1)], "ms").item() < 0


def test_each_image_of_a_batch_has_its_own_value() -> None:
    features = torch.stack([torch.ones(2, 3, 3), 10 * torch.ones(2, 3, 3)])
    assert evaluate_objective({"a": features}, [LayerTerm(layer="a")], "ms").shape == (2,)


def test_classes_add_up_and_none_dominates() -> None:
    """Negative weights count against; the kind of objective does not matter for classes."""
    logits = {"classes": torch.tensor([[3.0, -1.0, 5.0], [0.0, 2.0, 4.0]])}
    wanted, avoided = LayerTerm(layer="classes", channels=(0, 2)), LayerTerm(layer="classes", channels=(1,))
    terms = [wanted, avoided.model_copy(update={"weight": -0.5})]
    kinds: tuple[Objective, ...] = ("logit", "eq")
    for kind in kinds:
        assert evaluate_objective(logits, terms, kind).tolist() == pytest.approx(
            [2.5353, 1.4436 - 0.7218], abs=1e-3
        )


def test_a_class_can_be_mixed_with_a_layer() -> None:
    features = {"a": unequal_channels(), "classes": torch.tensor([[3.0, 7.0]])}
    layer, kind = LayerTerm(layer="a"), LayerTerm(layer="classes", channels=(1,), weight=2)
    mixed = evaluate_objective(features, [layer, kind], "ms")
    assert mixed.item() == pytest.approx(
        evaluate_objective(features, [layer], "ms").item() + 2 * math.asinh(7)
    )


TERMS = (LayerTerm(layer="a"),)


def features(height: int = 6, width: int = 8, channels: int = 5, seed: int = 1) -> Tensor:
    return torch.rand(1, channels, height, width, generator=torch.Generator().manual_seed(seed))


def gradient(objective: MatchObjective | CaricatureObjective | StyleObjective, at: Tensor) -> Tensor:
    at = at.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(objective({"a": at}).sum(), at)
    return gradient


def test_every_position_is_pulled_to_its_best_match() -> None:
    guide = torch.eye(3).reshape(1, 3, 1, 3)
    at = torch.tensor([[3.0, 1.0, 0.0], [0.0, 1.0, 2.0]]).T.reshape(1, 3, 1, 2)
    pulled = gradient(MatchObjective(TERMS, {"a": guide}), at)[0, :, 0]
    assert pulled[:, 0].argmax().item() == 0
    assert pulled[:, 1].argmax().item() == 2
    assert (pulled > 0).sum().item() == 2


def test_a_large_guide_is_subsampled() -> None:
    objective = MatchObjective(TERMS, {"a": features(100, 170)})
    assert all(guide.shape[1] <= MAX_GUIDE_POSITIONS for guide in objective._guide)
    assert torch.isfinite(gradient(objective, features(200, 300))).all()


def test_a_caricature_exaggerates() -> None:
    """A step increases the difference from the mean, in the same direction."""
    own = features()
    objective = CaricatureObjective(TERMS, [{"a": own}])
    stepped = own + gradient(objective, own) / gradient(objective, own).abs().max()
    before, after = (x - x.mean(dim=(2, 3), keepdim=True) for x in (own, stepped))
    assert after.norm() > 1.1 * before.norm()
    assert torch.cosine_similarity(before.flatten(), after.flatten(), dim=0) > 0.9


def test_a_caricature_is_transformed_with_the_image() -> None:
    own, transform = features(), Transform(2 / 6, -3 / 8)
    still = CaricatureObjective(TERMS, [{"a": own}])
    moved = gradient(still.transformed(transform), transform.apply(own))
    assert torch.allclose(moved, transform.apply(gradient(still, own)), atol=1e-6)


def test_a_caricature_uses_the_guide_of_the_nearest_size() -> None:
    small, large = features(6, 8), features(12, 16, seed=2)
    objective = CaricatureObjective(TERMS, [{"a": small}, {"a": large}])
    alone = CaricatureObjective(TERMS, [{"a": large}])
    assert torch.equal(objective({"a": features(12, 16)}), alone({"a": features(12, 16)}))
    assert torch.isfinite(objective({"a": features(11, 14)})).all()


@pytest.mark.parametrize("kind", [MatchObjective, lambda terms, guide: CaricatureObjective(terms, [guide])])
def test_weights_do_not_depend_on_scale_with_a_guide(kind: type[MatchObjective]) -> None:
    terms = (LayerTerm(layer="weak", weight=2), LayerTerm(layer="strong", weight=-1))
    guide = {"weak": features(seed=3), "strong": 1000 * features(seed=3)}
    leaves_source = {name: activation + 0 for name, activation in guide.items()}
    leaves = {name: activation.requires_grad_() for name, activation in leaves_source.items()}
    weak, strong = torch.autograd.grad(kind(terms, guide)(leaves).sum(), list(leaves.values()))
    assert weak.norm().item() == pytest.approx(2 * 1000 * strong.norm().item(), rel=0.01)
    assert torch.cosine_similarity(weak.flatten(), strong.flatten(), dim=0) < -0.99


def test_a_style_does_not_depend_on_where_things_are() -> None:
    """It is reached by the guide with its positions shuffled, and by the size of the octave."""
    guide = features(12, 16)
    shuffled = guide.flatten(2)[..., torch.randperm(12 * 16)].view_as(guide)
    sizes = [{"a": GramMatrix.of(features(6, 8, seed=9))}, {"a": GramMatrix.of(guide)}]
    for channels in ((), (1, 3)):
        objective = StyleObjective((LayerTerm(layer="a", channels=channels),), sizes)
        reached, other = (objective({"a": at}).item() for at in (shuffled, features(12, 16, seed=2)))
        assert reached > other + 1


def test_zero_activations_have_a_finite_gradient_with_a_guide() -> None:
    nothing = torch.zeros(1, 5, 6, 8)
    for objective in (
        MatchObjective(TERMS, {"a": nothing}),
        CaricatureObjective(TERMS, [{"a": nothing}]),
        StyleObjective(TERMS, [{"a": GramMatrix.of(nothing)}]),
    ):
        assert torch.isfinite(gradient(objective, nothing)).all()
