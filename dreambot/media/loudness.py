"""Measures how loud a sound is over time, as a curve that a hellscape follows.

Silence is 0, the loudest beats of the sound are 1. Loudness is relative to the sound's own loudest parts, in
decibels, because that is how it is heard; sudden increases, most of all of the bass, count as beats and are
raised above what sounds on. The curve rises at once and falls slowly, so that a video that follows it does
not flicker.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dreambot.media.sound import SAMPLE_RATE, Samples, read_sound

_HOP = SAMPLE_RATE // 100
_WINDOW = 2048
_BASS_HZ = 150.0
# Relative to the loudest parts, and to full scale.
_RANGE_DB, _SILENCE_DB, _FLOOR_DB = 36.0, -55.0, -100.0
_LOUD_PERCENTILE = 95
# A beat is that much louder than the sound was on average shortly before.
_BEAT_DB, _BEFORE_HOPS = 9.0, 25
_LEVEL_RELEASE_S, _BEAT_RELEASE_S = 0.25, 0.15
# What sounds on without a beat reaches this level.
_SUSTAINED = 0.5

Curve = NDArray[np.float64]


@dataclass(frozen=True)
class Loudness:
    """The loudness of a sound over time.

    Attributes:
        levels: From 0 to 1, at regular intervals from the sound's beginning.
        seconds: The length of what was measured.
    """

    levels: tuple[float, ...]
    seconds: float


def measure_loudness(path: Path, rate: float, max_seconds: float) -> Loudness:
    """Measures the loudness of a file's sound.

    Args:
        path: An audio file or a video.
        rate: Values per second, at most 100.
        max_seconds: Limit on the seconds that are measured.

    Raises:
        SoundError: There is no sound that can be decoded.
    """
    samples = read_sound(path, max_seconds)
    seconds = samples.shape[1] / SAMPLE_RATE
    curve = loudness_curve(samples)
    # Each value is the highest since the one before, so that no beat falls between two.
    ends = [min(len(curve), round(index / rate * 100) + 1) for index in range(max(1, round(seconds * rate)))]
    begins = [0, *ends[:-1]]
    levels = tuple(
        round(float(curve[min(begin, end - 1) : end].max()), 4)
        for begin, end in zip(begins, ends, strict=True)
    )
    return Loudness(levels, seconds)


def loudness_curve(samples: Samples) -> Curve:
    """Returns the loudness of a sound, a hundred values per second from 0 to 1.

    Args:
        samples: (channels, samples) in [-1, 1] at SAMPLE_RATE.
    """
    mono = samples.mean(axis=0, dtype=np.float64)
    overall, bass = _decibels(mono)
    loudest = float(np.percentile(overall, _LOUD_PERCENTILE))
    if loudest < _SILENCE_DB:
        return np.zeros(len(overall))
    level = ((overall - loudest) / _RANGE_DB + 1).clip(0, 1)
    beat = np.maximum(_increase(overall), _increase(bass, floor=loudest - _RANGE_DB))
    level, beat = _release(level, _LEVEL_RELEASE_S), _release(beat, _BEAT_RELEASE_S)
    return np.asarray(level * (_SUSTAINED + (1 - _SUSTAINED) * beat))


def _decibels(mono: Curve) -> tuple[Curve, Curve]:
    """Returns the level of each hop, of the whole sound and of its bass, relative to full scale."""
    hops = -(-len(mono) // _HOP)
    padded = np.pad(mono, (_WINDOW // 2, _WINDOW // 2 + hops * _HOP - len(mono)))
    window = np.hanning(_WINDOW)
    bass_bins = int(_BASS_HZ * _WINDOW / SAMPLE_RATE) + 1
    powers = np.empty((2, hops))
    for hop in range(hops):
        piece = padded[hop * _HOP : hop * _HOP + _WINDOW]
        spectrum = np.abs(np.fft.rfft(piece * window)) ** 2
        # By Parseval; a Hann window keeps 3/8 of the power.
        powers[:, hop] = spectrum.sum(), spectrum[:bass_bins].sum()
    powers *= 2 / (_WINDOW**2 * 3 / 8)
    overall, bass = 10 * np.log10(powers + 10 ** (_FLOOR_DB / 10))
    return overall, bass


def _increase(decibels: Curve, floor: float = _FLOOR_DB) -> Curve:
    """Returns how much louder each hop is than the average shortly before: 0 to 1, which is a beat."""
    heard = np.maximum(decibels, floor)
    total = np.cumsum(np.concatenate((np.full(_BEFORE_HOPS, heard[0]), heard)))
    before = (total[_BEFORE_HOPS:] - np.concatenate(([0], total))[: len(heard)] - heard) / _BEFORE_HOPS
    return np.asarray(((heard - before) / _BEAT_DB).clip(0, 1))


def _release(curve: Curve, seconds: float) -> Curve:
    """Returns the curve, which falls no faster than by 63 % in that time."""
    kept, held = float(np.exp(-_HOP / SAMPLE_RATE / seconds)), 0.0
    out = np.empty_like(curve)
    for index, value in enumerate(curve):
        held = max(float(value), held * kept)
        out[index] = held
    return out
