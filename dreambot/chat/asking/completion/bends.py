"""Completing circuit bends."""

from dreambot.chat.asking.completion.choices import MOST_CHARACTERS, Pairs, fitting
from dreambot.recipe import LAYERS
from dreambot.recipe.bend_kinds import BENDS, Bend, plain
from dreambot.recipe.trained import DEFAULT_MODEL

RANDOM = ("random · knobs spun by chance", "random")
_STRENGTHS = (("mild", 0.0), ("middling", 0.5), ("wild", 1.0))


def complete_bend(typed: str, model: str = DEFAULT_MODEL) -> Pairs:
    """Pairs for what was typed so far of `kind@layer=amount`; after a `+` the last bend is completed. model:
    an architecture."""
    typed = typed.strip()
    if len(typed) > MOST_CHARACTERS:
        return []
    cut = typed.rfind("+") + 1
    before, last = typed[:cut], typed[cut:].strip().lower()
    kind, at, rest = last.partition("@")
    if at and kind in BENDS:
        pairs = _placed(BENDS[kind], rest, model)
    else:
        pairs = [pair for bend in BENDS.values() if _matches(bend, last) for pair in _usual(bend, model)]
    pairs = [(f"{before}{shown}", f"{before}{value}") for shown, value in pairs]
    if not before and RANDOM[1].startswith(last):
        pairs.insert(0, RANDOM)
    if not pairs and last:
        pairs = [(typed, typed)]
    return fitting(pairs)


def _matches(bend: Bend, typed: str) -> bool:
    return bend.kind.startswith(typed) or (len(typed) > 2 and typed in bend.does)


def _usual(bend: Bend, model: str) -> Pairs:
    """A bend where it does well: not at the shallow end, which is the most violent place."""
    layers = _trunk(model)
    low, high = bend.depth
    layer = layers[round((low + 2 * high) / 3 * (len(layers) - 1))]
    value = f"{bend.kind}@{layer}={plain(bend.at(0.5))}"
    return [(f"{value} · {bend.does}", value)]


def _placed(bend: Bend, typed: str, model: str) -> Pairs:
    """A bend whose place, or amount, is being typed."""
    layer, equals, amount = typed.partition("=")
    if not equals:
        found = [name for name in _trunk(model) if name.lower().startswith(layer)]
        values = [f"{bend.kind}@{name}={plain(bend.at(0.5))}" for name in found]
        return [(f"{value} · {bend.does}", value) for value in values]
    place = f"{bend.kind}@{layer}="
    known = [
        (f"{place}{plain(bend.at(share))} · {word}", f"{place}{plain(bend.at(share))}")
        for word, share in _STRENGTHS
        if plain(bend.at(share)).startswith(amount)
    ]
    return known or [(f"{place}{amount}", f"{place}{amount}")]


def _trunk(model: str) -> list[str]:
    return [layer.name for layer in LAYERS[model] if layer.objective != "logit"]
