"""The dreams that are timed, the timer, and the textbook loop for comparison."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image

from benchmarks.photos import load_photo
from dreambot.engine.dream import dream
from dreambot.media.picture import DreamInputs, Pixels
from dreambot.recipe import DreamRequest, LayerTerm, Precision, Recipe, SourceFacts, resolve_dream
from dreambot.zoo.network import Network
from dreambot.zoo.registry import find_model


class Clock:
    """The clock of all measurements.

    On a machine with other work, CPU time with one thread (`OMP_NUM_THREADS=1`) gives ratios that wall time
    does not.
    """

    name = "perf_counter"

    @classmethod
    def now(cls) -> float:
        """Returns seconds: wall time, or CPU time of all threads."""
        return time.process_time() if cls.name == "process_time" else time.perf_counter()


@dataclass(frozen=True)
class Case:
    """A dream of a square image with one network and layer."""

    model: str
    layer: str
    side: int

    @property
    def title(self) -> str:
        """Title in the table."""
        return f"{self.model} → {self.layer}, {self.side}²"

    def picture(self) -> Pixels:
        """Returns a photo, `[side, side, 3]` uint8."""
        square = Image.fromarray(load_photo("astronaut.png", 512)).resize((self.side, self.side))
        return np.asarray(square)

    def recipe(self, precision: str) -> Recipe:
        """Returns a recipe with the work of the classics (4 octaves ×1.4, 10 steps) and our own objective.

        Args:
            precision: "fp32" or "bf16".
        """
        return classic_recipe(self.model, self.layer, self.side, self.side, precision)


CASES = (
    *(
        Case(model, layer, side)
        for side in (512, 1024, 2048)
        for model, layer in (("inception_v3", "mixed5"), ("vgg16", "conv4_3"))
    ),
    Case("faces", "s64_4", 512),
    Case("writing", "conv4_3", 512),
)


def classic_recipe(model: str, layer: str, width: int, height: int, precision: str) -> Recipe:
    """Returns a recipe with the work of google/deepdream's loop: 4 octaves ×1.4 of 10 steps.

    The objective and the normalisation are our own.

    Args:
        model: Name of the network.
        layer: Layer to maximise.
        width: In pixels.
        height: In pixels.
        precision: "fp32" or "bf16".
    """
    return Recipe.model_validate(
        {
            "model": model,
            "weights": "0" * 64,
            "layers": (LayerTerm(layer=layer),),
            "objective": "eq",
            "octaves": 4,
            "octave_scale": 1.4,
            "steps": 10,
            "step": 0.02,
            "cooling": 0.5,
            "jitter": 32,
            "gradient": "laplacian",
            "bands": (0.5, 1.0, 1.0, 0.7),
            "chroma": 0.6,
            "width": width,
            "height": height,
            "seed": 1,
            "precision": precision,
        }
    )


def default_recipe(width: int, height: int, precision: Precision) -> Recipe:
    """Returns the recipe of `/dream` without options.

    Args:
        width: In pixels.
        height: In pixels.
        precision: "fp32" or "bf16".
    """
    return resolve_dream(
        DreamRequest(),
        SourceFacts(width, height),
        seed=1,
        models=find_model,
        precision=precision,
        max_pixels=width * height,
    )


def time_steps(network: Network, rgb: Pixels, recipe: Recipe) -> list[float]:
    """Times the steps of a dream.

    Args:
        network: Network of the recipe.
        rgb: Source image, `[height, width, 3]` uint8.
        recipe: Recipe of a still image.

    Returns:
        The seconds of each step, and at last those after the last step. They add up to the time of the dream,
        without decoding and encoding.
    """
    times, steps, start = [], dream(network, DreamInputs(rgb), recipe), Clock.now()
    while True:
        try:
            next(steps)
        except StopIteration:
            times.append(Clock.now() - start)
            return times
        now = Clock.now()
        times.append(now - start)
        start = now


def median_seconds(work: Callable[[], object], runs: int = 1) -> float:
    """Returns the median time.

    Args:
        work: Function to time.
        runs: Number of runs.
    """
    times = []
    for _ in range(runs):
        start = Clock.now()
        work()
        times.append(Clock.now() - start)
    return statistics.median(times)


def textbook_loop(recipe: Recipe) -> None:
    """Runs google/deepdream's loop as tutorials write it, on torchvision's InceptionV3.

    NCHW, float32, autograd, a frozen network with its batch norms, run to its end. The weights are random,
    which does not change the work. Mixed_6c is our mixed5.

    Args:
        recipe: Recipe with the sizes and steps.
    """
    from torchvision.models import inception_v3

    network = inception_v3(weights=None, init_weights=False, aux_logits=False).eval()
    activations: list[torch.Tensor] = []
    network.Mixed_6c.register_forward_hook(lambda _module, _inputs, output: activations.append(output))
    for parameter in network.parameters():
        parameter.requires_grad_(requires_grad=False)
    for width, height in recipe.sizes:
        picture = torch.rand(1, 3, height, width)
        for _ in range(recipe.steps):
            picture.requires_grad_()
            network(picture)
            (gradient,) = torch.autograd.grad(activations.pop().square().mean(), picture)
            picture = (picture + 0.02 * gradient / gradient.abs().mean()).detach().clamp(-1, 1)
