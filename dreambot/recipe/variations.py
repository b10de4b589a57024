"""Derives new requests from a finished one, for the buttons.

The same with a new seed, at another intensity, with another layer or preset, or applied to the result.
`recipe` is what the request was resolved to, or None if it can no longer be read.
"""

import random
from typing import Any

from dreambot.recipe.bends import format_bends
from dreambot.recipe.dream import DEFAULT_INTENSITY, DreamRequest, intended_intensity
from dreambot.recipe.expression import MAX_EXPRESSION_LENGTH, format_layers
from dreambot.recipe.hellscape import HellscapeRequest
from dreambot.recipe.layers import DEFAULT_MODEL
from dreambot.recipe.looks import recipe_at_intensity
from dreambot.recipe.recipe import Recipe, SheetRecipe, VideoFileFormat
from dreambot.recipe.request import (
    RepeatRequest,
    Request,
    requested_intensity,
    requested_seed,
)
from dreambot.recipe.sheet import draws_looks
from dreambot.recipe.summon import CLASSES_LAYER, SummonRequest, format_classes

MAX_INTENSITY = 11
INTENSITY_SHIFT = 3
"""How far *Louder* and *Quieter* change the intensity. On a photo with mixed4, notches 6, 7, 8 and 9
are 24, 29, 34 and 40 of 255 (RMS) away from the source: 6 and 7 look alike, at 9 there are new shapes."""
CLIP_FORMAT: VideoFileFormat = "gif"
"""The format of the button *Watch*. A GIF plays by itself and again and again in every client, and people can
add it to their favourites; an MP4 waits for a press and plays once."""
_MIN_CHAOS, _MAX_CHAOS = 3, 9


def effective_intensity(request: Request, recipe: Recipe | None) -> int:
    """Returns the intensity that a dream had.

    Args:
        request: What was requested.
        recipe: What it was resolved to.
    """
    usual = intended_intensity(request) if isinstance(request, DreamRequest) else DEFAULT_INTENSITY
    return (recipe and recipe.intensity) or requested_intensity(request) or usual


def with_new_seed(request: Request) -> Request:
    """Returns the same request with another seed.

    Args:
        request: What was requested.
    """
    if isinstance(request, RepeatRequest):
        return RepeatRequest(recipe=_recipe_with_new_seed(request.recipe))
    return request.model_copy(update={"seed": None})


def _recipe_with_new_seed(recipe: Recipe) -> Recipe:
    changes: dict[str, Any] = {"seed": random.randrange(2**32)}
    if recipe.sheet:
        others = tuple(_recipe_with_new_seed(other) for other in recipe.sheet.others)
        changes["sheet"] = recipe.sheet.model_copy(update={"others": others})
    return recipe.model_copy(update=changes)


def one_of_sheet(request: Request, recipe: SheetRecipe, number: int) -> Request:
    """Returns the request for one of the four dreams of a sheet in full size.

    Args:
        request: What was requested.
        recipe: What it was resolved to.
        number: Which one, from 0.
    """
    look = recipe.looks[number]
    if not isinstance(request, DreamRequest):
        return RepeatRequest(recipe=look)
    changes: dict[str, Any] = {"four": None, "seed": look.seed, "intensity": look.intensity}
    if draws_looks(request):
        changes |= {"preset": look.preset, "layer": None if look.preset else format_layers(look.layers)}
    return request.model_copy(update=changes)


def with_shifted_intensity(
    request: Request, recipe: Recipe | None, notches: int, loudest: int = MAX_INTENSITY
) -> Request | None:
    """Returns the same request at another intensity, with the same seed.

    Args:
        request: What was requested.
        recipe: What it was resolved to.
        notches: How far to turn the dial: above 0 louder, below 0 quieter. It stops at its end.
        loudest: The highest intensity that is allowed, 1 to 11.

    Returns:
        The request, or None if the dial is at its end already.
    """
    before = effective_intensity(request, recipe)
    after = min(max(1, before + notches), loudest)
    if after == before or (after > before) != (notches > 0):
        return None
    if isinstance(request, RepeatRequest):
        return RepeatRequest(recipe=recipe_at_intensity(request.recipe, before, after))
    seed = recipe.seed if recipe else requested_seed(request)
    return request.model_copy(update={"intensity": after, "seed": seed})


def as_clip(request: Request, recipe: Recipe | None) -> Request:
    """Returns a request for a clip of how the same dream comes about.

    Args:
        request: What was requested: a still.
        recipe: What it was resolved to.
    """
    if recipe is None and isinstance(request, RepeatRequest):
        recipe = request.recipe
    if recipe:
        return RepeatRequest(recipe=recipe.model_copy(update={"format": CLIP_FORMAT}))
    return request.model_copy(update={"format": CLIP_FORMAT})


def with_layer(request: Request, recipe: Recipe | None, layer: str) -> DreamRequest:
    """Returns a request for the same picture with another layer and the same seed.

    Args:
        request: What was requested.
        recipe: What it was resolved to.
        layer: A layer expression.
    """
    changed = {
        "layer": layer,
        "preset": None,
        "bend": None,
        "chaos": None,
        "intensity": effective_intensity(request, recipe),
        "model": recipe.model if recipe else None,
        "seed": recipe.seed if recipe else None,
        "look": None,
        "default": None,
        # The guide is not supplied again.
        "guide_as": None,
    }
    kept = request if isinstance(request, DreamRequest) else DreamRequest(**_start_of(request, recipe))
    return kept.model_copy(update=changed)


def with_preset(request: Request, recipe: Recipe | None, preset: str) -> DreamRequest:
    """Returns a request for the same picture with a preset and the same seed.

    Args:
        request: What was requested.
        recipe: What it was resolved to.
        preset: The name of the preset.
    """
    return DreamRequest(
        preset=preset,
        intensity=effective_intensity(request, recipe),
        seed=recipe.seed if recipe else None,
        **_start_of(request, recipe),
    )


def _start_of(request: Request, recipe: Recipe | None) -> dict[str, Any]:
    """The options of a request for a dream that say what it starts from."""
    if isinstance(request, DreamRequest):
        return {
            "source": request.source,
            "text": request.text,
            "where": request.where,
            "format": request.format,
        }
    if recipe is None:
        return {}
    # The menu is under stills, clips and dreams of videos. A hellscape's format is not that of its stills.
    kept = {
        "text": recipe.text,
        "where": recipe.where,
        "format": None if recipe.hellscape else recipe.format,
    }
    return kept | {"source": "noise"} if recipe.source == "noise" else kept


def repeat_on_result(request: Request, recipe: Recipe | None) -> Request:
    """Returns the same request for its own result.

    Args:
        request: What was requested.
        recipe: What it was resolved to.
    """
    match request:
        case DreamRequest(text=None) if request.source != "noise":
            # The guide is not supplied again, and a dreamed face is none that is found.
            return request.model_copy(update={"seed": None, "guide_as": None, "where": None})
        case DreamRequest():
            # The words are in the result already, and the noise is not needed again.
            look = _look_of(request, recipe)
            kept = {"source": None, "text": None, "seed": None, "guide_as": None, "where": None}
            return request.model_copy(update={**kept, **look})
        case RepeatRequest() if (
            request.recipe.needs_source
            and request.recipe.hellscape is None
            and not (request.recipe.text or request.recipe.guide or request.recipe.where != "everywhere")
        ):
            return with_new_seed(request)
        case SummonRequest() if recipe and all(term.layer == CLASSES_LAYER for term in recipe.layers):
            return SummonRequest(classes=format_classes(recipe.layers), intensity=request.intensity)
    return _plain_dream(request, recipe)


def _look_of(request: DreamRequest, recipe: Recipe | None) -> dict[str, Any]:
    """The options for the look of a dream out of noise or with words, which has defaults of its own."""
    if recipe is None or request.look:
        return {}
    layers = format_layers(recipe.layers)
    look: dict[str, Any] = {"preset": recipe.preset, "intensity": recipe.intensity}
    if not (recipe.preset or request.bend or request.chaos) and len(layers) <= MAX_EXPRESSION_LENGTH:
        look["layer"] = layers
    return look


def random_bends_on_result(request: Request, recipe: Recipe | None) -> DreamRequest:
    """Returns a request for random bends on the result.

    Args:
        request: What was requested.
        recipe: What it was resolved to.
    """
    return DreamRequest(
        bend="random",
        chaos=random.randint(_MIN_CHAOS, _MAX_CHAOS),
        intensity=effective_intensity(request, recipe),
        model=recipe.model if recipe else None,
        format=recipe.format if recipe else None,
    )


def hellscape_from_result(request: Request, recipe: Recipe | None) -> HellscapeRequest:
    """Returns a request for a hellscape that starts from the result, with the same layers and bends.

    Args:
        request: What was requested.
        recipe: What it was resolved to.
    """
    options: dict[str, object] = {}
    if recipe and not _has_style(recipe):
        layers, bends = format_layers(recipe.layers), format_bends(recipe.bends)
        options = {"layer": layers, "bend": bends or None, "model": recipe.model}
        options = {name: value for name, value in options.items() if len(str(value)) <= MAX_EXPRESSION_LENGTH}
    return HellscapeRequest.of(**options, start="picture", intensity=effective_intensity(request, recipe))


def _plain_dream(request: Request, recipe: Recipe | None) -> DreamRequest:
    """A plain dream of the layers of a recipe of any kind."""
    layers = format_layers(recipe.layers) if recipe else ""
    if recipe is None or _has_style(recipe) or len(layers) > MAX_EXPRESSION_LENGTH:
        return DreamRequest(intensity=effective_intensity(request, recipe))
    model = None if recipe.model == DEFAULT_MODEL else recipe.model
    return DreamRequest(layer=layers, model=model, intensity=effective_intensity(request, recipe))


def _has_style(recipe: Recipe) -> bool:
    """Checks whether the layers serve another picture's style; without it they show only edges."""
    return recipe.guide is not None and recipe.guide.kind == "style"
