"""How requests of a special kind are dreamed: guided ones, caricatures, and those that only suppress.

The numbers are those of notch 6, as a preset's are, and were chosen by eye; docs/looks.md says how to look
again.
"""

from collections.abc import Sequence

from dreambot.recipe.grammar import LayerTerm
from dreambot.recipe.guide import GuideKind
from dreambot.recipe.layers import find_layer
from dreambot.recipe.presets import Preset
from dreambot.recipe.trained import DEFAULT_MODEL

_BANDS = (0.4, 1.0, 1.0, 0.5)
_GUIDED = {
    "match": Preset("guided", "another picture's shapes", "mixed4", 12, 0.03, octave_scale=1.4, bands=_BANDS),
    "caricature": Preset(
        "caricature", "what it is, but more so", "mixed4+mixed5", 12, 0.04, octave_scale=1.4, bands=_BANDS
    ),
}
_MOSAIC = Preset(
    "mosaic", "in shards", "-mixed2", 16, 0.015, objective="ms", octave_scale=1.4, bands=_BANDS, chroma=0.4
)
_WATERCOLOUR = Preset(
    "watercolour",
    "washed away",
    "-mixed4",
    20,
    0.04,
    objective="ms",
    octave_scale=1.4,
    bands=(0.1, 0.5, 1.0, 1.0),
    chroma=0.3,
    closeness=0.1,
)
_SHALLOW = 60_000


def guided_look(kind: GuideKind) -> Preset:
    """How a dream with a guide is dreamed, and on which layers of the default model."""
    return _GUIDED[kind]


def undreamed_look(terms: Sequence[LayerTerm], model: str = DEFAULT_MODEL) -> Preset | None:
    """How a dream is dreamed that only suppresses; None if it does not. Without what shallow layers see a
    picture falls into shards, without what deep ones see it washes out."""
    if any(term.weight > 0 for term in terms):
        return None
    deepest = max(find_layer(term.layer, model).flops for term in terms)
    return _MOSAIC if deepest < _SHALLOW else _WATERCOLOUR
