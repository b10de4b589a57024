"""Learns how long each kind of job takes on each kind of device, and keeps it over restarts.

It is the only source of expected times: of the estimates that people see, the order of jobs, time limits, and
which stills may be interleaved with a video.
"""

import json
import math
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, Self
from weakref import WeakKeyDictionary

from dreambot.recipe import Recipe, find_layer
from dreambot.scheduler.run import Run

DEFAULT_FLOPS_PER_SECOND = {"cpu": 3e11, "mps": 2e12, "cuda": 2e13}
"""FLOP/s of a kind of device, until it has finished a job."""

MAX_INTERLEAVED_S = 30.0
"""Stills expected to take longer than this are not interleaved with a video."""

JobKind = Literal["still", "clip", "hellscape", "moving"]


@dataclass(frozen=True, slots=True)
class JobFeatures:
    """What the time of a job depends on.

    Attributes:
        motion: the kind of job.
        model: the names of the networks, joined with `+`.
        precision: "fp32", "bf16" or "fp16".
        way: how the gradient is computed: "plain", or with bends, a guide, tiles or a spectrum, which are
            slower.
        layer: the deepest layer, where the network is cut.
        log_pixels: the base-2 logarithm of the number of pixels.
        flops: as the recipe estimates them; several times too many for moving sources.
    """

    motion: JobKind
    model: str
    precision: str
    way: str
    layer: str
    log_pixels: float
    flops: float

    @classmethod
    def of(cls, recipe: Recipe) -> Self:
        """Returns the features of a recipe. It takes a while for a long video, so keep the result.

        Args:
            recipe: the recipe.
        """
        deepest = max(recipe.all_terms, key=lambda term: find_layer(term.layer, recipe.model).flops)
        return cls(
            motion="hellscape"
            if recipe.hellscape
            else "moving"
            if recipe.moving
            else "clip"
            if recipe.is_clip
            else "still",
            model="+".join(recipe.models),
            precision=recipe.precision,
            way=_gradient_path(recipe),
            layer=deepest.layer,
            log_pixels=math.log2(math.prod(recipe.input_size)),
            flops=recipe.flops,
        )

    @property
    def size_class(self) -> int:
        """Equal for sizes whose pixels differ by less than a factor of about 1.4."""
        return round(2 * self.log_pixels)


def _gradient_path(recipe: Recipe) -> str:
    slower = {
        "bent": recipe.bends,
        "guided": recipe.guide,
        "tiled": recipe.tile,
        "spectrum": recipe.parametrisation == "fourier",
    }
    return "+".join(name for name, used in slower.items() if used) or "plain"


_MIN_WEIGHT = 0.1
"""The least weight of a new job against those before, so that a device that becomes slower is noticed."""
_PRIOR_WEIGHT = 0.1
"""The weight of what coarser kinds of jobs suggest, against one job of this kind."""
_DEFAULT_SPREAD = 0.3
_OUTLIER_DEVIATIONS = 3.0
"""A job that is off by more than this many usual deviations counts as if it were off by that many."""


@dataclass
class RobustMean:
    """A weighted mean of log rates that outliers hardly move.

    Attributes:
        value: the mean of the log rates.
        at: the mean of log2(pixels) of the jobs.
        spread: the usual absolute deviation of a log rate.
        count: the number of jobs.
    """

    value: float = 0.0
    at: float = 0.0
    spread: float = _DEFAULT_SPREAD
    count: int = 0

    def note(self, value: float, at: float) -> None:
        """Adds a job.

        Args:
            value: its log rate.
            at: its log2(pixels).
        """
        self.count += 1
        weight = max(1 / self.count, _MIN_WEIGHT)
        deviation = value - self.value if self.count > 1 else 0.0
        if self.count == 1:
            self.value, self.at = value, at
        limit = _OUTLIER_DEVIATIONS * self.spread
        self.value += weight * max(-limit, min(limit, deviation))
        self.at += weight * (at - self.at)
        self.spread += _MIN_WEIGHT * (max(abs(deviation), 0.02) - self.spread)


MeansBySize = dict[int, RobustMean]


class RateTable:
    """Seconds per FLOP of each kind of job on each device, of coarser kinds, and by size within each."""

    def __init__(self) -> None:
        self._tables: dict[tuple[str, ...], MeansBySize] = {}

    def note(self, features: JobFeatures, device: str, seconds: float) -> None:
        """Learns from a finished job.

        Args:
            features: of the job.
            device: the device's kind and model, see `device_model`.
            seconds: how long it took.
        """
        rate = math.log(max(seconds, 1e-4) / max(features.flops, 1.0))
        for key in _table_keys(features, device):
            means = self._tables.setdefault(key, {})
            means.setdefault(features.size_class, RobustMean()).note(rate, features.log_pixels)

    def seconds(self, features: JobFeatures, device: str, default: float) -> float:
        """Returns how long a job is expected to take.

        From the coarsest kind to the finest, the mean of a kind counts the more, the more jobs it is from.

        Args:
            features: of the job.
            device: the device's kind and model, see `device_model`.
            default: FLOP/s, if nothing was measured.
        """
        rate = -math.log(default)
        for key in reversed(_table_keys(features, device)):
            sizes = self._tables.get(key)
            if sizes:
                own, count = _interpolate(sizes, features.log_pixels)
                rate += count / (count + _PRIOR_WEIGHT) * (own - rate)
        return math.exp(rate) * max(features.flops, 1.0)

    def knows(self, features: JobFeatures, device: str) -> bool:
        """Returns whether a job of this motion was ever measured on that kind of device.

        Args:
            features: of the job.
            device: the device's kind and model, see `device_model`.
        """
        return (device, features.motion) in self._tables

    def to_json(self) -> list[Any]:
        """Returns a list of [key, [[size class, value, at, spread, count], …]]."""
        return [
            [list(key), [[size, m.value, m.at, m.spread, m.count] for size, m in sizes.items()]]
            for key, sizes in self._tables.items()
        ]

    @classmethod
    def from_json(cls, stored: list[Any]) -> Self:
        """Reads what `to_json` returned.

        Args:
            stored: the list.

        Raises:
            ValueError: it is something else.
            TypeError: it is something else.
        """
        rates = cls()
        for key, sizes in stored:
            rates._tables[tuple(map(str, key))] = {
                int(size): RobustMean(float(value), float(at), max(0.02, float(spread)), int(count))
                for size, value, at, spread, count in sizes
            }
        return rates


def _table_keys(features: JobFeatures, device: str) -> tuple[tuple[str, ...], ...]:
    """Returns the keys of a job's kinds, from the finest to the coarsest."""
    job = features
    return (
        (device, job.motion, job.model, job.precision, job.way, job.layer),
        (device, job.motion, job.model, job.precision, job.way),
        (device, job.motion, job.precision),
        (device, job.motion),
        (device,),
    )


def _interpolate(sizes: MeansBySize, log_pixels: float) -> tuple[float, float]:
    """Returns the log rate at a size, between the next smaller and next larger, and its number of jobs."""
    below: RobustMean | None = None
    above: RobustMean | None = None
    for mean in sizes.values():
        if mean.at <= log_pixels:
            below = mean if below is None or mean.at > below.at else below
        else:
            above = mean if above is None or mean.at < above.at else above
    if below and above:
        share = (log_pixels - below.at) / (above.at - below.at)
        value = below.value + share * (above.value - below.value)
        return value, below.count + share * (above.count - below.count)
    only = below or above
    assert only
    return only.value, only.count


class JobCost(NamedTuple):
    """What a job is expected to cost on a device.

    Attributes:
        seconds: from its start to its end.
        device_seconds: by how long it delays other jobs; less than `seconds` in a batch.
        is_video: whether short stills may be interleaved with it.
        can_interleave: whether it is such a still.
    """

    seconds: float
    device_seconds: float
    is_video: bool = False
    can_interleave: bool = False


_VERSION = 1


class JobCosts:
    """How long jobs take and how much of a device's time, each with its overhead, such as decoding."""

    def __init__(self) -> None:
        self._lasting, self._occupying = RateTable(), RateTable()
        self._features: WeakKeyDictionary[Run, JobFeatures] = WeakKeyDictionary()

    def of(self, run: Run, device: str) -> JobCost:
        """Returns what a job is expected to cost.

        Args:
            run: the job.
            device: the device's kind and model, see `device_model`.
        """
        features = self._features_of(run)
        default = DEFAULT_FLOPS_PER_SECOND.get(device.partition(" ")[0], DEFAULT_FLOPS_PER_SECOND["cpu"])
        seconds = self._lasting.seconds(features, device, default)
        return JobCost(
            seconds,
            min(seconds, self._occupying.seconds(features, device, default)),
            is_video=run.is_video,
            can_interleave=not run.is_video and not run.alone and seconds <= MAX_INTERLEAVED_S,
        )

    def known(self, run: Run, device: str) -> bool:
        """Returns whether `of` is based on a measurement and not on a default.

        Args:
            run: the job.
            device: the device's kind and model, see `device_model`.
        """
        return self._lasting.knows(self._features_of(run), device)

    def note(self, run: Run, device: str, seconds: float, device_seconds: float) -> None:
        """Learns from a job that was done.

        Args:
            run: the job.
            device: the device's kind and model, see `device_model`.
            seconds: from its start to its end.
            device_seconds: its share of the device's time.
        """
        features = self._features_of(run)
        self._lasting.note(features, device, seconds)
        self._occupying.note(features, device, device_seconds)

    def _features_of(self, run: Run) -> JobFeatures:
        features = self._features.get(run)
        if features is None:
            features = self._features[run] = JobFeatures.of(run.recipe)
        return features

    def to_json(self) -> str:
        """Returns what was learned, for `load`."""
        return json.dumps(
            {"version": _VERSION, "lasting": self._lasting.to_json(), "occupying": self._occupying.to_json()},
            separators=(",", ":"),
        )

    def load(self, text: str) -> None:
        """Replaces what was learned. Text that cannot be read changes nothing.

        Args:
            text: what `to_json` returned.
        """
        try:
            stored = json.loads(text)
            if stored["version"] == _VERSION:
                tables = RateTable.from_json(stored["lasting"]), RateTable.from_json(stored["occupying"])
                self._lasting, self._occupying = tables
        except (ValueError, TypeError, KeyError):
            pass
