"""What is climbed: a number for what a network's layers say of a picture."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol, runtime_checkable

from torch import Tensor

from dreambot.engine.movement import Movement
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


@runtime_checkable
class Placed(Score, Protocol):
    """A score that expects certain things in certain places of the picture."""

    def moved(self, movement: Movement) -> Score:
        """The score of a picture that has made this movement."""


def moved(score: Score, movement: Movement) -> Score:
    """The score of a picture that has made this movement; for most, the score itself."""
    return score.moved(movement) if isinstance(score, Placed) else score


class Excitement:
    """How excited the layers of an expression are."""

    def __init__(self, terms: Sequence[LayerTerm], kind: Objective) -> None:
        self.terms, self.kind = tuple(terms), kind
        self.layers = frozenset(term.layer for term in terms)

    def __call__(self, features: Mapping[str, Tensor]) -> Tensor:
        """See `Score`."""
        return objective(features, self.terms, self.kind)
