"""One step of gradient ascent, and how it is built from a recipe and its inputs."""

import math
import random
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import SupportsFloat

import torch
from torch import Tensor

from dreambot.engine.colours import colour_matrix
from dreambot.engine.cuda.graphs import try_graph_step
from dreambot.engine.gradients import compute_gradient, normalize_gradient, normalize_rms
from dreambot.engine.images import resize, to_tensor
from dreambot.engine.objectives import (
    CaricatureObjective,
    GramMatrix,
    LayerObjective,
    MatchObjective,
    ObjectiveFunction,
    SeparableObjective,
    StyleObjective,
    transform_objective,
)
from dreambot.engine.postprocess import mask_to_tensor, resize_mask
from dreambot.engine.source import word_weights
from dreambot.engine.tiling import compute_activations, compute_tiled_gradient, fits_in_tile
from dreambot.engine.transforms import random_transform
from dreambot.errors import UserError
from dreambot.media.picture import DreamInputs, Pixels
from dreambot.recipe import LayerTerm, Recipe
from dreambot.zoo.network import Network, NetworkGroup, names_by_prefix

_NONFINITE_STEP_SCALE = 0.25


@dataclass(frozen=True)
class AscentStep:
    """The part of an ascent that is the same in every step.

    Attributes:
        network: Network that computes the activations.
        objective: Objective to maximise.
        recipe: Recipe with the numbers of the ascent.
        base: Image at the current size before the ascent, `[1, 3, height, width]`; recipes with `closeness`
            stay close to it.
        mask: `[1, 1, h, w]` of any size, 0 to 1: weight of the step at each pixel.
        colours: Colour matrix of the recipe's palette, see `colour_matrix`.
    """

    network: Network
    objective: SeparableObjective
    recipe: Recipe
    base: Tensor | None = None
    mask: Tensor | None = None
    colours: Tensor | None = None

    def with_base(self, base: Tensor) -> "AscentStep":
        """Returns the same ascent for an image of another size.

        Args:
            base: Image at that size before the ascent, `[1, 3, height, width]`.
        """
        height, width = base.shape[-2:]
        return replace(
            self, base=base, mask=self.mask if self.mask is None else resize_mask(self.mask, width, height)
        )

    def step(self, image: Tensor, length: float, rng: random.Random) -> tuple[Tensor, SupportsFloat]:
        """Takes one step.

        If the objective is not finite, as with a network that is bent too far, the gradient is unreliable and
        the step is damped. A gradient without finite values leaves the image unchanged.

        Args:
            image: `[1, 3, height, width]` in [-1, 1].
            length: Length of the step: the RMS of the change (with `mean_abs`, its mean absolute value).
            rng: Source of the random transforms.

        Returns:
            The new image, of the same shape and range, and the value of the objective before the step.
            Reading the value may wait for the device.
        """
        recipe = self.recipe
        transform = random_transform(recipe, image.shape[-1], image.shape[-2], rng)
        if self.mask is None and (
            result := try_graph_step(self.network, self.objective, recipe, image, length, transform)
        ):
            return result
        gradient, value = self._gradient(
            transform.apply(image), transform_objective(self.objective, transform), rng
        )
        gradient = transform.adjoint(gradient)
        if recipe.keep_colour:
            gradient = gradient.mean(dim=1, keepdim=True).expand_as(gradient)
        step = normalize_gradient(gradient, recipe.gradient, recipe.bands, recipe.chroma, self.colours)
        if self.mask is not None:
            step = step * self.mask
        image = torch.add(
            image, step, alpha=length if math.isfinite(value) else _NONFINITE_STEP_SCALE * length
        )
        if recipe.closeness and self.base is not None:
            image = torch.lerp(image, self.base, recipe.closeness)
        return image.clamp_(-1, 1), value

    def _gradient(
        self, image: Tensor, objective: SeparableObjective, rng: random.Random
    ) -> tuple[Tensor, float]:
        if not isinstance(self.network, NetworkGroup):
            return self._gradient_in(self.network, image, objective, rng)
        # The gradients of different networks differ by orders of magnitude.
        gradient, value = torch.zeros_like(image), 0.0
        # Sorted, because the order of a set of texts differs between processes, and with it the rounding.
        for prefix, names in names_by_prefix(sorted(objective.layers)).items():
            part = objective.restricted_to([f"{prefix}{name}" for name in names])
            part_gradient, part_value = self._gradient_in(
                self.network.networks[prefix], image, _WithoutPrefix(part, prefix), rng
            )
            gradient = gradient.add(normalize_rms(part_gradient), alpha=part.weight)
            value += part_value
        return gradient, value

    def _gradient_in(
        self, network: Network, image: Tensor, objective: ObjectiveFunction, rng: random.Random
    ) -> tuple[Tensor, float]:
        side = self.recipe.tile
        if side is None or fits_in_tile(image, side):
            return compute_gradient(network, image, objective)
        # A copy, so that a tiled dream draws the same transforms as the same dream in one piece.
        return compute_tiled_gradient(network, image, objective, side, copy(rng))


class _WithoutPrefix:
    """An objective for a network whose layers lack the prefix that its terms have."""

    def __init__(self, objective: ObjectiveFunction, prefix: str) -> None:
        self._objective, self._prefix = objective, prefix
        self.layers = [layer.removeprefix(prefix) for layer in objective.layers]

    def __call__(self, features: Mapping[str, Tensor]) -> Tensor:
        return self._objective({f"{self._prefix}{name}": value for name, value in features.items()})


_MAX_ANALYSIS_SIDE = 512
"""Maximum long side in pixels of the image in which the strongest channels and matches are looked up."""


def build_step(network: Network, recipe: Recipe, source: Tensor, inputs: DreamInputs) -> AscentStep:
    """Builds the ascent step of a recipe.

    Args:
        network: Network whose activations are maximised.
        recipe: Recipe of the dream.
        source: Image to start from, `[1, 3, height, width]` in [-1, 1].
        inputs: Guide and mask, if the recipe has them; the mask may be that of `with_face_mask`.

    Raises:
        UserError: The inputs lack the recipe's guide or mask.
    """
    mask = word_weights(recipe, network.device)
    if recipe.mask is not None or recipe.where != "everywhere":
        if inputs.mask is None:
            raise UserError("errors-mask-again")
        given = mask_to_tensor(inputs.mask, recipe.width, recipe.height, network.device)
        mask = given if mask is None else given * mask
    return AscentStep(
        network,
        build_objective(network, recipe, source, inputs),
        recipe,
        mask=mask,
        colours=colour_matrix(recipe.palette, recipe.chroma, source),
    )


def build_objective(
    network: Network, recipe: Recipe, source: Tensor, inputs: DreamInputs
) -> SeparableObjective:
    """Builds the objective of a recipe.

    Args:
        network: Network whose activations are maximised.
        recipe: Recipe of the dream.
        source: Image in which the strongest channels are looked up, `[1, 3, height, width]` in [-1, 1].
        inputs: The guide, if the recipe has one.

    Raises:
        UserError: The inputs lack the recipe's guide.
    """
    terms = select_strongest_channels(network, recipe.layers, source)
    if recipe.guide is None:
        return LayerObjective(terms, recipe.objective)
    if inputs.guide is None:
        raise UserError("errors-recipe-guide")
    names = {term.layer for term in terms}
    if recipe.guide.kind == "match":
        small_guide = _downscale_for_analysis(to_tensor(inputs.guide, network.device))
        return MatchObjective(terms, compute_activations(network, small_guide, names, recipe.tile))
    if recipe.guide.kind == "style":
        style = to_tensor(inputs.guide, network.device)
        targets = []
        for width, height in recipe.sizes:
            scaled = _scale_to_pixels(style, width * height)
            activations = compute_activations(network, scaled, names, recipe.tile)
            targets.append({name: GramMatrix.of(found) for name, found in activations.items()})
        return StyleObjective(terms, targets)
    guide = to_tensor(_center_crop(inputs.guide, recipe.width / recipe.height), network.device)
    guides = [resize(guide, width, height) for width, height in recipe.sizes]
    return CaricatureObjective(
        terms, [compute_activations(network, guide, names, recipe.tile) for guide in guides]
    )


def select_strongest_channels(
    network: Network, terms: Sequence[LayerTerm], source: Tensor
) -> tuple[LayerTerm, ...]:
    """Replaces "the n strongest channels" by the channels with the greatest mean square in the source.

    Args:
        network: Network that computes the activations.
        terms: Terms of a layer expression.
        source: `[1, 3, height, width]` in [-1, 1].

    Returns:
        The terms, with explicit channels.
    """
    layers = {term.layer for term in terms if term.unresolved}
    if not layers:
        return tuple(terms)
    activations = compute_activations(network, _downscale_for_analysis(source), layers, None)
    return tuple(
        _with_strongest_channels(term, activations[term.layer]) if term.layer in layers else term
        for term in terms
    )


def _with_strongest_channels(term: LayerTerm, activation: Tensor) -> LayerTerm:
    if not term.unresolved:
        return term
    mean_squares = activation.float().nan_to_num(0.0, 0.0, 0.0).square().flatten(2).mean(dim=(0, 2))
    channels = mean_squares.topk(min(term.strongest, len(mean_squares))).indices.tolist()
    return term.model_copy(update={"channels": tuple(channels), "strongest": 0})


def _downscale_for_analysis(image: Tensor) -> Tensor:
    height, width = image.shape[-2:]
    scale = min(1.0, _MAX_ANALYSIS_SIDE / max(height, width))
    return resize(image, max(1, round(width * scale)), max(1, round(height * scale)))


def _scale_to_pixels(image: Tensor, pixels: int) -> Tensor:
    """Returns an image in its own shape with about that many pixels: strokes keep their relative size."""
    height, width = image.shape[-2:]
    scale = math.sqrt(pixels / (width * height))
    return resize(image, max(1, round(width * scale)), max(1, round(height * scale)))


def _center_crop(rgb: Pixels, aspect: float) -> Pixels:
    """Returns the largest crop from the centre with the given width / height."""
    height, width = rgb.shape[:2]
    crop_width = min(width, max(1, round(height * aspect)))
    crop_height = min(height, max(1, round(width / aspect)))
    top, left = (height - crop_height) // 2, (width - crop_width) // 2
    return rgb[top : top + crop_height, left : left + crop_width]
