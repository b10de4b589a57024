"""A second picture that says what to dream of."""

import math
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
_LEAST_LIKENESS = 0.1
_KNEE = 1e-3
_AT_ONCE = 16_384


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
            pulled = guide[:, _best(here.detach(), guide)].transpose(0, 1)
            loudness = guide.square().sum(dim=0).mean()
            parts.append(term.weight * _log_like((here * pulled).sum(dim=1).mean(dim=1), loudness))
        return torch.stack(parts).sum(dim=0)


class Caricature:
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
            here = _apart(narrowed(features[term.layer], term).float())
            guide = _apart(narrowed(self._at_size(term.layer, here.shape[-2:]), term))
            dot = (here * guide).sum(dim=1)
            lengths = (here.square().sum(dim=1) * guide.square().sum(dim=1) + _TINY).sqrt()
            likeness = (dot / lengths).clamp(min=_LEAST_LIKENESS)
            loudness = guide.square().sum(dim=1).mean()
            parts.append(term.weight * _log_like((dot * likeness).mean(dim=(1, 2)), loudness))
        return torch.stack(parts).sum(dim=0)

    def _at_size(self, layer: str, size: torch.Size) -> Tensor:
        guide = min(self._guides, key=lambda one: abs(one[layer].shape[-1] - size[-1]))[layer].float()
        if guide.shape[-2:] != size:
            guide = F.interpolate(guide, size, mode="bilinear", align_corners=False)
        return self._movement.moved(guide) if self._movement else guide


def _apart(activation: Tensor) -> Tensor:
    return activation - activation.mean(dim=(2, 3), keepdim=True)


def _spots(activation: Tensor) -> Tensor:
    """(1, C, h, w) → (C, spots), evenly thinned out to `MOST_SPOTS`."""
    height, width = activation.shape[-2:]
    every = math.ceil(math.sqrt(height * width / MOST_SPOTS))
    return activation[0, :, ::every, ::every].float().flatten(1)


def _best(here: Tensor, guide: Tensor) -> Tensor:
    """For each spot of (N, C, spots) which of the guide's, (C, guide's spots), matches best; (N, spots)."""
    some = torch.split(here, _AT_ONCE, dim=2)
    return torch.cat([torch.einsum("nci,cj->nij", few, guide).argmax(dim=2) for few in some], dim=1)


def _log_like(product: Tensor, loudness: Tensor) -> Tensor:
    """Grows as the logarithm does, so that layers of any loudness weigh alike, but takes negative numbers."""
    return torch.asinh(product / (_KNEE * loudness + _TINY))
