"""What a hellscape climbs at each of its frames."""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from dreambot.engine.aim import score_for
from dreambot.engine.movement import Movement
from dreambot.engine.score import Score, moved
from dreambot.media.inputs import Inputs
from dreambot.recipe import Recipe
from dreambot.zoo.network import Network


class Blend:
    """Several scores at once, each with its weight."""

    def __init__(self, parts: Sequence[tuple[Score, float]]) -> None:
        self._parts = tuple(parts)
        self.layers = frozenset(layer for score, _ in parts for layer in score.layers)

    def __call__(self, features: Mapping[str, Tensor]) -> Tensor:
        """See `Score`."""
        return torch.stack([weight * score(features) for score, weight in self._parts]).sum(dim=0)

    def moved(self, movement: Movement) -> Score:
        """See `Placed`."""
        return Blend([(moved(score, movement), weight) for score, weight in self._parts])


class Journey:
    """The legs of a recipe as scores, and the mixtures of them on the way from one to the next.

    Scores are logarithms of how excited layers are, so that a mixture's weights mean the same on any two
    legs. A leg's strongest channels are those of the picture that it begins with.
    """

    def __init__(self, network: Network, recipe: Recipe, inputs: Inputs) -> None:
        self._network, self._recipe, self._inputs = network, recipe, inputs
        self._under_way: dict[int, Score] = {}

    def at(self, legs: Sequence[tuple[int, float]], picture: Tensor) -> Score:
        """The score for legs by number, each with its weight; picture: (1, 3, H, W), to be dreamed on."""
        self._under_way = {number: self._score(number, picture) for number, _ in legs}
        if len(legs) == 1:
            return self._under_way[legs[0][0]]
        return Blend([(self._under_way[number], weight) for number, weight in legs])

    def _score(self, number: int, picture: Tensor) -> Score:
        if number in self._under_way:
            return self._under_way[number]
        leg = self._recipe.model_copy(update={"layers": self._recipe.legs[number]})
        return score_for(self._network, leg, picture, self._inputs)
