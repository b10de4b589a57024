"""A second picture that says what to dream of."""

from collections.abc import Mapping, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from dreambot.engine.movement import Movement
from dreambot.engine.objective import narrowed
from dreambot.recipe import LayerTerm

MOST_SPOTS = 1024
"""More of the guide's spots than this are not searched for a match; they are neighbours and much alike."""

_TINY = 1e-8
_LIKENESS = 2
_LEAST_LIKENESS = 0.1
_KNEE = 1e-3


class Match:
    """Every spot of the picture is pulled towards the guide's spot that matches it best.

    google/deepdream's guided dreams (2015): of all the guide's feature vectors at a layer, a spot climbs
    towards the one with which its own has the greatest dot product.
    """

    def __init__(self, terms: Sequence[LayerTerm], guide: Mapping[str, Tensor]) -> None:
        """guide: the activations of its layers, (1, C, h, w)."""
        self._terms = terms
        self._guide = [_spots(narrowed(guide[term.layer], term)) for term in terms]
        self.layers = frozenset(term.layer for term in terms)

    def __call__(self, features: Mapping[str, Tensor]) -> Tensor:
        """See `Score`."""
        parts = []
        for term, guide in zip(self._terms, self._guide, strict=True):
            here = narrowed(features[term.layer], term).float().flatten(2)
            with torch.no_grad():
                best = torch.einsum("nci,cj->nij", here, guide).argmax(dim=2)
            pulled = guide[:, best].transpose(0, 1)
            loudness = guide.square().sum(dim=0).mean()
            parts.append(term.weight * _log_like((here * pulled).sum(dim=1).mean(dim=1), loudness))
        return torch.stack(parts).sum(dim=0)


class Caricature:
    """What the guide's features point to at each place is exaggerated there; a picture that guides itself
    becomes its own caricature.

    Lucid's (Mordvintsev et al.; "Activation Atlas" and "Feature Visualization" notebooks): the dot product,
    times a power of the cosine, which keeps to the direction while the length grows.
    """

    def __init__(
        self,
        terms: Sequence[LayerTerm],
        guides: Sequence[Mapping[str, Tensor]],
        movement: Movement | None = None,
    ) -> None:
        """guides: the activations of its layers, (1, C, h, w), at each size that is dreamed. movement: the
        one that the picture has made and the guide must make, too."""
        self._terms, self._guides, self._movement = terms, guides, movement
        self.layers = frozenset(term.layer for term in terms)

    def moved(self, movement: Movement) -> "Caricature":
        """The score of a picture that has made this movement."""
        return Caricature(self._terms, self._guides, movement)

    def __call__(self, features: Mapping[str, Tensor]) -> Tensor:
        """See `Score`."""
        parts = []
        for term in self._terms:
            here = narrowed(features[term.layer], term).float()
            guide = narrowed(self._at_size(term.layer, here), term)
            dot = (here * guide).sum(dim=1)
            lengths = (here.square().sum(dim=1) * guide.square().sum(dim=1) + _TINY).sqrt()
            likeness = (dot / lengths).clamp(min=_LEAST_LIKENESS) ** _LIKENESS
            loudness = guide.square().sum(dim=1).mean()
            parts.append(term.weight * _log_like((dot * likeness).mean(dim=(1, 2)), loudness))
        return torch.stack(parts).sum(dim=0)

    def _at_size(self, layer: str, here: Tensor) -> Tensor:
        size = here.shape[-2:]
        nearest = min(self._guides, key=lambda guide: abs(guide[layer].shape[-1] - size[1]))[layer].float()
        if nearest.shape[-2:] != size:
            nearest = F.interpolate(nearest, size, mode="bilinear", align_corners=False)
        return self._movement.moved(nearest) if self._movement else nearest


def _spots(activation: Tensor) -> Tensor:
    """(1, C, h, w) → (C, spots), evenly thinned out to `MOST_SPOTS`."""
    height, width = activation.shape[-2:]
    every = max(1, -(-int((height * width / MOST_SPOTS) ** 0.5 * 1000) // 1000))
    return activation[0, :, ::every, ::every].float().flatten(1)


def _log_like(product: Tensor, loudness: Tensor) -> Tensor:
    """Grows as the logarithm does, so that layers of any loudness weigh alike, but takes negative numbers."""
    return torch.asinh(product / (_KNEE * loudness + _TINY))
