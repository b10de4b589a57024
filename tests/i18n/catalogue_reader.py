"""Reads the catalogues' entries, and the keys that the code uses."""

import ast as python
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from fluent.runtime import FluentResource
from fluent.syntax import ast
from fluent.syntax.visitor import Visitor

from dreambot.i18n.catalogue import catalogue_files

ROOT = Path(__file__).parents[2]
SOURCES_WITH_KEYS = ("dreambot", "cogs")
KEY = re.compile(r"[a-z]+(?:-[a-z0-9_]+)+")
_GAP = "\0"


@cache
def entries(locale: str) -> dict[str, dict[str, ast.EntryType]]:
    """Returns a language's entries by subject and key."""
    return {
        path.stem: {
            getattr(getattr(entry, "id", None), "name", f"junk {number}"): entry
            for number, entry in enumerate(FluentResource(path.read_text("utf-8")).body)
            if not isinstance(entry, ast.BaseComment)
        }
        for path in catalogue_files(locale)
    }


def messages(locale: str) -> dict[str, ast.Message]:
    """Returns a language's messages by key."""
    return {
        key: entry
        for subject in entries(locale).values()
        for key, entry in subject.items()
        if isinstance(entry, ast.Message)
    }


class Variables(Visitor):
    """Collects the variables that a message shows or selects by, and the messages that it refers to."""

    def __init__(self) -> None:
        self.shown: set[str] = set()
        self.selected: set[str] = set()
        self.references: set[str] = set()

    def visit_SelectExpression(self, node: ast.SelectExpression) -> None:
        selector = Variables()
        selector.visit(node.selector)
        self.selected |= selector.shown
        for variant in node.variants:
            self.visit(variant)

    def visit_VariableReference(self, node: ast.VariableReference) -> None:
        self.shown.add(node.id.name)

    def visit_MessageReference(self, node: ast.MessageReference) -> None:
        self.references.add(node.id.name)


def variables(locale: str, key: str) -> Variables:
    """Returns the variables of a message and of those it refers to."""
    found = Variables()
    found.visit(messages(locale)[key])
    for other in sorted(found.references):
        inner = variables(locale, other)
        found.shown |= inner.shown
        found.selected |= inner.selected
    return found


@cache
def keys_in_code() -> tuple[frozenset[str], tuple[re.Pattern[str], ...]]:
    """Returns the keys in the code, and patterns for those that are f-strings."""
    subjects = tuple(f"{subject}-" for subject in entries("en"))
    words = {word for path in _sources() for word in _strings(path) if word.startswith(subjects)}
    keys = {word for word in words if KEY.fullmatch(word)}
    gaps = {word for word in words if _GAP in word and KEY.fullmatch(word.replace(_GAP, "x"))}
    patterns = [re.compile(re.escape(word).replace(re.escape(_GAP), "[a-z0-9_-]+")) for word in sorted(gaps)]
    return frozenset(keys), tuple(patterns)


def _sources() -> Iterator[Path]:
    for place in SOURCES_WITH_KEYS:
        path = ROOT / place
        yield from (one for one in path.rglob("*.py") if "sandbox" not in one.parts)


def _strings(path: Path) -> Iterator[str]:
    for node in python.walk(python.parse(path.read_text("utf-8"))):
        if isinstance(node, python.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, python.JoinedStr):
            yield "".join(
                str(part.value) if isinstance(part, python.Constant) else _GAP for part in node.values
            )
