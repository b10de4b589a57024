"""Completing a layer expression while it is typed."""

import re

from dreambot.recipe import LAYERS, Layer
from dreambot.recipe.trained import DEFAULT_MODEL

MOST_CHOICES = 25
MOST_CHARACTERS = 100


def complete_layer(typed: str) -> list[tuple[str, str]]:
    """(shown, value) pairs for what was typed so far; after a `+` or `-` the last term is completed.

    At most 25 pairs of at most 100 characters, as Discord takes them. What cannot be completed is offered
    as it stands, so that weights and channels can be typed.
    """
    typed = typed.strip()
    cut = max(typed.rfind("+"), typed.rfind("-")) + 1
    mix, last = typed[:cut], typed[cut:].strip().lower()
    taken = set(re.findall(r"\w+", mix))
    matching = [layer for layer in LAYERS[DEFAULT_MODEL] if _matches(layer, last) and layer.name not in taken]
    pairs = [(f"{mix}{layer.name} · {layer.shows}", f"{mix}{layer.name}") for layer in matching]
    if not pairs and last:
        pairs = [(typed, typed)]
    fitting = [(shown[:MOST_CHARACTERS], value) for shown, value in pairs if len(value) <= MOST_CHARACTERS]
    return fitting[:MOST_CHOICES]


def _matches(layer: Layer, typed: str) -> bool:
    if not typed:
        return layer.offered
    names = (layer.name.lower(), *(alias.lower() for alias in layer.aliases))
    return any(name.startswith(typed) for name in names) or (len(typed) > 2 and typed in layer.shows)
