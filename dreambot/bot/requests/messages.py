"""Parses requests in messages: pasted recipes, the text below a result, and direct messages.

A pasted recipe is the line that `/recipe` prints, its JSON, or the text below a result, which may be a whole
command such as `/summon what:jellyfish seed:3`. Direct messages need no mention, and most are small talk.
"""

import difflib
import re
from dataclasses import dataclass

import discord

from dreambot.bot.requests.free_text import OPTIONS, RequestSyntaxError, parse_request, strip_markup
from dreambot.bot.sources import CandidateKind, find_candidate
from dreambot.errors import UserError
from dreambot.jobs.models import SourceImage
from dreambot.recipe import DreamRequest, Recipe, RecipeError
from dreambot.recipe.hellscape import HellscapeRequest
from dreambot.recipe.layers import DEFAULT_MODEL, LAYERS
from dreambot.recipe.presets import PRESETS
from dreambot.recipe.recipe import MAX_RECIPE_BYTES
from dreambot.recipe.request import RepeatRequest, Request
from dreambot.recipe.summon import SummonRequest

# Options of /summon and /hellscape. What follows a name goes on to the next name, so values may hold blanks.
_SUMMON_OPTIONS = ("what", "intensity", "seed")
_HELLSCAPE_OPTIONS = (
    "layers", "layer", "frames", "seconds", "fps", "size", "zoom", "rotation", "drift_x", "drift_y", "loop",
    "start", "intensity", "seed", "model", "bend", "chaos",
)  # fmt: skip
_RECIPE_LINE = re.compile(r"\bdream\d{1,4}\.\d{1,4}\s", re.IGNORECASE)
_COMMAND = re.compile(r"/?(dream|hellscape|summon)(?: |$)", re.IGNORECASE)
_RESULT_START = re.compile(r"/?(?:hellscape|summon) |/dream |(?:preset|model|layers?|bend):", re.IGNORECASE)
_GUIDE = re.compile(r"\bguide ?[:=] ?\w*")


def parse_message(text: str, *, guide: bool = False) -> Request:
    """Reads any request that people write or paste after a mention.

    It may be a recipe's line or JSON, a whole command, the message of a result with or without its caption,
    or words as `read_request` takes them.

    Args:
        text: what was written, mention and markdown included.
        guide: whether a second picture comes with it.

    Raises:
        UserError: says what is wrong, or what a recipe looks like.
    """
    if len(text) > MAX_RECIPE_BYTES:
        raise RecipeError("errors-recipe-long", most=MAX_RECIPE_BYTES // 1024)
    recipe = _find_recipe(text)
    if recipe is not None:
        repeated = RepeatRequest.of(recipe)
        require_guide(repeated.recipe, guide=guide)
        return repeated
    result = _find_result_line(text)
    words = result or " ".join(strip_markup(text).replace("`", " ").split())
    named = _COMMAND.match(words)
    command = named[1].lower() if named else "dream"
    if command == "dream":
        _require_guide(wanted=_GUIDE.search(words) is not None, given=guide)
        # The words are read in the whole text, where the start of a line has a meaning.
        return parse_request(_GUIDE.sub(" ", words if named or result else text))
    if guide:
        raise UserError("dreaming-guide-unused")
    assert named
    if command == "hellscape":
        options = _parse_named_options(words[named.end() :], _HELLSCAPE_OPTIONS, "layer")
        if "layers" in options:  # as results of earlier versions call it
            options["layer"] = options.pop("layers")
        return HellscapeRequest.of(**options)
    options = _parse_named_options(words[named.end() :], _SUMMON_OPTIONS, "what")
    return SummonRequest.of(options.pop("what", ""), **options)


def parse_pasted(text: str, *, guide: bool = False) -> Request:
    """Reads what was pasted as a recipe, as `read_words` does; a text without any option is none."""
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
    """The line or the JSON of a recipe, without what stands around it."""
    line = _RECIPE_LINE.search(text)
    if line:
        return text[line.start() :].partition("`")[0]
    first, last = text.find("{"), text.rfind("}")
    if first >= 0 and '"version"' in text:
        return text[first : last + 1] if last > first else text[first:]
    return None


def _find_result_line(text: str) -> str | None:
    """The words beneath a result, which name a seed or a length; they stand in a line with its caption."""
    for line in strip_markup(text).splitlines():
        for part in (" ".join(part.split()) for piece in line.split("`") for part in piece.split(" , ")):
            if _RESULT_START.match(part) and ("seed:" in part or "seconds:" in part):
                return part
    return None


def _parse_named_options(text: str, names: tuple[str, ...], first: str) -> dict[str, str]:
    """The options of a command; of one that is named twice the last. Words before any name are `first`'s."""
    named = re.compile(rf"(?:^|(?<= ))({'|'.join(names)})(?: ?[:=] ?| (?=-?\.?\d))", re.IGNORECASE)
    before, *rest = named.split(text)
    options = {first: before} if before.strip() else {}
    options |= dict(zip(map(str.lower, rest[::2]), rest[1::2], strict=True))
    return {name: value.strip(" ,;.!?\"'`*") for name, value in options.items()}


def require_guide(recipe: Recipe, *, guide: bool) -> None:
    """Raises UserError where a recipe looks at a second picture and there is none, or the other way round:
    recipes do not carry it along."""
    _require_guide(wanted=recipe.guide is not None, given=guide)


def _require_guide(*, wanted: bool, given: bool) -> None:
    if wanted and not given:
        raise UserError("dreaming-guide-again")
    if given and not wanted:
        raise UserError("dreaming-guide-unused")


def require_no_other_options(recipe: str | None, others: dict[str, object]) -> None:
    """Raises UserError where a recipe is given along with other options that say how to dream."""
    named = [name for name, value in others.items() if value is not None]
    if recipe and named:
        raise UserError("dreaming-recipe-alone", option=named[0])


_MAX_MISTYPED_WORDS = 4
"""Words. Longer texts with a word that is no option are small talk, whatever the word resembles."""
_MIN_SIMILARITY = 0.75
_DREAM = re.compile(r"\bdream", re.IGNORECASE)


@dataclass(frozen=True)
class DirectRequest:
    """A direct message, understood.

    Attributes:
        request: How to dream; None for small talk.
        picture: The picture in the message, or None.
        asks: Whether the words ask for a dream even where the message has no picture.
    """

    request: Request | None
    picture: SourceImage | None
    asks: bool


def parse_direct_message(message: discord.Message) -> DirectRequest:
    """Reads a direct message.

    A picture is dreamed whatever is said about it. Words alone ask for a dream where they name an option, or
    dreaming itself.

    Args:
        message: The message, with its content.

    Raises:
        UserError: The words are a request with a mistake in it.
    """
    picture, chatter = _find_image(message)
    text = message.content
    words = re.findall(r"\w+", strip_markup(text))
    try:
        request: Request | None = parse_message(text)
    except RequestSyntaxError:
        if _is_mistyped(words):
            raise
        request = None
    asks = request is not None and (request != DreamRequest() or bool(_DREAM.search(" ".join(words))))
    if picture is None or (chatter and words and not asks):
        return DirectRequest(request if asks else None, None, asks)
    return DirectRequest(request or DreamRequest(), picture, asks)


def _is_mistyped(words: list[str]) -> bool:
    """Whether words that could not be understood are meant as options all the same: some resemble one, and
    there is a number, as there is none in “my dog”."""
    names = (*PRESETS, *OPTIONS.values(), *(layer.name for layer in LAYERS[DEFAULT_MODEL]))
    if len(words) > _MAX_MISTYPED_WORDS or not any(map(str.isdecimal, "".join(words))):
        return False
    return any(
        difflib.get_close_matches(word[:40].lower(), names, n=1, cutoff=_MIN_SIMILARITY) for word in words
    )


def _find_image(message: discord.Message) -> tuple[SourceImage | None, bool]:
    """The picture of a message, and whether it may be only a remark: an emoji, or a link to some page. Any
    file counts, since its bytes may tell, and where it is none the answer says what it is."""
    found = find_candidate(message, any_file=True)
    if found is None:
        return None, False
    return found.subject, found.sort in {CandidateKind.remark, CandidateKind.page} and not message.stickers
