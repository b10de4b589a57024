"""Parses requests in messages: pasted recipes, the text below a result, and direct messages.

A pasted recipe is the line that `/recipe` prints, its JSON, or the text below a result, which may be a whole
command such as `/summon what:jellyfish seed:3`. Direct messages need no mention, and most are small talk.
"""

import difflib
import re
from collections.abc import Collection
from dataclasses import dataclass

import discord

from dreambot.bot.requests.free_text import (
    OPTIONS,
    RequestSyntaxError,
    parse_request,
    split_text,
    strip_markup,
)
from dreambot.bot.sources import CandidateKind, find_candidates
from dreambot.errors import UserError
from dreambot.jobs.models import SourceImage
from dreambot.recipe import DreamRequest, Recipe, RecipeError
from dreambot.recipe.hellscape import HellscapeRequest
from dreambot.recipe.layers import DEFAULT_MODEL, LAYERS
from dreambot.recipe.presets import PRESETS
from dreambot.recipe.recipe import MAX_RECIPE_BYTES
from dreambot.recipe.request import RepeatRequest, Request
from dreambot.recipe.summon import SummonRequest

# Options of /summon and /hellscape. A value ends at the next name, so it may contain spaces.
_SUMMON_OPTIONS = ("what", "intensity", "format", "seed")
_HELLSCAPE_OPTIONS = ("layers", *HellscapeRequest.model_fields)
_RECIPE_LINE = re.compile(r"\bdream\d{1,4}\.\d{1,4}\s", re.IGNORECASE)
_COMMAND = re.compile(r"/?(dream|hellscape|summon)(?: |$)", re.IGNORECASE)
_RESULT_START = re.compile(
    r"/?(?:hellscape|summon) |/dream |(?:preset|model|layers?|bend|four):", re.IGNORECASE
)
_GUIDE = re.compile(r"\bguide ?[:=] ?(\w*)")


def parse_message(text: str, *, guide: bool = False, looks: Collection[str] = ()) -> Request:
    """Parses any request that a user writes or pastes after a mention.

    It may be a recipe's line or JSON, a whole command, the message of a result with or without its caption,
    or options as `parse_request` reads them.

    Args:
        text: The content of the message, mention and markdown included.
        guide: Whether a guide image comes with it.
        looks: The names of the saved looks that the user can use.

    Raises:
        UserError: The text is wrong or unknown, or a guide is missing or unused.
    """
    if len(text) > MAX_RECIPE_BYTES:
        raise RecipeError("errors-recipe-long", most=MAX_RECIPE_BYTES // 1024)
    recipe = _find_recipe(text)
    if recipe is not None:
        repeated = RepeatRequest.of(recipe)
        require_guide(repeated.recipe, guide=guide)
        return repeated
    said, text = split_text(text)
    result = _find_result_line(text)
    words = result or " ".join(strip_markup(text).replace("`", " ").split())
    named = _COMMAND.match(words)
    command = named[1].lower() if named else "dream"
    if command == "dream":
        guided = _GUIDE.search(words)
        _require_guide(wanted=guided is not None, given=guide)
        # The whole text is parsed, since marks at the start of a line have a meaning.
        request = parse_request(_GUIDE.sub(" ", words if named or result else text), said, looks)
        return (
            request.model_copy(update={"guide_as": "style"}) if guided and guided[1] == "style" else request
        )
    if said is not None:
        raise UserError("dreaming-text-unused")
    if guide:
        raise UserError("dreaming-guide-unused")
    assert named
    if command == "hellscape":
        options = _parse_named_options(words[named.end() :], _HELLSCAPE_OPTIONS, "layer")
        if "layers" in options:  # the name in results of earlier versions
            options["layer"] = options.pop("layers")
        return HellscapeRequest.of(**options)
    options = _parse_named_options(words[named.end() :], _SUMMON_OPTIONS, "what")
    return SummonRequest.of(options.pop("what", ""), **options)


def parse_pasted(text: str, *, guide: bool = False) -> Request:
    """Parses a pasted recipe like `parse_message`; a text without any option is an error.

    Args:
        text: What was pasted.
        guide: Whether a guide image comes with it.

    Raises:
        UserError: The text is no recipe, or a guide is missing or unused.
    """
    try:
        request = parse_message(text, guide=guide)
    except RequestSyntaxError:
        if _find_result_line(text) or re.search(rf"\b(?:{'|'.join(OPTIONS)}) ?[:=]", text, re.IGNORECASE):
            raise
        raise UserError("dreaming-no-recipe-text") from None
    if request == DreamRequest() and not guide:
        raise UserError("dreaming-no-recipe-text")
    return request


def _find_recipe(text: str) -> str | None:
    """Finds the line or the JSON of a recipe in a text."""
    line = _RECIPE_LINE.search(text)
    if line:
        return text[line.start() :].partition("`")[0]
    first, last = text.find("{"), text.rfind("}")
    if first >= 0 and '"version"' in text:
        return text[first : last + 1] if last > first else text[first:]
    return None


def _find_result_line(text: str) -> str | None:
    """Finds the command below a result, which names a seed or a length; it shares a line with the caption."""
    for line in strip_markup(text).splitlines():
        if "seed:" not in line and "seconds:" not in line:
            continue
        for part in (" ".join(part.split()) for piece in line.split("`") for part in piece.split(" , ")):
            if _RESULT_START.match(part) and ("seed:" in part or "seconds:" in part):
                return part
    return None


def _parse_named_options(text: str, names: tuple[str, ...], first: str) -> dict[str, str]:
    """Parses the options of a command.

    The last value of a repeated option is used. Words before the first name belong to the option `first`.
    """
    named = re.compile(rf"(?:^|(?<= ))({'|'.join(names)})(?: ?[:=] ?| (?=-?\.?\d))", re.IGNORECASE)
    before, *rest = named.split(text)
    options = {first: before} if before.strip() else {}
    options |= dict(zip(map(str.lower, rest[::2]), rest[1::2], strict=True))
    return {name: value.strip(" ,;.!?\"'`*") for name, value in options.items()}


def require_guide(recipe: Recipe, *, guide: bool) -> None:
    """Checks that a guide comes with a recipe exactly if it needs one: recipes do not contain the image.

    Args:
        recipe: The recipe.
        guide: Whether a guide image comes with it.

    Raises:
        UserError: The guide is missing or unused.
    """
    _require_guide(wanted=recipe.guide is not None, given=guide)


def _require_guide(*, wanted: bool, given: bool) -> None:
    if wanted and not given:
        raise UserError("dreaming-guide-again")
    if given and not wanted:
        raise UserError("dreaming-guide-unused")


def require_no_other_options(recipe: str | None, others: dict[str, object]) -> None:
    """Checks that no other option comes with a recipe.

    Args:
        recipe: The text of the recipe option, if it was used.
        others: The other options of the command; those that are None were not used.

    Raises:
        UserError: A recipe and another option were used.
    """
    named = [name for name, value in others.items() if value is not None]
    if recipe and named:
        raise UserError("dreaming-recipe-alone", option=named[0])


_MAX_MISTYPED_WORDS = 4
"""In words. A longer text with an unknown word is small talk, even if the word resembles an option."""
_MIN_SIMILARITY = 0.75
_DREAM = re.compile(r"\bdream", re.IGNORECASE)


@dataclass(frozen=True)
class DirectRequest:
    """What a direct message asks for.

    Attributes:
        request: How to dream; None for small talk.
        pictures: The images in the message.
        asks: Whether the text asks for a dream even if the message has no image.
    """

    request: Request | None
    pictures: tuple[SourceImage, ...]
    asks: bool


def parse_direct_message(message: discord.Message, looks: Collection[str] = ()) -> DirectRequest:
    """Parses a direct message.

    An image is dreamed with any text. A text alone asks for a dream if it contains an option or the word
    dream.

    Args:
        message: The message with its content.
        looks: The names of the user's saved looks.

    Raises:
        UserError: The text is a request with a mistake.
    """
    pictures, chatter = _find_images(message)
    text = message.content
    words = re.findall(r"\w+", strip_markup(text))
    try:
        request: Request | None = parse_message(text, looks=looks)
    except RequestSyntaxError:
        if _is_mistyped(words):
            raise
        request = None
    asks = request is not None and (request != DreamRequest() or bool(_DREAM.search(" ".join(words))))
    if not pictures or (chatter and words and not asks):
        return DirectRequest(request if asks else None, (), asks)
    return DirectRequest(request or DreamRequest(), pictures, asks)


def _is_mistyped(words: list[str]) -> bool:
    """Checks whether words that could not be parsed are probably options with a typo.

    One of them resembles an option, and there is a number, unlike in "my dog".
    """
    names = (*PRESETS, *OPTIONS.values(), *(layer.name for layer in LAYERS[DEFAULT_MODEL]))
    if len(words) > _MAX_MISTYPED_WORDS or not any(map(str.isdecimal, "".join(words))):
        return False
    return any(
        difflib.get_close_matches(word[:40].lower(), names, n=1, cutoff=_MIN_SIMILARITY) for word in words
    )


def _find_images(message: discord.Message) -> tuple[tuple[SourceImage, ...], bool]:
    """Finds the images of a message, and whether there may be only a remark.

    A remark is an emoji, or a link to a page. Any file counts: only its bytes show whether it is an image,
    and if it is not, the reply says what it is.
    """
    found = find_candidates(message, any_file=True)
    remark = bool(found) and found[0].kind in {CandidateKind.remark, CandidateKind.page}
    return tuple(one.image for one in found), remark and not message.stickers
