"""Recipes that people paste: the line that `/recipe` gives, its JSON, or the words beneath a result."""

import re

from dreambot.chat.asking import read_request
from dreambot.chat.words import Told
from dreambot.recipe import DreamRequest, Recipe
from dreambot.recipe.repeat import RepeatRequest
from dreambot.recipe.text import is_text

_WRAPPING = re.compile(r"^[`\s]*(?:(?:json|text)\n)?|[`\s]*$")
_WORDS = re.compile(r"\s*(?:layer|preset|intensity|bend|model|seed|chaos)\s*:", re.IGNORECASE)


def read_pasted(text: str) -> RepeatRequest | DreamRequest:
    """The request in a text. Raises UserError that says what a recipe looks like, or what is wrong in it."""
    bare = _WRAPPING.sub("", text)
    if is_text(bare) or bare.startswith("{"):
        return RepeatRequest.of(bare)
    if _WORDS.match(bare):
        return read_request(bare)
    raise Told("dreaming-no-recipe-text")


def require_guide(recipe: Recipe, *, guide: bool) -> None:
    """Raises UserError where a recipe looks at a second picture and there is none, or the other way round:
    recipes do not carry it along."""
    if recipe.guide and not guide:
        raise Told("dreaming-guide-again")
    if guide and not recipe.guide:
        raise Told("dreaming-guide-unused")


def require_alone(recipe: str | None, others: dict[str, object]) -> None:
    """Raises UserError where a recipe is given along with other options that say how to dream."""
    named = [name for name, value in others.items() if value is not None]
    if recipe and named:
        raise Told("dreaming-recipe-alone", option=named[0])
