"""Requests of every kind: their stored form, whether they need a source, and how they are resolved."""

import json
from dataclasses import replace
from typing import Literal

from pydantic import BaseModel, ConfigDict

from dreambot.recipe.dream import DreamRequest, SourceFacts, resolve_dream
from dreambot.recipe.errors import RecipeError
from dreambot.recipe.hellscape import HellscapeRequest, SoundFacts, resolve_hellscape
from dreambot.recipe.layers import ModelLookup
from dreambot.recipe.limits import check_limits
from dreambot.recipe.looks import fields_for_source, resolve_look
from dreambot.recipe.recipe import Precision, Recipe, SheetRecipe
from dreambot.recipe.sheet import build_sheet, resolve_sheet
from dreambot.recipe.summon import SummonRequest, resolve_summon
from dreambot.recipe.text import is_recipe_text, parse_recipe


class RepeatRequest(BaseModel):
    """`/again`, or a pasted recipe. Its parameters are kept; its size and octaves become the source's.

    Attributes:
        recipe: The recipe.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    recipe: Recipe

    @classmethod
    def of(cls, text: str) -> "RepeatRequest":
        """Reads the recipe in a text.

        Args:
            text: A recipe as one line of text or as JSON.

        Raises:
            RecipeError: It is not a recipe.
        """
        return cls(recipe=parse_recipe(text) if is_recipe_text(text) else Recipe.from_json(text))


def refit_recipe(recipe: Recipe, source: SourceFacts | None, *, max_pixels: int) -> Recipe:
    """Returns a recipe for a source of another size.

    With the same size it is unchanged, so that the same picture gives the same dream. A clip shows the first
    frame of a video.

    Args:
        recipe: The recipe.
        source: What is known of the source, if there is one.
        max_pixels: Limit on width × height.

    Raises:
        RecipeError: The source is missing or too thin, or a mask would have to be supplied again.
    """
    if recipe.mask:
        raise RecipeError("errors-recipe-mask")
    if source is None and recipe.needs_source:
        raise RecipeError("errors-recipe-needs-picture")
    if source is None or not recipe.needs_source or recipe.hellscape:
        return recipe
    if isinstance(recipe, SheetRecipe):
        still = replace(source, frames=1)
        looks = [refit_recipe(look, still, max_pixels=max_pixels) for look in recipe.looks]
        return (
            build_sheet(looks, recipe.sheet.steps, recipe.sheet.step) if looks != [*recipe.looks] else recipe
        )
    return Recipe.checked(recipe.model_dump() | fields_for_source(recipe, source, max_pixels))


Request = DreamRequest | HellscapeRequest | SummonRequest | RepeatRequest
RequestKind = Literal["dream", "hellscape", "summon", "repeat"]

_REQUEST_TYPES: dict[RequestKind, type[Request]] = {
    "dream": DreamRequest,
    "hellscape": HellscapeRequest,
    "summon": SummonRequest,
    "repeat": RepeatRequest,
}


def request_kind(request: Request) -> RequestKind:
    """Returns the kind of a request.

    Args:
        request: The request.
    """
    return next(kind for kind, sort in _REQUEST_TYPES.items() if isinstance(request, sort))


def dump_request(request: Request) -> str:
    """Returns a request as JSON, as it is stored.

    Args:
        request: The request.
    """
    values = request.model_dump(mode="json", exclude_none=True)
    return json.dumps({"kind": request_kind(request), **values}, separators=(",", ":"), ensure_ascii=False)


def load_request(text: str) -> Request:
    """Reads a stored request.

    Args:
        text: What `dump_request` returned. A request without a kind, of earlier versions, is a dream.
    """
    values = json.loads(text)
    return _REQUEST_TYPES[values.pop("kind", "dream")].model_validate(values)


def is_sheet(request: Request) -> bool:
    """Returns whether a request is for a sheet of four.

    Args:
        request: The request.
    """
    match request:
        case DreamRequest(four=four):
            return bool(four)
        case RepeatRequest(recipe=SheetRecipe()):
            return True
    return False


def needs_source(request: Request) -> bool:
    """Returns whether a request cannot be resolved without a source.

    Args:
        request: The request.
    """
    match request:
        case DreamRequest(source=None, text=text):
            return not text
        case DreamRequest(source=source):
            return source == "picture"
        case HellscapeRequest(start=start):
            return start == "picture"
        case SummonRequest():
            return False
        case RepeatRequest(recipe=recipe):
            return recipe.needs_source


def can_use_source(request: Request) -> bool:
    """Returns whether a source changes what a request is resolved to.

    Args:
        request: The request.
    """
    match request:
        case DreamRequest(source=source):
            return source != "noise"
        case HellscapeRequest() | SummonRequest():
            return True
        case RepeatRequest(recipe=recipe):
            return recipe.needs_source


def can_use_album(request: Request) -> bool:
    """Returns whether a request is made once for every picture of a message, and not only for the first.

    Args:
        request: The request.
    """
    match request:
        case DreamRequest():
            return can_use_source(request)
        case RepeatRequest(recipe=recipe):
            return recipe.needs_source and recipe.hellscape is None
    return False


def requested_seed(request: Request) -> int | None:
    """Returns the seed that was requested, if any.

    Args:
        request: The request.
    """
    return request.recipe.seed if isinstance(request, RepeatRequest) else request.seed


def requested_intensity(request: Request) -> int | None:
    """Returns the intensity that was requested, if any: 1 to 11.

    That of a look was requested with it, unless the look is a default one.

    Args:
        request: The request.
    """
    match request:
        case RepeatRequest(recipe=recipe):
            return recipe.intensity
        case DreamRequest(intensity=None, look=Recipe() as look, default=None):
            return look.intensity
    return request.intensity


def resolve_request(
    request: Request,
    source: SourceFacts | None,
    *,
    seed: int,
    models: ModelLookup,
    precision: Precision,
    max_pixels: int,
    sound: SoundFacts | None = None,
) -> Recipe:
    """Resolves a request of any kind to a recipe within the limits of `check_limits`.

    Args:
        request: The request.
        source: What is known of the source, if there is one.
        seed: Used where the request names none.
        models: Looks a network up by its name.
        precision: The number format that the dream is computed in.
        max_pixels: Limit on width × height.
        sound: What is known of the sound that drives a hellscape, if there is one.

    Raises:
        RecipeError: A name is unknown, the source does not fit, or the recipe is too expensive.
    """
    recipe = _resolve_by_kind(request, source, sound, seed, models, precision, max_pixels)
    check_limits(recipe, max_pixels)
    return recipe


def _resolve_by_kind(
    request: Request,
    source: SourceFacts | None,
    sound: SoundFacts | None,
    seed: int,
    models: ModelLookup,
    precision: Precision,
    max_pixels: int,
) -> Recipe:
    match request:
        case DreamRequest(look=Recipe() as look):
            return resolve_look(request, look, source, seed=seed, max_pixels=max_pixels)
        case DreamRequest():
            resolve = resolve_sheet if request.four else resolve_dream
            return resolve(
                request, source, seed=seed, models=models, precision=precision, max_pixels=max_pixels
            )
        case HellscapeRequest():
            return resolve_hellscape(
                request,
                source,
                seed=seed,
                models=models,
                precision=precision,
                max_pixels=max_pixels,
                sound=sound,
            )
        case SummonRequest():
            return resolve_summon(
                request, source, seed=seed, models=models, precision=precision, max_pixels=max_pixels
            )
        case RepeatRequest(recipe=recipe):
            return refit_recipe(recipe, source, max_pixels=max_pixels)
