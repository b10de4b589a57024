"""A network and a recipe that are small enough to dream within a test."""

import torch
from torch import nn

from dreambot.engine.dream import dream
from dreambot.media.picture import DreamInputs, Pixels
from dreambot.recipe import LayerTerm, Recipe
from dreambot.zoo.network import Network, StagedNetwork
from tests.support.recipes import make_recipe


def tiny_network() -> StagedNetwork:
    """Two random 3×3 convolutions with the names of InceptionV3's first two layers."""
    torch.manual_seed(0)
    stages = {
        "conv0": nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.ReLU()),
        "conv1": nn.Sequential(nn.Conv2d(8, 8, 3, padding=1, stride=2), nn.ReLU()),
    }
    return StagedNetwork("inception_v3", stages, ("conv0", "conv1"))


def tiny_recipe(**changes: object) -> Recipe:
    """A recipe that the tiny network dreams in milliseconds."""
    tiny: dict[str, object] = {
        "layers": (LayerTerm(layer="conv1"),),
        "octaves": 3,
        "steps": 4,
        "step": 0.02,
        "gradient": "laplacian",
        "bands": (0.5, 1.0, 1.0, 0.5),
        "chroma": 0.6,
        "width": 200,
        "height": 170,
    }
    return make_recipe(**{**tiny, **changes})


def dreamed(network: Network, inputs: DreamInputs, recipe: Recipe) -> Pixels:
    """Runs a dream to its end."""
    running = dream(network, inputs, recipe)
    while True:
        try:
            next(running)
        except StopIteration as end:
            picture: Pixels = end.value
            return picture
