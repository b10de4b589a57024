"""Presets (named looks), and the looks of guided and suppressing dreams.

All numbers are those of intensity 6. They were chosen by eye; docs/looks.md says how to check them again.
"""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from dreambot.errors import Message
from dreambot.recipe.errors import RecipeError
from dreambot.recipe.expression import LayerTerm
from dreambot.recipe.layers import DEFAULT_MODEL, find_layer
from dreambot.recipe.models.layer import Gradient, Objective
from dreambot.recipe.recipe import GuideKind


@dataclass(frozen=True)
class Preset:
    """The numbers of a look; see `Recipe` for their units.

    shows: a few words for those who choose. adapts: whether the step follows the picture and the number of
    octaves its size, as on the dial. model: the network whose layers they are.
    """

    name: str
    shows: str
    layers: str
    steps: int
    step: float
    objective: Objective = "eq"
    octaves: int = 4
    octave_scale: float = 1.5
    cooling: float = 0.6
    jitter: int = 32
    gradient: Gradient = "laplacian"
    bands: tuple[float, ...] = (0.4, 1.0, 1.0, 0.5)
    chroma: float = 0.6
    light: float = 0.0
    closeness: float = 0.0
    adapts: bool = True
    model: str = DEFAULT_MODEL

    @property
    def description(self) -> Message:
        """What it shows, in every language."""
        return Message(f"preset-{self.name}", default=self.shows)


PRESETS: dict[str, Preset] = {
    preset.name: preset
    for preset in (
        Preset("whisper", "barely there", "mixed4", 6, 0.012, octave_scale=1.4, bands=(0.4, 1.0, 1.0, 0.7)),
        Preset(
            "emboss",
            "tooled leather",
            "mixed1+mixed0*0.7+conv4[113,140,13,53,171,31]*0.6",
            12,
            0.034,
            objective="ms",
            octaves=2,
            jitter=16,
            bands=(1.0,),
            chroma=0.0,
            light=0.78,
        ),
        Preset("eyes", "the extra-eyes filter", "mixed4[68,47,728]", 12, 0.016, bands=(0.4, 1.0, 1.0, 0.3)),
        Preset(
            "oracle",
            "one great human eye",
            "mixed5[256,310,320]",
            12,
            0.035,
            objective="p4",
            bands=(0.4, 1.0, 1.0, 0.4),
        ),
        Preset(
            "dogs",
            "unmistakable puppies",
            "conv4_3",
            8,
            0.04,
            objective="ms",
            bands=(0.5, 1.0, 1.0, 0.7),
            model="vgg16",
        ),
        Preset(
            "giger",
            "carved flesh, bulging eyes",
            "conv4_1",
            10,
            0.04,
            objective="ms",
            octaves=3,
            bands=(0.5, 1.0, 1.0, 0.7),
            chroma=0.12,
            model="vgg16",
        ),
        Preset("porcelain", "soapy, glazed creatures", "mixed4-mixed0*0.5", 12, 0.03, octave_scale=1.4),
        Preset("fur", "balls of fur", "mixed4[362,356,364]", 12, 0.032, bands=(0.5, 1.0, 1.0, 0.5)),
        Preset("temple", "pagodas", "mixed5[128]", 14, 0.03, chroma=0.7),
        Preset("storm", "lightning", "mixed4[48,617]", 12, 0.032, chroma=0.8),
        Preset("glass", "stained glass", "mixed6[742,745]", 12, 0.035, chroma=1.0),
        Preset("totem", "stacked masks", "mixed5[176]", 12, 0.032, chroma=0.7),
        Preset("lotus", "lotus pods; not for everyone", "mixed4[751]", 12, 0.03),
        Preset("agate", "banded stone", "mixed4[96,56,666]", 12, 0.03),
        Preset("plumage", "feathers", "mixed5[722,741]", 12, 0.03),
        Preset("menagerie", "every animal at once", "mixed5+mixed6", 16, 0.03),
        # google/deepdream's notebook of 2015: 4 octaves ×1.4, 10 steps of 1.5/255 of the range by mean |g|.
        Preset(
            "classic",
            "as in 2015",
            "mixed4",
            10,
            2 * 1.5 / 255,
            objective="ms",
            octave_scale=1.4,
            cooling=0.0,
            gradient="mean_abs",
            bands=(),
            chroma=1.0,
            adapts=False,
        ),
    )
}


def find_preset(name: str) -> Preset:
    """The preset of that name. Raises RecipeError naming the nearest, or all."""
    found = PRESETS.get(name.strip().lower())
    if found:
        return found
    near = difflib.get_close_matches(name.lower(), PRESETS, n=3, cutoff=0.5)
    code = "errors-no-preset" if near else "errors-no-preset-at-all"
    raise RecipeError(code, name=name[:40], names=near or list(PRESETS))


def preset_steps(preset: Preset, notch: int) -> tuple[int, float]:
    """(steps, step) of a preset at a notch of the dial, 1 to 11: longer and stronger steps up to 11."""
    return max(1, round(preset.steps * (4 + notch) / 10)), preset.step * 1.28 ** (notch - 6)


_GUIDED_BANDS = (0.4, 1.0, 1.0, 0.5)
_GUIDED = {
    "match": Preset(
        "guided", "another picture's shapes", "mixed4", 12, 0.03, octave_scale=1.4, bands=_GUIDED_BANDS
    ),
    "caricature": Preset(
        "caricature",
        "what it is, but more so",
        "mixed4+mixed5",
        12,
        0.04,
        octave_scale=1.4,
        bands=_GUIDED_BANDS,
    ),
}
_MOSAIC = Preset(
    "mosaic",
    "in shards",
    "-mixed2",
    16,
    0.015,
    objective="ms",
    octave_scale=1.4,
    bands=_GUIDED_BANDS,
    chroma=0.4,
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
_SHALLOW_FLOPS = 60_000


def guided_preset(kind: GuideKind) -> Preset:
    """How a dream with a guide is dreamed, and on which layers of the default model."""
    return _GUIDED[kind]


def suppression_preset(terms: Sequence[LayerTerm], model: str = DEFAULT_MODEL) -> Preset | None:
    """How a dream is dreamed that only suppresses; None if it does not. Without what shallow layers see a
    picture falls into shards, without what deep ones see it washes out."""
    if any(term.weight > 0 for term in terms):
        return None
    deepest = max(find_layer(term.layer, model).flops for term in terms)
    return _MOSAIC if deepest < _SHALLOW_FLOPS else _WATERCOLOUR
