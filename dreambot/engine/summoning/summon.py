"""Summoning: what a network believes in, out of nothing.

A spectrum (see `fourier.py`) is climbed with Adam, at a small size first and then at larger ones, while each
step sees the picture a little differently (see `view.py`): moved, as in Olah, Mordvintsev, Schubert ("Feature
Visualization", Distill 2017), and in another light, as in Ghiasi et al. ("Plug-In Inversion", ICML 2022).
"""

import random
from collections.abc import Callable, Generator

import torch

from dreambot.engine.aim import score_for
from dreambot.engine.bend import bent
from dreambot.engine.dream import Step, Stopped, never
from dreambot.engine.gradients import gradient_of
from dreambot.engine.pictures import to_rgb
from dreambot.engine.summoning.adam import Adam
from dreambot.engine.summoning.fourier import Spectrum
from dreambot.engine.summoning.view import random_view
from dreambot.media.inputs import Inputs
from dreambot.media.picture import Pixels
from dreambot.recipe import Recipe
from dreambot.zoo.network import Network


def summon(
    network: Network, inputs: Inputs, recipe: Recipe, stop: Callable[[], bool] = never
) -> Generator[Step, None, Pixels]:
    """Dreams out of nothing; yields after every step and returns the picture.

    `recipe.step` is Adam's learning rate, of which each size gets `recipe.steps` steps. The result is
    (recipe.height, recipe.width, 3) uint8. `stop` is asked between steps; when it says True, `Stopped` is
    raised. The same network and recipe give the same pixels on the same device and thread count.
    """
    sizes = recipe.sizes
    work_in_all = sum(width * height for width, height in sizes) * recipe.steps
    done = 0
    rng = random.Random(recipe.seed)
    network = bent(network, recipe.bends, recipe.seed)
    spectrum = Spectrum.noise(*sizes[0], recipe.seed, recipe.chroma, network.device)
    score = score_for(network, recipe, spectrum.picture().detach(), inputs)
    for octave, (width, height) in enumerate(sizes, start=1):
        spectrum = spectrum.grown(width, height)
        adam = Adam(spectrum.waves.detach())
        for step in range(1, recipe.steps + 1):
            if stop():
                raise Stopped("the summoning was stopped")
            picture = spectrum.picture()
            seen = random_view(recipe, width, height, rng).of(picture)
            gradient, reached = gradient_of(network, seen, score)
            (uphill,) = torch.autograd.grad((seen * gradient).sum(), spectrum.waves)
            spectrum.move(adam.step(uphill, recipe.step_at(step - 1)))
            done += width * height
            yield Step(octave, len(sizes), step, recipe.steps, reached, done / work_in_all, picture.detach())
    return to_rgb(spectrum.picture().detach())
