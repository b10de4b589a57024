"""The caption of a result: what the recipe makes an image look like, a fitting line, and its corruption.

The text is corrupted more at higher intensity. Screen readers spell every combining mark, so there are few
marks, only on the caption itself, and the same line follows in plain letters.
"""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from dreambot.errors import Message
from dreambot.i18n import Translator, join_items
from dreambot.recipe import Layer, LayerTerm, Recipe, find_layer, parse_layers
from dreambot.recipe.dream import DEFAULT_INTENSITY
from dreambot.recipe.presets import PRESETS, suppression_preset
from dreambot.recipe.summon import CLASSES_LAYER, format_classes


@dataclass(frozen=True)
class Look:
    """What is seen in a dream.

    Attributes:
        names: Looks that have a name: presets, `guided`, `caricature`, `mosaic`, `watercolour`.
        layers: Whole layers that look different.
        channels: Layers of which single channels were chosen that have no name.
        classes: What was summoned, in English, or empty.
    """

    names: tuple[str, ...] = ()
    layers: tuple[Layer, ...] = ()
    channels: tuple[str, ...] = ()
    classes: str = ""


def look_of(recipe: Recipe) -> Look:
    """The look of a recipe: of a guide or a preset where it has one, else of what its layers show."""
    if recipe.guide:
        return Look(names=("caricature" if recipe.guide.kind == "caricature" else "guided",))
    wanted = [term for term in recipe.all_terms if term.weight > 0]
    if any(term.layer == CLASSES_LAYER for term in wanted):
        return Look(classes=format_classes(tuple(wanted)))
    if recipe.preset in PRESETS and _uses_preset_layers(recipe, recipe.preset):
        return Look(names=(recipe.preset,))
    if not wanted:
        suppressed = suppression_preset(recipe.all_terms, recipe.model)
        return Look(names=(suppressed.name,) if suppressed else ())
    names: dict[str, None] = {}
    layers: dict[str, Layer] = {}
    channels: dict[str, None] = {}
    for term in wanted:
        # Before its ReLU a layer shows what it shows behind it.
        layer = term.layer.removesuffix("_pre")
        if not term.channels:
            found = find_layer(layer, recipe.model)
            layers.setdefault(found.shows, found)
        elif named := _preset_with(term, recipe.model):
            names[named] = None
        else:
            channels[layer] = None
    return Look(tuple(names), tuple(layers.values()), tuple(channels))


def describe_look(words: Translator, recipe: Recipe) -> str:
    """The look as a noun phrase in a language, such as `eyes, primate faces, fur`."""
    look = look_of(recipe)
    parts = [
        look.classes,
        *(describe_name(words, name) for name in look.names),
        *(layer.description.text(words) for layer in look.layers),
        *(words("alt-channels", layer=layer) for layer in look.channels),
    ]
    return join_items(words, filter(None, parts)) or words("core-something-else")


def describe_name(words: Translator, name: str) -> str:
    """Returns what a look with a name shows, as a noun phrase.

    Args:
        words: The language.
        name: A preset, `guided`, `caricature`, `mosaic` or `watercolour`.
    """
    default = PRESETS[name].description.text(words) if name in PRESETS else ""
    return Message(f"alt-{name}", default=default).text(words)


def _uses_preset_layers(recipe: Recipe, preset: str) -> bool:
    """Whether the layers are the preset's own: some other can be asked for with a preset."""
    return recipe.model == PRESETS[preset].model and recipe.all_terms == _preset_terms(preset)


@cache
def _preset_terms(preset: str) -> tuple[LayerTerm, ...]:
    found = PRESETS[preset]
    return parse_layers(found.layers, found.model)


def _preset_with(term: LayerTerm, model: str) -> str | None:
    """The preset that is about these channels of a layer, and about nothing else."""
    for name, preset in PRESETS.items():
        terms: Sequence[LayerTerm] = _preset_terms(name) if preset.model == model else ()
        if len(terms) == 1 and terms[0].layer == term.layer and set(term.channels) <= set(terms[0].channels):
            return name
    return None


MAX_CORRUPTED_LETTERS = 60
MAX_MARKS_PER_LETTER = 6
MAX_CALM_INTENSITY = 3

_ABOVE = "\u0300\u0301\u0302\u0303\u0306\u0307\u0308\u030a\u030b\u030c\u0311\u0313\u033d"
_THROUGH = "\u0334\u0335\u0336\u0337\u0338"
_BELOW = "\u0316\u0317\u0318\u0319\u031c\u031d\u031e\u0323\u0324\u0325\u0326\u032d\u0330\u0331\u0347"

_MIN_LOUD_INTENSITY = 9
_MOTIFS = {
    "eyes": ("eye",),
    "dogs": ("dog", "pupp", "snout", "nose"),
    "fur": ("fur",),
    "birds": ("bird", "feather"),
    "animals": ("animal", "primate", "teddy", "fox", "frog", "heads"),
    "edges": ("edge", "outline", "bars", "hatching", "stripes"),
    "spirals": ("spiral", "curl", "curve", "wheel", "rings"),
    "maze": ("maze", "groove", "cave", "ribs"),
    "weave": ("woven", "weave", "knitting", "tartan", "web", "mesh", "basket", "grid"),
    "spots": ("spot", "bead", "seed", "cell", "dots", "honeycomb"),
    "towers": ("tower", "pagoda", "house", "arches", "ship"),
    "garden": ("foliage", "berries"),
    "jumble": ("jumble", "collage", "blended", "painterly"),
}
"""The captions of a motif go with layers whose description, in English, has one of these words."""
_THEME_ALIASES = {"plumage": "birds", "menagerie": "animals", "guided": "guide", "caricature": "guide"}
"""Looks that have no captions of their own, and whose they use."""
_GENERAL_SHARE = 0.3


def choose_caption(words: Translator, recipe: Recipe, seed: str, recent: frozenset[str] = frozenset()) -> str:
    """A plain caption that fits a dream.

    Args:
        words: The language.
        recipe: What the dream was made with.
        seed: The same seed gives the same caption where `recent` is the same, too.
        recent: Captions that are not to be used again yet.

    Returns:
        A caption about what is seen, or now and then one that fits any dream.
    """
    rng = random.Random(seed)
    special = _lines(words, _themes(recipe))
    general = _lines(words, ["any"])
    first, second = (general, special) if rng.random() < _GENERAL_SHARE else (special, general)
    for lines in (first, second):
        fresh = [line for line in lines if line not in recent]
        if fresh:
            return rng.choice(fresh)
    return rng.choice(first or second)


def _themes(recipe: Recipe) -> list[str]:
    """The groups of captions that fit a dream."""
    look = look_of(recipe)
    themes = [_THEME_ALIASES.get(name, name) for name in look.names]
    for shows in (layer.shows for layer in look.layers):
        themes += [motif for motif, stems in _MOTIFS.items() if any(stem in shows for stem in stems)]
    notch = recipe.intensity or DEFAULT_INTENSITY
    kinds = {
        "summon": bool(look.classes) or recipe.parametrisation == "fourier",
        "bend": bool(recipe.bends),
        "hellscape": recipe.hellscape is not None,
        "video": recipe.moving is not None,
        "calm": notch <= MAX_CALM_INTENSITY,
        "loud": notch >= _MIN_LOUD_INTENSITY,
    }
    return list(dict.fromkeys([*themes, *(kind for kind, fits in kinds.items() if fits)]))


def _lines(words: Translator, themes: Iterable[str]) -> list[str]:
    """The captions of some groups; a group is one message with a caption in each of its lines."""
    return [line for theme in themes for line in words(f"captions-{theme}").splitlines()]


def zalgo(text: str, notch: int, seed: int) -> str:
    """`text` corrupted as far as notch 1 … 11 asks: not at all up to 3, up to six marks a letter at 11.

    The same seed gives the same marks; only the first 60 letters are touched.
    """
    most = max(0, -(-(notch - MAX_CALM_INTENSITY) * MAX_MARKS_PER_LETTER // (11 - MAX_CALM_INTENSITY)))
    if most == 0:
        return text
    rng = random.Random(seed)
    letters = 0
    out = []
    for character in text:
        out.append(character)
        if character.isalpha() and letters < MAX_CORRUPTED_LETTERS:
            letters += 1
            count = rng.randint(max(0, most - 2), most)
            out += [rng.choice(rng.choice((_ABOVE, _ABOVE, _THROUGH, _BELOW))) for _ in range(count)]
    return "".join(out)
