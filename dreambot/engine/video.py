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
from dreambot.engine.images import to_rgb
from dreambot.engine.optical_flow import estimate_optical_flow
from dreambot.engine.postprocess import postprocess
from dreambot.engine.progress import Frame, Progress
from dreambot.engine.source import source_image
from dreambot.engine.step import AscentStep, build_step
from dreambot.media.picture import DreamInputs, Pixels
from dreambot.recipe import Recipe
from dreambot.zoo.network import Network

# Change of a pixel, in [-1, 1], beyond which its dream is dropped
_FLOW_TOLERANCE = 0.2
# Maximum step length of new pixels relative to the mean
_MAX_SPEEDUP = 3.0


def dream_video(
    network: Network, inputs: DreamInputs, recipe: Recipe, stop: Callable[[], bool] = never_stop
) -> Generator[Progress | Frame, None, Pixels]:
    """Dreams on the frames of a video.

    After a cut the dream starts again. The same network, inputs and recipe give the same frames on the same
    device with the same number of threads.

    Args:
        network: Network whose activations are maximised.
        inputs: Source frames `[frames, h, w, 3]` uint8, and the guide and mask if the recipe has them.
        recipe: Recipe of a video. If there are fewer source frames than it says, all of them are dreamed.
        stop: Stop predicate, called before every step.

    Yields:
        The progress after every step, and every finished frame, `[recipe.height, recipe.width, 3]` uint8.

    Returns:
        The last frame.

    Raises:
        Stopped: The stop predicate returned True.
        UserError: The inputs lack the recipe's guide or mask.
        ValueError: There are no source frames, or the recipe is not for a video.
    """
    if inputs.source is None or inputs.source.ndim != 4 or not len(inputs.source):
        raise ValueError("there are no frames to dream on")
    if recipe.moving is None:
        raise ValueError("the recipe is not for a moving source")
    carry = recipe.moving.carry
    frames = min(len(inputs.source), recipe.moving.frames)
    network = bend_network(network, recipe.bends, recipe.seed)
    source = detail = source_image(inputs.source[0], recipe, network.device)
    ascent = build_step(network, recipe, source, inputs)
    # An estimate of the work, in units of the first frame, which is dreamed from scratch
    work_per_frame = max(1 - carry, 1 / recipe.steps)
    total_work = 1 + work_per_frame * (frames - 1)
    rgb: Pixels = inputs.source[0]
    for index in range(frames):
        if stop():
            raise Stopped("the dream was stopped")
        frame_ascent, start = ascent, source
        if index:
            previous, source = source, source_image(inputs.source[index], recipe, network.device)
            flow = estimate_optical_flow(previous, source, _FLOW_TOLERANCE)
            kept = carry * flow.trust
            start = (source + kept * flow.warp(detail)).clamp_(-1, 1)
            frame_ascent = _shortened_step(ascent, kept)
        work_before = (1 + work_per_frame * (index - 1)) / total_work if index else 0.0
        # The transforms are the same for every frame, because differences between frames flicker.
        steps = dream_octaves(frame_ascent, start, random.Random(recipe.seed), stop, keep_close_to=source)
        image = yield from rescale_progress(steps, work_before, (1 + work_per_frame * index) / total_work)
        detail = image - source
        rgb = to_rgb(postprocess(image, source, recipe, ascent.mask))
        yield Frame(index, frames, rgb)
    return rgb


def _shortened_step(ascent: AscentStep, kept: Tensor) -> AscentStep:
    """Returns the ascent that replaces what was not kept: with fewer steps, longer where less is kept.

    Args:
        ascent: Ascent of a frame that is dreamed from scratch.
        kept: `[1, 1, height, width]`, the share of the last dream that is kept, 0 to 1.
    """
    recipe = ascent.recipe
    missing = float((1 - kept).mean())
    steps = min(recipe.steps, max(1, round(recipe.steps * missing)))
    step = recipe.step * min(1.0, recipe.steps * missing / steps)
    weight = ((1 - kept) / max(missing, 1e-6)).clamp_(max=_MAX_SPEEDUP)
    mask = weight if ascent.mask is None else ascent.mask * weight
    shorter = recipe.model_copy(update={"steps": steps, "step": max(step, 1e-9)})
    return replace(ascent, recipe=shorter, mask=mask)
