"""From a request and what is known of its source to a recipe."""

import math
from dataclasses import dataclass, field
from typing import Literal

from dreambot.recipe import dial
from dreambot.recipe.errors import RecipeError
from dreambot.recipe.grammar import LayerTerm, parse_layers
from dreambot.recipe.layers import Layer, find_layer
from dreambot.recipe.presets import Preset, at_notch, find_preset
from dreambot.recipe.recipe import MAX_SIDE, Recipe
from dreambot.recipe.request import DreamRequest

MODEL = "inception_v3"
DEFAULT_LAYER = "mixed5"
DEFAULT_INTENSITY = 6
WORKABLE_SIDE = 256
"""Pictures with a shorter short side, in pixels, are dreamed larger than they are."""
THINNEST = 40


@dataclass(frozen=True)
class SourceFacts:
    """What the recipe needs to know of a source: its size in pixels, and how much change its spots hide."""

    width: int
    height: int
    masking: tuple[float, ...] = field(default=())


def resolve(
    request: DreamRequest,
    source: SourceFacts,
    *,
    seed: int,
    weights: str,
    precision: Literal["fp32", "bf16"],
    max_pixels: int,
) -> Recipe:
    """The recipe of a request. `seed` is used where the request names none; `weights` is their sha256.

    Raises RecipeError when a name is unknown or the picture is too thin to dream.
    """
    preset = find_preset(request.preset) if request.preset else None
    terms = parse_layers(request.layer or (preset.layers if preset else DEFAULT_LAYER), MODEL)
    width, height = dream_size(source.width, source.height, max_pixels)
    short = min(width, height)
    numbers = (
        _preset_numbers(preset, request, source, short)
        if preset
        else _dial_numbers(terms, request, source, short)
    )
    return Recipe.model_validate(
        {
            "model": MODEL,
            "weights": weights,
            "layers": terms,
            "width": width,
            "height": height,
            "seed": request.seed if request.seed is not None else seed,
            "precision": precision,
            "intensity": request.intensity or DEFAULT_INTENSITY,
            "preset": preset.name if preset else None,
            **numbers,
        }
    )


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


def _dial_numbers(
    terms: tuple[LayerTerm, ...], request: DreamRequest, source: SourceFacts, short_side: int
) -> dict[str, object]:
    notch = request.intensity or DEFAULT_INTENSITY
    weights: dict[str, float] = {}
    for term in terms:
        weights[term.layer] = weights.get(term.layer, 0) + abs(term.weight)
    leading = _leading(terms)
    return {
        "objective": leading.objective,
        "octaves": octaves_for(short_side),
        "octave_scale": dial.OCTAVE_SCALE,
        "steps": dial.STEPS[notch - 1],
        "step": dial.step_length(MODEL, weights, notch, source.masking),
        "cooling": dial.COOLING,
        "jitter": dial.JITTER,
        "gradient": leading.gradient,
        "bands": leading.bands,
        "chroma": leading.chroma,
    }


def _preset_numbers(
    preset: Preset, request: DreamRequest, source: SourceFacts, short_side: int
) -> dict[str, object]:
    notch = request.intensity or DEFAULT_INTENSITY
    steps, step = at_notch(preset, notch)
    octaves = preset.octaves
    if preset.adapts:
        step *= dial.compared(source.masking, notch)
        octaves = octaves_for(short_side, preset.octaves, preset.octave_scale)
    return {
        "objective": preset.objective,
        "octaves": octaves,
        "octave_scale": preset.octave_scale,
        "steps": steps,
        "step": step,
        "cooling": preset.cooling,
        "jitter": preset.jitter,
        "gradient": preset.gradient,
        "bands": preset.bands,
        "chroma": preset.chroma,
        # Below the middle of the dial the relief is shallow and the light low.
        "light": preset.light * min(1.0, 1.28 ** (notch - 6)),
    }


def _leading(terms: tuple[LayerTerm, ...]) -> Layer:
    """The layer that decides how the gradient is treated: the heaviest, of equals the deepest."""
    layers = [(term.weight, index, term.layer) for index, term in enumerate(terms)]
    heaviest = max(weight for weight, _, _ in layers)
    found = [find_layer(name, MODEL) for weight, _, name in layers if weight == heaviest]
    return max(found, key=lambda layer: layer.flops)
