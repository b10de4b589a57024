"""What people type after a mention, `layer:mixed5 intensity:11`, `mixed5 11` or `dogs`, as a request."""

import difflib
import re

from dreambot.chat.source.writing import without_pictures
from dreambot.errors import UserError
from dreambot.recipe import DreamRequest
from dreambot.recipe.presets import PRESETS

_KEYS = ("layer", "intensity", "preset", "bend", "chaos", "model", "seed")
_NUMBERS = ("intensity", "chaos", "seed")
_MENTION = re.compile(r"<(?:@[!&]?|#)\d+>")
# People write `mixed3 + mixed5` and `layer: mixed5`; a word must not end there.
_LOOSE = re.compile(r"\s*([+*]|:(?!//))\s*")


class AskingError(UserError):
    """The words after a mention could not be understood."""


def read_request(text: str) -> DreamRequest:
    """The request in a message's text; nothing said means everything by default. Mentions are ignored, and
    so are links and emoji: those are pictures.

    Raises AskingError or RecipeError in words.
    """
    found: dict[str, str] = {}
    for word in _LOOSE.sub(r"\1", _MENTION.sub(" ", without_pictures(text))).split():
        key, value = _key_of(word)
        if key in found:
            raise AskingError(f"You named two values for {key}: “{found[key][:40]}” and “{value[:40]}”.")
        found[key] = value
    numbers = {key: _number(key, found[key]) for key in _NUMBERS if key in found}
    return DreamRequest.of(**{**found, **numbers})


def _key_of(word: str) -> tuple[str, str]:
    key, colon, value = word.partition(":")
    if not colon and word.lstrip("-").isdecimal():
        return "intensity", word
    if not colon:
        return ("preset" if word.lower() in PRESETS else "layer"), word
    if key.lower() in _KEYS and value:
        return key.lower(), value
    near = difflib.get_close_matches(key.lower(), _KEYS, n=1)
    meant = near[0] if near else f"{', '.join(_KEYS[:-1])} or {_KEYS[-1]}"
    raise AskingError(f"I do not know “{word[:40]}”; did you mean {meant}? Try `layer:mixed5 intensity:11`.")


def _number(key: str, value: str) -> int:
    if not re.fullmatch(r"-?\d{1,20}", value):
        raise AskingError(f"The {key} is a whole number, not “{value[:40]}”.")
    return int(value)
