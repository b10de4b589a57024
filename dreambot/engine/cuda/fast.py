"""The way from a climb's step to the graphs."""

from torch import Tensor

from dreambot.engine.cuda.graphs import graphs_of
from dreambot.engine.cuda.plain import kind_of
from dreambot.engine.movement import Movement
from dreambot.engine.score import Excitement, Score
from dreambot.engine.tiles import fits
from dreambot.recipe import Recipe
from dreambot.zoo.network import Network, StagedNetwork


def fast_step(
    network: Network, score: Score, recipe: Recipe, picture: Tensor, length: float, movement: Movement
) -> tuple[Tensor, float] | None:
    """What `Climb.step` gives, by a graph; None where it has to do it itself: on other devices, for bent
    networks, scores of other kinds, and what else `kind_of` has no kind for.

    For climbs without a mask. The movement's turn and scale are none where the recipe's are none.
    """
    if picture.device.type != "cuda" or type(network) is not StagedNetwork or type(score) is not Excitement:
        return None
    kind = kind_of(recipe, score.terms) if score.kind == recipe.objective else None
    if kind is None or (recipe.tile is not None and not fits(picture, recipe.tile)):
        return None
    offset = movement.offset(picture)
    stepped, (reached,) = graphs_of(network).run(network, kind, picture, [offset], [length])
    return stepped, reached
