"""Our networks compared with torchvision's, with random weights, and with the layer catalogue."""

from collections.abc import Iterator

import pytest
import torch
import torchvision
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from dreambot.recipe import LAYERS
from dreambot.zoo import network
from tests.zoo.untrained import TORCHVISION_NAMES, random_module, shapes

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def _recorded(module: nn.Module, names: list[str], x: Tensor) -> dict[str, Tensor]:
    values: dict[str, Tensor] = {}

    def keep(name: str) -> object:
        def hook(_module: nn.Module, _inputs: object, output: Tensor) -> None:
            # A copy, because an in-place ReLU may follow.
            values[name] = output.clone()

        return module.get_submodule(name).register_forward_hook(hook)

    for name in names:
        keep(name)
    with torch.no_grad():
        values["classes"] = module(x)
    return values


def _counterparts(name: str) -> Iterator[tuple[str, str]]:
    """Yields our layer and torchvision's module, for the layers that are modules there."""
    for layer in LAYERS[name]:
        if layer.name.endswith("_pre") or layer.name == "classes":
            continue
        match name:
            case "resnet50":
                yield layer.name, layer.aliases[0]
            case "googlenet":
                plain = {"conv0": "conv1", "conv1": "conv2", "conv2": "conv3"}
                yield layer.name, plain.get(layer.name, layer.aliases[0])
            case _:
                yield layer.name, layer.aliases[0]


@pytest.mark.parametrize("name", ["googlenet", "resnet50", "inception_v3_torchvision"])
def test_every_layer_equals_torchvisions(name: str) -> None:
    theirs = random_module(name)
    ours = network.build(name, theirs.state_dict())
    x = torch.rand(2, 3, 113, 97) * 2 - 1
    normalised = torchvision.transforms.functional.normalize((x + 1) / 2, MEAN, STD)
    pairs = dict(_counterparts(name))
    expected = _recorded(theirs, list(pairs.values()), normalised if name == "resnet50" else x)
    with torch.no_grad():
        values = ours.forward_to(x, ours.layers)
    for layer, their_name in {**pairs, "classes": "classes"}.items():
        reference = expected[their_name]
        assert values[layer].abs().max() > 0
        assert (values[layer] - reference).abs().max() <= 1e-4 * reference.abs().max(), layer


@pytest.mark.parametrize("name", ["googlenet", "resnet50"])
def test_the_relu_of_a_pre_layer_is_the_layer(name: str) -> None:
    net = network.build(name, random_module(name).state_dict(), cut=_some_pre(name))
    x = torch.rand(1, 3, 64, 64) * 2 - 1
    with torch.no_grad():
        values = net.forward_to(x, net.layers)
    pre = _some_pre(name)
    assert (values[pre] < 0).any()
    torch.testing.assert_close(values[pre].relu(), values[pre.removesuffix("_pre")])


def _some_pre(name: str) -> str:
    return next(layer.name for layer in LAYERS[name] if layer.name.endswith("_pre"))


@pytest.mark.parametrize("name", TORCHVISION_NAMES)
def test_the_catalogue_has_the_right_channels_and_flops(name: str) -> None:
    side = 512
    net = network.build(name, shapes(name), device="meta")
    assert net.layers == tuple(layer.name for layer in LAYERS[name])
    x = torch.empty(1, 3, side, side, device="meta")
    for layer in LAYERS[name]:
        with torch.no_grad(), FlopCounterMode(display=False) as counter:
            value = net.forward_to(x, [layer.name])[layer.name]
        assert value.shape[1] == layer.channels, layer.name
        assert counter.get_total_flops() / side**2 == pytest.approx(layer.flops, rel=0.02), layer.name


@pytest.mark.parametrize("name", ["googlenet", "mobilenet_v2", "resnet50"])
def test_a_checkpoint_without_a_classifier_has_no_classes(name: str) -> None:
    tensors = {key: tensor for key, tensor in shapes(name).items() if not key.startswith(("fc", "classif"))}
    assert "classes" not in network.build(name, tensors, device="meta").layers
