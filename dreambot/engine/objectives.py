"""Objectives: the functions of a network's activations that gradient ascent maximises.

The objective of a layer expression is the sum over its layers of weight · log(activation strength). The
logarithm makes the weights comparable: deep and shallow layers differ in scale by orders of magnitude.
With a single layer it only changes the length of the gradient, which the normalisation undoes. A guide
image adds two more objectives: matching the guide's features, and exaggerating them.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Protocol, runtime_checkable

import torch
import torch.nn.functional as F
from torch import Tensor

from dreambot.engine.transforms import Transform
from dreambot.recipe import LayerTerm
from dreambot.recipe.layers import Objective

_EPS = 1e-8


def activation_strength(features: Tensor, kind: Objective) -> Tensor:
    """One number for an (N, C, H, W) activation, per picture: shape (N,).

    `ms`: the mean square, as in google/deepdream (2015). `eq`: the mean over channels of each one's RMS,
    so that every channel counts alike and no loud one takes over. `p4`: the root of the mean fourth power,
    which gathers the dream in one place.
    """
    if kind == "p4":
        return (features.float().pow(4).mean(dim=(1, 2, 3)) + _EPS).sqrt()
    squares = features.float().square().mean(dim=(2, 3))
    if kind == "ms":
        return squares.mean(dim=1)
    # A floor relative to the layer keeps silent channels' square roots from dividing by nothing.
    floor = 1e-4 * squares.detach().mean(dim=1, keepdim=True) + _EPS
    return (squares + floor).sqrt().mean(dim=1)


def evaluate_objective(features: Mapping[str, Tensor], terms: Sequence[LayerTerm], kind: Objective) -> Tensor:
    """The number to climb, per picture, from the activations of the layers that `terms` name: shape (N,)."""
    return torch.stack(
        [term.weight * _evaluate_term(select_channels(features[term.layer], term), kind) for term in terms]
    ).sum(dim=0)


def select_channels(activation: Tensor, term: LayerTerm) -> Tensor:
    """The channels of an activation, (N, C, …), that a term names."""
    return activation[:, list(term.channels)] if term.channels else activation


def _evaluate_term(activation: Tensor, kind: Objective) -> Tensor:
    if activation.dim() == 2:
        # A logit may be negative, so no logarithm; but as with one, the class that comes easily must not
        # outshout those summoned with it.
        return torch.asinh(activation.float().mean(dim=1))
    if kind == "logit":
        # Before a ReLU a square would drive channels away from zero on the wrong side.
        return activation.float().flatten(1).mean(dim=1)
    return (activation_strength(activation, kind) + _EPS).log()


class ObjectiveFunction(Protocol):
    """Differentiable, and the same whatever it was called with before."""

    @property
    def layers(self) -> Collection[str]:
        """The layers whose activations it looks at."""

    def __call__(self, features: Mapping[str, Tensor]) -> Tensor:
        """The number to climb, per picture, from (N, C, H, W) activations: shape (N,)."""


@runtime_checkable
class SpatialObjective(ObjectiveFunction, Protocol):
    """A score that expects certain things in certain places of the picture."""

    def moved(self, movement: Transform) -> ObjectiveFunction:
        """The score of a picture that has made this movement."""


def transform_objective(score: ObjectiveFunction, movement: Transform) -> ObjectiveFunction:
    """The score of a picture that has made this movement; for most, the score itself."""
    return score.moved(movement) if isinstance(score, SpatialObjective) else score


class LayerObjective:
    """How excited the layers of an expression are."""

    def __init__(self, terms: Sequence[LayerTerm], kind: Objective) -> None:
        self.terms, self.kind = tuple(terms), kind
        self.layers = frozenset(term.layer for term in terms)

    def __call__(self, features: Mapping[str, Tensor]) -> Tensor:
        """See `Score`."""
        return evaluate_objective(features, self.terms, self.kind)


MAX_GUIDE_POSITIONS = 1024
"""More of the guide's spots than this are not searched for a match; they are neighbours and much alike."""

_GUIDE_EPS = 1e-8
_MIN_COSINE = 0.1
_ASINH_KNEE = 1e-3
_MATCH_CHUNK = 16_384


class MatchObjective:
    """Every spot of the picture is pulled towards the guide's spot that matches it best.

    google/deepdream's guided dreams (2015): of all the guide's feature vectors at a layer, a spot climbs
    towards the one with which its own has the greatest dot product.
    """

    def __init__(self, terms: Sequence[LayerTerm], guide: Mapping[str, Tensor]) -> None:
        """guide: the activations of its layers, (1, C, h, w)."""
        self._terms = terms
        self._guide = [_feature_vectors(select_channels(guide[term.layer], term)) for term in terms]
        self.layers = frozenset(term.layer for term in terms)

    def __call__(self, features: Mapping[str, Tensor]) -> Tensor:
        """See `Score`."""
        parts = []
        for term, guide in zip(self._terms, self._guide, strict=True):
            here = select_channels(features[term.layer], term).float().flatten(2)
            pulled = guide[:, _best_matches(here.detach(), guide)].transpose(0, 1)
            loudness = guide.square().sum(dim=0).mean()
            parts.append(term.weight * _signed_log((here * pulled).sum(dim=1).mean(dim=1), loudness))
        return torch.stack(parts).sum(dim=0)


class CaricatureObjective:
    """What sets each place of the guide apart is exaggerated there; a picture that guides itself becomes its
    own caricature.

    After Lucid's (Mordvintsev et al., 2018): the dot product, times the cosine, which keeps to the direction
    while the length grows. Here both are seen from the picture's mean: what is everywhere needs no
    exaggeration.
    """

    def __init__(
        self,
        terms: Sequence[LayerTerm],
        guides: Sequence[Mapping[str, Tensor]],
        movement: Transform | None = None,
    ) -> None:
        """guides: the activations of its layers, (1, C, h, w), at each size that is dreamed. movement: the
        one that the picture has made and the guide must make, too."""
        self._terms, self._guides, self._movement = terms, guides, movement
        self.layers = frozenset(term.layer for term in terms)

    def moved(self, movement: Transform) -> "CaricatureObjective":
        """The score of a picture that has made this movement."""
        return CaricatureObjective(self._terms, self._guides, movement)

    def __call__(self, features: Mapping[str, Tensor]) -> Tensor:
        """See `Score`."""
        parts = []
        for term in self._terms:
            here = _subtract_mean(select_channels(features[term.layer], term).float())
            guide = _subtract_mean(select_channels(self._at_size(term.layer, here.shape[-2:]), term))
            dot = (here * guide).sum(dim=1)
            lengths = (here.square().sum(dim=1) * guide.square().sum(dim=1) + _GUIDE_EPS).sqrt()
            likeness = (dot / lengths).clamp(min=_MIN_COSINE)
            loudness = guide.square().sum(dim=1).mean()
            parts.append(term.weight * _signed_log((dot * likeness).mean(dim=(1, 2)), loudness))
        return torch.stack(parts).sum(dim=0)

    def _at_size(self, layer: str, size: torch.Size) -> Tensor:
        guide = min(self._guides, key=lambda one: abs(one[layer].shape[-1] - size[-1]))[layer].float()
        if guide.shape[-2:] != size:
            guide = F.interpolate(guide, size, mode="bilinear", align_corners=False)
        return self._movement.moved(guide) if self._movement else guide


def _subtract_mean(activation: Tensor) -> Tensor:
    return activation - activation.mean(dim=(2, 3), keepdim=True)


def _feature_vectors(activation: Tensor) -> Tensor:
    """(1, C, h, w) → (C, spots), evenly thinned out to `MOST_SPOTS`."""
    height, width = activation.shape[-2:]
    every = math.ceil(math.sqrt(height * width / MAX_GUIDE_POSITIONS))
    return activation[0, :, ::every, ::every].float().flatten(1)


def _best_matches(here: Tensor, guide: Tensor) -> Tensor:
    """For each spot of (N, C, spots) which of the guide's, (C, guide's spots), matches best; (N, spots)."""
    some = torch.split(here, _MATCH_CHUNK, dim=2)
    return torch.cat([torch.einsum("nci,cj->nij", few, guide).argmax(dim=2) for few in some], dim=1)


def _signed_log(product: Tensor, loudness: Tensor) -> Tensor:
    """Grows as the logarithm does, so that layers of any loudness weigh alike, but takes negative numbers."""
    return torch.asinh(product / (_ASINH_KNEE * loudness + _GUIDE_EPS))
