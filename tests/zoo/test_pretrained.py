"""VGG16 and MobileNetV2 compared with torchvision's modules with the same weights, on real photos."""

from collections.abc import Iterator

import pytest
import torch
import torchvision
from torch import Tensor, nn

from benchmarks.photos import load_photo
from dreambot.zoo import network, weights
from dreambot.zoo.loading import load
from tests.support import require

pytestmark = pytest.mark.weights

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def picture(name: str, side: int) -> Tensor:
    return torch.tensor(load_photo(name, side)).permute(2, 0, 1)[None].float() / 127.5 - 1


def normalised(x: Tensor) -> Tensor:
    """Applies torchvision's normalisation to RGB in [-1, 1]."""
    return torchvision.transforms.functional.normalize((x + 1) / 2, MEAN, STD)


def our_and_their_network(name: str) -> tuple[network.StagedNetwork, nn.Module]:
    require("weights", weights.locate(name) is not None)
    # On the meta device: it gets our weights, and VGG16's classifier has a hundred million parameters.
    with torch.device("meta"):
        theirs = torchvision.models.get_model(name, weights=None).eval()
    tensors = {key: torch.from_numpy(array) for key, array in weights.tensors(name).items()}
    theirs.load_state_dict(tensors, strict=False, assign=True)
    return load(name), theirs


def stage_outputs(features: nn.Module, x: Tensor) -> Iterator[Tensor]:
    for stage in features.children():
        # A copy, because torchvision's ReLUs work in place.
        x = stage(x.clone())
        yield x


def assert_close(ours: Tensor, theirs: Tensor, name: str) -> None:
    assert (ours - theirs).abs().max() <= 1e-5 * theirs.abs().max(), name


def test_vgg16_equals_torchvisions_before_and_after_each_relu() -> None:
    ours, theirs = our_and_their_network("vgg16")
    x = picture("chelsea.png", 96)
    with torch.no_grad():
        expected = list(stage_outputs(theirs.get_submodule("features"), normalised(x)))
        values = ours.forward_to(x, ours.layers)
    convolutions = [
        i for i, stage in enumerate(theirs.get_submodule("features")) if isinstance(stage, nn.Conv2d)
    ]
    names = [name for name in ours.layers if not name.endswith("_pre")]
    for name, index in zip(names, convolutions, strict=True):
        assert_close(values[name], expected[index + 1], name)
        if f"{name}_pre" in values:
            assert_close(values[f"{name}_pre"], expected[index], name)


def test_mobilenet_v2_equals_torchvisions_at_every_layer() -> None:
    ours, theirs = our_and_their_network("mobilenet_v2")
    x = picture("chelsea.png", 130)
    with torch.no_grad():
        expected = [*stage_outputs(theirs.get_submodule("features"), normalised(x)), theirs(normalised(x))]
        values = ours.forward_to(x, ours.layers)
    for (name, value), reference in zip(values.items(), expected, strict=True):
        assert_close(value, reference, name)


@pytest.mark.parametrize(
    ("name", "expected_class"), [("chelsea.png", "Egyptian cat"), ("coffee.png", "espresso")]
)
def test_mobilenet_v2_classifies_a_photo(name: str, expected_class: str) -> None:
    require("weights", weights.locate("mobilenet_v2") is not None)
    categories = torchvision.models.MobileNet_V2_Weights.IMAGENET1K_V1.meta["categories"]
    net = load("mobilenet_v2")
    with torch.no_grad():
        logits = net.forward_to(picture(name, 320), ["classes"])["classes"]
    assert logits.shape == (1, 1000)
    assert categories[int(logits.argmax())] == expected_class
