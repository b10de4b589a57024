"""Completing layer expressions, and journeys through them."""

import re

from dreambot.chat.asking.completion.choices import AND, MOST_CHARACTERS, Pairs, fitting
from dreambot.recipe import LAYERS, Layer
from dreambot.recipe.trained import DEFAULT_MODEL

MIXES = (
    ("mixed4[68,47,728]", "eyes, only eyes"),
    ("mixed3+mixed5", "wheels full of dogs"),
    ("mixed5+mixed6", "every animal at once"),
    ("mixed4-mixed0*0.5", "soapy, glazed creatures"),
    ("mixed5[128]", "pagodas"),
    ("mixed4[48,617]", "lightning"),
    ("mixed5[top4]", "what the picture itself suggests"),
    ("-mixed2", "the picture in shards"),
    ("-mixed4", "washed away to a watercolour"),
)
"""Expressions worth a try, of the default model."""
JOURNEYS = (
    ("mixed4[68,47,728] > mixed5[256,310,320]", "round eyes, then human ones"),
    ("mixed4[48,617] > mixed5[128] > mixed5[176]", "lightning, pagodas, masks"),
    ("mixed3 > mixed4 > mixed5", "wheels, eyes, dogs"),
    ("mixed1 > mixed2 > mixed4", "spirals that open their eyes"),
    ("mixed4[738] > mixed4[356]", "serpents and apes"),
)
"""Journeys worth a try, of the default model."""

_TERM = re.compile(r"[+>-]")


def complete_layer(typed: str, model: str = DEFAULT_MODEL) -> Pairs:
    """Pairs for what was typed so far; after a `+`, `-` or `>` the last term is completed.

    What cannot be completed is offered as it stands, so that weights and channels can be typed. A layer's
    whole name brings mixes with others, too. model: an architecture.
    """
    typed = typed.strip()
    if len(typed) > MOST_CHARACTERS:
        return []
    cut = max((match.end() for match in _TERM.finditer(typed)), default=0)
    mix, last = typed[:cut], typed[cut:].strip().lower()
    # A sum names a layer once; a journey may come back to it.
    taken = set(re.findall(r"\w+", mix.rpartition(">")[2]))
    layers = LAYERS[model]
    matching = [layer for layer in layers if _matches(layer, last) and layer.name not in taken]
    head = f"{mix} " if mix.endswith(">") else mix
    pairs = [(f"{head}{layer.name} · {layer.shows}", f"{head}{layer.name}") for layer in matching]
    if not mix:
        pairs += _mixes(last, model)
        pairs += [_mixed(layer, other) for layer in layers if layer.name == last for other in _others(layer)]
    if not pairs and last:
        pairs = [(typed, typed)]
    return fitting(pairs)


def complete_journey(typed: str, model: str = DEFAULT_MODEL) -> Pairs:
    """The same for a hellscape, which may go from layer to layer."""
    if typed.strip() or model != DEFAULT_MODEL:
        return complete_layer(typed, model)
    return fitting([*_shown(JOURNEYS), *complete_layer("", model)])


def _shown(pairs: tuple[tuple[str, str], ...]) -> Pairs:
    return [(f"{value} · {shows}", value) for value, shows in pairs]


def _mixes(typed: str, model: str) -> Pairs:
    if model != DEFAULT_MODEL:
        return []
    return [
        pair
        for pair, (_, shows) in zip(_shown(MIXES), MIXES, strict=True)
        if not typed or (len(typed) > 2 and typed in shows)
    ]


def _mixed(layer: Layer, other: Layer) -> tuple[str, str]:
    value = f"{layer.name}+{other.name}"
    return f"{value} · {layer.shows}{AND}{other.shows}", value


def _others(layer: Layer) -> list[Layer]:
    return [other for other in LAYERS[layer.model] if other.offered and other.name != layer.name]


def _matches(layer: Layer, typed: str) -> bool:
    if not typed:
        return layer.offered
    names = (layer.name.lower(), *(alias.lower() for alias in layer.aliases))
    return any(name.startswith(typed) for name in names) or (len(typed) > 2 and typed in layer.shows)
