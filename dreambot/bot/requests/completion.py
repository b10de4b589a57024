"""Autocompletion of layers, journeys, bends, classes and models, as pairs of shown text and value."""

import re
from collections.abc import Iterable
from contextlib import suppress

from discord import app_commands

from dreambot.errors import UserError
from dreambot.i18n import Translator
from dreambot.i18n.english import translate_english
from dreambot.recipe import LAYERS, Layer
from dreambot.recipe.bends import BENDS, Bend, format_amount
from dreambot.recipe.classes import suggest_classes
from dreambot.recipe.layers import DEFAULT_MODEL
from dreambot.zoo import registry

MAX_CHOICES = 25
MAX_CHOICE_LENGTH = 100
_DESCRIPTION_SEPARATOR = " · "
MIX_SEPARATOR = " + "
"""Between what two layers show."""

ChoicePairs = list[tuple[str, str]]


def fit_choices(pairs: Iterable[tuple[str, str]]) -> ChoicePairs:
    """Fits pairs into Discord's limits: 25 choices, each value once, shown texts of at most 100 characters.

    Args:
        pairs: Pairs of shown text and value. Pairs with longer values are left out.
    """
    unique = {value: shown for shown, value in reversed(list(pairs)) if 0 < len(value) <= MAX_CHOICE_LENGTH}
    return [(shown[:MAX_CHOICE_LENGTH], value) for value, shown in reversed(unique.items())][:MAX_CHOICES]


def build_choices(pairs: ChoicePairs, translate: Translator) -> list[app_commands.Choice[str]]:
    """Converts pairs to discord.py's choices in a language.

    Args:
        pairs: Pairs of shown text and value.
        translate: The translator of the user's language.
    """
    return [
        app_commands.Choice(name=translate_choice(shown, translate)[:MAX_CHOICE_LENGTH], value=value)
        for shown, value in pairs
    ]


def translate_choice(shown: str, translate: Translator) -> str:
    """Translates the description behind the name in a shown text.

    Args:
        shown: The name, a dot and the description in English.
        translate: The translator of the user's language.
    """
    name, dot, description = shown.partition(_DESCRIPTION_SEPARATOR)
    parts = (translate_english(translate, part) for part in description.split(MIX_SEPARATOR))
    return f"{name}{dot}{MIX_SEPARATOR.join(parts)}"


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

_TERM_SEPARATOR = re.compile(r"[+>-]")


def complete_layer(typed: str, model: str = DEFAULT_MODEL) -> ChoicePairs:
    """Completes a layer expression; after `+`, `-` or `>` its last term.

    A text that cannot be completed is offered unchanged, so that weights and channels can be typed. The full
    name of a layer also offers mixes with other layers.

    Args:
        typed: The text so far.
        model: The name of an architecture.
    """
    typed = typed.strip()
    if len(typed) > MAX_CHOICE_LENGTH:
        return []
    cut = max((match.end() for match in _TERM_SEPARATOR.finditer(typed)), default=0)
    mix, last = typed[:cut], typed[cut:].strip().lower()
    # A sum names a layer once; a journey may come back to it.
    taken = set(re.findall(r"\w+", mix.rpartition(">")[2]))
    layers = LAYERS[model]
    matching = [layer for layer in layers if _layer_matches(layer, last) and layer.name not in taken]
    head = f"{mix} " if mix.endswith(">") else mix
    pairs = [(f"{head}{layer.name} · {layer.shows}", f"{head}{layer.name}") for layer in matching]
    if not mix:
        pairs += _matching_mixes(last, model)
        pairs += [
            _mix_pair(layer, other)
            for layer in layers
            if layer.name == last
            for other in _other_layers(layer)
        ]
    if not pairs and last:
        pairs = [(typed, typed)]
    return fit_choices(pairs)


def complete_journey(typed: str, model: str = DEFAULT_MODEL) -> ChoicePairs:
    """Completes the layers of a hellscape, which may be a journey.

    Args:
        typed: The text so far.
        model: The name of an architecture.
    """
    if typed.strip() or model != DEFAULT_MODEL:
        return complete_layer(typed, model)
    return fit_choices([*_described_pairs(JOURNEYS), *complete_layer("", model)])


def _described_pairs(pairs: tuple[tuple[str, str], ...]) -> ChoicePairs:
    return [(f"{value} · {shows}", value) for value, shows in pairs]


def _matching_mixes(typed: str, model: str) -> ChoicePairs:
    if model != DEFAULT_MODEL:
        return []
    return [
        pair
        for pair, (_, shows) in zip(_described_pairs(MIXES), MIXES, strict=True)
        if not typed or (len(typed) > 2 and typed in shows)
    ]


def _mix_pair(layer: Layer, other: Layer) -> tuple[str, str]:
    value = f"{layer.name}+{other.name}"
    return f"{value} · {layer.shows}{MIX_SEPARATOR}{other.shows}", value


def _other_layers(layer: Layer) -> list[Layer]:
    return [other for other in LAYERS[layer.model] if other.offered and other.name != layer.name]


def _layer_matches(layer: Layer, typed: str) -> bool:
    if not typed:
        return layer.offered
    names = (layer.name.lower(), *(alias.lower() for alias in layer.aliases))
    return any(name.startswith(typed) for name in names) or (len(typed) > 2 and typed in layer.shows)


RANDOM_BEND = ("random · knobs spun by chance", "random")
_STRENGTHS = (("mild", 0.0), ("middling", 0.5), ("wild", 1.0))


def complete_bend(typed: str, model: str = DEFAULT_MODEL) -> ChoicePairs:
    """Completes a bend expression, `kind@layer=amount`; after a `+` its last bend.

    Args:
        typed: The text so far.
        model: The name of an architecture.
    """
    typed = typed.strip()
    if len(typed) > MAX_CHOICE_LENGTH:
        return []
    cut = typed.rfind("+") + 1
    before, last = typed[:cut], typed[cut:].strip().lower()
    kind, at, rest = last.partition("@")
    if at and kind in BENDS:
        pairs = _complete_bend_place(BENDS[kind], rest, model)
    else:
        pairs = [
            pair
            for bend in BENDS.values()
            if _bend_matches(bend, last)
            for pair in _default_bend_pairs(bend, model)
        ]
    pairs = [(f"{before}{shown}", f"{before}{value}") for shown, value in pairs]
    if not before and RANDOM_BEND[1].startswith(last):
        pairs.insert(0, RANDOM_BEND)
    if not pairs and last:
        pairs = [(typed, typed)]
    return fit_choices(pairs)


def _bend_matches(bend: Bend, typed: str) -> bool:
    return bend.kind.startswith(typed) or (len(typed) > 2 and typed in bend.does)


def _default_bend_pairs(bend: Bend, model: str) -> ChoicePairs:
    """Offers a bend at a layer of medium depth: near the input a bend is most destructive."""
    layers = _bendable_layers(model)
    low, high = bend.depth
    layer = layers[round((low + 2 * high) / 3 * (len(layers) - 1))]
    value = f"{bend.kind}@{layer}={format_amount(bend.at(0.5))}"
    return [(f"{value} · {bend.does}", value)]


def _complete_bend_place(bend: Bend, typed: str, model: str) -> ChoicePairs:
    """Completes the layer or the amount of a bend."""
    layer, equals, amount = typed.partition("=")
    if not equals:
        found = [name for name in _bendable_layers(model) if name.lower().startswith(layer)]
        values = [f"{bend.kind}@{name}={format_amount(bend.at(0.5))}" for name in found]
        return [(f"{value} · {bend.does}", value) for value in values]
    place = f"{bend.kind}@{layer}="
    known = [
        (f"{place}{format_amount(bend.at(share))} · {word}", f"{place}{format_amount(bend.at(share))}")
        for word, share in _STRENGTHS
        if format_amount(bend.at(share)).startswith(amount)
    ]
    return known or [(f"{place}{amount}", f"{place}{amount}")]


def _bendable_layers(model: str) -> list[str]:
    return [layer.name for layer in LAYERS[model] if layer.objective != "logit"]


_CLASS_SEPARATOR = re.compile(r"[+,;]\s*-?\s*")


def complete_class(typed: str) -> ChoicePairs:
    """Completes the classes of `/summon`; after a `+` or a comma the last one.

    Args:
        typed: The text so far.
    """
    typed = typed.lstrip()
    if len(typed) > MAX_CHOICE_LENGTH:
        return []
    cut = max((match.end() for match in _CLASS_SEPARATOR.finditer(typed)), default=0)
    before, last = typed[:cut], typed[cut:]
    pairs = [(f"{before}{name}", f"{before}{name}") for name in suggest_classes(last[:60])]
    return fit_choices(pairs or [(typed, typed)])


_MODEL_DESCRIPTIONS = {
    "inception_v3": "eyes, dogs, spirals",
    "vgg16": "bold shapes, puppies, carved flesh",
    "mobilenet_v2": "glassy eyes, foxes",
    "googlenet": "the look of 2015",
    "resnet50": "fine and noisy",
}


def complete_model(typed: str) -> ChoicePairs:
    """Completes the name of an installed network.

    Args:
        typed: The text so far.
    """
    typed = typed.strip().lower()
    return fit_choices(
        (
            f"{name} · {_MODEL_DESCRIPTIONS[model]}"
            if (model := architecture_of(name)) in _MODEL_DESCRIPTIONS
            else name,
            name,
        )
        for name in registry.model_names()
        if typed in name and _is_installed(name)
    )


def architecture_of(name: str | None) -> str:
    """Determines the architecture whose layers are completed for a network.

    Args:
        name: The name of a network; unknown names get the default architecture.
    """
    if not name or name in LAYERS:
        return name or DEFAULT_MODEL
    with suppress(UserError):
        return registry.find_model(name).architecture
    return DEFAULT_MODEL


def _is_installed(name: str) -> bool:
    with suppress(UserError):
        registry.find_model(name)
        return True
    return False
