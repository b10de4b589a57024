"""Captions: a line that falls apart as the dial goes up.

Screen readers spell every combining mark, so marks are few, only on the caption itself, and the same
line stands beneath in plain letters.
"""

import random
from collections.abc import Iterable

from dreambot.chat.look import look_of
from dreambot.chat.words import Words
from dreambot.recipe import Recipe
from dreambot.recipe.resolve import DEFAULT_INTENSITY

MOST_LETTERS = 60
MOST_MARKS = 6
LAST_CALM_NOTCH = 3

_ABOVE = "\u0300\u0301\u0302\u0303\u0306\u0307\u0308\u030a\u030b\u030c\u0311\u0313\u033d"
_THROUGH = "\u0334\u0335\u0336\u0337\u0338"
_BELOW = "\u0316\u0317\u0318\u0319\u031c\u031d\u031e\u0323\u0324\u0325\u0326\u032d\u0330\u0331\u0347"

_LOUD = 9
_MOTIFS = {
    "eyes": ("eye",),
    "dogs": ("dog", "pupp", "snout", "nose"),
    "fur": ("fur",),
    "birds": ("bird", "feather"),
    "animals": ("animal", "primate", "teddy", "fox", "frog", "heads"),
    "edges": ("edge", "outline", "bars", "hatching", "stripes"),
    "spirals": ("spiral", "curl", "curve", "wheel", "rings"),
    "maze": ("maze", "groove", "cave", "ribs"),
    "weave": ("woven", "weave", "knitting", "tartan", "web", "mesh", "basket", "grid"),
    "spots": ("spot", "bead", "seed", "cell", "dots", "honeycomb"),
    "towers": ("tower", "pagoda", "house", "arches", "ship"),
    "garden": ("foliage", "berries"),
    "jumble": ("jumble", "collage", "blended", "painterly"),
}
"""The captions of a motif go with layers whose description, in English, has one of these words."""
_ALSO = {"plumage": "birds", "menagerie": "animals", "guided": "guide", "caricature": "guide"}
"""Looks that have no captions of their own, and whose they use."""
_GENERAL_SHARE = 0.3


def choose_caption(words: Words, recipe: Recipe, seed: str, recent: frozenset[str] = frozenset()) -> str:
    """A plain caption that fits a dream.

    Args:
        words: The language.
        recipe: What the dream was made with.
        seed: The same seed gives the same caption where `recent` is the same, too.
        recent: Captions that are not to be used again yet.

    Returns:
        A caption about what is seen, or now and then one that fits any dream.
    """
    rng = random.Random(seed)
    special = _lines(words, _themes(recipe))
    general = _lines(words, ["any"])
    first, second = (general, special) if rng.random() < _GENERAL_SHARE else (special, general)
    for lines in (first, second):
        fresh = [line for line in lines if line not in recent]
        if fresh:
            return rng.choice(fresh)
    return rng.choice(first or second)


def _themes(recipe: Recipe) -> list[str]:
    """The groups of captions that fit a dream."""
    look = look_of(recipe)
    themes = [_ALSO.get(name, name) for name in look.names]
    for shows in look.layers:
        themes += [motif for motif, stems in _MOTIFS.items() if any(stem in shows for stem in stems)]
    notch = recipe.intensity or DEFAULT_INTENSITY
    kinds = {
        "summon": bool(look.classes) or recipe.parametrisation == "fourier",
        "bend": bool(recipe.bends),
        "hellscape": recipe.hellscape is not None,
        "video": recipe.moving is not None,
        "calm": notch <= LAST_CALM_NOTCH,
        "loud": notch >= _LOUD,
    }
    return list(dict.fromkeys([*themes, *(kind for kind, fits in kinds.items() if fits)]))


def _lines(words: Words, themes: Iterable[str]) -> list[str]:
    """The captions of some groups; a group is one message with a caption in each of its lines."""
    return [line for theme in themes for line in words(f"captions-{theme}").splitlines()]


def zalgo(text: str, notch: int, seed: int) -> str:
    """`text` corrupted as far as notch 1 … 11 asks: not at all up to 3, up to six marks a letter at 11.

    The same seed gives the same marks; only the first 60 letters are touched.
    """
    most = max(0, -(-(notch - LAST_CALM_NOTCH) * MOST_MARKS // (11 - LAST_CALM_NOTCH)))
    if most == 0:
        return text
    rng = random.Random(seed)
    letters = 0
    out = []
    for character in text:
        out.append(character)
        if character.isalpha() and letters < MOST_LETTERS:
            letters += 1
            count = rng.randint(max(0, most - 2), most)
            out += [rng.choice(rng.choice((_ABOVE, _ABOVE, _THROUGH, _BELOW))) for _ in range(count)]
    return "".join(out)
