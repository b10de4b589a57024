"""Replaces the names of saved looks in requests by the looks, and adds default looks."""

import difflib
import secrets
from collections.abc import Iterable

from dreambot.bot.admission import Requester
from dreambot.errors import UserError
from dreambot.guilds.looks import LookStore, SavedLook
from dreambot.recipe import DreamRequest, Recipe, RecipeError
from dreambot.recipe.dream import names_look
from dreambot.recipe.hellscape import HellscapeRequest
from dreambot.recipe.journeys import HELLSCAPE_PRESETS
from dreambot.recipe.looks import hellscape_of_still_look, hellscape_with_look
from dreambot.recipe.presets import OFFERED_PRESETS, PRESETS, current_name
from dreambot.recipe.request import RepeatRequest, Request

_LOOK_FIELDS = ("layer", "bend", "chaos", "model", "guide", "guide_as")
_HELLSCAPE_FIELDS = (
    *("layer", "bend", "chaos", "model", "intensity", "seconds", "frames", "fps", "size", "zoom", "rotation"),
    *("drift_x", "drift_y", "loop"),
)
_MAX_NAMED = 30


async def apply_look(
    looks: LookStore, request: Request, person: int | None, guild: int | None, *, guide: bool = False
) -> Request:
    """Replaces the name of a saved look in a request by the look.

    The names of presets come before those of looks, and a person's looks before the server's.

    Args:
        looks: The saved looks.
        request: The request.
        person: The user whose looks may be meant; None for no one's.
        guild: The server whose looks may be meant.
        guide: Whether a guide image comes with the request.

    Raises:
        UserError: There is no preset or look of that name, or it does not go with the other options.
    """
    match request:
        case DreamRequest(preset=str(name)) if current_name(name) not in PRESETS:
            recipe = await _find(looks, name, person, guild, OFFERED_PRESETS)
            if recipe.hellscape:
                raise UserError("looks-hellscape", name=name)
            _require_alone(request, _LOOK_FIELDS)
            if guide:
                raise UserError("looks-alone", option="guide")
            return request.model_copy(update={"preset": None, "look": recipe})
        case HellscapeRequest(preset=str(name)) if name.strip().lower() not in HELLSCAPE_PRESETS:
            recipe = await _find(looks, name, person, guild, HELLSCAPE_PRESETS)
            if recipe.hellscape is None:
                _require_alone(request, _LOOK_FIELDS)
                return hellscape_of_still_look(request, recipe)
            _require_alone(request, _HELLSCAPE_FIELDS)
            seed = request.seed if request.seed is not None else secrets.randbits(32)
            return RepeatRequest(recipe=hellscape_with_look(recipe, request.start, seed))
    return request


async def apply_default_look(looks: LookStore, request: Request, requester: Requester) -> Request:
    """Adds the default look of the person, otherwise of the channel, to a request that says nothing of one.

    Words and dreams out of noise have defaults of their own, and a sheet of four draws its looks.

    Args:
        looks: The saved looks.
        request: The request.
        requester: The user and where the request was made.
    """
    if not isinstance(request, DreamRequest) or names_look(request):
        return request
    if request.text or request.source == "noise" or request.four:
        return request
    found = await looks.default(requester.person, requester.guild, requester.channel, requester.parent)
    if found is None:
        return request
    look = {"look": found.look.recipe} if found.look else {"preset": found.name}
    return request.model_copy(update={**look, "default": found.of})


async def _find(
    looks: LookStore, name: str, person: int | None, guild: int | None, presets: Iterable[str]
) -> Recipe:
    found: SavedLook | None = await looks.find(person, guild, name)
    if found is None:
        raise no_such_look(name, [*presets, *(one.name for one in await looks.names(person, guild))])
    if found.recipe is None:
        raise UserError("looks-unreadable", name=name)
    return found.recipe


def no_such_look(name: str, known: Iterable[str]) -> RecipeError:
    """Returns the error about an unknown name, with the nearest names, or all if there is none near.

    Args:
        name: What a person typed.
        known: The names of presets and looks.
    """
    by_lower = {one.lower(): one for one in known}
    near = difflib.get_close_matches(name.lower()[:40], by_lower, n=3, cutoff=0.5)
    code = "errors-no-preset" if near else "errors-no-preset-at-all"
    names = [by_lower[one] for one in near] or list(by_lower.values())[:_MAX_NAMED]
    return RecipeError(code, name=name[:40], names=names)


def _require_alone(request: DreamRequest | HellscapeRequest, others: Iterable[str]) -> None:
    """Checks that a look comes with no option that it has a value for."""
    defaults = type(request).model_fields
    for option in others:
        if getattr(request, option) != defaults[option].default:
            raise UserError("looks-alone", option=option)
