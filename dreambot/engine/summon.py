"""Summons a class or channel: an image from noise, optimised in a colour-decorrelated Fourier basis.

A `FourierImage` is optimised with Adam, at a small size first and then at larger ones, while each step
sees the image through another random augmentation (see `transforms.py`): moved, as in Olah,
Mordvintsev, Schubert ("Feature Visualization", Distill 2017), and with other colours, as in Ghiasi et
al. ("Plug-In Inversion", ICML 2022).

Steps in pixel space draw fine noise first, because there is most room for it. In a spectrum where every
wave is scaled as in natural images, a step of the same size draws a coast as readily as a grain of its
sand; and in decorrelated colours, no colour cast spreads (Olah, Mordvintsev, Schubert 2017). The image
is differentiable in its spectrum.

Adam is that of Kingma and Ba ("Adam: A Method for Stochastic Optimization", ICLR 2015), for ascent.
torch's own optimizer imports the torch compiler, which takes seconds and is not used.
"""

import math
import random
from collections.abc import Callable, Generator
from functools import partial
from typing import Self

import torch
from torch import Tensor

from dreambot.engine.bend import bend_network
from dreambot.engine.dream import Stopped, never_stop
from dreambot.engine.gradients import compute_gradient
from dreambot.engine.images import render_preview, resize, to_rgb
from dreambot.engine.progress import Progress
from dreambot.engine.step import build_objective
from dreambot.engine.transforms import random_augmentation
from dreambot.media.picture import DreamInputs, Pixels
from dreambot.recipe import Recipe
from dreambot.zoo.network import Network

_BETA1 = 0.9
_BETA2 = 0.999
_EPS = 1e-20


class Adam:
    """Steps that go the same way in each number grow to the length asked for, others cancel out. How large
    the gradients are does not matter."""

    def __init__(self, like: Tensor) -> None:
        """like: a tensor such as those that will be climbed."""
        self._mean, self._square = torch.zeros_like(like), torch.zeros_like(like)
        self._steps = 0

    def step(self, gradient: Tensor, length: float) -> Tensor:
        """What to add: a move along the gradients so far, of at most about `length` in each number."""
        self._steps += 1
        self._mean.lerp_(gradient, 1 - _BETA1)
        self._square.lerp_(gradient.square(), 1 - _BETA2)
        mean = self._mean / (1 - _BETA1**self._steps)
        square = self._square / (1 - _BETA2**self._steps)
        return mean / (square.sqrt() + _EPS) * length


# The colours of nature vary most in light, then between blue and yellow, least between green and magenta
# (Ruderman, Cronin, Chiao, "Statistics of cone responses to natural images", JOSA A 1998).
_LUMINANCE_AXIS = (3**-0.5, 3**-0.5, 3**-0.5)
_BLUE_YELLOW_AXIS = (2**-0.5, 0.0, -(2**-0.5))
_GREEN_MAGENTA_AXIS = (-(6**-0.5), 2 * 6**-0.5, -(6**-0.5))
_AXIS_STD = (1.0, 0.28, 0.14)

_DECAY_POWER = 1.1
"""How steeply waves weaken as they shorten. Nature's pictures have about 1; more draws calmer things."""

_INITIAL_STD = 0.01
"""The deviation of the noise that a spectrum begins with: next to grey."""


class FourierImage:
    """A picture's waves. `waves` is what to climb: (1, 3, height, width // 2 + 1, 2), the real Fourier
    coefficients of light and two colours, each divided by what such a wave amounts to in nature."""

    def __init__(self, waves: Tensor, width: int, height: int, chroma: float = 1.0) -> None:
        """chroma: how much the colours vary, against nature's."""
        self.waves = waves.detach().requires_grad_()
        self._width, self._height, self._chroma = width, height, chroma
        self._usual = _natural_amplitudes(width, height).to(waves.device)
        axes = torch.tensor((_LUMINANCE_AXIS, _BLUE_YELLOW_AXIS, _GREEN_MAGENTA_AXIS), device=waves.device)
        varies = torch.tensor((_AXIS_STD[0], *(chroma * v for v in _AXIS_STD[1:])), device=waves.device)
        self._colours = (axes * varies[:, None]).mT

    @classmethod
    def noise(
        cls, width: int, height: int, seed: int, chroma: float = 1.0, device: torch.device | str = "cpu"
    ) -> Self:
        """Faint clouds, the same for the same seed on every device."""
        generator = torch.Generator().manual_seed(seed)
        waves = torch.randn(1, 3, height, width // 2 + 1, 2, generator=generator) * _INITIAL_STD
        return cls(waves.to(device), width, height, chroma)

    def picture(self) -> Tensor:
        """(1, 3, height, width) in [-1, 1]; differentiable in `waves`."""
        return torch.tanh(torch.einsum("rc,nchw->nrhw", self._colours, self._planes()))

    def grown(self, width: int, height: int) -> Self:
        """The same picture at another size."""
        with torch.no_grad():
            planes = resize(self._planes(), width, height)
            waves = torch.fft.rfft2(planes, norm="ortho") / _natural_amplitudes(width, height).to(
                planes.device
            )
        return type(self)(torch.view_as_real(waves), width, height, self._chroma)

    def move(self, by: Tensor) -> None:
        """Adds to the waves."""
        with torch.no_grad():
            self.waves += by

    def _planes(self) -> Tensor:
        waves = torch.view_as_complex(self.waves) * self._usual
        planes: Tensor = torch.fft.irfft2(waves, s=(self._height, self._width), norm="ortho")
        return planes


def _natural_amplitudes(width: int, height: int) -> Tensor:
    """What the waves of a natural picture amount to, (height, width // 2 + 1): the less the shorter they are
    (Field, "Relations between the statistics of natural images and the response properties of cortical
    cells", JOSA A 1987). In waves per picture, so that a wave means the same at every size."""
    side = math.sqrt(width * height)
    down, across = torch.fft.fftfreq(height)[:, None], torch.fft.rfftfreq(width)[None]
    per_picture = side * torch.sqrt(down.square() + across.square())
    return side / 8 / per_picture.clamp(min=1) ** _DECAY_POWER


def summon(
    network: Network, inputs: DreamInputs, recipe: Recipe, stop: Callable[[], bool] = never_stop
) -> Generator[Progress, None, Pixels]:
    """Dreams out of nothing; yields after every step and returns the picture.

    `recipe.step` is Adam's learning rate, of which each size gets `recipe.steps` steps. The result is
    (recipe.height, recipe.width, 3) uint8. `stop` is asked between steps; when it says True, `Stopped` is
    raised. The same network and recipe give the same pixels on the same device and thread count.
    """
    sizes = recipe.sizes
    work_in_all = sum(width * height for width, height in sizes) * recipe.steps
    done = 0
    rng = random.Random(recipe.seed)
    network = bend_network(network, recipe.bends, recipe.seed)
    spectrum = FourierImage.noise(*sizes[0], recipe.seed, recipe.chroma, network.device)
    score = build_objective(network, recipe, spectrum.picture().detach(), inputs)
    for octave, (width, height) in enumerate(sizes, start=1):
        spectrum = spectrum.grown(width, height)
        adam = Adam(spectrum.waves.detach())
        for step in range(1, recipe.steps + 1):
            if stop():
                raise Stopped("the summoning was stopped")
            picture = spectrum.picture()
            seen = random_augmentation(recipe, width, height, rng).of(picture)
            gradient, reached = compute_gradient(network, seen, score)
            (uphill,) = torch.autograd.grad((seen * gradient).sum(), spectrum.waves)
            spectrum.move(adam.step(uphill, recipe.step_at(step - 1)))
            done += width * height
            yield Progress(
                done / work_in_all,
                octave,
                len(sizes),
                step,
                recipe.steps,
                reached,
                render_preview=partial(render_preview, picture.detach()),
            )
    return to_rgb(spectrum.picture().detach())
