"""Limits on the work of one recipe.

The limits are what the commands themselves can ask for: the highest intensity on the most expensive layer.
Recipes from text, pictures, buttons and the history are held to the same numbers.
"""

import math

from dreambot.recipe.errors import RecipeError
from dreambot.recipe.recipe import Recipe
from dreambot.recipe.video import WARM_UP_FRAMES, HellscapeParams, steps_per_legs

MAX_OCTAVE_PIXELS = 2**26
"""Pixels of the largest octave, for any settings. A copy of it takes 800 MB."""
MAX_STILL_FLOPS_PER_PIXEL = 6.5e7
"""FLOPs per pixel of a still picture, and of each frame of a video: intensity 11 on VGG16's deepest
layer."""
MAX_STILL_STEPS = 384
"""Steps of a still picture, all octaves together: a summon's 32 in each of twelve."""
MAX_HELLSCAPE_FLOPS_PER_PIXEL = 1.4e7
"""FLOPs per pixel of each dreamed frame of a hellscape."""
MAX_HELLSCAPE_STEPS = 48
"""Steps of each dreamed frame, all octaves together: 6 in each of eight."""
MAX_DREAMED_FPS = 18
"""Dreamed frames in each second of a hellscape. Faster videos have in-between frames."""
FIRST_FRAME_COST = 5
"""The first frame of a hellscape costs as much as this many."""
MAX_LOOP_FRAMES = 24
"""Dreamed frames that lead a loop back to its first frame. The engine keeps them in memory."""
TILE_HALO = 96
TILE_PASSES = 1.5
"""A tile sees this many pixels more on every side, and its activations are computed twice."""


def check_limits(recipe: Recipe, max_pixels: int) -> None:
    """Refuses a recipe that takes more work or memory than a command could ask for.

    Args:
        recipe: A resolved recipe, at the size at which it would be dreamed.
        max_pixels: The most pixels that a picture has here. The largest octave may have as many.

    Raises:
        RecipeError: The recipe is over a limit. The message names the number and the limit.
    """
    check_octaves(recipe, max_pixels)
    if recipe.hellscape:
        if recipe.hellscape.loop > MAX_LOOP_FRAMES:
            raise RecipeError("errors-recipe-loop", frames=recipe.hellscape.loop, most=MAX_LOOP_FRAMES)
        frames = _max_dreamed_frames(recipe.hellscape) + FIRST_FRAME_COST
        flops, steps = MAX_HELLSCAPE_FLOPS_PER_PIXEL * frames, MAX_HELLSCAPE_STEPS * frames
    else:
        images = 4 if recipe.sheet else recipe.dreamed_images
        flops, steps = MAX_STILL_FLOPS_PER_PIXEL * recipe.dreamed_images, MAX_STILL_STEPS * images
    flops *= recipe.width * recipe.height
    if tiled_flops(recipe) > flops:
        raise RecipeError(
            "errors-recipe-work",
            work=math.ceil(tiled_flops(recipe) / 1e9),
            most=math.floor(flops / 1e9),
        )
    if total_steps(recipe) > steps:
        raise RecipeError("errors-recipe-steps", steps=total_steps(recipe), most=steps)


def check_octaves(recipe: Recipe, max_pixels: int = MAX_OCTAVE_PIXELS) -> None:
    """Refuses a recipe whose octaves are too large for the memory.

    Args:
        recipe: A resolved recipe.
        max_pixels: The most pixels of its largest octave.

    Raises:
        RecipeError: The largest octave has more. The message names the number and the limit.
    """
    largest = max(width * height for width, height in recipe.sizes)
    if largest > max_pixels:
        raise RecipeError("errors-recipe-pixels", size=f"{largest / 1e6:.1f}", most=f"{max_pixels / 1e6:.1f}")


def tiled_flops(recipe: Recipe) -> float:
    """Returns the FLOPs of a recipe, including those that tiles add.

    Args:
        recipe: The recipe.
    """
    pixels = sum(width * height for width, height in recipe.sizes)
    tiled = sum(width * height * _tile_factor(recipe.tile, width * height) for width, height in recipe.sizes)
    return recipe.flops * tiled / pixels


def total_steps(recipe: Recipe) -> int:
    """Returns the steps of a recipe, all octaves and frames together.

    Args:
        recipe: The recipe.
    """
    if recipe.hellscape:
        return len(recipe.sizes) * sum(steps_per_legs(recipe.hellscape, recipe.steps).values())
    return sum(recipe.steps_by_octave) * recipe.dreamed_images


def _max_dreamed_frames(video: HellscapeParams) -> int:
    """The most dreamed frames that a video of that length may cost, with those that a loop does not show."""
    shown = math.ceil(MAX_DREAMED_FPS * video.frames / video.fps) + 1
    return shown + (WARM_UP_FRAMES + MAX_LOOP_FRAMES if video.loop else 0)


def _tile_factor(side: int | None, pixels: int) -> float:
    """The work of an octave dreamed in tiles, relative to that without tiles."""
    if side is None or pixels <= (side + 2 * TILE_HALO) ** 2:
        return 1.0
    return TILE_PASSES * ((side + 2 * TILE_HALO) / side) ** 2
