"""ImageNet's 1000 classes, and lookup of a class by what a user types.

`data/imagenet.txt` has the names in the order of the logits, as torchvision lists them.
"""

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files

from dreambot.errors import Message
from dreambot.recipe.class_aliases import CLASS_ALIASES, CLASS_GROUPS
from dreambot.recipe.errors import RecipeError

# Shorter words match only as whole words: “a” begins too many.
_MIN_PREFIX = 3
_MIN_CORRECTED = 5
_SIMILARITY_CUTOFF = 0.8
_MIN_LEAD = 0.06
_MAX_LISTED = 6
_MAX_COMPARED = 24
"""How many names or words are compared letter by letter, which is slow: those that share the most letter
pairs with the text."""
MAX_CLASS_NAME_LENGTH = 60
"""The most characters that are read for one class; the longest class name has 31."""


@cache
def class_names() -> tuple[str, ...]:
    """Returns the thousand names, in the order of the logits."""
    return tuple(files("dreambot.recipe").joinpath("data/imagenet.txt").read_text("utf-8").splitlines())


def find_class(text: str) -> int:
    """Returns the number of the class that a person means, 0 to 999.

    Case, word order and spaces do not matter; words may be shortened or misspelt, and everyday words mean the
    nearest class.

    Args:
        text: What the person typed.

    Raises:
        RecipeError: No class or several match. The message names the nearest ones.
    """
    if len(text.strip()) > MAX_CLASS_NAME_LENGTH:
        raise RecipeError("errors-too-long", count=len(text.strip()), most=MAX_CLASS_NAME_LENGTH)
    words = _split_words(text)
    if not words:
        raise RecipeError("errors-nothing-to-summon")
    numbers = {name: number for number, name in enumerate(class_names())}
    if text.strip() in numbers:
        return numbers[text.strip()]
    spelt = [_correct_spelling(word) for word in words]
    for attempt in (words, spelt) if spelt != words else (words,):
        number = _look_up(attempt, numbers)
        if number is not None:
            return number
    near = _nearest_names(words)
    if near and near[0][0] >= _SIMILARITY_CUTOFF and (len(near) == 1 or near[0][0] - near[1][0] >= _MIN_LEAD):
        return near[0][1]
    names = [class_names()[number] for _, number in near[:3]]
    if names:
        raise RecipeError("errors-no-class-near", name=_shorten(text), names=names)
    raise RecipeError("errors-no-class", name=_shorten(text))


def suggest_classes(text: str, most: int = 25) -> tuple[str, ...]:
    """Returns names to offer while a person types.

    The classes of a group word, then names that begin with the text, then names that contain it; if there are
    none, similar ones.

    Args:
        text: What was typed so far.
        most: The limit on the number of names.
    """
    words = _split_words(text[:MAX_CLASS_NAME_LENGTH])
    if not words:
        return FEATURED_CLASSES[:most]
    typed, names = " ".join(words), class_names()
    found = [
        *CLASS_GROUPS.get(_singular(words), ()),
        *(name for name, own in zip(names, _normalized_names(), strict=True) if own.startswith(typed)),
        *(name for word, name in CLASS_ALIASES.items() if word.startswith(typed)),
        *(names[number] for number in _partial_matches(words, least=1)),
    ]
    found = found or [names[number] for _, number in _nearest_names(words)]
    return tuple(dict.fromkeys(found))[:most]


def _look_up(words: list[str], numbers: Mapping[str, int]) -> int | None:
    typed, singular = " ".join(words), _singular(words)
    if same := _exact_matches(words):
        return same[0]
    if meant := CLASS_ALIASES.get(typed) or CLASS_ALIASES.get(singular):
        return numbers[meant]
    if many := CLASS_GROUPS.get(typed) or CLASS_GROUPS.get(singular):
        raise RecipeError("errors-many-kinds", name=_shorten(typed), names=_listed(many))
    named = _partial_matches(words)
    if len(named) > 1:
        names = [class_names()[number] for number in named]
        raise RecipeError("errors-class-could-be", name=_shorten(typed), names=_listed(names))
    return named[0] if named else None


FEATURED_CLASSES = (
    "golden retriever",
    "jellyfish",
    "castle",
    "tarantula",
    "volcano",
    "beacon",
    "goldfish",
    "peacock",
    "tiger",
    "pug",
    "monarch",
    "chambered nautilus",
    "pizza",
    "steam locomotive",
    "coral reef",
)
"""Classes that make striking pictures."""


@cache
def _name_words() -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(_split_words(name)) for name in class_names())


@cache
def _normalized_names() -> tuple[str, ...]:
    return tuple(" ".join(own) for own in _name_words())


@cache
def _known_words() -> dict[str, None]:
    named = [word for name in _name_words() for word in name]
    said = [word for phrase in (*CLASS_ALIASES, *CLASS_GROUPS) for word in phrase.split()]
    return dict.fromkeys((*named, *said))


class _BigramIndex:
    """Finds the texts that share the most letter pairs with another one."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._holders: dict[str, list[int]] = {}
        for number, text in enumerate(texts):
            for pair in _bigrams(text):
                self._holders.setdefault(pair, []).append(number)

    def to(self, text: str) -> list[int]:
        """Returns the indices of at most `_MAX_COMPARED` texts, those that share the most pairs first.

        Args:
            text: The text to compare with.
        """
        shared: Counter[int] = Counter()
        for pair in _bigrams(text):
            shared.update(self._holders.get(pair, ()))
        return [number for number, _ in shared.most_common(_MAX_COMPARED)]


def _bigrams(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}


@cache
def _similar_names() -> _BigramIndex:
    return _BigramIndex(name.replace(" ", "") for name in _normalized_names())


@cache
def _similar_words() -> _BigramIndex:
    return _BigramIndex(_known_words())


def _correct_spelling(word: str) -> str:
    """The nearest word in the names, or the word itself if none is near."""
    known = _known_words()
    if len(word) < _MIN_CORRECTED or word in known:
        return word
    listed = list(known)
    near = [listed[number] for number in _similar_words().to(word)]
    return next(iter(difflib.get_close_matches(word, near, n=1, cutoff=_SIMILARITY_CUTOFF)), word)


def _split_words(text: str) -> list[str]:
    words = re.findall(r"[a-z0-9]+", text.casefold().replace("'", ""))
    return words[1:] if len(words) > 1 and words[0] in ("a", "an", "the") else words


def _singular(words: Iterable[str]) -> str:
    return " ".join(word[:-1] if len(word) > 3 and word.endswith("s") else word for word in words)


def _exact_matches(words: list[str]) -> list[int]:
    """The classes whose name has the same words in any order, or the same letters with other spaces."""
    same, key = _spelling_index(), " ".join(sorted(words))
    found = (
        same.get(("order", key)),
        same.get(("letters", "".join(words))),
        same.get(("one", _singular(words))),
    )
    return sorted({number for numbers in found if numbers for number in numbers})


@cache
def _spelling_index() -> dict[tuple[str, str], list[int]]:
    """The classes by the words of their name in order, by its letters, and by its words in the singular."""
    found: dict[tuple[str, str], list[int]] = {}
    for number, name in enumerate(_name_words()):
        keys = {("order", " ".join(sorted(name))), ("letters", "".join(name)), ("one", _singular(name))}
        for key in keys:
            found.setdefault(key, []).append(number)
    return found


@cache
def _word_sets() -> tuple[frozenset[str], ...]:
    return tuple(map(frozenset, _name_words()))


def _partial_matches(words: list[str], least: int = _MIN_PREFIX) -> list[int]:
    """The classes whose names contain all the words: whole ones if there are any, else prefixes."""
    singular = _singular(words).split()
    whole = [n for n, name in enumerate(_word_sets()) if name.issuperset(words)]
    whole = whole or [n for n, name in enumerate(_word_sets()) if name.issuperset(singular)]
    return whole or [
        number
        for number, name in enumerate(_name_words())
        if all(any(part.startswith(word) and len(word) >= least for part in name) for word in singular)
    ]


def _nearest_names(words: list[str]) -> list[tuple[float, int]]:
    """(similarity, class) of the nearest names, nearest first, regardless of word order."""
    typed, in_order = " ".join(words), " ".join(sorted(words))
    near = ((number, _name_words()[number]) for number in _similar_names().to("".join(words)))
    scored = [
        (max(_similarity(typed, " ".join(name)), _similarity(in_order, " ".join(sorted(name)))), number)
        for number, name in near
    ]
    return sorted((pair for pair in scored if pair[0] > 0.5), key=lambda pair: (-pair[0], pair[1]))[
        :_MAX_LISTED
    ]


def _similarity(a: str, b: str) -> float:
    matcher = difflib.SequenceMatcher(None, a, b, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() > 0.5 else 0.0


def _listed(names: Sequence[str]) -> Sequence[str] | Message:
    """Returns names for an error message, at most `_MAX_LISTED` of them."""
    if len(names) <= _MAX_LISTED:
        return names
    return Message("errors-names-of", {"names": ", ".join(names[:_MAX_LISTED]), "count": len(names)})


def _shorten(text: str) -> str:
    return text.strip()[:40]
