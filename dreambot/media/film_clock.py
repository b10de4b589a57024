"""Milliseconds counted in a format's own ticks."""


class Clock:
    """Rounds moments, not durations, so that errors never add up."""

    def __init__(self, ticks_per_second: int) -> None:
        """Starts at moment 0."""
        self._ticks_per_ms = ticks_per_second / 1000
        self._ms = 0.0

    def goes_on(self, ms: float) -> int:
        """The moment, in ticks, when that many more milliseconds have gone by."""
        self._ms += ms
        return round(self._ms * self._ticks_per_ms)
