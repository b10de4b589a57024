"""How long a job will take."""

FIRST_GUESS = {"cpu": 3e11, "mps": 2e12, "cuda": 2e13}
"""FLOP/s of a kind of device, until it has finished a job."""

NEWEST_WEIGHT = 0.3


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


def seconds_left(fraction: float, elapsed: float, flops: float, speed: Speed) -> float:
    """Seconds until a running job is done. It knows best itself, once it is well under way."""
    if fraction >= 0.1:
        return elapsed * (1 - fraction) / fraction
    return max(0.0, flops * (1 - fraction) / speed.flops_per_second)
