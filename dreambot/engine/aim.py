"""From a recipe and its pictures to what is climbed."""

from collections.abc import Sequence

from torch import Tensor

from dreambot.engine.ascent import Climb
from dreambot.engine.finish.mask import to_mask
from dreambot.engine.guide import Caricature, Match
from dreambot.engine.pictures import resize, to_tensor
from dreambot.engine.score import Excitement, Score
from dreambot.engine.tiles import activations
from dreambot.errors import UserError
from dreambot.media.inputs import Inputs
from dreambot.media.picture import Pixels
from dreambot.recipe import LayerTerm, Recipe
from dreambot.zoo.network import Network

_GLANCE = 512
"""Strongest channels and matches are looked up in pictures of at most this many pixels' side."""


def climb_for(network: Network, recipe: Recipe, source: Tensor, inputs: Inputs) -> Climb:
    """The climb of a recipe.

    source: the picture that is dreamed on, (1, 3, H, W) in [-1, 1]. Raises UserError where the inputs lack
    the recipe's guide or mask.
    """
    mask = None
    if recipe.mask is not None:
        if inputs.mask is None:
            raise UserError(
                "That dream was kept within a mask, which is not here; give me the mask again, too."
            )
        mask = to_mask(inputs.mask, recipe.width, recipe.height, network.device)
    return Climb(network, score_for(network, recipe, source, inputs), recipe, mask=mask)


def score_for(network: Network, recipe: Recipe, source: Tensor, inputs: Inputs) -> Score:
    """The score that a recipe asks to climb; see `climb_for`."""
    terms = settled(network, recipe.layers, source)
    if recipe.guide is None:
        return Excitement(terms, recipe.objective)
    if inputs.guide is None:
        raise UserError(
            "That dream was guided by a second picture, which is not here; give me the guide again, too."
        )
    names = {term.layer for term in terms}
    if recipe.guide.kind == "match":
        glance = _glance(to_tensor(inputs.guide, network.device))
        return Match(terms, activations(network, glance, names, recipe.tile))
    guide = to_tensor(_cropped(inputs.guide, recipe.width / recipe.height), network.device)
    sizes = [resize(guide, width, height) for width, height in recipe.sizes]
    return Caricature(terms, [activations(network, sized, names, recipe.tile) for sized in sizes])


def settled(network: Network, terms: Sequence[LayerTerm], source: Tensor) -> tuple[LayerTerm, ...]:
    """The terms with their strongest channels named: those whose mean square in the source is greatest."""
    asked = {term.layer for term in terms if term.strongest and not term.channels}
    if not asked:
        return tuple(terms)
    seen = activations(network, _glance(source), asked, None)
    return tuple(_with_channels(term, seen[term.layer]) if term.layer in asked else term for term in terms)


def _with_channels(term: LayerTerm, activation: Tensor) -> LayerTerm:
    if not term.strongest or term.channels:
        return term
    loudness = activation.float().nan_to_num(0.0, 0.0, 0.0).square().flatten(2).mean(dim=(0, 2))
    channels = loudness.topk(min(term.strongest, len(loudness))).indices.tolist()
    return term.model_copy(update={"channels": tuple(channels), "strongest": 0})


def _glance(picture: Tensor) -> Tensor:
    height, width = picture.shape[-2:]
    scale = min(1.0, _GLANCE / max(height, width))
    return resize(picture, max(1, round(width * scale)), max(1, round(height * scale)))


def _cropped(rgb: Pixels, aspect: float) -> Pixels:
    """The middle of a picture, as large as its sides allow at that width : height."""
    height, width = rgb.shape[:2]
    wide, high = min(width, max(1, round(height * aspect))), min(height, max(1, round(width / aspect)))
    top, left = (height - high) // 2, (width - wide) // 2
    return rgb[top : top + high, left : left + wide]
