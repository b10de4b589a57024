"""The request for a dream of a picture or video, and how it is resolved to a recipe."""

import math
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from dreambot.errors import Message
from dreambot.recipe import intensity
from dreambot.recipe.bends import BendTerm, check_upstream, parse_bends
from dreambot.recipe.errors import RecipeError, validate_options
from dreambot.recipe.expression import (
    MAX_EXPRESSION_LENGTH,
    LayerTerm,
    other_models,
    parse_journey,
    parse_layers,
)
from dreambot.recipe.guide import SHA256_PATTERN, Guide, GuideUse
from dreambot.recipe.layers import DEFAULT_MODEL, LAYERS, Layer, ModelLookup, TrainedModel, find_layer
from dreambot.recipe.presets import Preset, find_preset, guided_preset, preset_steps, suppression_preset
from dreambot.recipe.random_bends import bent_preset, layer_behind_bends, random_bends
from dreambot.recipe.recipe import (
    DEFAULT_PALETTE,
    MAX_SIDE,
    Palette,
    Precision,
    Recipe,
    ResultFormat,
    StillSource,
    Where,
)
from dreambot.recipe.video import MAX_FRAMES, VideoParams
from dreambot.recipe.words import clean_words

MAX_OCTAVES_ABOVE = 3
RequestSource = Literal["picture", "noise"]
DefaultOwner = Literal["person", "channel"]


def _lower_case(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


class DreamRequest(BaseModel):
    """`/dream layer:mixed5 intensity:11 seed:7`. What is None is chosen when the recipe is resolved.

    Attributes:
        layer: A layer expression.
        intensity: The dial, 1 to 11.
        preset: The name of a preset.
        seed: The seed of the random numbers.
        model: The name of a network.
        bend: A bend expression, or `random`, which `chaos` draws.
        source: `noise` for a dream out of noise. None is the picture, or the dark for a text without one.
        text: See `Recipe`.
        chaos: How strong random bends are, 1 to 11.
        guide: As in `Recipe`.
        guide_as: What is taken of the guide, which is supplied as a file. None is its shapes.
        palette: See `Recipe`.
        where: See `Recipe`. None is everywhere.
        closeness: See `Recipe`.
        keep_colour: See `Recipe`.
        mask: See `Recipe`.
        octaves_above: See `Recipe`.
        tile: See `Recipe`.
        four: Whether four dreams are wanted on a sheet, see `resolve_sheet`.
        format: See `Recipe`.
        look: The recipe of a saved look, which replaces the fields from `layer` to `model`, but not the
            intensity; see `recipe.looks`.
        default: Whose default look it is, where the request said nothing of its look.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    layer: Annotated[str, Field(max_length=MAX_EXPRESSION_LENGTH)] | None = None
    intensity: Annotated[int, Field(ge=1, le=11)] | None = None
    preset: Annotated[str, Field(max_length=24)] | None = None
    bend: Annotated[str, Field(max_length=MAX_EXPRESSION_LENGTH)] | None = None
    chaos: Annotated[int, Field(ge=1, le=11)] | None = None
    model: Annotated[str, Field(max_length=64)] | None = None
    seed: Annotated[int, Field(ge=0, lt=2**32)] | None = None
    palette: Annotated[Palette | None, BeforeValidator(_lower_case)] = None
    source: Annotated[RequestSource | None, BeforeValidator(_lower_case)] = None
    text: str | None = None
    guide: Guide | None = None
    where: Annotated[Where | None, BeforeValidator(_lower_case)] = None
    guide_as: Annotated[GuideUse | None, BeforeValidator(_lower_case)] = None
    closeness: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] = 0.0
    keep_colour: bool = False
    mask: Annotated[str, Field(pattern=SHA256_PATTERN)] | None = None
    octaves_above: Annotated[int, Field(ge=0, le=MAX_OCTAVES_ABOVE)] = 0
    tile: Annotated[int, Field(ge=128, le=4096)] | None = None
    four: bool | None = None
    format: Annotated[ResultFormat | None, BeforeValidator(_lower_case)] = None
    look: Recipe | None = None
    default: DefaultOwner | None = None

    @classmethod
    def of(cls, **options: Any) -> "DreamRequest":
        """Returns a checked request.

        Args:
            **options: The fields. Those that are None or an empty text are left out.

        Raises:
            RecipeError: A value is out of range, or the text cannot be written. The message says which.
        """
        given = {name: value for name, value in options.items() if value not in (None, "")}
        if "text" in given:
            given["text"] = clean_words(str(given["text"]))
        return validate_options(cls, given, _RANGE_ERRORS)


_RANGE_ERRORS = {
    "layer": Message("errors-layer-long", {"most": MAX_EXPRESSION_LENGTH}),
    "intensity": Message("errors-intensity"),
    "preset": Message("errors-preset-long"),
    "seed": Message("errors-seed", {"most": 2**32 - 1}),
    "model": Message("errors-model-long"),
    "bend": Message("errors-bend-long", {"most": MAX_EXPRESSION_LENGTH}),
    "chaos": Message("errors-chaos"),
    "palette": Message("errors-palette", {"names": list(get_args(Palette))}),
    "source": Message("errors-source", {"names": list(get_args(RequestSource))}),
    "where": Message("errors-where", {"names": list(get_args(Where))}),
    "guide_as": Message("errors-guide-as", {"names": list(get_args(GuideUse))}),
    "closeness": Message("errors-closeness"),
    "octaves_above": Message("errors-octaves-above", {"most": MAX_OCTAVES_ABOVE}),
    "tile": Message("errors-tile"),
    "format": Message("errors-format", {"names": ["gif", "mp4", "png"]}),
}

DEFAULT_LAYER = "mixed5"
DEFAULT_INTENSITY = 6
NOISE_LAYERS = "mixed4+mixed5*0.5+mixed6*0.5"
"""What is dreamed out of noise if nothing is named: towers, plants and beasts."""
NOISE_INTENSITY = 9
"""Noise has nothing to keep, so that a dream out of it may be strong."""
NOISE_SIZE = (512, 512)
DARK_WORDS_PRESET, WORDS_PRESET = "giger", "eyes"
"""The presets whose words are easiest to read: in the dark, and on a picture, which `giger` would cover."""
WORDS_INTENSITY = 7
"""At lower intensities the letters look printed."""
WORDS_SIZE = (512, 384)
"""Width and height in pixels, of words without a picture."""
DEFAULT_CHAOS = 6
MIN_DREAM_SIDE = 256
"""Pictures with a shorter short side, in pixels, are enlarged."""
MAX_ASPECT_RATIO = 40


@dataclass(frozen=True)
class SourceFacts:
    """What the recipe depends on of a source.

    Attributes:
        width: In pixels.
        height: In pixels.
        masking: Quantiles of the power of change that its regions hide; see `intensity`.
        frames: How many frames are dreamed, of a source that is dreamed as a video.
        fps: The most frames per second that are dreamed.
    """

    width: int
    height: int
    masking: tuple[float, ...] = field(default=())
    frames: int = 1
    fps: float | None = None


def resolve_dream(
    request: DreamRequest,
    source: SourceFacts | None,
    *,
    seed: int,
    models: ModelLookup,
    precision: Precision,
    max_pixels: int,
) -> Recipe:
    """Resolves a request for one dream to a recipe.

    Args:
        request: The request. `four` is ignored, see `resolve_sheet`.
        source: What is known of the picture, if there is one. It is ignored where noise is requested.
        seed: Used where the request names none.
        models: Looks a network up by its name.
        precision: The number format that the dream is computed in.
        max_pixels: Limit on width × height.

    Raises:
        RecipeError: A name is unknown, or the picture is missing or too thin to dream.
    """
    seed = request.seed if request.seed is not None else seed
    origin, source = start_of_dream(request, source, max_pixels)
    request = _with_defaults(request, origin)
    preset = find_preset(request.preset) if request.preset else None
    style = _style_look(request)
    named = request.model or (preset.model if preset else None)
    if style and not request.layer:
        named = named or style.model
    model = choose_model(named, request.layer, request.bend, models)
    chosen = request.layer or (preset.layers if preset else "")
    if style and not chosen and model.architecture == style.model:
        chosen = style.layers
    dreamed = [term.layer for term in parse_layers(chosen, model.architecture)] if chosen else []
    bends, bent_layer = choose_bends(request.bend, request.chaos, seed, model.architecture, dreamed)
    expression = chosen or bent_layer or _default_layers(request, model.architecture)
    terms = parse_layers(expression, model.architecture)
    check_upstream(bends, (term.layer for term in terms), model.architecture)
    width, height = dream_size(source.width, source.height, max_pixels)
    inputs = _Inputs(intended_intensity(request), model.architecture, terms, source, min(width, height))
    look = preset or suppression_preset(terms, model.architecture)
    if request.guide:
        look = guided_preset(request.guide.kind)
    elif bends and not preset:
        look = bent_preset(expression, model.architecture, request.chaos or DEFAULT_CHAOS)
    numbers = _parameters_from_preset(look, inputs) if look else _parameters_from_intensity(inputs)
    fields: dict[str, Any] = {
        **numbers,
        "model": model.architecture,
        "weights": model.weights,
        "other_weights": weights_of_others(terms, model.architecture, models),
        "layers": terms,
        "bends": bends,
        "guide": request.guide,
        "closeness": request.closeness or (look.closeness if look else 0.0),
        "palette": request.palette or numbers["palette"],
        "keep_colour": request.keep_colour,
        "source": origin,
        "where": request.where or "everywhere",
        "text": request.text,
        "mask": request.mask,
        "octaves": numbers["octaves"] + request.octaves_above,
        "octaves_above": request.octaves_above,
        "tile": request.tile,
        "format": request.format,
        "clouds": 0.0 if source.frames > 1 else numbers["clouds"],
        "moving": VideoParams(frames=min(source.frames, MAX_FRAMES), fps=source.fps)
        if source.frames > 1
        else None,
        "width": width,
        "height": height,
        "seed": seed,
        "precision": precision,
        "intensity": inputs.notch,
        "preset": preset.name if preset else None,
    }
    return Recipe.checked(fields)


def start_of_dream(
    request: DreamRequest, source: SourceFacts | None, max_pixels: int
) -> tuple[StillSource, SourceFacts]:
    """Returns what a dream starts from, and the facts of it.

    Args:
        request: The request.
        source: What is known of the picture, if there is one.
        max_pixels: Limit on width × height.

    Raises:
        RecipeError: The picture is missing.
    """
    if request.source == "noise":
        return "noise", _made_source(NOISE_SIZE, max_pixels)
    if source:
        if request.format == "png":
            source = replace(source, frames=1)
        # Words change what the picture hides.
        return "picture", replace(source, masking=()) if request.text else source
    if request.text and request.source is None:
        return "dark", _made_source(WORDS_SIZE, max_pixels)
    raise RecipeError("errors-needs-picture")


def _made_source(size: tuple[int, int], max_pixels: int) -> SourceFacts:
    """Facts of a source that the engine makes: of this (width, height), or smaller in the same shape."""
    width, height = size
    scale = min(1.0, math.sqrt(max_pixels / (width * height)))
    return SourceFacts(max(1, int(width * scale)), max(1, int(height * scale)))


def _with_defaults(request: DreamRequest, origin: StillSource) -> DreamRequest:
    """The request with what is usual for words and for dreams out of noise, if it does not say how."""
    if names_look(request):
        return request
    if request.text:
        preset = DARK_WORDS_PRESET if origin == "dark" else WORDS_PRESET
        return request.model_copy(update={"preset": preset})
    return request.model_copy(update={"layer": NOISE_LAYERS}) if request.source == "noise" else request


def names_look(request: DreamRequest) -> bool:
    """Checks whether a request says anything of how to dream, besides intensity and palette.

    Args:
        request: The request.
    """
    fields = (
        *(request.layer, request.preset, request.model, request.bend, request.chaos, request.guide),
        request.look,
    )
    return any(field is not None for field in fields)


def intended_intensity(request: DreamRequest) -> int:
    """Returns the intensity of a request, or what is usual if it names none.

    Args:
        request: The request.
    """
    if request.look:
        return request.intensity or request.look.intensity or DEFAULT_INTENSITY
    usual = NOISE_INTENSITY if request.source == "noise" else DEFAULT_INTENSITY
    return request.intensity or (WORDS_INTENSITY if request.text else usual)


def default_layer(model: str) -> str:
    """Returns the layer that is dreamed if none is named.

    Args:
        model: The architecture.
    """
    if any(layer.name == DEFAULT_LAYER for layer in LAYERS[model]):
        return DEFAULT_LAYER
    offered = [layer.name for layer in LAYERS[model] if layer.offered]
    return offered[len(offered) * 2 // 3]


def _style_look(request: DreamRequest) -> Preset | None:
    """The look of a dream in another picture's style, which has layers of its own; None for other dreams."""
    if request.guide is None:
        if request.guide_as:
            raise RecipeError("errors-guide-as-alone")
        return None
    if request.guide.kind != "style":
        return None
    if request.preset:
        raise RecipeError("errors-style-preset")
    return guided_preset("style")


def _default_layers(request: DreamRequest, model: str) -> str:
    if request.guide and model == DEFAULT_MODEL:
        return guided_preset(request.guide.kind).layers
    return default_layer(model)


@dataclass(frozen=True)
class _Inputs:
    """What the parameters of a recipe depend on."""

    notch: int
    model: str
    terms: tuple[LayerTerm, ...]
    source: SourceFacts
    short_side: int


def choose_model(named: str | None, layer: str | None, bend: str | None, models: ModelLookup) -> TrainedModel:
    """Returns the network that is named, or the first that has the layers that are named.

    Where all layers are those of other networks, as in `faces:s64_1`, the first of these is the recipe's.

    Args:
        named: The name of a network, if any.
        layer: A layer expression or a journey, if any.
        bend: A bend expression, `random` or nothing. Without a layer expression, its layers count.
        models: Looks a network up by its name.
    """
    model = models(named) if named else None
    for architecture in (model.architecture,) if model else (DEFAULT_MODEL, *LAYERS):
        with suppress(RecipeError):
            names = (
                [term.layer for leg in parse_journey(layer, architecture) for term in leg] if layer else []
            )
            if not layer and bend and bend != "random":
                names = [term.layer for term in parse_bends(bend, architecture)]
            used = [find_layer(name, architecture).model for name in names]
            if used and architecture not in used:
                return models(used[0])
            return model or models(architecture)
    return model or models(DEFAULT_MODEL)


def weights_of_others(
    terms: Iterable[LayerTerm], model: str, models: ModelLookup
) -> tuple[tuple[str, str], ...]:
    """Returns `Recipe.other_weights` for layer terms.

    Args:
        terms: The layer terms.
        model: The architecture that names without a prefix belong to.
        models: Looks a network up by its name.
    """
    return tuple((name, models(name).weights) for name in other_models(terms, model))


def choose_bends(
    bend: str | None, chaos: int | None, seed: int, model: str, dreamed: Sequence[str] = ()
) -> tuple[tuple[BendTerm, ...], str]:
    """Returns the bends that are named or drawn at random, and the layer to dream through them.

    Args:
        bend: A bend expression, `random` or nothing.
        chaos: How strong random bends are, 1 to 11.
        seed: The seed of random bends.
        model: The architecture.
        dreamed: The names of the layers to dream, if they are chosen already; random bends come before them.

    Raises:
        RecipeError: Both bends and chaos are named, or the expression is wrong.
    """
    if bend == "random" or (chaos and not bend):
        return random_bends(chaos or DEFAULT_CHAOS, seed, model, dreamed)
    if chaos:
        raise RecipeError("errors-chaos-or-bends")
    if not bend:
        return (), ""
    bends = parse_bends(bend, model)
    return bends, layer_behind_bends(bends, model)


def dream_size(width: int, height: int, max_pixels: int) -> tuple[int, int]:
    """Returns the (width, height) at which a picture is dreamed: its own, within limits.

    Args:
        width: The picture's, in pixels.
        height: The picture's, in pixels.
        max_pixels: Limit on the product. Small pictures are enlarged to `MIN_DREAM_SIDE`.

    Raises:
        RecipeError: The picture is too thin.
    """
    if max(width, height) > MAX_ASPECT_RATIO * min(width, height):
        raise RecipeError("errors-too-thin", size=f"{width}×{height}", most=MAX_ASPECT_RATIO)
    scale = max(1.0, MIN_DREAM_SIDE / min(width, height))
    scale = min(scale, math.sqrt(max_pixels / (width * height)), MAX_SIDE / max(width, height))
    if scale == 1:
        return width, height
    # Rounded down, so that the limit on pixels holds.
    return max(1, int(width * scale + 1e-6)), max(1, int(height * scale + 1e-6))


def octave_count(
    short_side: int, usual: int = intensity.OCTAVES, scale: float = intensity.OCTAVE_SCALE
) -> int:
    """Returns how many octaves reach from a size down to one where shapes fill a good part of the image.

    That is the usual number up to about 512×384, and one more for each factor of `scale`.

    Args:
        short_side: In pixels.
        usual: The least number.
        scale: The ratio of the sides of successive octaves.
    """
    more = math.log(max(1, short_side) / 384, scale)
    return max(usual, usual + round(more))


def _parameters_from_intensity(inputs: _Inputs) -> dict[str, Any]:
    weights: dict[str, float] = {}
    for term in inputs.terms:
        weights[term.layer] = weights.get(term.layer, 0) + abs(term.weight)
    dominant = _dominant_layer(inputs.terms, inputs.model)
    return {
        "objective": dominant.objective,
        "octaves": octave_count(inputs.short_side),
        "octave_scale": intensity.OCTAVE_SCALE,
        "steps": intensity.STEPS_BY_INTENSITY[inputs.notch - 1],
        "steps_ratio": intensity.STEPS_RATIO,
        "step": intensity.step_length(inputs.model, weights, inputs.notch, inputs.source.masking),
        "cooling": intensity.COOLING,
        "jitter": intensity.JITTER,
        "gradient": dominant.gradient,
        "bands": dominant.bands,
        "chroma": dominant.chroma,
        "palette": DEFAULT_PALETTE,
        "clouds": intensity.clouds_contrast(inputs.source.masking, inputs.notch),
    }


def _parameters_from_preset(look: Preset, inputs: _Inputs) -> dict[str, Any]:
    steps, step = preset_steps(look, inputs.notch, inputs.source.masking)
    octaves = look.octaves
    if look.adapts:
        octaves = octave_count(inputs.short_side, look.octaves, look.octave_scale)
    return {
        "objective": look.objective,
        "octaves": octaves,
        "octave_scale": look.octave_scale,
        "steps": steps,
        "step": step,
        "steps_ratio": look.steps_ratio,
        "cooling": look.cooling,
        "jitter": look.jitter,
        "gradient": look.gradient,
        "bands": look.bands,
        "chroma": look.chroma,
        "palette": look.palette,
        "clouds": look.clouds * intensity.clouds_contrast(inputs.source.masking, inputs.notch),
        "tone": look.tone,
        # Below intensity 6 the relief is shallow, and so the light is weaker.
        "light": look.light * min(1.0, 1.28 ** (inputs.notch - 6)),
    }


def _dominant_layer(terms: tuple[LayerTerm, ...], model: str) -> Layer:
    """Returns the layer that decides how the gradient is processed: the heaviest, of equals the deepest."""
    heaviest = max(term.weight for term in terms)
    found = [find_layer(term.layer, model) for term in terms if term.weight == heaviest]
    return max(found, key=lambda layer: layer.flops)
