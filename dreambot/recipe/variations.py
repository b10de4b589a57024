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
from dreambot.recipe.intensity import STEPS_BY_INTENSITY
from dreambot.recipe.layers import DEFAULT_MODEL
from dreambot.recipe.recipe import MAX_STEPS, Recipe
from dreambot.recipe.request import (
    RepeatRequest,
    Request,
    requested_intensity,
    requested_seed,
)
from dreambot.recipe.summon import CLASSES_LAYER, SummonRequest, format_classes

MAX_INTENSITY = 11
INTENSITY_SHIFT = 3
"""How far *Louder* and *Quieter* change the intensity. On a photo with mixed4, notches 6, 7, 8 and 9
are 24, 29, 34 and 40 of 255 (RMS) away from the source: 6 and 7 look alike, at 9 there are new shapes."""
_STEP_RATIO = 1.28
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
        return RepeatRequest(recipe=request.recipe.model_copy(update={"seed": random.randrange(2**32)}))
    return request.model_copy(update={"seed": None})


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
        return RepeatRequest(recipe=_recipe_at_intensity(request.recipe, before, after))
    seed = recipe.seed if recipe else requested_seed(request)
    return request.model_copy(update={"intensity": after, "seed": seed})


def _recipe_at_intensity(recipe: Recipe, before: int, after: int) -> Recipe:
    """A recipe whose parameters are taken as those of intensity `before`, at another intensity."""
    steps = round(recipe.steps * STEPS_BY_INTENSITY[after - 1] / STEPS_BY_INTENSITY[before - 1])
    step = recipe.step * _STEP_RATIO ** (after - before)
    numbers = {"steps": min(MAX_STEPS, max(1, steps)), "step": min(2.0, step), "intensity": after}
    return recipe.model_copy(update=numbers)


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
        return {"source": request.source, "text": request.text, "where": request.where}
    if recipe and recipe.source == "noise":
        return {"source": "noise", "text": recipe.text}
    return {"text": recipe.text, "where": recipe.where} if recipe else {}


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
    if recipe is None:
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
