"""What a recipe makes a picture look like. Captions, alt texts, the history and statistics are about this."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from dreambot.chat.words import Words, listing
from dreambot.chat.words.english import from_english
from dreambot.recipe import LayerTerm, Recipe, find_layer, parse_layers
from dreambot.recipe.looks import undreamed_look
from dreambot.recipe.presets import PRESETS
from dreambot.recipe.summon import LAYER, format_classes


@dataclass(frozen=True)
class Look:
    """What is seen in a dream.

    Attributes:
        names: Looks that have a name: presets, `guided`, `caricature`, `mosaic`, `watercolour`.
        layers: What whole layers show, in English, as the layer catalogue says it.
        channels: Layers of which single channels were chosen that have no name.
        classes: What was summoned, in English, or empty.
    """

    names: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    classes: str = ""


def look_of(recipe: Recipe) -> Look:
    """The look of a recipe: of a guide or a preset where it has one, else of what its layers show."""
    if recipe.guide:
        return Look(names=("caricature" if recipe.guide.kind == "caricature" else "guided",))
    wanted = [term for term in recipe.all_terms if term.weight > 0]
    if any(term.layer == LAYER for term in wanted):
        return Look(classes=format_classes(tuple(wanted)))
    if recipe.preset in PRESETS and _is_as_in(recipe, recipe.preset):
        return Look(names=(recipe.preset,))
    if not wanted:
        suppressed = undreamed_look(recipe.all_terms, recipe.model)
        return Look(names=(suppressed.name,) if suppressed else ())
    names: dict[str, None] = {}
    layers: dict[str, None] = {}
    channels: dict[str, None] = {}
    for term in wanted:
        # Before its ReLU a layer shows what it shows behind it.
        layer = term.layer.removesuffix("_pre")
        if not term.channels:
            layers[find_layer(layer, recipe.model).shows] = None
        elif named := _preset_with(term, recipe.model):
            names[named] = None
        else:
            channels[layer] = None
    return Look(tuple(names), tuple(layers), tuple(channels))


def look_in_words(words: Words, recipe: Recipe) -> str:
    """The look as a noun phrase in a language, such as `eyes, primate faces, fur`."""
    look = look_of(recipe)
    parts = [
        look.classes,
        *(words(f"alt-{name}") for name in look.names),
        *(from_english(words, shows) for shows in look.layers),
        *(words("alt-channels", layer=layer) for layer in look.channels),
    ]
    return listing(words, filter(None, parts)) or words("core-something-else")


def _is_as_in(recipe: Recipe, preset: str) -> bool:
    """Whether the layers are the preset's own: some other can be asked for with a preset."""
    return recipe.model == PRESETS[preset].model and recipe.all_terms == _terms(preset)


@cache
def _terms(preset: str) -> tuple[LayerTerm, ...]:
    found = PRESETS[preset]
    return parse_layers(found.layers, found.model)


def _preset_with(term: LayerTerm, model: str) -> str | None:
    """The preset that is about these channels of a layer, and about nothing else."""
    for name, preset in PRESETS.items():
        terms: Sequence[LayerTerm] = _terms(name) if preset.model == model else ()
        if len(terms) == 1 and terms[0].layer == term.layer and set(term.channels) <= set(terms[0].channels):
            return name
    return None
