"""How long a job will take: from the device's speed before it starts, from its own pace while it runs."""

from collections import deque

FIRST_GUESS = {"cpu": 3e11, "mps": 2e12, "cuda": 2e13}
"""FLOP/s of a kind of device, until it has finished a job."""

NEWEST_WEIGHT = 0.3

MIN_SECONDS = 1.0
MIN_FRACTION = 0.05
"""A pace is known when it was observed for this long and over this share of the job. The time before the
first step is left out: kernels are prepared then, which happens once."""
WINDOW_S = 3.0

HOLD_FACTOR, HOLD_SECONDS = 1.2, 1.0
"""An estimate that is later than the displayed one by less than this is not displayed."""


class Speed:
    """What a device gets done in a second, learnt from the jobs it finishes."""

    def __init__(self, kind: str) -> None:
        """kind: "cpu", "cuda" or "mps"."""
        self.flops_per_second = FIRST_GUESS.get(kind, FIRST_GUESS["cpu"])
        self._measured = False

    def note(self, flops: float, seconds: float) -> None:
        """Learns from a job: an exponentially weighted mean, which the first measurement replaces."""
        measured = flops / max(seconds, 1e-3)
        weight = NEWEST_WEIGHT if self._measured else 1.0
        self.flops_per_second += weight * (measured - self.flops_per_second)
        self._measured = True


class TimeLeft:
    """Estimates the remaining time of a running job from its recent progress.

    The pace is the progress over the later half of the observed time, and over `WINDOW_S` at least: it
    follows a machine that becomes busy or idle, and the slow first octaves do not count for long.
    """

    def __init__(self) -> None:
        self._samples: deque[tuple[float, float]] = deque()
        self._first = 0.0

    def update(self, fraction: float, now: float) -> float | None:
        """Adds a progress report.

        Args:
            fraction: share of the job's work that is done, 0 to 1.
            now: seconds on a monotonic clock.

        Returns:
            Seconds until the job is done, or None while the pace is not known.
        """
        if not self._samples:
            self._first = now
        self._samples.append((now, fraction))
        window = max(WINDOW_S, (now - self._first) / 2)
        while len(self._samples) > 2 and now - self._samples[1][0] >= window:
            self._samples.popleft()
        if fraction >= 1:
            return 0.0
        since, before = self._samples[0]
        if now - since < MIN_SECONDS or fraction - before < MIN_FRACTION:
            return None
        return (1 - fraction) * (now - since) / (fraction - before)


class DisplayedTime:
    """Keeps the remaining time that a person sees from growing more than once.

    A slightly later estimate leaves the displayed one as it is. The first estimate that is clearly later is
    displayed. After that, later estimates are replaced by None (no time is shown) until they are no longer
    later than what was displayed.
    """

    def __init__(self) -> None:
        self._displayed: float | None = None
        self._grown = False

    def update(self, estimate: float | None) -> float | None:
        """Seconds to display for a new estimate in seconds, or None to display no time."""
        if estimate is None:
            return None
        if self._displayed is not None and estimate > self._displayed:
            if estimate <= HOLD_FACTOR * self._displayed + HOLD_SECONDS:
                return self._displayed
            if self._grown:
                return None
            self._grown = True
        self._displayed = estimate
        return estimate
