"""ImageNet's thousand classes, and how to find the one that somebody means.

`data/imagenet.txt` has the names in the order of the logits, as torchvision lists them.
"""

import difflib
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

from dreambot.recipe.class_words import EVERYDAY, MANY
from dreambot.recipe.errors import RecipeError

# Words of fewer letters are only taken whole: “a” begins too many.
_LEAST_PART = 3
_LEAST_MISSPELT = 5
_ALIKE = 0.8
_AHEAD = 0.06
_SHOWN = 6


@cache
def class_names() -> tuple[str, ...]:
    """The thousand names, in the order of the logits."""
    return tuple(files("dreambot.recipe").joinpath("data/imagenet.txt").read_text("utf-8").splitlines())


def find_class(text: str) -> int:
    """The number of the class somebody means, 0 to 999.

    Whatever the case, the order of the words and the spaces between them; words may be shortened or
    misspelt, and everyday ones mean the nearest class. RecipeError that names the nearest, when none or
    several are meant.
    """
    words = _words(text)
    if not words:
        raise RecipeError("Say what to summon: a class such as golden retriever, goldfish or castle.")
    numbers = {name: number for number, name in enumerate(class_names())}
    if text.strip() in numbers:
        return numbers[text.strip()]
    spelt = [_spelt(word) for word in words]
    for attempt in (words, spelt) if spelt != words else (words,):
        number = _looked_up(attempt, numbers)
        if number is not None:
            return number
    near = _nearest(words)
    if near and near[0][0] >= _ALIKE and (len(near) == 1 or near[0][0] - near[1][0] >= _AHEAD):
        return near[0][1]
    names = [class_names()[number] for _, number in near[:3]]
    hint = f"did you mean {_listed(names)}?" if names else "try golden retriever, jellyfish or castle."
    raise RecipeError(f"There is no class called “{_short(text)}” among ImageNet's thousand; {hint}")


def suggest_classes(text: str, most: int = 25) -> tuple[str, ...]:
    """Names to offer while somebody types `text`: what many kinds of it there are, the names that it begins,
    those that it is in, and when there are none of these, near ones."""
    words = _words(text)
    if not words:
        return SHOWPIECES[:most]
    typed, names = " ".join(words), class_names()
    found = [
        *MANY.get(_singular(words), ()),
        *(name for name, own in zip(names, _vocabulary(), strict=True) if " ".join(own).startswith(typed)),
        *(name for word, name in EVERYDAY.items() if word.startswith(typed)),
        *(names[number] for number in _all_named(words, least=1)),
    ]
    found = found or [names[number] for _, number in _nearest(words)]
    return tuple(dict.fromkeys(found))[:most]


def _looked_up(words: list[str], numbers: Mapping[str, int]) -> int | None:
    typed, singular = " ".join(words), _singular(words)
    if same := _same(words):
        return same[0]
    if meant := EVERYDAY.get(typed) or EVERYDAY.get(singular):
        return numbers[meant]
    if many := MANY.get(typed) or MANY.get(singular):
        raise RecipeError(f"There are many kinds of “{_short(typed)}” here; which one? {_listed(many)}.")
    named = _all_named(words)
    if len(named) > 1:
        names = [class_names()[number] for number in named]
        raise RecipeError(f"“{_short(typed)}” could be {_listed(names)}; say more of it.")
    return named[0] if named else None


SHOWPIECES = (
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
def _vocabulary() -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(_words(name)) for name in class_names())


@cache
def _known_words() -> tuple[str, ...]:
    named = [word for name in _vocabulary() for word in name]
    said = [word for phrase in (*EVERYDAY, *MANY) for word in phrase.split()]
    return tuple(dict.fromkeys((*named, *said)))


def _spelt(word: str) -> str:
    """The nearest word that names hold, or the same if there is none near."""
    if len(word) < _LEAST_MISSPELT or word in _known_words():
        return word
    return next(iter(difflib.get_close_matches(word, _known_words(), n=1, cutoff=_ALIKE)), word)


def _words(text: str) -> list[str]:
    words = re.findall(r"[a-z0-9]+", text.casefold().replace("'", ""))
    return words[1:] if len(words) > 1 and words[0] in ("a", "an", "the") else words


def _singular(words: Iterable[str]) -> str:
    return " ".join(word[:-1] if len(word) > 3 and word.endswith("s") else word for word in words)


def _same(words: list[str]) -> list[int]:
    """The classes whose name has the same words in any order, or the same letters with other spaces."""
    order, letters, one = sorted(words), "".join(words), _singular(words)
    return [
        number
        for number, name in enumerate(_vocabulary())
        if sorted(name) == order or "".join(name) == letters or _singular(name) == one
    ]


def _all_named(words: list[str], least: int = _LEAST_PART) -> list[int]:
    """The classes that have all the words in their names: whole ones if there are, else begun ones."""
    singular = _singular(words).split()
    whole = [n for n, name in enumerate(_vocabulary()) if set(words) <= set(name)]
    whole = whole or [n for n, name in enumerate(_vocabulary()) if set(singular) <= set(name)]
    return whole or [
        number
        for number, name in enumerate(_vocabulary())
        if all(any(part.startswith(word) and len(word) >= least for part in name) for word in singular)
    ]


def _nearest(words: list[str]) -> list[tuple[float, int]]:
    """(likeness, class) of the nearest names, nearest first; the order of the words does not count."""
    typed, in_order = " ".join(words), " ".join(sorted(words))
    scored = [
        (max(_likeness(typed, " ".join(name)), _likeness(in_order, " ".join(sorted(name)))), number)
        for number, name in enumerate(_vocabulary())
    ]
    return sorted((pair for pair in scored if pair[0] > 0.5), key=lambda pair: (-pair[0], pair[1]))[:_SHOWN]


def _likeness(a: str, b: str) -> float:
    matcher = difflib.SequenceMatcher(None, a, b, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() > 0.5 else 0.0


def _listed(names: Iterable[str]) -> str:
    shown = list(names)
    if len(shown) > _SHOWN:
        return f"{', '.join(shown[:_SHOWN])} … ({len(shown)} in all)"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}"


def _short(text: str) -> str:
    return text.strip()[:40]
