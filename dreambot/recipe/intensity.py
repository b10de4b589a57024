"""The intensity dial, 1 to 11, which means the same visible change on every layer and every picture.

Each intensity stands for one mean SSIM between source and dream, `SSIM_BY_INTENSITY`. Two things decide which
step length reaches it:

- the picture: a change that ruins a smooth sky is invisible in gravel. From how much change its regions hide
  (`masking`, measured when the source is probed), `rms_for_ssim` computes the RMS change that gives the SSIM;
- the layer or preset: they differ in how they change a picture. `data/dial.json` holds, per layer or preset
  and intensity, the step as a share of that RMS, fitted by `make calibrate`.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from dreambot.recipe.layers import DEFAULT_MODEL, LAYERS, find_layer

SSIM_BY_INTENSITY = (0.91, 0.847, 0.784, 0.721, 0.658, 0.595, 0.532, 0.469, 0.406, 0.343, 0.28)
"""Mean SSIM (grey, gaussian window σ 1.5, long side 512) of the dream to its source at notches 1 … 11."""

OCTAVES = 5
OCTAVE_SCALE = 1.4
STEPS_BY_INTENSITY = (3, 4, 4, 5, 5, 6, 7, 8, 10, 12, 14)
"""Steps in each octave at notches 1 … 11, the same for all layers. Strong dreams need more steps: a few
huge ones overshoot on deep layers and end in noise."""

STEPS_RATIO = 10.0
"""See `Recipe`. Most of the shapes are decided in the first octaves, where a step costs little. With this
ratio a dream looks the same as with as many steps in each octave, for less than half of the work."""

COOLING = 0.6
"""How far the steps shrink over an octave, see `Recipe`: the last, small ones refine the result."""

JITTER = 32

TYPICAL_MASKING = (0.002, 0.0045, 0.006, 0.008, 0.0105, 0.0135, 0.017, 0.022, 0.04, 0.15)
"""`masking` of a typical photo, used if nothing is known of the picture."""

# A blank picture hides almost no change, and would hardly be changed: at least this share of what a typical
# photo tolerates.
_MIN_SHARE = 0.6


def step_length(model: str, layers: Mapping[str, float], notch: int, masking: Sequence[float]) -> float:
    """Returns the RMS of one step in a [-1, 1] image.

    Args:
        model: The architecture.
        layers: Layer → weight. The gains of several are averaged geometrically.
        notch: The intensity, 1 to 11.
        masking: Quantiles of the power of change that the source's regions hide, as `media` probes them;
            empty for those of a typical photo.
    """
    total = sum(abs(weight) for weight in layers.values())
    mean = math.exp(
        sum(abs(w) / total * math.log(layer_gain(model, name)[notch - 1]) for name, w in layers.items())
    )
    return mean * rms_for_intensity(masking or TYPICAL_MASKING, notch)


def rms_for_intensity(masking: Sequence[float], notch: int) -> float:
    """Returns the RMS change that an intensity means on a picture, with a lower limit so that it is visible.

    Args:
        masking: As for `step_length`, not empty.
        notch: The intensity, 1 to 11.
    """
    likeness = SSIM_BY_INTENSITY[notch - 1]
    return max(_MIN_SHARE * rms_for_ssim(TYPICAL_MASKING, likeness), rms_for_ssim(masking, likeness))


def clouds_contrast(masking: Sequence[float], notch: int) -> float:
    """Returns the standard deviation of the clouds that a dream begins with; see `Recipe`.

    With less, the dreams of different seeds resemble each other; with more, fewer animals appear.

    Args:
        masking: As for `step_length`.
        notch: The intensity, 1 to 11.
    """
    return round(min(0.3, 1.5 * rms_for_intensity(masking or TYPICAL_MASKING, notch)), 4)


def relative_rms(masking: Sequence[float], notch: int) -> float:
    """Returns how much more change a picture tolerates than a typical photo does, as a factor.

    Args:
        masking: As for `step_length`.
        notch: The intensity, 1 to 11.
    """
    return rms_for_intensity(masking or TYPICAL_MASKING, notch) / rms_for_intensity(TYPICAL_MASKING, notch)


def rms_for_ssim(masking: Sequence[float], ssim: float) -> float:
    """Returns the RMS change that lowers the mean SSIM of a picture to a value.

    A region that hides a power m keeps an SSIM of m / (m + p) under a change of power p.

    Args:
        masking: As for `step_length`, not empty.
        ssim: Between 0 and 1.
    """
    low, high = 1e-4, 10.0
    for _ in range(40):
        middle = math.sqrt(low * high)
        power = middle * middle
        mean = sum(m / (m + power) for m in masking) / len(masking)
        low, high = (middle, high) if mean > ssim else (low, middle)
    return math.sqrt(low * high)


def layer_gain(model: str, name: str) -> tuple[float, ...]:
    """Returns a layer's gains, one for each intensity.

    A layer that was not fitted has the gains of the nearest fitted layer of its network; if none of the
    network was fitted, those of the default model's layer at the same depth.

    Args:
        model: The architecture.
        name: The layer.
    """
    gains, layer = _dial().gains, find_layer(name, model)
    lender = layer.model if layer.model in gains else DEFAULT_MODEL
    fitted, place = gains[lender], _depths(layer.model)[layer.name]
    depths = _depths(lender)
    return fitted[min(fitted, key=lambda other: abs(depths[other] - place))]


def preset_gain(name: str) -> tuple[float, ...] | None:
    """Returns a preset's gains, one for each intensity; None if it was not fitted.

    Args:
        name: The preset.
    """
    return _dial().presets.get(name)


@cache
def _depths(model: str) -> dict[str, float]:
    """Layer → its position in its network, from 0 to 1; the same before and after a ReLU."""
    names = [layer.name for layer in LAYERS[model] if not layer.name.endswith("_pre")]
    places = {name: index / max(1, len(names) - 1) for index, name in enumerate(names)}
    return {layer.name: places[layer.name.removesuffix("_pre")] for layer in LAYERS[model]}


@dataclass(frozen=True)
class _Dial:
    """The gains in `data/dial.json`, of intensities 1 to 11: of each model's layers, and of presets."""

    gains: dict[str, dict[str, tuple[float, ...]]]
    presets: dict[str, tuple[float, ...]]


@cache
def _dial() -> _Dial:
    data = json.loads(files("dreambot.recipe").joinpath("data/dial.json").read_text("utf-8"))
    layers = {model: {k: tuple(v) for k, v in gains.items()} for model, gains in data["gains"].items()}
    return _Dial(layers, {name: tuple(gains) for name, gains in data["presets"].items()})
