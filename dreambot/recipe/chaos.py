"""Bends drawn by chance, `chaos` 1 to 11: nearly always something worth posting.

Bending works upstream, where a network still sees strokes and textures; what is dreamed lies one to three
layers behind. Where that is follows from a layer's depth: its place among its model's layers, from 0 to 1.
"""

import random
from collections.abc import Iterable, Sequence

from dreambot.recipe.bend_kinds import BENDS
from dreambot.recipe.bends import BendTerm
from dreambot.recipe.grammar import parse_layers
from dreambot.recipe.layers import LAYERS, find_layer
from dreambot.recipe.presets import Preset

MOST_CHAOS = 11
_COUNTS = (1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3)
_WOBBLE = 0.15
_DREAMED = (0.46, 0.76)
"""The depths that are dreamed through bends: mixed2 to mixed6, in VGG16 conv3_3 to conv4_3."""

_ALIKE = frozenset({"gate", "power"})
"""Two that let only peaks through leave a picture untouched but for a few spots."""


def random_bends(chaos: int, seed: int, model: str = "inception_v3") -> tuple[tuple[BendTerm, ...], str]:
    """(bends, the layer to dream) for a chaos of 1 to 11.

    One bend, two from chaos 5, three from 9, each of another kind and at another layer. For the same seed
    more chaos is more of the same bends.
    """
    if not 1 <= chaos <= MOST_CHAOS:
        raise ValueError(f"chaos {chaos} is not within 1 to {MOST_CHAOS}")
    chance = random.Random(f"bends {seed}")
    behind = chance.randint(1, 3)
    drawn: dict[str, BendTerm] = {}
    for kind in chance.sample(sorted(BENDS), len(BENDS)):
        if len(drawn) == _COUNTS[chaos - 1]:
            break
        bend = BENDS[kind]
        share = (chaos - 1) / (MOST_CHAOS - 1) + chance.uniform(-_WOBBLE, _WOBBLE)
        layers = [layer for layer in _between(model, bend.depth) if layer not in drawn]
        if layers and not (kind in _ALIKE and any(other.kind in _ALIKE for other in drawn.values())):
            layer = chance.choice(layers)
            amount = bend.at(min(1.0, max(0.0, share)))
            drawn[layer] = BendTerm(kind=bend.kind, layer=layer, amount=amount)
    trunk = _trunk(model)
    bends = tuple(sorted(drawn.values(), key=lambda bend: trunk.index(bend.layer)))
    return bends, _dreamed(drawn, behind, model)


def dreamed_through(bends: Iterable[BendTerm], model: str = "inception_v3") -> str:
    """The layer to dream through bends when none is named: two behind the deepest bend."""
    return _dreamed((bend.layer for bend in bends), 2, model)


def bent_look(layers: str, model: str, chaos: int) -> Preset:
    """How the layers of an expression are dreamed through bends. More chaos takes longer steps, from 0.02
    to 0.035; shallow layers, which run into rainbows, get less colour."""
    chroma = min(find_layer(term.layer, model).chroma for term in parse_layers(layers, model)) + 0.2
    step = 0.02 + 0.0015 * (chaos - 1)
    bands = (0.4, 1.0, 1.0, 0.7)
    return Preset("bent", "circuits bent", layers, 12, step, objective="ms", bands=bands, chroma=chroma)


def _dreamed(bent: Iterable[str], behind: int, model: str) -> str:
    """The layer that many places behind the deepest one bent, as far as dreams through bends are good there;
    never before it."""
    trunk = _trunk(model)
    good = [trunk.index(layer) for layer in _between(model, _DREAMED)]
    deepest = max(trunk.index(layer) for layer in bent)
    return trunk[max(deepest, good[0], min(deepest + behind, good[-1]))]


def _between(model: str, depth: tuple[float, float]) -> Sequence[str]:
    trunk = _trunk(model)
    return [name for place, name in enumerate(trunk) if depth[0] <= place / (len(trunk) - 1) <= depth[1]]


def _trunk(model: str) -> Sequence[str]:
    """The layers that others follow."""
    return [layer.name for layer in LAYERS[model] if layer.objective != "logit"]
