"""Completing what is to be summoned."""

import re

from dreambot.chat.asking.completion.choices import MOST_CHARACTERS, Pairs, fitting
from dreambot.recipe.classes import suggest_classes

_JOINED = re.compile(r"[+,;]\s*-?\s*")


def complete_class(typed: str) -> Pairs:
    """Pairs for what was typed so far; after a `+` or a comma the last class is completed."""
    typed = typed.lstrip()
    if len(typed) > MOST_CHARACTERS:
        return []
    cut = max((match.end() for match in _JOINED.finditer(typed)), default=0)
    before, last = typed[:cut], typed[cut:]
    pairs = [(f"{before}{name}", f"{before}{name}") for name in suggest_classes(last[:60])]
    return fitting(pairs or [(typed, typed)])
