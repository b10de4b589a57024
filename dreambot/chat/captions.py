"""Captions: a line that falls apart as the dial goes up.

Screen readers spell every combining mark, so marks are few, only on the caption itself, and the same
line stands beneath in plain letters.
"""

import random

from dreambot.chat.words import Words
from dreambot.recipe import Recipe

MOST_LETTERS = 60
MOST_MARKS = 6
LAST_CALM_NOTCH = 3

_ABOVE = "\u0300\u0301\u0302\u0303\u0306\u0307\u0308\u030a\u030b\u030c\u0311\u0313\u033d"
_THROUGH = "\u0334\u0335\u0336\u0337\u0338"
_BELOW = "\u0316\u0317\u0318\u0319\u031c\u031d\u031e\u0323\u0324\u0325\u0326\u032d\u0330\u0331\u0347"

_ANYTHING = 10
_OF_LAYER = {
    "conv4": 2,
    "mixed0": 2,
    "mixed1": 2,
    "mixed2": 2,
    "mixed3": 2,
    "mixed4": 2,
    "mixed5": 3,
    "mixed6": 2,
    "mixed7": 2,
    "mixed8": 2,
}
"""How many lines the catalogue has for whatever it is, and for layers."""
_LIKELIER = 4


def caption(words: Words, recipe: Recipe) -> str:
    """A plain line for a dream, the same for the same layers and seed."""
    keys = [f"captions-any-{number}" for number in range(1, _ANYTHING + 1)]
    for term in recipe.layers:
        of_layer = range(1, _OF_LAYER.get(term.layer, 0) + 1)
        keys += [f"captions-{term.layer}-{number}" for number in of_layer] * _LIKELIER
    return words(random.Random(recipe.seed).choice(keys))


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
