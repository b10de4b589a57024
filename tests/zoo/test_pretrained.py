"""The carried VGG16 and MobileNetV2 against torchvision's modules with the same weights, on real photos."""

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

MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def picture(name: str, side: int) -> Tensor:
    return torch.tensor(load_photo(name, side)).permute(2, 0, 1)[None].float() / 127.5 - 1


def as_trained(x: Tensor) -> Tensor:
    """What torchvision's own transform makes of RGB in [-1, 1]."""
    return torchvision.transforms.functional.normalize((x + 1) / 2, MEAN, DEVIATION)


def both(name: str) -> tuple[network.StagedNetwork, nn.Module]:
    require("weights", weights.locate(name) is not None)
    # Without numbers of its own: it gets ours, and VGG16's classifier alone has a hundred million.
    with torch.device("meta"):
        theirs = torchvision.models.get_model(name, weights=None).eval()
    tensors = {key: torch.from_numpy(array) for key, array in weights.tensors(name).items()}
    theirs.load_state_dict(tensors, strict=False, assign=True)
    return load(name), theirs


def along(features: nn.Module, x: Tensor) -> Iterator[Tensor]:
    for stage in features.children():
        # A copy: torchvision's ReLUs overwrite what they are given.
        x = stage(x.clone())
        yield x


def assert_alike(ours: Tensor, theirs: Tensor, name: str) -> None:
    assert (ours - theirs).abs().max() <= 1e-5 * theirs.abs().max(), name


def test_vgg16_says_what_torchvisions_says_before_and_behind_each_relu() -> None:
    ours, theirs = both("vgg16")
    x = picture("chelsea.png", 96)
    with torch.no_grad():
        expected = list(along(theirs.get_submodule("features"), as_trained(x)))
        values = ours.forward_to(x, ours.layers)
    convolutions = [
        i for i, stage in enumerate(theirs.get_submodule("features")) if isinstance(stage, nn.Conv2d)
    ]
    names = [name for name in ours.layers if not name.endswith("_pre")]
    for name, place in zip(names, convolutions, strict=True):
        assert_alike(values[name], expected[place + 1], name)
        if f"{name}_pre" in values:
            assert_alike(values[f"{name}_pre"], expected[place], name)


def test_mobilenet_v2_says_what_torchvisions_says_at_every_layer() -> None:
    ours, theirs = both("mobilenet_v2")
    x = picture("chelsea.png", 130)
    with torch.no_grad():
        expected = [*along(theirs.get_submodule("features"), as_trained(x)), theirs(as_trained(x))]
        values = ours.forward_to(x, ours.layers)
    for (name, value), right in zip(values.items(), expected, strict=True):
        assert_alike(value, right, name)


@pytest.mark.parametrize(("name", "meant"), [("chelsea.png", "Egyptian cat"), ("coffee.png", "espresso")])
def test_mobilenet_v2_knows_what_is_in_a_photo(name: str, meant: str) -> None:
    require("weights", weights.locate("mobilenet_v2") is not None)
    categories = torchvision.models.MobileNet_V2_Weights.IMAGENET1K_V1.meta["categories"]
    net = load("mobilenet_v2")
    with torch.no_grad():
        logits = net.forward_to(picture(name, 320), ["classes"])["classes"]
    assert logits.shape == (1, 1000)
    assert categories[int(logits.argmax())] == meant
