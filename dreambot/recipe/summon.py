"""The request to summon classes, from noise or into a picture, and how it is resolved to a recipe.

Layers and channels can be summoned from noise too: `mixed4[68]`.
"""

import math
import re
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from dreambot.errors import Message
from dreambot.recipe.classes import class_names, find_class
from dreambot.recipe.dream import DEFAULT_INTENSITY, SourceFacts, dream_size, weights_of_others
from dreambot.recipe.errors import RecipeError, validate_options
from dreambot.recipe.expression import (
    MAX_EXPRESSION_LENGTH,
    MAX_TERMS,
    MIN_WEIGHT,
    LayerTerm,
    format_layers,
    parse_layers,
)
from dreambot.recipe.layers import DEFAULT_MODEL, LAYERS, ModelLookup, find_layer
from dreambot.recipe.recipe import Precision, Recipe, ResultFormat

SUMMON_MODEL = "mobilenet_v2"
CLASSES_LAYER = "classes"
DEFAULT_SUMMON_SIDE = 384
MIN_SUMMON_SIDE, MAX_SUMMON_SIDE = 128, 1024
"""Limits on the sides, in pixels, of an image that starts from noise."""

# A minus suppresses at the start of a word; within a word, as in Shih-Tzu, it is a hyphen.
_SEPARATOR = re.compile(r" ?([+,;]) ?(-?) ?|(?:^| )(-) ?")
_MAX_WEIGHT = 10
_FIRST_NAME = re.compile(r"[\s+-]*([\w./]+)")


class SummonRequest(BaseModel):
    """`/summon what:golden retriever*2 + goldfish`. What is None is chosen when the recipe is resolved.

    Attributes:
        classes: Classes, see `parse_classes`; or a layer expression of the default model.
        intensity: The dial, 1 to 11.
        size: The side in pixels of an image that starts from noise.
        seed: The seed of the random numbers.
        format: See `Recipe`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    classes: Annotated[str, Field(max_length=MAX_EXPRESSION_LENGTH)]
    intensity: Annotated[int, Field(ge=1, le=11)] | None = None
    size: Annotated[int, Field(ge=MIN_SUMMON_SIDE, le=MAX_SUMMON_SIDE)] | None = None
    seed: Annotated[int, Field(ge=0, lt=2**32)] | None = None
    format: ResultFormat | None = None

    @classmethod
    def of(cls, classes: str, **options: Any) -> "SummonRequest":
        """Returns a checked request.

        Args:
            classes: What to summon.
            **options: The other fields. Those that are None are left out.

        Raises:
            RecipeError: A value is out of range, or a class is unknown. The message says which.
        """
        given = {name: value for name, value in options.items() if value is not None}
        request = validate_options(cls, {"classes": classes, **given}, _RANGE_ERRORS)
        _parse_target(request.classes)
        return request


_RANGE_ERRORS = {
    "classes": Message("errors-summon-long", {"most": MAX_EXPRESSION_LENGTH}),
    "intensity": Message("errors-intensity"),
    "size": Message("errors-summon-size", {"least": MIN_SUMMON_SIDE, "most": MAX_SUMMON_SIDE}),
    "seed": Message("errors-seed", {"most": 2**32 - 1}),
    "format": Message("errors-format", {"names": ["gif", "mp4", "png"]}),
}


def parse_classes(text: str) -> tuple[LayerTerm, ...]:
    """Reads `golden retriever*2 + goldfish - cat`.

    Classes are joined by + or commas and weighted with *; a minus suppresses.

    Args:
        text: The names are as `find_class` takes them.

    Raises:
        RecipeError: A class or weight is wrong, or there is no class to summon.
    """
    # With single spaces the pattern cannot backtrack.
    parts = _SEPARATOR.split(" ".join(text.split()))
    pieces = [(1, parts[0])] if parts[0].strip() else []
    for _, minus, lone_minus, name in zip(*(parts[k::4] for k in range(1, 5)), strict=True):
        pieces.append((-1 if minus or lone_minus else 1, name))
    if len(pieces) > MAX_TERMS:
        raise RecipeError("errors-too-many-classes", most=MAX_TERMS)
    terms = tuple(_parse_term(sign, piece) for sign, piece in pieces)
    if not terms:
        find_class("")
    if all(term.weight < 0 for term in terms):
        raise RecipeError("errors-only-suppressed")
    return terms


def format_classes(terms: tuple[LayerTerm, ...]) -> str:
    """Returns the canonical text of what is summoned.

    Args:
        terms: The layer terms. For classes, `parse_classes` gives the same back.
    """
    if any(term.layer != CLASSES_LAYER for term in terms):
        return format_layers(terms)
    out = ""
    for term in terms:
        out += (" - " if out else "-") if term.weight < 0 else (" + " if out else "")
        out += " + ".join(class_names()[channel] for channel in term.channels)
        if abs(term.weight) != 1:
            out += f"*{abs(term.weight)!r}".removesuffix(".0")
    return out


def _parse_target(text: str) -> tuple[str, tuple[LayerTerm, ...]]:
    """The model and terms that a text means: layers if it begins with the name of one, else classes."""
    first = _FIRST_NAME.match(text)
    names = {name.lower() for layer in LAYERS[DEFAULT_MODEL] for name in (layer.name, *layer.aliases)}
    if first and first[1].lower() in names:
        return DEFAULT_MODEL, parse_layers(text, DEFAULT_MODEL)
    return SUMMON_MODEL, parse_classes(text)


def _parse_term(sign: int, piece: str) -> LayerTerm:
    name, times, number = piece.replace("×", "*").partition("*")
    weight = 1.0
    if times:
        try:
            weight = float(number)
        except ValueError:
            weight = math.nan
        if not MIN_WEIGHT <= weight <= _MAX_WEIGHT:
            raise RecipeError(
                "errors-class-weight",
                name=name.strip()[:40] or Message("errors-some-class"),
                least=MIN_WEIGHT,
                most=_MAX_WEIGHT,
            )
    return LayerTerm(layer=CLASSES_LAYER, channels=(find_class(name),), weight=sign * weight)


def resolve_summon(
    request: SummonRequest,
    source: SourceFacts | None,
    *,
    seed: int,
    models: ModelLookup,
    precision: Precision,
    max_pixels: int,
) -> Recipe:
    """Resolves a summon request to a recipe.

    Args:
        request: The request.
        source: What is known of the picture to summon into; None for noise.
        seed: Used where the request names none.
        models: Looks a network up by its name.
        precision: The number format that the dream is computed in.
        max_pixels: Limit on width × height.

    Raises:
        RecipeError: The picture is too thin, or given with a size or a layer.
    """
    name, terms = _parse_target(request.classes)
    model = models(name)
    notch = request.intensity or DEFAULT_INTENSITY
    if source:
        if request.size:
            raise RecipeError("errors-size-of-nothing")
        if name != SUMMON_MODEL:
            raise RecipeError("errors-layers-into-picture")
        width, height = dream_size(source.width, source.height, max_pixels)
        numbers = _parameters_into_picture(notch, min(width, height))
    else:
        width = height = min(request.size or DEFAULT_SUMMON_SIDE, math.isqrt(max_pixels))
        numbers = _parameters_from_noise(notch, width)
        if name == SUMMON_MODEL:
            # Contrast adds up over the octaves, unlike with an adaptivity of 1.
            numbers |= _CLASS_FROM_NOISE | {"step": numbers["step"] * 1.8 / numbers["octaves"]}
    return Recipe.checked(
        {
            **numbers,
            "model": model.architecture,
            "weights": model.weights,
            "other_weights": weights_of_others(terms, model.architecture, models),
            "layers": terms,
            "objective": find_layer(terms[0].layer, name).objective,
            "width": width,
            "height": height,
            "seed": request.seed if request.seed is not None else seed,
            "precision": precision,
            "intensity": notch,
            "format": request.format,
        }
    )


def _parameters_from_noise(notch: int, side: int) -> dict[str, Any]:
    return {
        "parametrisation": "fourier",
        "octaves": 1 + max(0, round(math.log(side / 150, 1.6))),
        "octave_scale": 1.6,
        "steps": 16 + 4 * notch,
        "step": 0.055 * 1.08 ** (notch - 6),
        "cooling": 0.6,
        "jitter": 12,
        "rotation": 8.0,
        "scaling": 0.5,
        # Not used with a spectrum.
        "gradient": "mean_abs",
        "bands": (),
        "chroma": 1.0,
    }


_CLASS_FROM_NOISE = {
    "statistics": 4.0,
    "adaptivity": 0.5,
    "colour_jitter": 0.12,
    "scaling": 0.3,
    "cooling": 0.9,
}
"""What is different for classes: whole things in their own colours, on a background like that of a photo."""


def _parameters_into_picture(notch: int, short_side: int) -> dict[str, Any]:
    return {
        "octaves": 1 + max(1, round(math.log(short_side / 160, 1.4))),
        "octave_scale": 1.4,
        "steps": 10 + 2 * notch,
        "step": 0.03 * 1.2 ** (notch - 6),
        "cooling": 0.6,
        "jitter": 32,
        "rotation": 8.0,
        "scaling": 0.25,
        "gradient": "laplacian",
        "bands": (0.3, 0.8, 1.0, 1.0),
        "chroma": 0.65,
    }
