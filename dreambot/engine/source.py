"""The image that a dream on a still or a video starts from: a picture, noise, or words in the dark."""

import torch
from torch import Tensor

from dreambot.engine.images import gaussian_blur, resize, smooth_noise, to_tensor
from dreambot.engine.letters import render_letters
from dreambot.media.picture import Pixels
from dreambot.recipe import Recipe

_GROUND, _STATIC_STD = -0.85, 0.06
"""The dark ground, and the static on it, in which a network finds something to dream."""
_BONE, _BONE_SIGMA = 0.45, 0.009
"""Letters on it. The blur, relative to the short side, makes them look grown rather than printed."""

_EDGE_SIGMA = 0.005
"""The edge of the letters on a picture, relative to its short side."""
_INSIDE, _OUTSIDE = (0.3, 0.35), (0.35, -0.55)
"""Factor and offset of a picture in [-1, 1] inside and outside the letters: words written on a picture as it
is cannot be read once it is dreamed."""
_OUTSIDE_WEIGHT = 0.35
"""The steps outside the letters relative to those inside."""

_FINAL_INSIDE, _FINAL_OUTSIDE = (0.75, 0.25), (0.85, -0.15)
"""Likewise of the finished dream, whose dark eyes and bright noses make holes in the letters."""


def source_image(rgb: Pixels | None, recipe: Recipe, device: torch.device) -> Tensor:
    """Returns the image that a dream starts from, with the recipe's words on it.

    Args:
        rgb: The picture, `[h, w, 3]` uint8 of any size; not used if the recipe starts from something else.
        recipe: Recipe of a still or a video.
        device: Device of the image.

    Returns:
        `[1, 3, recipe.height, recipe.width]` in [-1, 1].

    Raises:
        ValueError: The recipe starts from a picture and there is none.
    """
    width, height = recipe.width, recipe.height
    if recipe.source == "dark":
        return _dark_words(recipe, device)
    if recipe.source == "noise":
        image = smooth_noise(width, height, recipe.seed).to(device)
    elif rgb is None:
        raise ValueError("there is no picture to dream on")
    else:
        image = resize(to_tensor(rgb, device), width, height).clamp_(-1, 1)
    letters = _letters(recipe, device, _EDGE_SIGMA)
    return image if letters is None else _write(image, letters, _INSIDE, _OUTSIDE)


def word_weights(recipe: Recipe, device: torch.device) -> Tensor | None:
    """Returns the weights of the steps for words on a picture, which are dreamed mostly inside the letters.

    Args:
        recipe: The recipe.
        device: Device of the result.

    Returns:
        `[1, 1, recipe.height, recipe.width]`, 0 to 1; None if all steps have the same weight.
    """
    letters = None if recipe.source == "dark" else _letters(recipe, device, _EDGE_SIGMA)
    return None if letters is None else _OUTSIDE_WEIGHT + (1 - _OUTSIDE_WEIGHT) * letters


def strengthen_words(image: Tensor, recipe: Recipe) -> Tensor:
    """Makes the words of a recipe readable in the finished dream: brighter inside, darker outside.

    Args:
        image: The dreamed image, `[1, 3, recipe.height, recipe.width]` in [-1, 1].
        recipe: The recipe.

    Returns:
        The image with the words, or `image` itself if there are none.
    """
    letters = _letters(recipe, image.device, _EDGE_SIGMA)
    return image if letters is None else _write(image, letters, _FINAL_INSIDE, _FINAL_OUTSIDE)


def _dark_words(recipe: Recipe, device: torch.device) -> Tensor:
    static = torch.randn(
        1, 1, recipe.height, recipe.width, generator=torch.Generator().manual_seed(recipe.seed)
    ).to(device)
    image = _GROUND + _STATIC_STD * static
    letters = _letters(recipe, device, _BONE_SIGMA)
    if letters is not None:
        image = image + (_BONE - _GROUND) * letters
    return image.clamp_(-1, 1).expand(1, 3, -1, -1).contiguous()


def _letters(recipe: Recipe, device: torch.device, sigma: float) -> Tensor | None:
    """The words as a mask `[1, 1, height, width]`, blurred by this share of the short side."""
    if recipe.text is None:
        return None
    mask = torch.from_numpy(render_letters(recipe.text, recipe.width, recipe.height))[None, None].to(device)
    return gaussian_blur(mask, max(0.5, sigma * min(recipe.width, recipe.height)))


def _write(
    image: Tensor, letters: Tensor, inside: tuple[float, float], outside: tuple[float, float]
) -> Tensor:
    (inner_factor, inner_offset), (outer_factor, outer_offset) = inside, outside
    written = torch.lerp(
        outer_factor * image + outer_offset, inner_factor * image + inner_offset, letters.expand_as(image)
    )
    return written.clamp_(-1, 1)
