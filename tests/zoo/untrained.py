"""torchvision's modules with random weights, as a reference for ours."""

from typing import Any

import torch
import torchvision
from torch import Tensor, nn

TORCHVISION_NAMES = {
    "vgg16": "vgg16",
    "mobilenet_v2": "mobilenet_v2",
    "googlenet": "googlenet",
    "resnet50": "resnet50",
    "inception_v3_torchvision": "inception_v3",
}
"""Our architectures → torchvision's names."""


def blank(name: str) -> nn.Module:
    """torchvision's module of our architecture `name`, on the meta device."""
    options: dict[str, Any] = {"init_weights": False} if "ception" in name or name == "googlenet" else {}
    with torch.device("meta"):
        module: nn.Module = torchvision.models.get_model(TORCHVISION_NAMES[name], weights=None, **options)
    return module.eval()


def shapes(name: str) -> dict[str, Tensor]:
    """The state dict of `blank`, on the meta device."""
    return blank(name).state_dict()


def random_module(name: str) -> nn.Module:
    """torchvision's module with random weights that keep the scale of activations through all layers."""
    torch.manual_seed(0)
    module = blank(name)
    weights: dict[str, Tensor] = {}
    for key, tensor in module.state_dict().items():
        if key.endswith("num_batches_tracked"):
            weights[key] = torch.tensor(1)
        elif tensor.ndim > 1:
            fan_in = tensor[0].numel()
            weights[key] = torch.randn(tensor.shape) * (2 / fan_in) ** 0.5
        elif key.endswith(("running_var", "weight")):
            weights[key] = torch.rand(tensor.shape) + 0.5
        else:
            weights[key] = torch.randn(tensor.shape) * 0.1
    module.load_state_dict(weights, assign=True)
    return module
