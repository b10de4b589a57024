"""Recipes that people paste: the line that `/recipe` gives, its JSON, or the words beneath a result, which
may be a whole command such as `/summon what:jellyfish seed:3`."""

import re

from dreambot.chat.asking.typed import read_request
from dreambot.chat.words import Told
from dreambot.recipe import Recipe
from dreambot.recipe.hellscape_request import HellscapeRequest
from dreambot.recipe.repeat import RepeatRequest
from dreambot.recipe.summon import SummonRequest
from dreambot.recipe.text import is_text
from dreambot.recipe.wishes import Request

_WRAPPING = re.compile(r"^[`\s]*(?:(?:json|text)\n)?|[`\s]*$")
_COMMAND = re.compile(r"/(dream|hellscape|summon)\s+(.*)", re.DOTALL)
_OPTION = re.compile(r"(?:^|\s)([a-z]{3,12})\s*:")
_GUIDE = re.compile(r"\s*\bguide:\w*")


def read_pasted(text: str, *, guide: bool = False) -> Request:
    """The request in a text. guide: whether a second picture comes with it. Raises UserError that says what a
    recipe looks like, or what is wrong in it."""
    bare = _WRAPPING.sub("", text)
    if is_text(bare) or bare.startswith("{"):
        repeated = RepeatRequest.of(bare)
        require_guide(repeated.recipe, guide=guide)
        return repeated
    match = _COMMAND.fullmatch(bare)
    command, words = match.groups() if match else ("dream", bare)
    options = _options(words)
    if command == "hellscape":
        return HellscapeRequest.of(layer=options.pop("layers", None), **options)
    if command == "summon" and "what" in options:
        return SummonRequest.of(options.pop("what"), **options)
    if command == "dream" and options:
        _require_guide(wanted="guide" in options, given=guide)
        return read_request(_GUIDE.sub("", words))
    raise Told("dreaming-no-recipe-text")


def _options(text: str) -> dict[str, str]:
    """The options of a command as they are written; of one that is named twice the last."""
    _, *rest = _OPTION.split(text)
    return dict(zip(rest[::2], (value.strip() for value in rest[1::2]), strict=True))


def require_guide(recipe: Recipe, *, guide: bool) -> None:
    """Raises UserError where a recipe looks at a second picture and there is none, or the other way round:
    recipes do not carry it along."""
    _require_guide(wanted=recipe.guide is not None, given=guide)


def _require_guide(*, wanted: bool, given: bool) -> None:
    if wanted and not given:
        raise Told("dreaming-guide-again")
    if given and not wanted:
        raise Told("dreaming-guide-unused")


def require_alone(recipe: str | None, others: dict[str, object]) -> None:
    """Raises UserError where a recipe is given along with other options that say how to dream."""
    named = [name for name, value in others.items() if value is not None]
    if recipe and named:
        raise Told("dreaming-recipe-alone", option=named[0])
