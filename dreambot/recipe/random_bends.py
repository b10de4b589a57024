"""Draws random bends for `chaos` 1 to 11, chosen so that nearly every result is worth posting.

Bends work best upstream, where a network still responds to strokes and textures; the dreamed layer is one to
three layers behind the bends. `BEND_LAYERS` says which layers these are; docs/looks.md, how it was judged.
"""

import random
from collections.abc import Iterable, Sequence

from dreambot.recipe.bend_effects import BENDS, Family
from dreambot.recipe.bends import BendTerm
from dreambot.recipe.expression import parse_layers
from dreambot.recipe.layers import BEND_LAYERS, DEFAULT_MODEL, LAYERS, find_layer
from dreambot.recipe.presets import Preset

MAX_CHAOS = 11
_BENDS_BY_CHAOS = (1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3)
_AMOUNT_SPREAD = 0.15


def random_bends(
    chaos: int, seed: int, model: str = DEFAULT_MODEL, dreamed: Sequence[str] = ()
) -> tuple[tuple[BendTerm, ...], str]:
    """Draws bends and the layer to dream through them.

    One bend, two from chaos 5, three from 9, each of another family and at another layer; fewer if the
    dreamed layer is near the input. With the same seed, more chaos means larger amounts of the same bends.

    Args:
        chaos: 1 to 11.
        seed: The seed.
        model: The architecture.
        dreamed: The names of the layers to dream through the bends; empty if they are drawn too. Those of
            other networks do not count.

    Returns:
        The bends, from shallow to deep, and the name of the deepest layer to dream through them.

    Raises:
        ValueError: Chaos is out of range.
    """
    if not 1 <= chaos <= MAX_CHAOS:
        raise ValueError(f"chaos {chaos} is not within 1 to {MAX_CHAOS}")
    chance = random.Random(f"bends {seed}")
    behind = chance.randint(1, 3)
    places = _places(model)
    deepest = max((name for name in dreamed if name in places), key=places.__getitem__, default=None)
    bent = _bent_layers(model, deepest)
    layers = _layers_by_family(bent, chance)
    count = min(_BENDS_BY_CHAOS[chaos - 1], len(bent))
    allowed = {"always", "alone"} if count == 1 else {"always"}
    drawn: dict[str, BendTerm] = {}
    for kind in chance.sample(sorted(BENDS), len(BENDS)):
        bend = BENDS[kind]
        share = (chaos - 1) / (MAX_CHAOS - 1) + chance.uniform(-_AMOUNT_SPREAD, _AMOUNT_SPREAD)
        layer = layers[bend.family]
        if len(drawn) < count and layer not in drawn and bend.drawn in allowed:
            drawn[layer] = BendTerm(kind=kind, layer=layer, amount=bend.at(min(1.0, max(0.0, share))))
    bends = tuple(sorted(drawn.values(), key=lambda term: bent.index(term.layer)))
    return bends, deepest or _layer_behind((term.layer for term in bends), behind, model)


def _layers_by_family(bent: Sequence[str], chance: random.Random) -> dict[Family, str]:
    """Draws another layer for each family that is drawn together; one layer if there are no more.

    Few channels of the shallowest layer leave the bends behind too little to work on, so `thin` comes later.
    """
    places = chance.sample(bent, len(bent))
    thin = next((name for name in places if name != bent[0]), bent[0])
    others = [name for name in places if name != thin] or places
    return {"thin": thin, "rewire": others[0], "loudness": others[1 % len(others)], "memory": places[0]}


def _places(model: str) -> dict[str, int]:
    return {layer.name: place for place, layer in enumerate(LAYERS[model])}


def _trunk(model: str) -> list[str]:
    """The layers that other layers follow."""
    return [layer.name for layer in LAYERS[model] if layer.objective != "logit"]


def _bent_layers(model: str, dreamed: str | None) -> Sequence[str]:
    """The layers that random bends use: the usual ones, or as many before a layer that must be dreamed."""
    usual = BEND_LAYERS[model].bent
    if dreamed is None:
        return usual
    places = _places(model)
    before = [name for name in _trunk(model) if places[name] < places[dreamed]]
    if set(usual) <= set(before):
        return usual
    # A bend of the dreamed layer itself does little, but the input's first layer has none before it.
    return before[-len(usual) :] or [dreamed]


def layer_behind_bends(bends: Iterable[BendTerm], model: str = DEFAULT_MODEL) -> str:
    """Returns the layer to dream through bends if none is named: two behind the deepest bend.

    Args:
        bends: At least one.
        model: The architecture.
    """
    return _layer_behind((bend.layer for bend in bends), 2, model)


def bent_preset(layers: str, model: str, chaos: int) -> Preset:
    """Returns the parameters of a dream through bends.

    More chaos means more and longer steps, from 10 of 0.0175 to 15 of 0.0375. There is a third more chroma
    than in a plain dream; shallow layers, which tend to rainbow colours, and the writing network have little.

    Args:
        layers: The layer expression that is dreamed.
        model: The architecture.
        chaos: 1 to 11.
    """
    chroma = min(find_layer(term.layer, model).chroma for term in parse_layers(layers, model)) * 4 / 3
    steps, step = round(10 + 0.5 * (chaos - 1)), 0.0175 + 0.002 * (chaos - 1)
    return Preset(
        "bent",
        "circuits bent",
        layers,
        steps,
        step,
        bands=(0.4, 1.0, 1.0, 0.45),
        chroma=chroma,
        # Longer steps end in noise on a busy picture.
        longest=1.25,
    )


def _layer_behind(bent: Iterable[str], behind: int, model: str) -> str:
    """The layer that many places behind the deepest bent one.

    Limited to the layers where dreams through bends look good, and never before the bend.
    """
    trunk = _trunk(model)
    good = [trunk.index(name) for name in BEND_LAYERS[model].dreamed]
    # Bends of other networks do not count.
    deepest = max(trunk.index(layer) for layer in bent if layer in trunk)
    return trunk[max(deepest, good[0], min(deepest + behind, good[-1]))]
