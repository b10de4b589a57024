"""Dreams on a video, frame by frame, without flicker.

Frames that are dreamed independently flicker: small changes decide what the network sees in a place. So
each frame starts from the dream of the last one, warped along the optical flow (after the idea of
Ruder, Dosovitskiy and Brox, "Artistic style transfer for videos", 2016), and runs only as many steps as
the dream has faded.
"""

import random
from collections.abc import Callable, Generator
from dataclasses import replace

from torch import Tensor

from dreambot.engine.bend import bend_network
from dreambot.engine.dream import Stopped, dream_octaves, never_stop, rescale_progress
from dreambot.engine.images import resize, to_rgb, to_tensor
from dreambot.engine.optical_flow import estimate_optical_flow
from dreambot.engine.postprocess import postprocess
from dreambot.engine.progress import Frame, Progress
from dreambot.engine.step import AscentStep, build_step
from dreambot.media.picture import DreamInputs, Pixels
from dreambot.recipe import Recipe
from dreambot.zoo.network import Network

# How much a spot may differ from what it was, in a [-1, 1] picture, and still keep its dream
_FLOW_TOLERANCE = 0.2
# What has just come into view is dreamed that many times faster than the rest, at most
_MAX_SPEEDUP = 3.0


def dream_video(
    network: Network, inputs: DreamInputs, recipe: Recipe, stop: Callable[[], bool] = never_stop
) -> Generator[Progress | Frame, None, Pixels]:
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
    network = bend_network(network, recipe.bends, recipe.seed)
    source = detail = _source_tensor(inputs.source[0], recipe, network)
    climb = build_step(network, recipe, source, inputs)
    # A guess at the work, in frames dreamed from nothing
    later = max(1 - carry, 1 / recipe.steps)
    whole = 1 + later * (frames - 1)
    rgb: Pixels = inputs.source[0]
    for index in range(frames):
        if stop():
            raise Stopped("the dream was stopped")
        here, begin = climb, source
        if index:
            last, source = source, _source_tensor(inputs.source[index], recipe, network)
            moved = estimate_optical_flow(last, source, _FLOW_TOLERANCE)
            kept = carry * moved.trust
            begin = (source + kept * moved.follow(detail)).clamp_(-1, 1)
            here = _shortened_step(climb, kept)
        done = (1 + later * (index - 1)) / whole if index else 0.0
        # Every frame is jittered alike: what differs from frame to frame flickers
        steps = dream_octaves(here, begin, random.Random(recipe.seed), stop, close_to=source)
        picture = yield from rescale_progress(steps, done, (1 + later * index) / whole)
        detail = picture - source
        rgb = to_rgb(postprocess(picture, source, recipe, climb.mask))
        yield Frame(index, frames, rgb)
    return rgb


def _source_tensor(rgb: Pixels, recipe: Recipe, network: Network) -> Tensor:
    return resize(to_tensor(rgb, network.device), recipe.width, recipe.height).clamp_(-1, 1)


def _shortened_step(climb: AscentStep, kept: Tensor) -> AscentStep:
    """The climb that makes up for what was not kept: of fewer steps, longer where less is left.

    kept: (1, 1, H, W), the share of the last dream that is there already.
    """
    recipe = climb.recipe
    missing = float((1 - kept).mean())
    steps = min(recipe.steps, max(1, round(recipe.steps * missing)))
    step = recipe.step * min(1.0, recipe.steps * missing / steps)
    need = ((1 - kept) / max(missing, 1e-6)).clamp_(max=_MAX_SPEEDUP)
    mask = need if climb.mask is None else climb.mask * need
    shorter = recipe.model_copy(update={"steps": steps, "step": max(step, 1e-9)})
    return replace(climb, recipe=shorter, mask=mask)
