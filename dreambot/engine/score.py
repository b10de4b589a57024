"""What is climbed: a number for what a network's layers say of a picture."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from torch import Tensor

from dreambot.engine.objective import objective
from dreambot.recipe import LayerTerm
from dreambot.recipe.layers import Objective


class Score(Protocol):
    """Differentiable, and the same whatever it was called with before."""

    @property
    def layers(self) -> Collection[str]:
        """The layers whose activations it looks at."""

    def __call__(self, features: Mapping[str, Tensor]) -> Tensor:
        """The number to climb, per picture, from (N, C, H, W) activations: shape (N,)."""


class Excitement:
    """How excited the layers of an expression are."""

    def __init__(self, terms: Sequence[LayerTerm], kind: Objective) -> None:
        self._terms, self._kind = terms, kind
        self.layers = frozenset(term.layer for term in terms)

    def __call__(self, features: Mapping[str, Tensor]) -> Tensor:
        """See `Score`."""
        return objective(features, self._terms, self._kind)
