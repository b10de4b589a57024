"""A picture as a spectrum with its colours apart: what is climbed when a dream comes out of nothing.

Steps in pixels draw fine noise first, for there is most room for it. In a spectrum where every wave counts by
its length, as in nature, a step of the same size draws a coast as readily as a grain of its sand; and in
colours of which each varies alone, no colour cast spreads (Olah, Mordvintsev, Schubert, "Feature
Visualization", Distill 2017). The picture is differentiable in its spectrum, so gradients go through.
"""

import math
from typing import Self

import torch
from torch import Tensor

from dreambot.engine.pictures import resize

# The colours of nature vary most in light, then between blue and yellow, least between green and magenta
# (Ruderman, Cronin, Chiao, "Statistics of cone responses to natural images", JOSA A 1998).
_LIGHT = (3**-0.5, 3**-0.5, 3**-0.5)
_WARM = (2**-0.5, 0.0, -(2**-0.5))
_GREEN = (-(6**-0.5), 2 * 6**-0.5, -(6**-0.5))
_VARIES = (1.0, 0.28, 0.14)

_FALL = 1.1
"""How steeply waves weaken as they shorten. Nature's pictures have about 1; more draws calmer things."""

_BEGINNING = 0.01
"""The deviation of the noise that a spectrum begins with: next to grey."""


class Spectrum:
    """A picture's waves. `waves` is what to climb: (1, 3, height, width // 2 + 1, 2), the real Fourier
    coefficients of light and two colours, each divided by what such a wave amounts to in nature."""

    def __init__(self, waves: Tensor, width: int, height: int, chroma: float = 1.0) -> None:
        """chroma: how much the colours vary, against nature's."""
        self.waves = waves.detach().requires_grad_()
        self._width, self._height, self._chroma = width, height, chroma
        self._usual = _usual(width, height).to(waves.device)
        axes = torch.tensor((_LIGHT, _WARM, _GREEN), device=waves.device)
        varies = torch.tensor((_VARIES[0], *(chroma * v for v in _VARIES[1:])), device=waves.device)
        self._colours = (axes * varies[:, None]).mT

    @classmethod
    def noise(
        cls, width: int, height: int, seed: int, chroma: float = 1.0, device: torch.device | str = "cpu"
    ) -> Self:
        """Faint clouds, the same for the same seed on every device."""
        generator = torch.Generator().manual_seed(seed)
        waves = torch.randn(1, 3, height, width // 2 + 1, 2, generator=generator) * _BEGINNING
        return cls(waves.to(device), width, height, chroma)

    def picture(self) -> Tensor:
        """(1, 3, height, width) in [-1, 1]; differentiable in `waves`."""
        return torch.tanh(torch.einsum("rc,nchw->nrhw", self._colours, self._planes()))

    def grown(self, width: int, height: int) -> Self:
        """The same picture at another size."""
        with torch.no_grad():
            planes = resize(self._planes(), width, height)
            waves = torch.fft.rfft2(planes, norm="ortho") / _usual(width, height).to(planes.device)
        return type(self)(torch.view_as_real(waves), width, height, self._chroma)

    def move(self, by: Tensor) -> None:
        """Adds to the waves."""
        with torch.no_grad():
            self.waves += by

    def _planes(self) -> Tensor:
        waves = torch.view_as_complex(self.waves) * self._usual
        planes: Tensor = torch.fft.irfft2(waves, s=(self._height, self._width), norm="ortho")
        return planes


def _usual(width: int, height: int) -> Tensor:
    """What the waves of a natural picture amount to, (height, width // 2 + 1): the less the shorter they are
    (Field, "Relations between the statistics of natural images and the response properties of cortical
    cells", JOSA A 1987). In waves per picture, so that a wave means the same at every size."""
    side = math.sqrt(width * height)
    down, across = torch.fft.fftfreq(height)[:, None], torch.fft.rfftfreq(width)[None]
    per_picture = side * torch.sqrt(down.square() + across.square())
    return side / 8 / per_picture.clamp(min=1) ** _FALL
