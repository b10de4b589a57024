"""Requests of every kind: stored form, whether they need a source, and how they are resolved to a recipe."""

import json
from typing import Literal

from pydantic import BaseModel, ConfigDict

from dreambot.recipe.dream import DreamRequest, SourceFacts, dream_size, octave_count, resolve_dream
from dreambot.recipe.errors import RecipeError
from dreambot.recipe.hellscape import HellscapeRequest, resolve_hellscape
from dreambot.recipe.layers import ModelLookup
from dreambot.recipe.limits import check_limits
from dreambot.recipe.recipe import Precision, Recipe
from dreambot.recipe.summon import SummonRequest, resolve_summon
from dreambot.recipe.text import is_recipe_text, parse_recipe
from dreambot.recipe.video import MAX_FRAMES, VideoParams


class RepeatRequest(BaseModel):
    """`/again`, or a recipe that somebody pasted. The recipe's numbers are kept; its size and octaves become
    the picture's."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    recipe: Recipe

    @classmethod
    def of(cls, text: str) -> "RepeatRequest":
        """The recipe in a text, one line or JSON. Raises RecipeError."""
        return cls(recipe=parse_recipe(text) if is_recipe_text(text) else Recipe.from_json(text))


def refit_recipe(recipe: Recipe, source: SourceFacts | None, *, max_pixels: int) -> Recipe:
    """The recipe for a source of another size; as it is where the size is the same, so that the same picture
    gives the same dream. Raises RecipeError where the source is missing or too thin, and where a guide or a
    mask would have to be supplied again."""
    if recipe.mask:
        raise RecipeError("errors-recipe-mask")
    if source is None and recipe.needs_source:
        raise RecipeError("errors-recipe-needs-picture")
    if source is None or not recipe.needs_source or recipe.hellscape:
        return recipe
    width, height = dream_size(source.width, source.height, max_pixels)
    frames = VideoParams(frames=min(source.frames, MAX_FRAMES), fps=source.fps) if source.frames > 1 else None
    octaves = recipe.octaves
    if (width, height) != (recipe.width, recipe.height):
        before, after = min(recipe.width, recipe.height), min(width, height)
        octaves += octave_count(after, 4, recipe.octave_scale) - octave_count(before, 4, recipe.octave_scale)
    fields = recipe.model_dump() | {
        "width": width,
        "height": height,
        "octaves": min(12, max(1 + recipe.octaves_above, octaves)),
        "moving": frames,
    }
    return Recipe.checked(fields)


Request = DreamRequest | HellscapeRequest | SummonRequest | RepeatRequest
RequestKind = Literal["dream", "hellscape", "summon", "repeat"]

_REQUEST_TYPES: dict[RequestKind, type[Request]] = {
    "dream": DreamRequest,
    "hellscape": HellscapeRequest,
    "summon": SummonRequest,
    "repeat": RepeatRequest,
}


def request_kind(request: Request) -> RequestKind:
    """What sort of request it is."""
    return next(kind for kind, sort in _REQUEST_TYPES.items() if isinstance(request, sort))


def dump_request(request: Request) -> str:
    """A request as it is stored."""
    values = request.model_dump(mode="json", exclude_none=True)
    return json.dumps({"kind": request_kind(request), **values}, separators=(",", ":"), ensure_ascii=False)


def load_request(text: str) -> Request:
    """The request in a stored text; those of before there were kinds are dreams."""
    values = json.loads(text)
    return _REQUEST_TYPES[values.pop("kind", "dream")].model_validate(values)


def needs_source(request: Request) -> bool:
    """Whether there is nothing to do without a picture."""
    match request:
        case DreamRequest():
            return True
        case HellscapeRequest(start=start):
            return start == "picture"
        case SummonRequest():
            return False
        case RepeatRequest(recipe=recipe):
            return recipe.needs_source


def requested_seed(request: Request) -> int | None:
    """The seed that somebody chose."""
    return request.recipe.seed if isinstance(request, RepeatRequest) else request.seed


def requested_intensity(request: Request) -> int | None:
    """How strongly somebody wants it, from 1 to 11."""
    return request.recipe.intensity if isinstance(request, RepeatRequest) else request.intensity


def resolve_request(
    request: Request,
    source: SourceFacts | None,
    *,
    seed: int,
    models: ModelLookup,
    precision: Precision,
    max_pixels: int,
) -> Recipe:
    """The recipe of a request of any kind; see `resolve` and `check_limits`. Raises RecipeError."""
    recipe = _resolve_by_kind(request, source, seed, models, precision, max_pixels)
    check_limits(recipe, max_pixels)
    return recipe


def _resolve_by_kind(
    request: Request,
    source: SourceFacts | None,
    seed: int,
    models: ModelLookup,
    precision: Precision,
    max_pixels: int,
) -> Recipe:
    match request:
        case DreamRequest():
            if source is None:
                raise RecipeError("errors-needs-picture")
            return resolve_dream(
                request, source, seed=seed, models=models, precision=precision, max_pixels=max_pixels
            )
        case HellscapeRequest():
            return resolve_hellscape(
                request, source, seed=seed, models=models, precision=precision, max_pixels=max_pixels
            )
        case SummonRequest():
            return resolve_summon(
                request, source, seed=seed, models=models, precision=precision, max_pixels=max_pixels
            )
        case RepeatRequest(recipe=recipe):
            return refit_recipe(recipe, source, max_pixels=max_pixels)
