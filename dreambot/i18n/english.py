"""Translates English sentences by recognising their wording.

The lower packages raise and store sentences in English. A sentence is recognised by its wording in four
catalogue files: `errors`; `looks` (what layers and presets show); `choices` (what mixes and bends do); and
`source` (labels of source images).
"""

import re
from dataclasses import dataclass
from functools import cache

from fluent.runtime import FluentResource
from fluent.syntax import ast

from dreambot.i18n.catalogue import FALLBACK, Translator, catalogue_files
from dreambot.i18n.formatting import join_items

RECOGNISED_SUBJECTS = ("errors", "looks", "choices", "source")


@dataclass(frozen=True)
class SentencePattern:
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


def translate_english(words: Translator, sentence: str) -> str:
    """The sentence in that language; as it stands where the catalogue does not know it."""
    if words.locale == FALLBACK:
        return sentence
    for key, wording in sentence_patterns():
        gaps = wording.gaps(sentence)
        if gaps is not None:
            return words(key, **{name: _translate_value(words, name, text) for name, text in gaps.items()})
    return sentence


@cache
def sentence_patterns() -> tuple[tuple[str, SentencePattern], ...]:
    """The keys of such sentences, and how they read in English; those without a gap first. A sentence with
    plurals cannot be known again."""
    texts = [
        path.read_text("utf-8") for path in catalogue_files(FALLBACK) if path.stem in RECOGNISED_SUBJECTS
    ]
    entries = [entry for text in texts for entry in FluentResource(text).body]
    found = [
        (entry.id.name, _build_pattern(entry.value.elements))
        for entry in entries
        if isinstance(entry, ast.Message) and entry.value and all(map(_is_plain, entry.value.elements))
    ]
    return tuple(sorted(found, key=lambda pair: len(pair[1].names)))


def _is_plain(element: ast.TextElement | ast.Placeable) -> bool:
    return isinstance(element, ast.TextElement) or isinstance(element.expression, ast.VariableReference)


def _build_pattern(elements: list[ast.TextElement | ast.Placeable]) -> SentencePattern:
    names: list[str] = []
    pieces = [""]
    for element in elements:
        if isinstance(element, ast.TextElement):
            pieces[-1] += element.value
        elif isinstance(element.expression, ast.VariableReference):
            names.append(element.expression.id.name)
            pieces.append("")
    return SentencePattern(tuple(names), tuple(pieces))


def _translate_value(words: Translator, name: str, text: str) -> str | int:
    if name in ("names", "homes"):
        return join_items(words, re.split(", | or ", text), "or")
    if name in ("unit", "problem"):
        return translate_english(words, text)
    return int(text) if re.fullmatch(r"\d{1,15}", text) else text
