"""One step of gradient ascent, and how it is built from a recipe and its inputs."""

import math
import random
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from dreambot.engine.cuda.graphs import try_graph_step
from dreambot.engine.gradients import compute_gradient, normalize_gradient
from dreambot.engine.images import resize, to_tensor
from dreambot.engine.objectives import (
    CaricatureObjective,
    LayerObjective,
    MatchObjective,
    ObjectiveFunction,
    transform_objective,
)
from dreambot.engine.postprocess import mask_to_tensor, resize_mask
from dreambot.engine.tiling import compute_activations, compute_tiled_gradient, fits_in_tile
from dreambot.engine.transforms import random_transform
from dreambot.errors import UserError
from dreambot.media.picture import DreamInputs, Pixels
from dreambot.recipe import LayerTerm, Recipe
from dreambot.zoo.network import Network

_NONFINITE_STEP_SCALE = 0.25


@dataclass(frozen=True)
class AscentStep:
    """What stays the same from step to step: a network, the score to climb, the numbers of the recipe.

    base: what the picture is before anything is dreamed, at its present size, for recipes that keep close
    to it. mask: (1, 1, H, W) from 0 to 1, how much is dreamed where; at any size.
    """

    network: Network
    score: ObjectiveFunction
    recipe: Recipe
    base: Tensor | None = None
    mask: Tensor | None = None

    def over(self, base: Tensor) -> "AscentStep":
        """The same climb, on a picture that is `base` before anything is dreamed."""
        height, width = base.shape[-2:]
        return replace(
            self, base=base, mask=self.mask if self.mask is None else resize_mask(self.mask, width, height)
        )

    def step(self, picture: Tensor, length: float, rng: random.Random) -> tuple[Tensor, float]:
        """The picture, (1, 3, H, W) in [-1, 1], after one step of that length, and the score before it.

        Where the score is no finite number, of a network bent too far, the gradient is not worth much,
        and the step is damped; a gradient that is none at all leaves the picture as it is.
        """
        recipe = self.recipe
        movement = random_transform(recipe, picture.shape[-1], picture.shape[-2], rng)
        if self.mask is None and (
            stepped := try_graph_step(self.network, self.score, recipe, picture, length, movement)
        ):
            return stepped
        gradient, reached = self._gradient(
            movement.moved(picture), transform_objective(self.score, movement), rng
        )
        gradient = movement.adjoint(gradient)
        if recipe.keep_colour:
            gradient = gradient.mean(dim=1, keepdim=True).expand_as(gradient)
        step = normalize_gradient(gradient, recipe.gradient, recipe.bands, recipe.chroma)
        if self.mask is not None:
            step = step * self.mask
        picture = torch.add(
            picture, step, alpha=length if math.isfinite(reached) else _NONFINITE_STEP_SCALE * length
        )
        if recipe.closeness and self.base is not None:
            picture = torch.lerp(picture, self.base, recipe.closeness)
        return picture.clamp_(-1, 1), reached

    def _gradient(
        self, picture: Tensor, score: ObjectiveFunction, rng: random.Random
    ) -> tuple[Tensor, float]:
        side = self.recipe.tile
        if side is None or fits_in_tile(picture, side):
            return compute_gradient(self.network, picture, score)
        # A copy, so that a dream in tiles moves as the same dream in one piece does.
        return compute_tiled_gradient(self.network, picture, score, side, copy(rng))


_MAX_ANALYSIS_SIDE = 512
"""Strongest channels and matches are looked up in pictures of at most this many pixels' side."""


def build_step(network: Network, recipe: Recipe, source: Tensor, inputs: DreamInputs) -> AscentStep:
    """The climb of a recipe.

    source: the picture that is dreamed on, (1, 3, H, W) in [-1, 1]. Raises UserError where the inputs lack
    the recipe's guide or mask.
    """
    mask = None
    if recipe.mask is not None:
        if inputs.mask is None:
            raise UserError("errors-mask-again")
        mask = mask_to_tensor(inputs.mask, recipe.width, recipe.height, network.device)
    return AscentStep(network, build_objective(network, recipe, source, inputs), recipe, mask=mask)


def build_objective(
    network: Network, recipe: Recipe, source: Tensor, inputs: DreamInputs
) -> ObjectiveFunction:
    """The score that a recipe asks to climb; see `climb_for`."""
    terms = select_strongest_channels(network, recipe.layers, source)
    if recipe.guide is None:
        return LayerObjective(terms, recipe.objective)
    if inputs.guide is None:
        raise UserError("errors-recipe-guide")
    names = {term.layer for term in terms}
    if recipe.guide.kind == "match":
        glance = _downscale_for_analysis(to_tensor(inputs.guide, network.device))
        return MatchObjective(terms, compute_activations(network, glance, names, recipe.tile))
    guide = to_tensor(_center_crop(inputs.guide, recipe.width / recipe.height), network.device)
    sizes = [resize(guide, width, height) for width, height in recipe.sizes]
    return CaricatureObjective(
        terms, [compute_activations(network, sized, names, recipe.tile) for sized in sizes]
    )


def select_strongest_channels(
    network: Network, terms: Sequence[LayerTerm], source: Tensor
) -> tuple[LayerTerm, ...]:
    """The terms with their strongest channels named: those whose mean square in the source is greatest."""
    asked = {term.layer for term in terms if term.strongest and not term.channels}
    if not asked:
        return tuple(terms)
    seen = compute_activations(network, _downscale_for_analysis(source), asked, None)
    return tuple(
        _with_strongest_channels(term, seen[term.layer]) if term.layer in asked else term for term in terms
    )


def _with_strongest_channels(term: LayerTerm, activation: Tensor) -> LayerTerm:
    if not term.strongest or term.channels:
        return term
    loudness = activation.float().nan_to_num(0.0, 0.0, 0.0).square().flatten(2).mean(dim=(0, 2))
    channels = loudness.topk(min(term.strongest, len(loudness))).indices.tolist()
    return term.model_copy(update={"channels": tuple(channels), "strongest": 0})


def _downscale_for_analysis(picture: Tensor) -> Tensor:
    height, width = picture.shape[-2:]
    scale = min(1.0, _MAX_ANALYSIS_SIDE / max(height, width))
    return resize(picture, max(1, round(width * scale)), max(1, round(height * scale)))


def _center_crop(rgb: Pixels, aspect: float) -> Pixels:
    """The middle of a picture, as large as its sides allow at that width : height."""
    height, width = rgb.shape[:2]
    wide, high = min(width, max(1, round(height * aspect))), min(height, max(1, round(width / aspect)))
    top, left = (height - high) // 2, (width - wide) // 2
    return rgb[top : top + high, left : left + wide]
