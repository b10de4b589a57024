"""Bends that remember the step before. They begin afresh when the size of the picture changes.

The picture is rolled between steps (jitter), so what is remembered falls in another place: that is the look.
A picture dreamed in tiles remembers the tile before.
"""

from torch import Tensor

from dreambot.engine.bend.dice import Dice


class Feedback:
    """What came out of the layer last time leaks back into it, `amount` of it against the rest of now."""

    def __init__(self) -> None:
        self._last: Tensor | None = None

    def __call__(self, f: Tensor, amount: float, _dice: Dice) -> Tensor:
        last = self._last
        if last is not None and last.shape == f.shape:
            f = (1 - amount) * f + amount * last
        self._last = f.detach()
        return f


class Delay:
    """Where the layer was loud last time it is louder now: `amount` times its RMS then."""

    def __init__(self) -> None:
        self._last: Tensor | None = None

    def __call__(self, f: Tensor, amount: float, _dice: Dice) -> Tensor:
        last, self._last = self._last, f.detach()
        if last is None or last.shape != f.shape:
            return f
        rms = last.float().square().mean(dim=(1, 2, 3), keepdim=True).sqrt().clamp_min(1e-6)
        return f * (1 + amount * last / rms.to(f.dtype))
