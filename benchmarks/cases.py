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
from dreambot.recipe import LayerTerm, Recipe
from dreambot.zoo.network import Network


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
        return Recipe.model_validate(
            {
                "model": self.model,
                "weights": "0" * 64,
                "layers": (LayerTerm(layer=self.layer),),
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
                "width": self.side,
                "height": self.side,
                "seed": 1,
                "precision": precision,
            }
        )


CASES = tuple(
    Case(model, layer, side)
    for side in (512, 1024, 2048)
    for model, layer in (("inception_v3", "mixed5"), ("vgg16", "conv4_3"))
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
    times, steps, start = [], dream(network, DreamInputs(rgb), recipe), time.perf_counter()
    while True:
        try:
            next(steps)
        except StopIteration:
            times.append(time.perf_counter() - start)
            return times
        now = time.perf_counter()
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
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
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
