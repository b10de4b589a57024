"""What is done to a picture when it has been dreamed."""

from torch import Tensor

from dreambot.engine.finish.colour import keep_colours
from dreambot.engine.finish.light import carve
from dreambot.engine.finish.mask import confine
from dreambot.recipe import Recipe


def finished(picture: Tensor, source: Tensor, recipe: Recipe, mask: Tensor | None = None) -> Tensor:
    """The dream lit, in the source's colours and within the mask, as far as the recipe says so.

    picture, source: (1, 3, H, W) in [-1, 1]; so is the result. mask: (1, 1, H, W) from 0 to 1.
    """
    if recipe.light:
        picture = carve(picture, source, recipe.light)
    if recipe.keep_colour:
        picture = keep_colours(picture, source)
    return picture if mask is None else confine(picture, source, mask)
