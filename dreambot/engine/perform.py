"""Whatever a recipe asks for: one dream, a summoning, a film of dreams, or a hellscape."""

from collections.abc import Callable, Generator

from dreambot.engine.dream import Step, dream, never
from dreambot.engine.film.frames import Frame
from dreambot.engine.film.hellscape import hellscape
from dreambot.engine.film.moving import dream_moving
from dreambot.engine.summoning.summon import summon
from dreambot.media.inputs import Inputs
from dreambot.media.picture import Pixels
from dreambot.recipe import Recipe
from dreambot.zoo.network import Network


def perform(
    network: Network, inputs: Inputs, recipe: Recipe, stop: Callable[[], bool] = never
) -> Generator[Step | Frame, None, Pixels]:
    """Follows a recipe: yields every step, of films every frame too, and returns the picture, of a film
    the last one. As `dream`, `summon`, `dream_moving` and `hellscape` otherwise."""
    if recipe.hellscape:
        return hellscape(network, inputs, recipe, stop)
    if recipe.moving:
        return dream_moving(network, inputs, recipe, stop)
    if recipe.parametrisation == "fourier":
        return summon(network, inputs, recipe, stop)
    return dream(network, inputs, recipe, stop)
