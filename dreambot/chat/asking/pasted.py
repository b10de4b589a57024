"""Recipes that people paste: the line that `/recipe` gives, its JSON, or the words beneath a result, which
may be a whole command such as `/summon what:jellyfish seed:3`."""

import re

from dreambot.chat.asking.typed import OPTIONS, AskingError, plain, read_request
from dreambot.chat.words import Told
from dreambot.recipe import DreamRequest, Recipe, RecipeError
from dreambot.recipe.hellscape_request import HellscapeRequest
from dreambot.recipe.recipe import MAX_RECIPE_BYTES
from dreambot.recipe.repeat import RepeatRequest
from dreambot.recipe.summon import SummonRequest
from dreambot.recipe.wishes import Request

# Options of /summon and /hellscape. What follows a name goes on to the next name, so values may hold blanks.
_SUMMON = ("what", "intensity", "seed")
_HELLSCAPE = (
    "layers", "layer", "frames", "seconds", "fps", "size", "zoom", "rotation", "drift_x", "drift_y", "loop",
    "start", "intensity", "seed", "model", "bend", "chaos",
)  # fmt: skip
_LINE = re.compile(r"\bdream\d{1,4}\.\d{1,4}\s", re.IGNORECASE)
_COMMAND = re.compile(r"/?(dream|hellscape|summon)(?: |$)", re.IGNORECASE)
_BEGINS = re.compile(r"/?(?:hellscape|summon) |/dream |(?:preset|model|layers?|bend):", re.IGNORECASE)
_GUIDE = re.compile(r"\bguide ?[:=] ?\w*")


def read_words(text: str, *, guide: bool = False) -> Request:
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
        raise RecipeError(f"That recipe is longer than {MAX_RECIPE_BYTES // 1024} kB.")
    recipe = _recipe_in(text)
    if recipe is not None:
        repeated = RepeatRequest.of(recipe)
        require_guide(repeated.recipe, guide=guide)
        return repeated
    result = _result_in(text)
    words = result or " ".join(plain(text).replace("`", " ").split())
    named = _COMMAND.match(words)
    command = named[1].lower() if named else "dream"
    if command == "dream":
        _require_guide(wanted=_GUIDE.search(words) is not None, given=guide)
        # The words are read in the whole text, where the start of a line has a meaning.
        return read_request(_GUIDE.sub(" ", words if named or result else text))
    if guide:
        raise Told("dreaming-guide-unused")
    assert named
    if command == "hellscape":
        options = _options(words[named.end() :], _HELLSCAPE, "layer")
        if "layers" in options:  # as results of earlier versions call it
            options["layer"] = options.pop("layers")
        return HellscapeRequest.of(**options)
    options = _options(words[named.end() :], _SUMMON, "what")
    return SummonRequest.of(options.pop("what", ""), **options)


def read_pasted(text: str, *, guide: bool = False) -> Request:
    """Reads what was pasted as a recipe, as `read_words` does; a text without any option is none."""
    try:
        request = read_words(text, guide=guide)
    except AskingError:
        if _result_in(text) or re.search(rf"\b(?:{'|'.join(OPTIONS)}) ?[:=]", text, re.IGNORECASE):
            raise
        raise Told("dreaming-no-recipe-text") from None
    if request == DreamRequest() and not guide:
        raise Told("dreaming-no-recipe-text")
    return request


def _recipe_in(text: str) -> str | None:
    """The line or the JSON of a recipe, without what stands around it."""
    line = _LINE.search(text)
    if line:
        return text[line.start() :].partition("`")[0]
    first, last = text.find("{"), text.rfind("}")
    if first >= 0 and '"version"' in text:
        return text[first : last + 1] if last > first else text[first:]
    return None


def _result_in(text: str) -> str | None:
    """The words beneath a result, which name a seed or a length; they stand in a line with its caption."""
    for line in plain(text).splitlines():
        for part in (" ".join(part.split()) for piece in line.split("`") for part in piece.split(" , ")):
            if _BEGINS.match(part) and ("seed:" in part or "seconds:" in part):
                return part
    return None


def _options(text: str, names: tuple[str, ...], first: str) -> dict[str, str]:
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
        raise Told("dreaming-guide-again")
    if given and not wanted:
        raise Told("dreaming-guide-unused")


def require_alone(recipe: str | None, others: dict[str, object]) -> None:
    """Raises UserError where a recipe is given along with other options that say how to dream."""
    named = [name for name, value in others.items() if value is not None]
    if recipe and named:
        raise Told("dreaming-recipe-alone", option=named[0])
