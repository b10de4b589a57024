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
torch's own optimizer imports the torch compiler, which takes seconds and is not used. Adam moves every wave
equally far, however little it matters, and so it fills the image with fog. Partial adaptivity, as in Padam
(Chen et al., "Closing the Generalization Gap of Adaptive Gradient Methods in Training Deep Neural Networks",
IJCAI 2020), moves those further that matter more: the thing is drawn in full contrast.
"""

import math
import random
from collections.abc import Callable, Generator
from functools import partial
from typing import Self

import torch
from torch import Tensor

from dreambot.engine.bend import bend_network
from dreambot.engine.colours import BLUE_YELLOW_AXIS, GREEN_MAGENTA_AXIS, LUMINANCE_AXIS
from dreambot.engine.dream import Stopped, never_stop
from dreambot.engine.gradients import compute_gradient
from dreambot.engine.images import render_preview, resize, to_rgb
from dreambot.engine.objectives import ObjectiveFunction
from dreambot.engine.progress import Progress
from dreambot.engine.statistics import StatisticsNetwork, StatisticsObjective
from dreambot.engine.step import build_objective
from dreambot.engine.transforms import random_augmentation
from dreambot.media.picture import DreamInputs, Pixels
from dreambot.recipe import Recipe
from dreambot.zoo.network import Network


def summon(
    network: Network, inputs: DreamInputs, recipe: Recipe, stop: Callable[[], bool] = never_stop
) -> Generator[Progress, None, Pixels]:
    """Visualises a class or channel, starting from noise.

    The same network and recipe give the same pixels on the same device with the same number of threads.

    Args:
        network: Network whose activations are maximised.
        inputs: The guide, if the recipe has one.
        recipe: Recipe of a summon. `recipe.step` is Adam's learning rate; every octave gets `recipe.steps`
            steps.
        stop: Stop predicate, called before every step.

    Yields:
        The progress after every step.

    Returns:
        The image, `[recipe.height, recipe.width, 3]` uint8.

    Raises:
        Stopped: The stop predicate returned True.
        UserError: The inputs lack the recipe's guide.
    """
    sizes = recipe.sizes
    total_work = recipe.pixel_steps
    work_done = 0
    rng = random.Random(recipe.seed)
    network = bend_network(network, recipe.bends, recipe.seed)
    spectrum = FourierImage.noise(*sizes[0], recipe.seed, recipe.chroma, network.device)
    objective: ObjectiveFunction = build_objective(network, recipe, spectrum.image().detach(), inputs)
    if recipe.statistics:
        network = StatisticsNetwork(network)
        objective = StatisticsObjective(objective, recipe.statistics)
    for octave, ((width, height), steps) in enumerate(
        zip(sizes, recipe.steps_by_octave, strict=True), start=1
    ):
        spectrum = spectrum.resized(width, height)
        adam = Adam(spectrum.coefficients.detach(), recipe.adaptivity)
        for step in range(1, steps + 1):
            if stop():
                raise Stopped("the summoning was stopped")
            image = spectrum.image()
            augmented = random_augmentation(recipe, width, height, rng).apply(image)
            gradient, value = compute_gradient(network, augmented, objective)
            (gradient,) = torch.autograd.grad((augmented * gradient).sum(), spectrum.coefficients)
            spectrum.add(adam.step(gradient, recipe.step_at(step - 1, steps)))
            work_done += width * height
            yield Progress(
                work_done / total_work,
                octave,
                len(sizes),
                step,
                steps,
                value,
                render_preview=partial(render_preview, image.detach()),
                render_picture=partial(_render_picture, image.detach(), recipe),
            )
    return to_rgb(spectrum.image().detach())


def _render_picture(image: Tensor, recipe: Recipe, finished: float, side: int) -> Pixels:
    return render_preview(resize(image, recipe.width, recipe.height), side)


_AXIS_STD = (1.0, 0.28, 0.14)

_DECAY_POWER = 1.1
"""Exponent of the amplitude's decay with frequency. Natural images have about 1; more draws calmer things."""

_INITIAL_STD = 0.01
"""Standard deviation of the initial coefficients; the image is almost grey."""


class FourierImage:
    """An image parametrised by its spectrum.

    Attributes:
        coefficients: `[1, 3, height, width // 2 + 1, 2]` float32, the parameters to optimise: the real
            Fourier coefficients of luminance and two colour axes, each divided by its amplitude in natural
            images.
    """

    def __init__(self, coefficients: Tensor, width: int, height: int, chroma: float = 1.0) -> None:
        """Creates an image.

        Args:
            coefficients: Initial coefficients.
            width: Width of the image in pixels.
            height: Height of the image in pixels.
            chroma: Variation of the colours relative to natural images; 0 gives a grey image.
        """
        self.coefficients = coefficients.detach().requires_grad_()
        self._width, self._height, self._chroma = width, height, chroma
        device = coefficients.device
        self._amplitudes = _natural_amplitudes(width, height).to(device)
        axes = torch.tensor((LUMINANCE_AXIS, BLUE_YELLOW_AXIS, GREEN_MAGENTA_AXIS), device=device)
        stds = torch.tensor((_AXIS_STD[0], *(chroma * std for std in _AXIS_STD[1:])), device=device)
        self._axes_to_rgb = (axes * stds[:, None]).mT

    @classmethod
    def noise(
        cls, width: int, height: int, seed: int, chroma: float = 1.0, device: torch.device | str = "cpu"
    ) -> Self:
        """Creates faint clouds, the same for the same seed on every device.

        Args:
            width: Width in pixels.
            height: Height in pixels.
            seed: Seed of the noise.
            chroma: See `__init__`.
            device: Device of the coefficients.
        """
        generator = torch.Generator().manual_seed(seed)
        coefficients = torch.randn(1, 3, height, width // 2 + 1, 2, generator=generator) * _INITIAL_STD
        return cls(coefficients.to(device), width, height, chroma)

    def image(self) -> Tensor:
        """Renders the image, `[1, 3, height, width]` in [-1, 1]; differentiable in the coefficients."""
        return torch.tanh(torch.einsum("rc,nchw->nrhw", self._axes_to_rgb, self._planes()))

    def resized(self, width: int, height: int) -> Self:
        """Returns the same image at another size.

        Args:
            width: New width in pixels.
            height: New height in pixels.
        """
        with torch.no_grad():
            planes = resize(self._planes(), width, height)
            spectrum = torch.fft.rfft2(planes, norm="ortho")
            coefficients = spectrum / _natural_amplitudes(width, height).to(planes.device)
        return type(self)(torch.view_as_real(coefficients), width, height, self._chroma)

    def add(self, change: Tensor) -> None:
        """Adds to the coefficients in place.

        Args:
            change: Tensor of the shape of the coefficients.
        """
        with torch.no_grad():
            self.coefficients += change

    def _planes(self) -> Tensor:
        """Returns luminance and the two colour axes, `[1, 3, height, width]`."""
        spectrum = torch.view_as_complex(self.coefficients) * self._amplitudes
        planes: Tensor = torch.fft.irfft2(spectrum, s=(self._height, self._width), norm="ortho")
        return planes


def _natural_amplitudes(width: int, height: int) -> Tensor:
    """Returns the amplitudes of natural images, `[height, width // 2 + 1]`.

    They fall with frequency (Field, "Relations between the statistics of natural images and the response
    properties of cortical cells", JOSA A 1987). Frequencies are in waves per image, so that a coefficient
    means the same at every size.
    """
    side = math.sqrt(width * height)
    rows, columns = torch.fft.fftfreq(height)[:, None], torch.fft.rfftfreq(width)[None]
    frequencies = side * torch.sqrt(rows.square() + columns.square())
    return side / 8 / frequencies.clamp(min=1) ** _DECAY_POWER


_BETA1 = 0.9
_BETA2 = 0.999
_EPS = 1e-20


class Adam:
    """The Adam optimizer, for ascent; the scale of the gradients does not matter."""

    def __init__(self, parameters: Tensor, adaptivity: float = 1.0) -> None:
        """Creates the optimizer.

        Args:
            parameters: Tensor with the shape, dtype and device of the parameters.
            adaptivity: How far each parameter is scaled by its own gradients, 0 to 1. 1 is Adam; with 0 all
                are scaled by the RMS of their gradients, so that it is gradient ascent with momentum.
        """
        self._adaptivity = adaptivity
        self._mean, self._square = torch.zeros_like(parameters), torch.zeros_like(parameters)
        self._steps = 0

    def step(self, gradient: Tensor, learning_rate: float) -> Tensor:
        """Returns the change of the parameters.

        Args:
            gradient: Gradient with respect to the parameters.
            learning_rate: With an adaptivity of 1, the largest change of a parameter, approximately; reached
                where the gradients of successive steps have the same sign.
        """
        self._steps += 1
        self._mean.lerp_(gradient, 1 - _BETA1)
        self._square.lerp_(gradient.square(), 1 - _BETA2)
        mean = self._mean / (1 - _BETA1**self._steps)
        square = self._square / (1 - _BETA2**self._steps)
        shared = square.mean().sqrt().pow(1 - self._adaptivity)
        return mean / (square.sqrt().pow(self._adaptivity) * shared + _EPS) * learning_rate
