"""A moving source, dreamed frame by frame without flicker.

Frames dreamed each for itself flicker: what the network sees in a spot hangs by a thread. So a frame begins
with the last one's dream, moved along with what moved (after the idea of Ruder, Dosovitskiy and Brox,
"Artistic style transfer for videos", 2016), and is dreamed on only as far as the dream has faded.
"""

import random
from collections.abc import Callable, Generator
from dataclasses import replace

from torch import Tensor

from dreambot.engine.aim import climb_for
from dreambot.engine.ascent import Climb
from dreambot.engine.bend import bent
from dreambot.engine.dream import Step, Stopped, never, octaves
from dreambot.engine.film.frames import Frame, as_part
from dreambot.engine.film.motion import motion
from dreambot.engine.finish.finished import finished
from dreambot.engine.pictures import resize, to_rgb, to_tensor
from dreambot.media.inputs import Inputs
from dreambot.media.picture import Pixels
from dreambot.recipe import Recipe
from dreambot.zoo.network import Network

# How much a spot may differ from what it was, in a [-1, 1] picture, and still keep its dream
_TOLERANCE = 0.2
# What has just come into view is dreamed that many times faster than the rest, at most
_HURRY = 3.0


def dream_moving(
    network: Network, inputs: Inputs, recipe: Recipe, stop: Callable[[], bool] = never
) -> Generator[Step | Frame, None, Pixels]:
    """Dreams on the frames of `inputs.source`, (F, H, W, 3); yields every step, and every frame when it is
    done, and returns the last.

    Frames are (recipe.height, recipe.width, 3) uint8, as many as `recipe.moving` says and there are. Where a
    scene is cut, the dream begins anew. `stop` is asked between steps; when it says True, `Stopped` is
    raised. The same network, inputs and recipe give the same frames on the same device and thread count.
    """
    if inputs.source is None or inputs.source.ndim != 4 or not len(inputs.source):
        raise ValueError("there are no frames to dream on")
    if recipe.moving is None:
        raise ValueError("the recipe is not for a moving source")
    carry = recipe.moving.carry
    frames = min(len(inputs.source), recipe.moving.frames)
    network = bent(network, recipe.bends, recipe.seed)
    source = detail = _tensor(inputs.source[0], recipe, network)
    climb = climb_for(network, recipe, source, inputs)
    # A guess at the work, in frames dreamed from nothing
    later = max(1 - carry, 1 / recipe.steps)
    whole = 1 + later * (frames - 1)
    rgb: Pixels = inputs.source[0]
    for index in range(frames):
        if stop():
            raise Stopped("the dream was stopped")
        here, begin = climb, source
        if index:
            last, source = source, _tensor(inputs.source[index], recipe, network)
            moved = motion(last, source, _TOLERANCE)
            kept = carry * moved.trust
            begin = (source + kept * moved.follow(detail)).clamp_(-1, 1)
            here = _remaining(climb, kept)
        done = (1 + later * (index - 1)) / whole if index else 0.0
        # Every frame is jittered alike: what differs from frame to frame flickers
        steps = octaves(here, begin, random.Random(recipe.seed), stop, close_to=source)
        picture = yield from as_part(steps, done, (1 + later * index) / whole)
        detail = picture - source
        rgb = to_rgb(finished(picture, source, recipe, climb.mask))
        yield Frame(index, frames, rgb)
    return rgb


def _tensor(rgb: Pixels, recipe: Recipe, network: Network) -> Tensor:
    return resize(to_tensor(rgb, network.device), recipe.width, recipe.height).clamp_(-1, 1)


def _remaining(climb: Climb, kept: Tensor) -> Climb:
    """The climb that makes up for what was not kept: of fewer steps, longer where less is left.

    kept: (1, 1, H, W), the share of the last dream that is there already.
    """
    recipe = climb.recipe
    missing = float((1 - kept).mean())
    steps = min(recipe.steps, max(1, round(recipe.steps * missing)))
    step = recipe.step * min(1.0, recipe.steps * missing / steps)
    need = ((1 - kept) / max(missing, 1e-6)).clamp_(max=_HURRY)
    mask = need if climb.mask is None else climb.mask * need
    shorter = recipe.model_copy(update={"steps": steps, "step": max(step, 1e-9)})
    return replace(climb, recipe=shorter, mask=mask)
