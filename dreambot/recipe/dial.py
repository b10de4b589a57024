"""The intensity dial, 1 to 11, which means the same on every layer and every picture.

A notch stands for one likeness (mean SSIM) between source and dream, `CURVE`. Two things stand between
a notch and the length of a step:

- the picture: a change that ruins a smooth sky is lost in gravel. From how the picture's local variance
  is spread (`contrast`), `tolerance` tells the RMS of white noise that would bring SSIM to the curve;
- the layer: dreams are not white noise, and layers differ. `data/dial.json` holds, per layer and notch,
  the step as a share of that RMS, fitted by `make calibrate`.
"""

import json
import math
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

CURVE = (0.90, 0.84, 0.78, 0.72, 0.66, 0.60, 0.54, 0.48, 0.42, 0.36, 0.30)
"""Mean SSIM (grey, gaussian window σ 1.5, long side 512) of the dream to its source at notches 1 … 11."""

OCTAVES = 5
OCTAVE_SCALE = 1.4
STEPS = tuple(4 + notch for notch in range(1, 12))
"""Steps in each octave at notches 1 … 11, the same for all layers."""

JITTER = 32

TYPICAL = (0.0, 0.0002, 0.0004, 0.0008, 0.0018, 0.003, 0.005, 0.007, 0.01, 0.015, 0.03, 0.1)
"""Quantiles of local variance of a middling photo, for when nothing is known of the picture."""

# SSIM's second constant, (0.03 · 2)², for a picture in [-1, 1].
_C2 = 0.0036

# A blank picture would tolerate next to nothing and hardly be dreamed on: never below this share of
# what a middling photo tolerates.
_LEAST_SHARE = 0.7


def step_length(model: str, layers: Mapping[str, float], notch: int, contrast: Sequence[float]) -> float:
    """The RMS of one step in a [-1, 1] picture.

    layers: layer → weight; several are averaged geometrically. notch: 1 … 11. contrast: quantiles of the
    source's local variance, as `media` probes them; empty for a middling photo.
    """
    gains = _gains()[model]
    total = sum(abs(weight) for weight in layers.values())
    gain = math.exp(sum(abs(w) / total * math.log(gains[name][notch - 1]) for name, w in layers.items()))
    return gain * tolerated(contrast or TYPICAL, notch)


def tolerated(contrast: Sequence[float], notch: int) -> float:
    """The RMS of white noise that stands for a notch on this picture; never too little to be seen."""
    likeness = CURVE[notch - 1]
    return max(_LEAST_SHARE * tolerance(TYPICAL, likeness), tolerance(contrast, likeness))


def tolerance(contrast: Sequence[float], ssim: float) -> float:
    """The RMS of independent noise that lowers the mean SSIM of a picture to `ssim` (0 to 1, open).

    With window variance v, noise of variance n gives an SSIM of (2v + c) / (2v + n + c); Wang et al.,
    "Image quality assessment", 2004, equation 13, with equal means.
    """
    low, high = 1e-4, 10.0
    for _ in range(40):
        middle = math.sqrt(low * high)
        n = middle * middle
        mean = sum((2 * v + _C2) / (2 * v + n + _C2) for v in contrast) / len(contrast)
        low, high = (middle, high) if mean > ssim else (low, middle)
    return math.sqrt(low * high)


@cache
def _gains() -> dict[str, dict[str, tuple[float, ...]]]:
    data = json.loads(files("dreambot.recipe").joinpath("data/dial.json").read_text("utf-8"))
    return {model: {k: tuple(v) for k, v in layers.items()} for model, layers in data["gains"].items()}
