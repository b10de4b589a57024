"""Presets: looks with a name. A preset's own numbers are the dial's notch 6."""

import difflib
from dataclasses import dataclass

from dreambot.recipe.errors import RecipeError
from dreambot.recipe.layers import Gradient, Objective


@dataclass(frozen=True)
class Preset:
    """The numbers of a look; see `Recipe` for their units."""

    name: str
    layers: str
    objective: Objective
    octaves: int
    octave_scale: float
    steps: int
    step: float
    jitter: int
    gradient: Gradient
    bands: tuple[float, ...] = ()
    chroma: float = 1.0
    cooling: float = 0.0


PRESETS: dict[str, Preset] = {
    preset.name: preset
    for preset in (
        # google/deepdream's notebook of 2015: 4 octaves ×1.4, 10 steps of 1.5/255 of the range by mean |g|.
        Preset("classic", "mixed4", "ms", 4, 1.4, 10, 2 * 1.5 / 255, 32, "mean_abs"),
    )
}


def find_preset(name: str) -> Preset:
    """The preset of that name. Raises RecipeError naming the ones there are."""
    found = PRESETS.get(name.strip().lower())
    if found:
        return found
    near = difflib.get_close_matches(name.lower(), PRESETS, n=1, cutoff=0.5) or list(PRESETS)
    raise RecipeError(f"There is no preset called “{name[:40]}”; did you mean {near[0]}?")


def at_notch(preset: Preset, notch: int) -> tuple[int, float]:
    """(steps, step) of a preset at a notch of the dial, 1 to 11: longer and stronger steps up to 11."""
    return max(1, round(preset.steps * (4 + notch) / 10)), preset.step * 1.28 ** (notch - 6)
