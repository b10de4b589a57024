"""Parses requests typed after a mention: `layer:mixed5 intensity:11`, `mixed5, 11!` or `dogs please`.

Every pattern takes linear time: whitespace is collapsed before a pattern looks for it.
"""

import difflib
import re
import unicodedata
from collections.abc import Collection, Iterator
from functools import cache
from itertools import pairwise

from dreambot.bot.sources.images import strip_links_and_emoji
from dreambot.errors import UserError
from dreambot.recipe import DreamRequest
from dreambot.recipe.bend_effects import BENDS
from dreambot.recipe.layers import LAYERS
from dreambot.recipe.presets import PRESETS, current_name
from dreambot.recipe.words import clean_words

MAX_TEXT_LENGTH = 4000
"""The length of the longest message that Discord accepts."""

_COMMAND_LINE_ONLY = frozenset(
    {"guide", "guide_as", "closeness", "keep_colour", "mask", "octaves_above", "tile"}
)
# The text is taken out by `split_text` first. Looks are named by `preset`.
_NOT_TYPED = {*_COMMAND_LINE_ONLY, "text", "look", "default"}
_KEYS = tuple(name for name in DreamRequest.model_fields if name not in _NOT_TYPED)
OPTIONS = {key: key for key in _KEYS} | {
    "layers": "layer",
    "bends": "bend",
    "look": "preset",
    "network": "model",
    "strength": "intensity",
    "style": "preset",
}
_LOOK_OPTIONS = tuple(name for name, key in OPTIONS.items() if key == "preset")
_FIELD_SCHEMAS = DreamRequest.model_json_schema()["properties"]
_TYPES = {key: option["type"] for key in _KEYS for option in _FIELD_SCHEMAS[key]["anyOf"][:1]}
_NUMBERS = tuple(key for key in _KEYS if _TYPES[key] == "integer")
_SWITCHES = tuple(key for key in _KEYS if _TYPES[key] == "boolean")
"""Options that need no value: `four` is `four:true`."""

# Words without effect on a request, in the languages of the bot.
_FILLER_TEXT = """
    a an the and or at with by of on in into to as is it its this that these my me i you for from like
    please pls plz thanks thank thx can could would will do does make dream use using set try want be let
    again now some go pic pics picture pictures photo image images video gif
    mit und auf das dies bild bitte danke mal
    avec et sur à une image merci svp stp
    con y en una imagen por favor gracias
    com e em uma imagem obrigado obrigada
    で の を に と は して お願い お願いします ください 下さい
"""
_LINKING_TEXT = "at to is of as auf à en em で は を"
_FILLERS = frozenset(_FILLER_TEXT.split())
_LINKING = frozenset(_LINKING_TEXT.split())
"""Fillers that may stand between an option and its value."""

# Characters that keyboards and editors produce in place of ASCII. Full-width forms are mapped as a block.
_TO_ASCII: dict[int, int | str] = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {
    ord(mark): written
    for marks, written in (
        ("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
        ("\u00d7\u2217\u22c5", "*"),
        ("\u2192\u203a", ">"),
        ("\u2018\u2019", "'"),
        ("\u3001\u3002\u00b7\u2022\u30fb\u2026", ","),
        ("\u201c\u201d\u201e\u00ab\u00bb\u300c\u300d\u300e\u300f", '"'),
    )
    for mark in marks
}
_INVISIBLE_CATEGORIES = frozenset({"Cf", "Cs", "Co", "Cn", "Mn", "Me"})
_SYMBOL_CATEGORIES = frozenset({"So", "Sk"})

_MENTION = re.compile(r"<(?:@[!&]?|#)\d+>")
_FENCE_TAG = re.compile(r"```(?:json|text|txt|yaml|yml|md)\n")
_LINE_MARK = re.compile(r"^[ \t]*(?:(?:-#|#{1,3}|>{1,3}|[-*])[ \t]+)?", re.MULTILINE)
_BLANKS = re.compile(r"\s+")
_SCRIPT = re.compile(r"(?<=[\u3040-\u30ff\u3400-\u9fff])(?=[!-~])|(?<=[!-~])(?=[\u3040-\u30ff\u3400-\u9fff])")

# Operators are kept inside an expression; elsewhere they are markdown or punctuation.
_PUNCTUATION = re.compile(r"""\*\*+|__+|~~+|\|\||[`"(){}<!?^~\\$%]""")
_OPENING_STAR = re.compile(r"(?:^|(?<= ))\*(?=\S)")
_COMMA_WEIGHT = re.compile(r"(?<=\*)(\d{1,3}),(?=\d)")
_CHANNELS = re.compile(r" ?\[([^\[\]]*)\]")
_TIMES = re.compile(r"(?<=[\w\]]) ?\* ?(?=\.?\d)")
_PLUS = re.compile(r"(?<=[\w\]]) ?([+>]) ?(?=-?[A-Za-z])")
_BETWEEN = re.compile(
    r"(?<![\w./+*\[\]\x01])([A-Za-z][\w./+*\[\]\x01]*) (- ?|(?:&|and|und|et|y|e) )(?=([A-Za-z][\w./]*))",
    re.IGNORECASE,
)
_NAME = re.compile(r"-?([\w./]+)")
_AT = re.compile(rf"(?<!\w)({'|'.join(BENDS)}) ?@ ?(?=[A-Za-z])", re.IGNORECASE)
_AMOUNT = re.compile(r"(@[\w./]+) ?= ?(?=\.?\d)")
_LOOSE = re.compile(r"(?<![\w\]])[+*>@]|[+*>@](?![\w.-])|@(?=\.?\d)|[,;|&]")
_WORD = re.compile(r"[:=]|[^\s:=]+")
_NUMBER = re.compile(r"-?\d{1,20}")
_FRACTION = re.compile(r"-?\d{0,20}\.\d{1,20}")
_OUT_OF_ELEVEN = re.compile(r"(\d{1,20})/11")
_GLUED = re.compile(rf"({'|'.join(_NUMBERS)})(\d{{1,20}})", re.IGNORECASE)
# Replace the comma between channels and the = of a bend while other commas and = are processed.
_COMMA, _EQUALS = "\x01", "\x02"


class RequestSyntaxError(UserError):
    """The text after a mention could not be understood."""


_QUOTES = (('"', '"'), ("“", "”"), ("„", "“”"), ("«", "»"), ("»", "«"), ("「", "」"), ("『", "』"))
_QUOTED = "|".join(f"{first}([^{last}]{{0,999}})[{last}]" for first, last in _QUOTES)
_TEXT = re.compile(rf"(?<![\w-])text ?[:=] ?(?:{_QUOTED})", re.IGNORECASE)
_BARE_TEXT = re.compile(r"(?<![\w-])text ?[:=] ?([^\n]*)", re.IGNORECASE)
_NEXT_OPTION = re.compile(rf" (?:{'|'.join(OPTIONS)}) ?[:=]", re.IGNORECASE)


def split_text(message: str) -> tuple[str | None, str]:
    """Takes the words of the option `text` out of a message.

    They stand in quotation marks of any kind, or end at the next option or the end of the line.

    Args:
        message: The content of a message.

    Returns:
        The words as they were typed, None if there are none; and the rest of the message.
    """
    if quoted := _TEXT.search(message):
        words = next(group for group in quoted.groups() if group is not None)
        return words, f"{message[: quoted.start()]} {message[quoted.end() :]}"
    if bare := _BARE_TEXT.search(message):
        following = _NEXT_OPTION.search(bare[1])
        length = following.start() if following else len(bare[1])
        return bare[1][:length].strip(" `"), f"{message[: bare.start()]} {message[bare.start(1) + length :]}"
    return None, message


def split_look(message: str, looks: Collection[str]) -> tuple[str | None, str]:
    """Takes the name of a saved look out of a message, with the word `preset:` before it if there is one.

    Args:
        message: The content of a message without the words of the option `text`.
        looks: The names of the looks that the user can use.

    Returns:
        The first name that is found, None if there is none; and the rest of the message.
    """
    if not looks:
        return None, message
    # The longest first, since a name may begin with another one.
    names = "|".join(_spaced(name) for name in sorted(looks, key=len, reverse=True))
    option = rf"(?:(?:{'|'.join(_LOOK_OPTIONS)}) ?[:=]? ?)?"
    pattern = rf"(?<![\w:=@-]){option}[\"'“„«「『]?({names})[\"'”“»」』]?(?![\w:=@+*\[-])"
    normal = unicodedata.normalize("NFC", message)
    found = re.search(pattern, normal, re.IGNORECASE)
    if found is None:
        return None, message
    return found[1], f"{normal[: found.start()]} {normal[found.end() :]}"


def _spaced(name: str) -> str:
    return r"\s{1,20}".join(map(re.escape, name.split()))


def is_taken_word(name: str) -> bool:
    """Checks whether a name would be read as a preset, a layer, an option or a word without effect.

    Args:
        name: The name of a look.
    """
    lower = name.lower()
    return lower in OPTIONS or lower in _FILLERS or _guess_option(name) is not None


def parse_request(text: str, words: str | None = None, looks: Collection[str] = ()) -> DreamRequest:
    """Parses the options of a dream from a message's text.

    Options may be written `layer:mixed5`, `layer=mixed5` or `layer mixed5`, or without their name where the
    value identifies it. Markdown, punctuation, mentions, links, emoji and words such as *please* are ignored.

    Args:
        text: At most `MAX_TEXT_LENGTH` characters. A text without words means a dream with all defaults.
        words: The words of the option `text`, which `split_text` has taken out of the text.
        looks: The names of the saved looks that the user can use.

    Raises:
        RequestSyntaxError: A word is unknown, an option has no value or two values, or the text is too long.
        RecipeError: A value is out of range.
    """
    if len(text) > MAX_TEXT_LENGTH:
        raise RequestSyntaxError("errors-too-long", count=len(text), most=MAX_TEXT_LENGTH)
    look, text = split_look(text, looks)
    found = {"preset": look} if look else {}
    for key, value in _iter_options(_WORD.findall(_join_expressions(strip_markup(text))), tuple(looks)):
        if found.get(key, value) != value:
            raise RequestSyntaxError("errors-two-values", key=key, first=found[key][:40], second=value[:40])
        found[key] = value
    numbers = {key: _parse_integer(key, found[key]) for key in _NUMBERS if key in found}
    return DreamRequest.of(**{**found, **numbers, "text": None if words is None else clean_words(words)})


def strip_markup(text: str) -> str:
    """Removes mentions, links, emoji and line marks from a text, and converts it to ASCII where possible.

    Args:
        text: The content of a message.
    """
    text = _MENTION.sub(" ", strip_links_and_emoji(_FENCE_TAG.sub("```", text))).translate(_TO_ASCII)
    if not text.isascii():
        text = _SCRIPT.sub(" ", "".join(map(_character_to_ascii, text)))
    return _LINE_MARK.sub("", text)


def _character_to_ascii(character: str) -> str:
    if character.isascii():
        return character
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    category = unicodedata.category(character)
    return "" if category in _INVISIBLE_CATEGORIES else " " if category in _SYMBOL_CATEGORIES else character


def _join_expressions(text: str) -> str:
    """Collapses whitespace, and joins an expression such as `mixed3 + mixed5` to one word."""
    text = _BLANKS.sub(" ", _PUNCTUATION.sub(" ", text))
    text, italics = _OPENING_STAR.subn("", text)
    if italics:
        text = text.replace("* ", " ")
    text = _CHANNELS.sub(lambda found: f"[{found[1].replace(' ', '').replace(',', _COMMA)}]", text)
    text = _PLUS.sub(r"\1", _TIMES.sub("*", _COMMA_WEIGHT.sub(r"\1.", text)))
    text = _AMOUNT.sub(rf"\1{_EQUALS}", _AT.sub(r"\1@", text))
    return _LOOSE.sub(" ", _BETWEEN.sub(_join_layers, text))


def _join_layers(found: re.Match[str]) -> str:
    """Joins two layers with a minus or *and* between them to one expression; other words stay apart."""
    sign = "-" if found[2][0] == "-" else "+"
    return f"{found[1]}{sign if _is_layer(found[1]) and _is_layer(found[3]) else ' '}"


def _iter_options(words: list[str], looks: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yields the options and values in a sequence of words and separators, in order.

    The names of `looks` are suggested for unknown words.
    """
    words = _complete_switches([word for word in map(_strip_punctuation, words) if word])
    named: set[str] = set()
    at = 0
    while at < len(words):
        word, at = words[at], at + 1
        following = words[at] if at < len(words) else ""
        separated = following in (":", "=")
        key = OPTIONS.get(word.lower())
        if word in (":", "="):
            continue
        if key:
            while at < len(words) and (words[at] in (":", "=") or words[at].lower() in _LINKING):
                at += 1
            # Users also write “mixed4 as the layer” and “9 intensity”.
            if at == len(words) or (key in named and not separated and not _is_value_for(key, words[at])):
                if key not in named:
                    raise RequestSyntaxError("errors-no-value", key=key)
                continue
            value, at = _take_value(words, at)
        elif separated and not _guess_option(word):
            raise _unknown_word(f"{word}:{next(iter(words[at + 1 :]), '')}", word, _KEYS)
        elif glued := _GLUED.fullmatch(word):
            key, value = glued[1].lower(), glued[2]
        else:
            value, at = _take_value(words, at - 1)
            key = _guess_option(value)
            if key is None and value.lower() in _FILLERS:
                continue
            if key is None and (parts := value.partition("/"))[1] and _guess_option(parts[0]):
                words[at:at] = [parts[0], parts[2]]
                continue
            if key is None:
                known = (*looks, *PRESETS, *_offered_layers(), *_KEYS, *LAYERS)
                raise _unknown_word(value, value, known)
        named.add(key)
        yield key, value


def _complete_switches(words: list[str]) -> list[str]:
    """Adds the values of switches that have none."""
    completed = []
    for word, following in pairwise([*words, ""]):
        is_bare = word.lower() in _SWITCHES and following not in (":", "=")
        completed += [word, ":", "true"] if is_bare else [word]
    return completed


def _strip_punctuation(word: str) -> str:
    """Removes the punctuation around a word."""
    if word in (":", "="):
        return word
    word = word.replace(_COMMA, ",").replace(_EQUALS, "=").lstrip("'#/_").rstrip("'#/_.-+*>@")
    bare = word.lstrip("-")
    if not bare or bare.lower() in OPTIONS or len(word) - len(bare) > 1:
        word = bare
    eleven = _OUT_OF_ELEVEN.fullmatch(word)
    return eleven[1] if eleven else word


def _take_value(words: list[str], at: int) -> tuple[str, int]:
    """Takes the value at an index, and returns it with the next index; `mixed 4` is one value."""
    if at + 1 < len(words) and not _guess_option(words[at]) and _is_layer(words[at] + words[at + 1]):
        return words[at] + words[at + 1], at + 2
    return words[at], at + 1


def _guess_option(word: str) -> str | None:
    """Guesses which option a value without a name is for."""
    lower = word.lower()
    if _NUMBER.fullmatch(word) or _FRACTION.fullmatch(word):
        return "intensity"
    if current_name(word) in PRESETS:
        return "preset"
    if "@" in word or lower == "random":
        return "bend"
    if lower == "noise":
        return "source"
    if _is_layer(word) or any(sign in word for sign in "+*>["):
        return "layer"
    return "model" if lower in LAYERS else None


def _is_value_for(key: str, word: str) -> bool:
    return word.lower() not in _FILLERS and _guess_option(word) == ("intensity" if key in _NUMBERS else key)


def _is_layer(word: str) -> bool:
    """Checks whether a word begins with the name of a layer, as `mixed4-mixed0*0.5` does."""
    named = _NAME.match(word)
    return named is not None and named[1].lower() in _layer_names()


@cache
def _layer_names() -> dict[str, None]:
    """Lists the names and aliases of all networks' layers in lower case."""
    every = (layer for layers in LAYERS.values() for layer in layers)
    return {name.lower(): None for layer in every for name in (layer.name, *layer.aliases)}


@cache
def _offered_layers() -> tuple[str, ...]:
    """Lists the names of the layers on offer of all networks in lower case."""
    return tuple(
        {layer.name.lower(): None for layers in LAYERS.values() for layer in layers if layer.offered}
    )


def _unknown_word(said: str, word: str, known: tuple[str, ...]) -> RequestSyntaxError:
    near = difflib.get_close_matches(word[:40].lower(), known, n=3 if known is not _KEYS else 1)
    names = near or (list(_KEYS) if known is _KEYS else ["mixed4", "dogs", "intensity"])
    return RequestSyntaxError("errors-unknown-word", word=said[:40], names=names)


def _parse_integer(key: str, value: str) -> int:
    if not _NUMBER.fullmatch(value):
        raise RequestSyntaxError("errors-whole-number", key=key, word=value[:40])
    return int(value)
