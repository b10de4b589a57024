"""The request for a dream of a picture or video, and how it is resolved to a recipe."""

import math
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dreambot.errors import Message
from dreambot.recipe import intensity
from dreambot.recipe.bends import BendTerm, check_upstream, parse_bends
from dreambot.recipe.errors import RecipeError
from dreambot.recipe.expression import MAX_EXPRESSION_LENGTH, LayerTerm, parse_layers
from dreambot.recipe.layers import DEFAULT_MODEL, LAYERS, Layer, ModelLookup, TrainedModel, find_layer
from dreambot.recipe.presets import Preset, find_preset, guided_preset, preset_steps, suppression_preset
from dreambot.recipe.random_bends import bent_preset, layer_behind_bends, random_bends
from dreambot.recipe.recipe import MAX_SIDE, SHA256_PATTERN, Guide, Precision, Recipe
from dreambot.recipe.video import MAX_FRAMES, VideoParams

MAX_OCTAVES_ABOVE = 3


class DreamRequest(BaseModel):
    """`/dream layer:mixed5 intensity:11 seed:7`. What is None is chosen when the recipe is resolved.

    bend: a bend expression, or `random`, which `chaos` (1 to 11) draws. closeness, keep_colour, mask,
    octaves_above, tile: as in `Recipe`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    layer: Annotated[str, Field(max_length=MAX_EXPRESSION_LENGTH)] | None = None
    intensity: Annotated[int, Field(ge=1, le=11)] | None = None
    preset: Annotated[str, Field(max_length=24)] | None = None
    bend: Annotated[str, Field(max_length=MAX_EXPRESSION_LENGTH)] | None = None
    chaos: Annotated[int, Field(ge=1, le=11)] | None = None
    model: Annotated[str, Field(max_length=64)] | None = None
    seed: Annotated[int, Field(ge=0, lt=2**32)] | None = None
    guide: Guide | None = None
    closeness: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] = 0.0
    keep_colour: bool = False
    mask: Annotated[str, Field(pattern=SHA256_PATTERN)] | None = None
    octaves_above: Annotated[int, Field(ge=0, le=MAX_OCTAVES_ABOVE)] = 0
    tile: Annotated[int, Field(ge=128, le=4096)] | None = None

    @classmethod
    def of(cls, **wishes: Any) -> "DreamRequest":
        """A checked request; an empty text is no wish. Raises RecipeError that says which value is out of
        range."""
        try:
            return cls.model_validate({name: wish for name, wish in wishes.items() if wish not in (None, "")})
        except ValidationError as error:
            field = str(error.errors()[0]["loc"][0])
            raise RecipeError.of(
                _RANGE_ERRORS.get(field) or Message("errors-cannot-use", {"name": field})
            ) from error


_RANGE_ERRORS = {
    "layer": Message("errors-layer-long", {"most": MAX_EXPRESSION_LENGTH}),
    "intensity": Message("errors-intensity"),
    "preset": Message("errors-preset-long"),
    "seed": Message("errors-seed", {"most": str(2**32 - 1)}),
    "model": Message("errors-model-long"),
    "bend": Message("errors-bend-long", {"most": MAX_EXPRESSION_LENGTH}),
    "chaos": Message("errors-chaos"),
    "closeness": Message("errors-closeness"),
    "octaves_above": Message("errors-octaves-above", {"most": MAX_OCTAVES_ABOVE}),
    "tile": Message("errors-tile"),
}

DEFAULT_LAYER = "mixed5"
DEFAULT_INTENSITY = 6
DEFAULT_CHAOS = 6
MIN_DREAM_SIDE = 256
"""Pictures with a shorter short side, in pixels, are dreamed larger than they are."""
MAX_ASPECT_RATIO = 40


@dataclass(frozen=True)
class SourceFacts:
    """What the recipe needs to know of a source: its size in pixels, how much change its spots hide, and
    of a moving one that is to be dreamed as a film, how many frames it has, and how many a second at most."""

    width: int
    height: int
    masking: tuple[float, ...] = field(default=())
    frames: int = 1
    fps: float | None = None


def resolve_dream(
    request: DreamRequest,
    source: SourceFacts,
    *,
    seed: int,
    models: ModelLookup,
    precision: Precision,
    max_pixels: int,
) -> Recipe:
    """The recipe of a request. `seed` is used where the request names none.

    Raises RecipeError when a name is unknown or the picture is too thin to dream.
    """
    seed = request.seed if request.seed is not None else seed
    preset = find_preset(request.preset) if request.preset else None
    named = request.model or (preset.model if preset else None)
    model = choose_model(named, request.layer, models)
    bends, bent_layer = choose_bends(request.bend, request.chaos, seed, model.architecture)
    usual = preset.layers if preset else bent_layer or _default_layers(request, model.architecture)
    expression = request.layer or usual
    terms = parse_layers(expression, model.architecture)
    check_upstream(bends, (term.layer for term in terms), model.architecture)
    width, height = dream_size(source.width, source.height, max_pixels)
    asked = _Inputs(
        request.intensity or DEFAULT_INTENSITY, model.architecture, terms, source, min(width, height)
    )
    look = preset or suppression_preset(terms, model.architecture)
    if request.guide:
        look = guided_preset(request.guide.kind)
    elif bends and not preset:
        look = bent_preset(expression, model.architecture, request.chaos or DEFAULT_CHAOS)
    numbers = _parameters_from_preset(look, asked) if look else _parameters_from_intensity(asked)
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
        "moving": VideoParams(frames=min(source.frames, MAX_FRAMES), fps=source.fps)
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


def default_layer(model: str) -> str:
    """The layer that is dreamed when none is named."""
    if model == DEFAULT_MODEL:
        return DEFAULT_LAYER
    offered = [layer.name for layer in LAYERS[model] if layer.offered]
    return offered[len(offered) * 2 // 3]


def _default_layers(request: DreamRequest, model: str) -> str:
    if request.guide and model == DEFAULT_MODEL:
        return guided_preset(request.guide.kind).layers
    return default_layer(model)


@dataclass(frozen=True)
class _Inputs:
    """What the numbers of a recipe depend on."""

    notch: int
    model: str
    terms: tuple[LayerTerm, ...]
    source: SourceFacts
    short_side: int


def choose_model(
    named: str | None,
    layer: str | None,
    models: ModelLookup,
    reads: Callable[[str, str], object] = parse_layers,
) -> TrainedModel:
    """The model named; else the one that has the layers named, the default one first.

    reads: (expression, architecture); raises RecipeError where the architecture lacks a layer."""
    if named or not layer:
        return models(named or DEFAULT_MODEL)
    for model in (DEFAULT_MODEL, *LAYERS):
        with suppress(RecipeError):
            reads(layer, model)
            return models(model)
    return models(DEFAULT_MODEL)


def choose_bends(
    bend: str | None, chaos: int | None, seed: int, model: str
) -> tuple[tuple[BendTerm, ...], str]:
    """The bends asked for or drawn by chaos, and the layer that goes with them."""
    if bend == "random" or (chaos and not bend):
        return random_bends(chaos or DEFAULT_CHAOS, seed, model)
    if chaos:
        raise RecipeError("errors-chaos-or-bends")
    if not bend:
        return (), ""
    bends = parse_bends(bend, model)
    return bends, layer_behind_bends(bends, model)


def dream_size(width: int, height: int, max_pixels: int) -> tuple[int, int]:
    """The size a picture is dreamed at: its own, but no more than `max_pixels`, nor smaller than workable."""
    if max(width, height) > MAX_ASPECT_RATIO * min(width, height):
        raise RecipeError("errors-too-thin", size=f"{width}×{height}", most=MAX_ASPECT_RATIO)
    scale = max(1.0, MIN_DREAM_SIDE / min(width, height))
    scale = min(scale, math.sqrt(max_pixels / (width * height)), MAX_SIDE / max(width, height))
    if scale == 1:
        return width, height
    # Rounded down where the pixels are counted, so that the limit holds.
    return max(1, int(width * scale + 1e-6)), max(1, int(height * scale + 1e-6))


def octave_count(
    short_side: int, usual: int = intensity.OCTAVES, scale: float = intensity.OCTAVE_SCALE
) -> int:
    """How many octaves reach from `short_side` down to where the shapes fill a good part of the picture.

    The usual number up to about 512×384, one more for each × `scale`.
    """
    more = math.log(max(1, short_side) / 384, scale)
    return max(usual, usual + round(more))


def _parameters_from_intensity(asked: _Inputs) -> dict[str, Any]:
    weights: dict[str, float] = {}
    for term in asked.terms:
        weights[term.layer] = weights.get(term.layer, 0) + abs(term.weight)
    dominant = _dominant_layer(asked.terms, asked.model)
    return {
        "objective": dominant.objective,
        "octaves": octave_count(asked.short_side),
        "octave_scale": intensity.OCTAVE_SCALE,
        "steps": intensity.STEPS_BY_INTENSITY[asked.notch - 1],
        "step": intensity.step_length(asked.model, weights, asked.notch, asked.source.masking),
        "cooling": intensity.COOLING,
        "jitter": intensity.JITTER,
        "gradient": dominant.gradient,
        "bands": dominant.bands,
        "chroma": dominant.chroma,
    }


def _parameters_from_preset(look: Preset, asked: _Inputs) -> dict[str, Any]:
    steps, step = preset_steps(look, asked.notch)
    octaves = look.octaves
    if look.adapts:
        step *= intensity.relative_rms(asked.source.masking, asked.notch)
        octaves = octave_count(asked.short_side, look.octaves, look.octave_scale)
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


def _dominant_layer(terms: tuple[LayerTerm, ...], model: str) -> Layer:
    """The layer that decides how the gradient is treated: the heaviest, of equals the deepest."""
    heaviest = max(term.weight for term in terms)
    found = [find_layer(term.layer, model) for term in terms if term.weight == heaviest]
    return max(found, key=lambda layer: layer.flops)
