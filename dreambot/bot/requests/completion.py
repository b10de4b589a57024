"""Autocompletion of layers, journeys, bends, classes and models, as pairs of shown text and value."""

import re
from collections.abc import Iterable
from contextlib import suppress

from discord import app_commands

from dreambot.errors import UserError
from dreambot.i18n import FALLBACK, Translator, translator_for
from dreambot.recipe import LAYERS, Layer
from dreambot.recipe.bend_effects import BENDS, Bend, format_amount
from dreambot.recipe.classes import suggest_classes
from dreambot.recipe.layers import BEND_LAYERS, DEFAULT_MODEL
from dreambot.zoo import registry

MAX_CHOICES = 25
MAX_CHOICE_LENGTH = 100
ENGLISH = translator_for(FALLBACK)
MIX_SEPARATOR = " + "
"""Between the descriptions of two layers."""

ChoicePairs = list[tuple[str, str]]


def fit_choices(pairs: Iterable[tuple[str, str]]) -> ChoicePairs:
    """Fits pairs into Discord's limits: 25 choices, each value once, shown texts of at most 100 characters.

    Args:
        pairs: Pairs of shown text and value. Pairs with longer values are left out.
    """
    unique = {value: shown for shown, value in reversed(list(pairs)) if 0 < len(value) <= MAX_CHOICE_LENGTH}
    return [(shown[:MAX_CHOICE_LENGTH], value) for value, shown in reversed(unique.items())][:MAX_CHOICES]


def build_choices(pairs: ChoicePairs) -> list[app_commands.Choice[str]]:
    """Converts pairs to discord.py's choices in a language.

    Args:
        pairs: Pairs of shown text and value.
    """
    return [app_commands.Choice(name=shown, value=value) for shown, value in pairs]


MIXES = (
    ("mixed4[68,47,728]", "choices-eyes-only-eyes"),
    ("mixed3+mixed5", "choices-wheels-full-of-dogs"),
    ("mixed5+mixed6", "choices-every-animal-at-once"),
    ("mixed4-mixed0*0.5", "choices-soapy-glazed-creatures"),
    ("mixed5[128]", "choices-pagodas"),
    ("mixed4[48,617]", "choices-lightning"),
    ("mixed5[top4]", "choices-what-the-picture-itself-suggests"),
    ("-mixed2", "choices-the-picture-in-shards"),
    ("-mixed4", "choices-washed-away-to-a-watercolour"),
)
"""Expressions worth a try, of the default model."""
JOURNEYS = (
    ("mixed4[68,47,728] > mixed5[256,310,320]", "choices-round-eyes-then-human-ones"),
    ("mixed4[48,617] > mixed5[128] > mixed5[176]", "choices-lightning-pagodas-masks"),
    ("mixed3 > mixed4 > mixed5", "choices-wheels-eyes-dogs"),
    ("mixed1 > mixed2 > mixed4", "choices-spirals-that-open-their-eyes"),
    ("mixed4[738] > mixed4[356]", "choices-serpents-and-apes"),
)
"""Journeys worth a try, of the default model."""

_TERM_SEPARATOR = re.compile(r"[+>-]")


def complete_layer(typed: str, model: str = DEFAULT_MODEL, translate: Translator = ENGLISH) -> ChoicePairs:
    """Completes a layer expression; after `+`, `-` or `>` its last term.

    A text that cannot be completed is offered unchanged, so that weights and channels can be typed. The full
    name of a layer also offers mixes with other layers.

    Args:
        typed: The text so far.
        model: The name of an architecture.
        translate: The translator of the user's language.
    """
    typed = typed.strip()
    if len(typed) > MAX_CHOICE_LENGTH:
        return []
    cut = max((match.end() for match in _TERM_SEPARATOR.finditer(typed)), default=0)
    mix, last = typed[:cut], typed[cut:].strip().lower()
    # A sum names a layer once; a journey may return to it.
    taken = set(re.findall(r"\w+", mix.rpartition(">")[2]))
    layers = LAYERS[model]
    matching = [layer for layer in layers if _layer_matches(layer, last) and layer.name not in taken]
    head = f"{mix} " if mix.endswith(">") else mix
    pairs = [_pair(f"{head}{layer.name}", layer.description.text(translate)) for layer in matching]
    if not mix:
        pairs += _matching_mixes(last, model, translate)
        pairs += [
            _mix_pair(layer, other, translate)
            for layer in layers
            if layer.name == last
            for other in _other_layers(layer)
        ]
    if not pairs and last:
        pairs = [(typed, typed)]
    return fit_choices(pairs)


def complete_journey(typed: str, model: str = DEFAULT_MODEL, translate: Translator = ENGLISH) -> ChoicePairs:
    """Completes the layers of a hellscape, which may be a journey.

    Args:
        typed: The text so far.
        model: The name of an architecture.
        translate: The translator of the user's language.
    """
    if typed.strip() or model != DEFAULT_MODEL:
        return complete_layer(typed, model, translate)
    journeys = [_pair(value, translate(key)) for value, key in JOURNEYS]
    return fit_choices([*journeys, *complete_layer("", model, translate)])


def _pair(value: str, description: str) -> tuple[str, str]:
    return f"{value} · {description}", value


def _matching_mixes(typed: str, model: str, translate: Translator) -> ChoicePairs:
    if model != DEFAULT_MODEL:
        return []
    return [
        _pair(value, translate(key))
        for value, key in MIXES
        if not typed or (len(typed) > 2 and typed in ENGLISH(key))
    ]


def _mix_pair(layer: Layer, other: Layer, translate: Translator) -> tuple[str, str]:
    shown = f"{layer.description.text(translate)}{MIX_SEPARATOR}{other.description.text(translate)}"
    return _pair(f"{layer.name}+{other.name}", shown)


def _other_layers(layer: Layer) -> list[Layer]:
    return [other for other in LAYERS[layer.model] if other.offered and other.name != layer.name]


def _layer_matches(layer: Layer, typed: str) -> bool:
    """Checks whether to show a layer. One that is not on offer appears when its whole name is typed."""
    names = (layer.name.lower(), *(alias.lower() for alias in layer.aliases))
    if not layer.offered:
        return typed in names
    return (
        not typed
        or any(name.startswith(typed) for name in names)
        or (len(typed) > 2 and typed in layer.shows)
    )


RANDOM_BEND = "random"
_STRENGTHS = (("choices-mild", 0.0), ("choices-middling", 0.5), ("choices-wild", 1.0))


def complete_bend(typed: str, model: str = DEFAULT_MODEL, translate: Translator = ENGLISH) -> ChoicePairs:
    """Completes a bend expression, `kind@layer=amount`; after a `+` its last bend.

    Args:
        typed: The text so far.
        model: The name of an architecture.
        translate: The translator of the user's language.
    """
    typed = typed.strip()
    if len(typed) > MAX_CHOICE_LENGTH:
        return []
    cut = typed.rfind("+") + 1
    before, last = typed[:cut], typed[cut:].strip().lower()
    kind, at, rest = last.partition("@")
    if at and kind in BENDS:
        pairs = _complete_bend_place(BENDS[kind], rest, model, translate)
    else:
        pairs = [
            pair
            for bend in BENDS.values()
            if _bend_matches(bend, last)
            for pair in _default_bend_pairs(bend, model, translate)
        ]
    pairs = [(f"{before}{shown}", f"{before}{value}") for shown, value in pairs]
    if not before and RANDOM_BEND.startswith(last):
        pairs.insert(0, _pair(RANDOM_BEND, translate("choices-knobs-spun-by-chance")))
    if not pairs and last:
        pairs = [(typed, typed)]
    return fit_choices(pairs)


def _bend_matches(bend: Bend, typed: str) -> bool:
    return bend.kind.startswith(typed) or (len(typed) > 2 and typed in bend.does)


def _default_bend_pairs(bend: Bend, model: str, translate: Translator) -> ChoicePairs:
    """Offers a bend where bends look good; near the input they are most destructive."""
    layers = BEND_LAYERS[model].bent
    layer = layers[len(layers) // 2]
    value = f"{bend.kind}@{layer}={format_amount(bend.at(0.5))}"
    return [_pair(value, bend.description.text(translate))]


def _complete_bend_place(bend: Bend, typed: str, model: str, translate: Translator) -> ChoicePairs:
    """Completes the layer or the amount of a bend."""
    layer, equals, amount = typed.partition("=")
    if not equals:
        found = [name for name in _bendable_layers(model) if name.lower().startswith(layer)]
        values = [f"{bend.kind}@{name}={format_amount(bend.at(0.5))}" for name in found]
        return [_pair(value, bend.description.text(translate)) for value in values]
    place = f"{bend.kind}@{layer}="
    known = [
        _pair(f"{place}{format_amount(bend.at(share))}", translate(key))
        for key, share in _STRENGTHS
        if format_amount(bend.at(share)).startswith(amount)
    ]
    return known or [(f"{place}{amount}", f"{place}{amount}")]


def _bendable_layers(model: str) -> list[str]:
    """The layers up to the deepest that is good to dream through bends."""
    names = [layer.name for layer in LAYERS[model] if layer.objective != "logit"]
    return names[: names.index(BEND_LAYERS[model].dreamed[-1]) + 1]


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
    "inception_v3": "choices-eyes-dogs-spirals",
    "vgg16": "choices-bold-shapes-puppies-carved-flesh",
    "mobilenet_v2": "choices-glassy-eyes-foxes",
    "googlenet": "choices-the-look-of-2015",
    "resnet50": "choices-fine-and-noisy",
    "faces": "choices-eyes-noses-skin",
    "writing": "choices-letters",
}


def complete_model(typed: str, translate: Translator = ENGLISH) -> ChoicePairs:
    """Completes the name of an installed network.

    Args:
        typed: The text so far.
        translate: The translator of the user's language.
    """
    typed = typed.strip().lower()
    return fit_choices(
        (
            f"{name} · {translate(_MODEL_DESCRIPTIONS[model])}"
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
