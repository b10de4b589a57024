"""What else can be made of a request that was dreamed: the same again, a notch louder, another layer, on and
on. `recipe` is what the request came to; None where that cannot be read any more."""

import random

from dreambot.recipe.bends import format_bends
from dreambot.recipe.dial import STEPS
from dreambot.recipe.grammar import format_layers
from dreambot.recipe.hellscape_request import HellscapeRequest
from dreambot.recipe.reading import MAX_TEXT
from dreambot.recipe.recipe import MAX_STEPS, Recipe
from dreambot.recipe.repeat import RepeatRequest, needs_picture
from dreambot.recipe.request import DreamRequest
from dreambot.recipe.resolve import DEFAULT_INTENSITY
from dreambot.recipe.summon import LAYER, SummonRequest, format_classes
from dreambot.recipe.trained import DEFAULT_MODEL
from dreambot.recipe.wishes import Request, intensity_of, seed_of

LOUDEST = 11
NOTCHES = 3
"""How far *Louder* and *Quieter* turn the dial. On a photo with mixed4, notches 6, 7, 8 and 9 are 24, 29, 34
and 40 of 255 (RMS) away from the source: 6 and 7 look alike, at 9 there are new shapes."""
_STRONGER = 1.28
_TAMEST, _WILDEST = 3, 9


def notch_of(request: Request, recipe: Recipe | None) -> int:
    """Where on the dial it was dreamed."""
    return (recipe and recipe.intensity) or intensity_of(request) or DEFAULT_INTENSITY


def again(request: Request) -> Request:
    """The same with another seed."""
    if isinstance(request, RepeatRequest):
        return RepeatRequest(recipe=request.recipe.model_copy(update={"seed": random.randrange(2**32)}))
    return request.model_copy(update={"seed": None})


def turned(request: Request, recipe: Recipe | None, notches: int, loudest: int = LOUDEST) -> Request | None:
    """The same request at another intensity, from the same seed.

    Args:
        request: What was dreamed.
        recipe: What it came to.
        notches: How far to turn the dial: above 0 louder, below 0 quieter. At its end the dial stops.
        loudest: The highest intensity that is allowed, 1 to 11.

    Returns:
        The request, or None where the dial is at its end already.
    """
    before = notch_of(request, recipe)
    after = min(max(1, before + notches), loudest)
    if after == before or (after > before) != (notches > 0):
        return None
    if isinstance(request, RepeatRequest):
        return RepeatRequest(recipe=_turned(request.recipe, before, after))
    seed = recipe.seed if recipe else seed_of(request)
    return request.model_copy(update={"intensity": after, "seed": seed})


def _turned(recipe: Recipe, before: int, after: int) -> Recipe:
    """A recipe's own numbers, taken as those of notch `before`, at another notch."""
    steps = round(recipe.steps * STEPS[after - 1] / STEPS[before - 1])
    step = recipe.step * _STRONGER ** (after - before)
    numbers = {"steps": min(MAX_STEPS, max(1, steps)), "step": min(2.0, step), "intensity": after}
    return recipe.model_copy(update=numbers)


def with_layer(request: Request, recipe: Recipe | None, layer: str) -> DreamRequest:
    """The same upon the same picture with another layer, from the same seed."""
    changed = {
        "layer": layer,
        "preset": None,
        "bend": None,
        "chaos": None,
        "intensity": notch_of(request, recipe),
        "model": recipe.model if recipe else None,
        "seed": recipe.seed if recipe else None,
    }
    kept = request if isinstance(request, DreamRequest) else DreamRequest()
    return kept.model_copy(update=changed)


def with_preset(request: Request, recipe: Recipe | None, preset: str) -> DreamRequest:
    """The same upon the same picture with a whole look, from the same seed."""
    return DreamRequest(
        preset=preset, intensity=notch_of(request, recipe), seed=recipe.seed if recipe else None
    )


def deeper(request: Request, recipe: Recipe | None) -> Request:
    """The same upon what came of it."""
    match request:
        case DreamRequest():
            return request.model_copy(update={"seed": None})
        case RepeatRequest() if needs_picture(request.recipe) and request.recipe.hellscape is None:
            return again(request)
        case SummonRequest() if recipe and all(term.layer == LAYER for term in recipe.layers):
            return SummonRequest(classes=format_classes(recipe.layers), intensity=request.intensity)
    return _dream(request, recipe)


def bent(request: Request, recipe: Recipe | None) -> DreamRequest:
    """Circuits bent at random, upon what came of it."""
    return DreamRequest(
        bend="random",
        chaos=random.randint(_TAMEST, _WILDEST),
        intensity=notch_of(request, recipe),
        model=recipe.model if recipe else None,
    )


def zoomed(request: Request, recipe: Recipe | None) -> HellscapeRequest:
    """A hellscape that begins with what came of it, and goes on with the same layers and bends."""
    wishes: dict[str, object] = {}
    if recipe:
        layers, bends = format_layers(recipe.layers), format_bends(recipe.bends)
        wishes = {"layer": layers, "bend": bends or None, "model": recipe.model}
        wishes = {name: wish for name, wish in wishes.items() if len(str(wish)) <= MAX_TEXT}
    return HellscapeRequest.of(**wishes, start="picture", intensity=notch_of(request, recipe))


def _dream(request: Request, recipe: Recipe | None) -> DreamRequest:
    """A plain dream of the layers of a recipe of whatever kind."""
    layers = format_layers(recipe.layers) if recipe else ""
    if recipe is None or len(layers) > MAX_TEXT:
        return DreamRequest(intensity=notch_of(request, recipe))
    model = None if recipe.model == DEFAULT_MODEL else recipe.model
    return DreamRequest(layer=layers, model=model, intensity=notch_of(request, recipe))
