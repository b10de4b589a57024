"""Dreams that a second picture guides."""

import pytest
import torch
from torch import Tensor

from dreambot.engine.guide import MOST_SPOTS, Caricature, Match
from dreambot.engine.movement import Movement
from dreambot.recipe import LayerTerm

TERMS = (LayerTerm(layer="a"),)


def features(height: int = 6, width: int = 8, channels: int = 5, seed: int = 1) -> Tensor:
    return torch.rand(1, channels, height, width, generator=torch.Generator().manual_seed(seed))


def gradient(score: Match | Caricature, at: Tensor) -> Tensor:
    at = at.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(score({"a": at}).sum(), at)
    return gradient


def test_every_spot_is_pulled_to_its_best_match() -> None:
    guide = torch.eye(3).reshape(1, 3, 1, 3)
    at = torch.tensor([[3.0, 1.0, 0.0], [0.0, 1.0, 2.0]]).T.reshape(1, 3, 1, 2)
    pulled = gradient(Match(TERMS, {"a": guide}), at)[0, :, 0]
    assert pulled[:, 0].argmax().item() == 0
    assert pulled[:, 1].argmax().item() == 2
    assert (pulled > 0).sum().item() == 2


def test_a_large_guide_is_thinned_out() -> None:
    score = Match(TERMS, {"a": features(100, 170)})
    assert all(guide.shape[1] <= MOST_SPOTS for guide in score._guide)
    assert torch.isfinite(gradient(score, features(200, 300))).all()


def test_a_caricature_exaggerates() -> None:
    """Climbing away from the guide's mean makes what differs differ more, in the same direction."""
    own = features()
    score = Caricature(TERMS, [{"a": own}])
    climbed = own + gradient(score, own) / gradient(score, own).abs().max()
    before, after = (x - x.mean(dim=(2, 3), keepdim=True) for x in (own, climbed))
    assert after.norm() > 1.1 * before.norm()
    assert torch.cosine_similarity(before.flatten(), after.flatten(), dim=0) > 0.9


def test_a_caricature_moves_with_the_picture() -> None:
    own, movement = features(), Movement(2 / 6, -3 / 8)
    still = Caricature(TERMS, [{"a": own}])
    moved = gradient(still.moved(movement), movement.moved(own))
    assert torch.allclose(moved, movement.moved(gradient(still, own)), atol=1e-6)


def test_a_caricature_takes_the_guide_of_the_nearest_size() -> None:
    small, large = features(6, 8), features(12, 16, seed=2)
    score = Caricature(TERMS, [{"a": small}, {"a": large}])
    alone = Caricature(TERMS, [{"a": large}])
    assert torch.equal(score({"a": features(12, 16)}), alone({"a": features(12, 16)}))
    assert torch.isfinite(score({"a": features(11, 14)})).all()


@pytest.mark.parametrize("kind", [Match, lambda terms, guide: Caricature(terms, [guide])])
def test_weights_mean_the_same_at_any_loudness(kind: type[Match]) -> None:
    terms = (LayerTerm(layer="quiet", weight=2), LayerTerm(layer="loud", weight=-1))
    guide = {"quiet": features(seed=3), "loud": 1000 * features(seed=3)}
    here = {name: activation + 0 for name, activation in guide.items()}
    leaves = {name: activation.requires_grad_() for name, activation in here.items()}
    quiet, loud = torch.autograd.grad(kind(terms, guide)(leaves).sum(), list(leaves.values()))
    assert quiet.norm().item() == pytest.approx(2 * 1000 * loud.norm().item(), rel=0.01)
    assert torch.cosine_similarity(quiet.flatten(), loud.flatten(), dim=0) < -0.99


def test_silence_has_a_finite_gradient() -> None:
    nothing = torch.zeros(1, 5, 6, 8)
    for score in (Match(TERMS, {"a": nothing}), Caricature(TERMS, [{"a": nothing}])):
        assert torch.isfinite(gradient(score, nothing)).all()
