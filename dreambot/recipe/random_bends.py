"""Draws random bends for `chaos` 1 to 11, chosen so that nearly every result is worth posting.

Bends work best upstream, where a network still responds to strokes and textures; the dreamed layer is one to
three layers behind the bends. The places follow from a layer's depth: its position among its model's layers,
from 0 to 1.
"""

import random
from collections.abc import Iterable, Sequence

from dreambot.recipe.bend_effects import BENDS
from dreambot.recipe.bends import BendTerm
from dreambot.recipe.expression import parse_layers
from dreambot.recipe.layers import LAYERS, find_layer
from dreambot.recipe.presets import Preset

MAX_CHAOS = 11
_BENDS_BY_CHAOS = (1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3)
_AMOUNT_SPREAD = 0.15
_DREAMED_DEPTHS = (0.46, 0.76)
"""The depths that are dreamed through bends: mixed2 to mixed6, in VGG16 conv3_3 to conv4_3."""


def random_bends(chaos: int, seed: int, model: str = "inception_v3") -> tuple[tuple[BendTerm, ...], str]:
    """Draws bends and the layer to dream through them.

    One bend, two from chaos 5, three from 9, each of another kind and at another layer. With the same seed,
    more chaos means larger amounts of the same bends.

    Args:
        chaos: 1 to 11.
        seed: The seed.
        model: The architecture.

    Returns:
        The bends, from shallow to deep, and the name of the layer.

    Raises:
        ValueError: Chaos is out of range.
    """
    if not 1 <= chaos <= MAX_CHAOS:
        raise ValueError(f"chaos {chaos} is not within 1 to {MAX_CHAOS}")
    chance = random.Random(f"bends {seed}")
    behind = chance.randint(1, 3)
    drawn: dict[str, BendTerm] = {}
    for kind in chance.sample(sorted(BENDS), len(BENDS)):
        if len(drawn) == _BENDS_BY_CHAOS[chaos - 1]:
            break
        bend = BENDS[kind]
        share = (chaos - 1) / (MAX_CHAOS - 1) + chance.uniform(-_AMOUNT_SPREAD, _AMOUNT_SPREAD)
        layers = [layer for layer in _layers_at_depth(model, bend.depth) if layer not in drawn]
        if layers and bend.drawn:
            layer = chance.choice(layers)
            amount = bend.at(min(1.0, max(0.0, share)))
            drawn[layer] = BendTerm(kind=bend.kind, layer=layer, amount=amount)
    trunk = _trunk_layers(model)
    bends = tuple(sorted(drawn.values(), key=lambda bend: trunk.index(bend.layer)))
    return bends, _layer_behind(drawn, behind, model)


def layer_behind_bends(bends: Iterable[BendTerm], model: str = "inception_v3") -> str:
    """Returns the layer to dream through bends if none is named: two behind the deepest bend.

    Args:
        bends: At least one.
        model: The architecture.
    """
    return _layer_behind((bend.layer for bend in bends), 2, model)


def bent_preset(layers: str, model: str, chaos: int) -> Preset:
    """Returns the parameters of a dream through bends.

    More chaos means longer steps, from 0.02 to 0.035. Shallow layers, which tend to rainbow colours, get less
    chroma.

    Args:
        layers: The layer expression that is dreamed.
        model: The architecture.
        chaos: 1 to 11.
    """
    chroma = min(find_layer(term.layer, model).chroma for term in parse_layers(layers, model)) + 0.2
    step = 0.02 + 0.0015 * (chaos - 1)
    bands = (0.4, 1.0, 1.0, 0.7)
    return Preset("bent", "circuits bent", layers, 12, step, objective="ms", bands=bands, chroma=chroma)


def _layer_behind(bent: Iterable[str], behind: int, model: str) -> str:
    """The layer that many places behind the deepest bent one.

    Limited to the depths where dreams through bends look good, and never before the bend.
    """
    trunk = _trunk_layers(model)
    good = [trunk.index(layer) for layer in _layers_at_depth(model, _DREAMED_DEPTHS)]
    deepest = max(trunk.index(layer) for layer in bent)
    return trunk[max(deepest, good[0], min(deepest + behind, good[-1]))]


def _layers_at_depth(model: str, depth: tuple[float, float]) -> Sequence[str]:
    trunk = _trunk_layers(model)
    return [name for place, name in enumerate(trunk) if depth[0] <= place / (len(trunk) - 1) <= depth[1]]


def _trunk_layers(model: str) -> Sequence[str]:
    """The layers that other layers follow."""
    return [layer.name for layer in LAYERS[model] if layer.objective != "logit"]
