"""All that can be asked for, whatever kind it is of."""

import json
from typing import Literal

from dreambot.recipe.errors import RecipeError
from dreambot.recipe.hellscape import resolve_hellscape
from dreambot.recipe.hellscape_request import HellscapeRequest
from dreambot.recipe.limits import check_limits
from dreambot.recipe.recipe import Precision, Recipe
from dreambot.recipe.repeat import RepeatRequest, needs_picture, refit
from dreambot.recipe.request import DreamRequest
from dreambot.recipe.resolve import SourceFacts, resolve
from dreambot.recipe.summon import SummonRequest, resolve_summon
from dreambot.recipe.trained import Models

Request = DreamRequest | HellscapeRequest | SummonRequest | RepeatRequest
Kind = Literal["dream", "hellscape", "summon", "repeat"]

_KINDS: dict[Kind, type[Request]] = {
    "dream": DreamRequest,
    "hellscape": HellscapeRequest,
    "summon": SummonRequest,
    "repeat": RepeatRequest,
}


def kind_of(request: Request) -> Kind:
    """What sort of request it is."""
    return next(kind for kind, sort in _KINDS.items() if isinstance(request, sort))


def request_text(request: Request) -> str:
    """A request as it is stored."""
    values = request.model_dump(mode="json", exclude_none=True)
    return json.dumps({"kind": kind_of(request), **values}, separators=(",", ":"), ensure_ascii=False)


def request_of(text: str) -> Request:
    """The request in a stored text; those of before there were kinds are dreams."""
    values = json.loads(text)
    return _KINDS[values.pop("kind", "dream")].model_validate(values)


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
            return needs_picture(recipe)


def seed_of(request: Request) -> int | None:
    """The seed that somebody chose."""
    return request.recipe.seed if isinstance(request, RepeatRequest) else request.seed


def intensity_of(request: Request) -> int | None:
    """How strongly somebody wants it, from 1 to 11."""
    return request.recipe.intensity if isinstance(request, RepeatRequest) else request.intensity


def resolve_request(
    request: Request,
    source: SourceFacts | None,
    *,
    seed: int,
    models: Models,
    precision: Precision,
    max_pixels: int,
) -> Recipe:
    """The recipe of a request of any kind; see `resolve` and `check_limits`. Raises RecipeError."""
    recipe = _resolved(request, source, seed, models, precision, max_pixels)
    check_limits(recipe, max_pixels)
    return recipe


def _resolved(
    request: Request,
    source: SourceFacts | None,
    seed: int,
    models: Models,
    precision: Precision,
    max_pixels: int,
) -> Recipe:
    match request:
        case DreamRequest():
            if source is None:
                raise RecipeError("A dream needs a picture to dream upon.")
            return resolve(
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
            return refit(recipe, source, max_pixels=max_pixels)
