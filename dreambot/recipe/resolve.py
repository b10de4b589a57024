"""From a request and what is known of its source to a recipe."""

import math
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from dreambot.recipe import dial
from dreambot.recipe.bends import BendTerm, check_upstream, parse_bends
from dreambot.recipe.chaos import bent_look, dreamed_through, random_bends
from dreambot.recipe.errors import RecipeError
from dreambot.recipe.film import MAX_FRAMES, Moving
from dreambot.recipe.grammar import LayerTerm, parse_layers
from dreambot.recipe.layers import LAYERS, Layer, find_layer
from dreambot.recipe.looks import guided_look, undreamed_look
from dreambot.recipe.presets import Preset, at_notch, find_preset
from dreambot.recipe.recipe import MAX_SIDE, Precision, Recipe
from dreambot.recipe.request import DreamRequest
from dreambot.recipe.trained import DEFAULT_MODEL, Models, Trained

DEFAULT_LAYER = "mixed5"
DEFAULT_INTENSITY = 6
DEFAULT_CHAOS = 6
WORKABLE_SIDE = 256
"""Pictures with a shorter short side, in pixels, are dreamed larger than they are."""
THINNEST = 40


@dataclass(frozen=True)
class SourceFacts:
    """What the recipe needs to know of a source: its size in pixels, how much change its spots hide, and
    of a moving one that is to be dreamed as a film, how many frames it has, and how many a second at most."""

    width: int
    height: int
    masking: tuple[float, ...] = field(default=())
    frames: int = 1
    fps: float | None = None


def resolve(
    request: DreamRequest,
    source: SourceFacts,
    *,
    seed: int,
    models: Models,
    precision: Precision,
    max_pixels: int,
) -> Recipe:
    """The recipe of a request. `seed` is used where the request names none.

    Raises RecipeError when a name is unknown or the picture is too thin to dream.
    """
    seed = request.seed if request.seed is not None else seed
    preset = find_preset(request.preset) if request.preset else None
    named = request.model or (preset.model if preset else None)
    model = model_for(named, request.layer, models)
    bends, bent_layer = bends_for(request.bend, request.chaos, seed, model.architecture)
    usual = preset.layers if preset else bent_layer or _usual(request, model.architecture)
    expression = request.layer or usual
    terms = parse_layers(expression, model.architecture)
    check_upstream(bends, (term.layer for term in terms), model.architecture)
    width, height = dream_size(source.width, source.height, max_pixels)
    asked = _Asked(
        request.intensity or DEFAULT_INTENSITY, model.architecture, terms, source, min(width, height)
    )
    look = preset or undreamed_look(terms, model.architecture)
    if request.guide:
        look = guided_look(request.guide.kind)
    elif bends and not preset:
        look = bent_look(expression, model.architecture, request.chaos or DEFAULT_CHAOS)
    numbers = _look_numbers(look, asked) if look else _dial_numbers(asked)
    fields: dict[str, Any] = {
        **numbers,
        "model": model.architecture,
        "weights": model.weights,
        "layers": terms,
        "bends": bends,
        "guide": request.guide,
        "closeness": request.closeness or (look.closeness if look else 0.0),
        "keep_colour": request.keep_colour,
        "mask": request.mask,
        "octaves": numbers["octaves"] + request.octaves_above,
        "octaves_above": request.octaves_above,
        "tile": request.tile,
        "moving": Moving(frames=min(source.frames, MAX_FRAMES), fps=source.fps)
        if source.frames > 1
        else None,
        "width": width,
        "height": height,
        "seed": seed,
        "precision": precision,
        "intensity": asked.notch,
        "preset": preset.name if preset else None,
    }
    return Recipe.checked(fields)


def usual_layer(model: str) -> str:
    """The layer that is dreamed when none is named."""
    if model == DEFAULT_MODEL:
        return DEFAULT_LAYER
    offered = [layer.name for layer in LAYERS[model] if layer.offered]
    return offered[len(offered) * 2 // 3]


def _usual(request: DreamRequest, model: str) -> str:
    if request.guide and model == DEFAULT_MODEL:
        return guided_look(request.guide.kind).layers
    return usual_layer(model)


@dataclass(frozen=True)
class _Asked:
    """What the numbers of a recipe depend on."""

    notch: int
    model: str
    terms: tuple[LayerTerm, ...]
    source: SourceFacts
    short_side: int


def model_for(
    named: str | None, layer: str | None, models: Models, reads: Callable[[str, str], object] = parse_layers
) -> Trained:
    """The model named; else the one that has the layers named, the default one first.

    reads: (expression, architecture); raises RecipeError where the architecture lacks a layer."""
    if named or not layer:
        return models(named or DEFAULT_MODEL)
    for model in (DEFAULT_MODEL, *LAYERS):
        with suppress(RecipeError):
            reads(layer, model)
            return models(model)
    return models(DEFAULT_MODEL)


def bends_for(bend: str | None, chaos: int | None, seed: int, model: str) -> tuple[tuple[BendTerm, ...], str]:
    """The bends asked for or drawn by chaos, and the layer that goes with them."""
    if bend == "random" or (chaos and not bend):
        return random_bends(chaos or DEFAULT_CHAOS, seed, model)
    if chaos:
        raise RecipeError("Chaos draws bends by itself; name bends, or chaos, not both.")
    if not bend:
        return (), ""
    bends = parse_bends(bend, model)
    return bends, dreamed_through(bends, model)


def dream_size(width: int, height: int, max_pixels: int) -> tuple[int, int]:
    """The size a picture is dreamed at: its own, but no more than `max_pixels`, nor smaller than workable."""
    if max(width, height) > THINNEST * min(width, height):
        raise RecipeError(
            f"That picture is {width}×{height} pixels, too thin to dream; at most {THINNEST} to 1 works."
        )
    scale = max(1.0, WORKABLE_SIDE / min(width, height))
    scale = min(scale, math.sqrt(max_pixels / (width * height)), MAX_SIDE / max(width, height))
    if scale == 1:
        return width, height
    # Rounded down where the pixels are counted, so that the limit holds.
    return max(1, int(width * scale + 1e-6)), max(1, int(height * scale + 1e-6))


def octaves_for(short_side: int, usual: int = dial.OCTAVES, scale: float = dial.OCTAVE_SCALE) -> int:
    """How many octaves reach from `short_side` down to where the shapes fill a good part of the picture.

    The usual number up to about 512×384, one more for each × `scale`.
    """
    more = math.log(max(1, short_side) / 384, scale)
    return max(usual, usual + round(more))


def _dial_numbers(asked: _Asked) -> dict[str, Any]:
    weights: dict[str, float] = {}
    for term in asked.terms:
        weights[term.layer] = weights.get(term.layer, 0) + abs(term.weight)
    leading = _leading(asked.terms, asked.model)
    return {
        "objective": leading.objective,
        "octaves": octaves_for(asked.short_side),
        "octave_scale": dial.OCTAVE_SCALE,
        "steps": dial.STEPS[asked.notch - 1],
        "step": dial.step_length(asked.model, weights, asked.notch, asked.source.masking),
        "cooling": dial.COOLING,
        "jitter": dial.JITTER,
        "gradient": leading.gradient,
        "bands": leading.bands,
        "chroma": leading.chroma,
    }


def _look_numbers(look: Preset, asked: _Asked) -> dict[str, Any]:
    steps, step = at_notch(look, asked.notch)
    octaves = look.octaves
    if look.adapts:
        step *= dial.compared(asked.source.masking, asked.notch)
        octaves = octaves_for(asked.short_side, look.octaves, look.octave_scale)
    return {
        "objective": look.objective,
        "octaves": octaves,
        "octave_scale": look.octave_scale,
        "steps": steps,
        "step": step,
        "cooling": look.cooling,
        "jitter": look.jitter,
        "gradient": look.gradient,
        "bands": look.bands,
        "chroma": look.chroma,
        # Below the middle of the dial the relief is shallow and the light low.
        "light": look.light * min(1.0, 1.28 ** (asked.notch - 6)),
    }


def _leading(terms: tuple[LayerTerm, ...], model: str) -> Layer:
    """The layer that decides how the gradient is treated: the heaviest, of equals the deepest."""
    heaviest = max(term.weight for term in terms)
    found = [find_layer(term.layer, model) for term in terms if term.weight == heaviest]
    return max(found, key=lambda layer: layer.flops)
