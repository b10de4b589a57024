"""Whatever a recipe asks for: one dream, a film of dreams, or a hellscape."""

from collections.abc import Callable, Generator

from dreambot.engine.dream import Step, dream, never
from dreambot.engine.frames import Frame
from dreambot.engine.hellscape import hellscape
from dreambot.engine.inputs import Inputs, Pixels
from dreambot.recipe import Recipe
from dreambot.zoo.network import Network


def perform(
    network: Network, inputs: Inputs, recipe: Recipe, stop: Callable[[], bool] = never
) -> Generator[Step | Frame, None, Pixels]:
    """Follows a recipe: yields every step, of films every frame too, and returns the (last) picture.

    As `dream`, `dream_moving` or `hellscape` otherwise.
    """
    if recipe.hellscape:
        return hellscape(network, inputs, recipe, stop)
    return dream(network, inputs, recipe, stop)
