"""The words that a dream is given: which characters can be written, and how a text is cleaned."""

import re
import unicodedata

from dreambot.recipe.errors import RecipeError

MAX_WORDS_LENGTH = 60
"""Characters. With more, the letters of an ordinary picture are too thin to survive the dream."""
_MAX_TYPED_LENGTH = 4000
"""Characters of a text before it is cleaned; a longer one is refused without looking at it."""
_MAX_SHOWN = 5

ALPHABETS = (
    (0x21, 0x7E),  # ASCII
    (0xA1, 0xAC),  # Latin-1, without the soft hyphen
    (0xAE, 0x17F),
    (0x1A0, 0x1A1),  # Vietnamese
    (0x1AF, 0x1B0),
    (0x218, 0x21B),  # Romanian
    (0x1E80, 0x1E85),  # Welsh
    (0x1E9E, 0x1E9E),
    (0x1EA0, 0x1EF9),  # Vietnamese
    (0x384, 0x38A),  # Greek
    (0x38C, 0x38C),
    (0x38E, 0x3A1),
    (0x3A3, 0x3CE),
    (0x400, 0x45F),  # Cyrillic
    (0x490, 0x4F9),
    (0x2013, 0x2014),
    (0x2018, 0x201E),
    (0x2020, 0x2022),
    (0x2026, 0x2026),
    (0x2039, 0x203A),
    (0x20AC, 0x20AC),
)
"""Ranges of code points, both ends included, of letters of varying width. A test renders all of them."""
SQUARE_SCRIPTS = (
    (0x3001, 0x3003),  # Japanese punctuation
    (0x3005, 0x3007),
    (0x3008, 0x3011),
    (0x3041, 0x3096),  # hiragana
    (0x309D, 0x309E),
    (0x30A1, 0x30FE),  # katakana
    (0x4E00, 0x9FA5),  # Chinese characters
    (0xAC00, 0xD7A3),  # Korean syllables
    (0xFF01, 0xFF5E),  # full-width ASCII
)
"""Likewise of the scripts whose characters are all equally wide. A line may end after each of them."""

_MARKUP = re.compile(r"<(?:@[!&]?|#|/[^<>]*:|a?:\w+:|t:)\d+(?::\w+)?>")
"""Mentions, custom emoji, commands and times, as Discord encodes them."""
# The text is shown as text:"…" in `code`.
_QUOTES = {ord('"'): "”", ord("`"): "’"}
_REMOVED = frozenset({"Mn", "Me", "Cf"})


def clean_words(text: str) -> str:
    """Returns a text as it is written: on one line, with composed letters and without what is invisible.

    Marks that stack up on letters, zero-width characters and those that turn the direction of a text are
    removed. Cleaning a clean text changes nothing.

    Args:
        text: What a person typed.

    Raises:
        RecipeError: It is empty or too long, or has characters that cannot be written.
    """
    if len(text) > _MAX_TYPED_LENGTH:
        raise RecipeError("errors-words-long", count=len(text), most=MAX_WORDS_LENGTH)
    if _MARKUP.search(text):
        raise RecipeError("errors-words-mention")
    composed = unicodedata.normalize("NFC", text)
    visible = "".join(one for one in composed if unicodedata.category(one) not in _REMOVED)
    words = " ".join(unicodedata.normalize("NFC", visible).translate(_QUOTES).split())
    if not words:
        raise RecipeError("errors-words-empty")
    unknown = [one for one in dict.fromkeys(words) if one != " " and not (is_letter(one) or is_square(one))]
    if unknown:
        raise RecipeError("errors-words-characters", characters=" ".join(map(_shown, unknown[:_MAX_SHOWN])))
    if len(words) > MAX_WORDS_LENGTH:
        raise RecipeError("errors-words-long", count=len(words), most=MAX_WORDS_LENGTH)
    return words


def is_letter(character: str) -> bool:
    """Whether a character is in `ALPHABETS`.

    Args:
        character: One character.
    """
    return any(first <= ord(character) <= last for first, last in ALPHABETS)


def is_square(character: str) -> bool:
    """Whether a character is in `SQUARE_SCRIPTS`.

    Args:
        character: One character.
    """
    return any(first <= ord(character) <= last for first, last in SQUARE_SCRIPTS)


def _shown(character: str) -> str:
    """A character as an error shows it: control and unassigned ones by their number."""
    hidden = unicodedata.category(character)[0] == "C"
    return f"U+{ord(character):04X}" if hidden else character
