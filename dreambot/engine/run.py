"""Runs a recipe of any kind: a still, a sheet of four, a clip, a video, a hellscape or a summon.

The engine uses torch, is synchronous, and knows nothing of Discord or asyncio. To read it, start at
`dream.py` (octaves), then `step.py` (one ascent step), `objectives.py` (what is maximised) and
`gradients.py` (the gradient of the objective, and its normalisation). The bends perturb networks; `cpu/`
and `cuda/` make steps fast.
"""

from collections.abc import Callable, Generator

from dreambot.engine.clip import dream_clip
from dreambot.engine.dream import dream, never_stop
from dreambot.engine.hellscape import hellscape
from dreambot.engine.progress import Frame, Progress
from dreambot.engine.sheet import dream_sheet
from dreambot.engine.summon import summon
from dreambot.engine.video import dream_video
from dreambot.media.picture import DreamInputs, Pixels
from dreambot.recipe import Recipe
from dreambot.recipe.recipe import SheetRecipe
from dreambot.zoo.network import Network


def run_recipe(
    network: Network, inputs: DreamInputs, recipe: Recipe, stop: Callable[[], bool] = never_stop
) -> Generator[Progress | Frame, None, Pixels]:
    """Runs a recipe of any kind with the function for it: `dream`, `dream_sheet`, `hellscape` and so on.

    Args:
        network: Network whose activations are maximised.
        inputs: Source, guide and mask, as far as the recipe needs them.
        recipe: Recipe of any kind.
        stop: Stop predicate, called before every step.

    Returns:
        A generator that yields the progress after every step and, for videos and clips, every frame. It
        returns the image, also of a clip, or the last frame of a video, `[recipe.height, recipe.width, 3]`
        uint8; or the sheet, as of `join_sheet`. It raises `Stopped` when the stop predicate returns True.
    """
    if isinstance(recipe, SheetRecipe):
        return dream_sheet(network, inputs, recipe, stop)
    if recipe.hellscape:
        return hellscape(network, inputs, recipe, stop)
    if recipe.moving:
        return dream_video(network, inputs, recipe, stop)
    if recipe.is_clip:
        return dream_clip(network, inputs, recipe, stop)
    if recipe.parametrisation == "fourier":
        return summon(network, inputs, recipe, stop)
    return dream(network, inputs, recipe, stop)
