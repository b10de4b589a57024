"""What a dream climbs: how excited the chosen layers are.

An objective is the sum over its layers of weight · log(excitement). The logarithm makes the weights mean
something: deep and shallow layers differ in scale by orders of magnitude. A single layer's gradient only
changes in length, which the gradient treatment undoes.
"""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from dreambot.recipe import LayerTerm
from dreambot.recipe.layers import Objective

_TINY = 1e-8


def excitement(features: Tensor, kind: Objective) -> Tensor:
    """One number for an (N, C, H, W) activation, per picture: shape (N,).

    `ms`: the mean square, as in google/deepdream (2015). `eq`: the mean over channels of each one's RMS,
    so that every channel counts alike and no loud one takes over. `p4`: the root of the mean fourth power,
    which gathers the dream in one place.
    """
    if kind == "p4":
        return (features.float().pow(4).mean(dim=(1, 2, 3)) + _TINY).sqrt()
    squares = features.float().square().mean(dim=(2, 3))
    if kind == "ms":
        return squares.mean(dim=1)
    # A floor relative to the layer keeps silent channels' square roots from dividing by nothing.
    floor = 1e-4 * squares.detach().mean(dim=1, keepdim=True) + _TINY
    return (squares + floor).sqrt().mean(dim=1)


def objective(features: Mapping[str, Tensor], terms: Sequence[LayerTerm], kind: Objective) -> Tensor:
    """The number to climb, per picture, from the activations of the layers that `terms` name: shape (N,)."""
    return torch.stack(
        [term.weight * _part(narrowed(features[term.layer], term), kind) for term in terms]
    ).sum(dim=0)


def narrowed(activation: Tensor, term: LayerTerm) -> Tensor:
    """The channels of an activation, (N, C, …), that a term names."""
    return activation[:, list(term.channels)] if term.channels else activation


def _part(activation: Tensor, kind: Objective) -> Tensor:
    if activation.dim() == 2:
        # A logit may be negative, so no logarithm; but as with one, the class that comes easily must not
        # outshout those summoned with it.
        return torch.asinh(activation.float().mean(dim=1))
    if kind == "logit":
        # Before a ReLU a square would drive channels away from zero on the wrong side.
        return activation.float().flatten(1).mean(dim=1)
    return (excitement(activation, kind) + _TINY).log()
