"""torchvision's modules with random numbers, behind which ours are held."""

from typing import Any

import torch
import torchvision
from torch import Tensor, nn

THEIRS = {
    "vgg16": "vgg16",
    "mobilenet_v2": "mobilenet_v2",
    "googlenet": "googlenet",
    "resnet50": "resnet50",
    "inception_v3_torchvision": "inception_v3",
}
"""Our architectures → torchvision's names."""


def blank(name: str) -> nn.Module:
    """torchvision's module of our architecture `name`, with shapes but no numbers."""
    options: dict[str, Any] = {"init_weights": False} if "ception" in name or name == "googlenet" else {}
    with torch.device("meta"):
        module: nn.Module = torchvision.models.get_model(THEIRS[name], weights=None, **options)
    return module.eval()


def shapes(name: str) -> dict[str, Tensor]:
    """The tensors of `blank`: they have shapes alone."""
    return blank(name).state_dict()


def random_module(name: str) -> nn.Module:
    """torchvision's module with numbers that keep activations alive from the first layer to the last."""
    torch.manual_seed(0)
    module = blank(name)
    numbers: dict[str, Tensor] = {}
    for key, tensor in module.state_dict().items():
        if key.endswith("num_batches_tracked"):
            numbers[key] = torch.tensor(1)
        elif tensor.ndim > 1:
            fan_in = tensor[0].numel()
            numbers[key] = torch.randn(tensor.shape) * (2 / fan_in) ** 0.5
        elif key.endswith(("running_var", "weight")):
            numbers[key] = torch.rand(tensor.shape) + 0.5
        else:
            numbers[key] = torch.randn(tensor.shape) * 0.1
    module.load_state_dict(numbers, assign=True)
    return module
