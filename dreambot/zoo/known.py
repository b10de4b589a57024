"""The models that people may name."""

from dreambot.recipe.trained import Trained
from dreambot.zoo.weights import weights_sha256


def trained(name: str) -> Trained:
    """The architecture and weights that a model's name stands for. UnknownModel lists the names there are."""
    return Trained(name, weights_sha256(name))
