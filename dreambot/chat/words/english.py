"""What the rooms below say in English, said in another language.

They know nothing of languages, and what they said may have lain in the database since. So a sentence is known
again by its wording, which is in four subjects: `errors`; `looks`, which is what layers and presets show;
`choices`, which is what mixes and bends do; and `source`, which is what was dreamed upon.
"""

import re
from dataclasses import dataclass
from functools import cache

from fluent.runtime import FluentResource
from fluent.syntax import ast

from dreambot.chat.words.catalogue import FALLBACK, Words, files
from dreambot.chat.words.measures import listing

SUBJECTS = ("errors", "looks", "choices", "source")


@dataclass(frozen=True)
class Wording:
    """How a sentence reads in English. names: of its gaps. pieces: the text around the gaps, one more."""

    names: tuple[str, ...]
    pieces: tuple[str, ...]

    def gaps(self, sentence: str) -> dict[str, str] | None:
        """What stands in the gaps of a sentence, each as short as can be; None if it reads otherwise.

        Takes time in proportion to the sentence, of which people may have written a part.
        """
        first, *between, last = (*self.pieces, "") if not self.names else self.pieces
        at, end = len(first), len(sentence) - len(last)
        if not (sentence.startswith(first) and sentence.endswith(last)):
            return None
        if not self.names:
            return {} if at == end else None
        found: dict[str, str] = {}
        for name, literal in zip(self.names, between, strict=False):
            following = sentence.find(literal, at + 1, end)
            if following < 0:
                return None
            found[name] = sentence[at:following]
            at = following + len(literal)
        found[self.names[-1]] = sentence[at:end]
        return found if at < end else None


def from_english(words: Words, sentence: str) -> str:
    """The sentence in that language; as it stands where the catalogue does not know it."""
    if words.locale == FALLBACK:
        return sentence
    for key, wording in wordings():
        gaps = wording.gaps(sentence)
        if gaps is not None:
            return words(key, **{name: _value(words, name, text) for name, text in gaps.items()})
    return sentence


@cache
def wordings() -> tuple[tuple[str, Wording], ...]:
    """The keys of such sentences, and how they read in English; those without a gap first. A sentence with
    plurals cannot be known again."""
    texts = [path.read_text("utf-8") for path in files(FALLBACK) if path.stem in SUBJECTS]
    entries = [entry for text in texts for entry in FluentResource(text).body]
    found = [
        (entry.id.name, _wording(entry.value.elements))
        for entry in entries
        if isinstance(entry, ast.Message) and entry.value and all(map(_is_plain, entry.value.elements))
    ]
    return tuple(sorted(found, key=lambda pair: len(pair[1].names)))


def _is_plain(element: ast.TextElement | ast.Placeable) -> bool:
    return isinstance(element, ast.TextElement) or isinstance(element.expression, ast.VariableReference)


def _wording(elements: list[ast.TextElement | ast.Placeable]) -> Wording:
    names: list[str] = []
    pieces = [""]
    for element in elements:
        if isinstance(element, ast.TextElement):
            pieces[-1] += element.value
        elif isinstance(element.expression, ast.VariableReference):
            names.append(element.expression.id.name)
            pieces.append("")
    return Wording(tuple(names), tuple(pieces))


def _value(words: Words, name: str, text: str) -> str | int:
    if name in ("names", "homes"):
        return listing(words, re.split(", | or ", text), "or")
    if name in ("unit", "problem"):
        return from_english(words, text)
    return int(text) if re.fullmatch(r"\d{1,15}", text) else text
