"""What the rooms below say in English, said in another language.

They know nothing of languages, and what they said may have lain in the database since. So a sentence is known
again by its wording, which is in four subjects: `errors`; `looks`, which is what layers and presets show;
`choices`, which is what mixes and bends do; and `source`, which is what was dreamed upon.
"""

import re
from functools import cache

from fluent.runtime import FluentResource
from fluent.syntax import ast

from dreambot.chat.words.catalogue import FALLBACK, Words, files
from dreambot.chat.words.measures import listing

SUBJECTS = ("errors", "looks", "choices", "source")


def from_english(words: Words, sentence: str) -> str:
    """The sentence in that language; as it stands where the catalogue does not know it."""
    if words.locale == FALLBACK:
        return sentence
    for key, wording in wordings():
        if match := wording.fullmatch(sentence):
            return words(key, **{name: _value(words, name, text) for name, text in match.groupdict().items()})
    return sentence


@cache
def wordings() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The keys of such sentences, and how they read in English; those without a gap first. A sentence with
    plurals cannot be known again."""
    texts = [path.read_text("utf-8") for path in files(FALLBACK) if path.stem in SUBJECTS]
    entries = [entry for text in texts for entry in FluentResource(text).body]
    found = [
        (entry.id.name, re.compile("".join(map(_regex, entry.value.elements)), re.DOTALL))
        for entry in entries
        if isinstance(entry, ast.Message) and entry.value and all(map(_is_plain, entry.value.elements))
    ]
    return tuple(sorted(found, key=lambda pair: pair[1].groups))


def _is_plain(element: ast.TextElement | ast.Placeable) -> bool:
    return isinstance(element, ast.TextElement) or isinstance(element.expression, ast.VariableReference)


def _regex(element: ast.TextElement | ast.Placeable) -> str:
    match element:
        case ast.Placeable(expression=ast.VariableReference(id=name)):
            return f"(?P<{name.name}>.+?)"
        case ast.TextElement(value=text):
            return re.escape(text)
    raise ValueError(f"“{element}” cannot be known again")


def _value(words: Words, name: str, text: str) -> str | int:
    if name == "names":
        return listing(words, re.split(", | or ", text), "or")
    return int(text) if re.fullmatch(r"\d{1,15}", text) else text
