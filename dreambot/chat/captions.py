"""Captions: a line that falls apart as the dial goes up.

Screen readers spell every combining mark, so marks are few, only on the caption itself, and the same
line stands beneath in plain letters.
"""

import random

from dreambot.recipe import Recipe

MOST_LETTERS = 60
MOST_MARKS = 6
LAST_CALM_NOTCH = 3

_ABOVE = "\u0300\u0301\u0302\u0303\u0306\u0307\u0308\u030a\u030b\u030c\u0311\u0313\u033d"
_THROUGH = "\u0334\u0335\u0336\u0337\u0338"
_BELOW = "\u0316\u0317\u0318\u0319\u031c\u031d\u031e\u0323\u0324\u0325\u0326\u032d\u0330\u0331\u0347"

_ANYTHING = (
    "it was always in there",
    "the network has seen this before",
    "look closer, it is looking back",
    "nobody painted this",
    "the picture blinked first",
    "sleep is a kind of gradient",
    "more of whatever this is",
    "a machine squints at clouds",
    "please do not feed the pixels",
    "it remembers you from the training set",
)
_OF_LAYER = {
    "conv4": ("hammered into shape", "woven while you blinked"),
    "mixed0": ("the maze has no middle", "every edge leads here"),
    "mixed1": ("everything curls in the end", "spirals all the way down"),
    "mixed2": ("the first eyes open", "beads of something"),
    "mixed3": ("the wheels have eyes", "be not afraid"),
    "mixed4": ("the eyes have it", "fur where no fur should be"),
    "mixed5": ("the dogs have noticed you", "who let the dogs in", "it is dogs again"),
    "mixed6": ("a bird, or a dog, or both", "heads grow where heads please"),
    "mixed7": ("half an animal and half a painting", "someone stirred the zoo"),
    "mixed8": ("it is growing leaves", "the garden breathes in"),
}


def caption(recipe: Recipe) -> str:
    """A plain line for a dream, the same for the same layers and seed."""
    lines = list(_ANYTHING)
    for term in recipe.layers:
        lines += _OF_LAYER.get(term.layer, ()) * 4
    return random.Random(recipe.seed).choice(lines)


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
