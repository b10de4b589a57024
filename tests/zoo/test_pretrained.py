"""The networks compared with other programs that run the same weights, on real photos."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import skimage
import torch
import torchvision
from PIL import Image
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


def test_writing_equals_torchvisions_vgg16_with_batch_norms() -> None:
    require("weights", weights.locate("writing") is not None)
    with torch.device("meta"):
        theirs = torchvision.models.vgg16_bn(weights=None).features[:40].eval()
    tensors = {
        key.removeprefix("features."): torch.from_numpy(array)
        for key, array in weights.tensors("writing").items()
    }
    counters = {key: torch.tensor(1) for key in theirs.state_dict() if key.endswith("num_batches_tracked")}
    theirs.load_state_dict({**counters, **tensors}, strict=True, assign=True)
    x = picture("coffee.png", 96)
    ours = load("writing")
    with torch.no_grad():
        expected = list(stage_outputs(theirs, normalised(x)))
        values = ours.forward_to(x, ours.layers)
    relus = [i for i, stage in enumerate(theirs) if isinstance(stage, nn.ReLU)]
    assert len(relus) == len(ours.layers) == 12
    for name, index in zip(ours.layers, relus, strict=True):
        assert_close(values[name], expected[index], name)


def test_faces_equals_dlib() -> None:
    require("weights", weights.locate("faces") is not None)
    with Image.open(Path(skimage.__file__).parent / "data" / "astronaut.png") as photo:
        face = photo.convert("RGB").crop(FACE_BOX).resize((150, 150), Image.Resampling.BICUBIC)
    x = torch.tensor(np.asarray(face)).permute(2, 0, 1)[None].float() / 127.5 - 1
    with torch.no_grad():
        for stage in load("faces").stages.values():
            x = stage(x)
    assert (x[0] - torch.tensor(DLIB_DESCRIPTOR)).abs().max() < 1e-5


FACE_BOX = (175, 76, 265, 166)
"""Where dlib's detector finds the astronaut's face: left, top, right, bottom."""

# fmt: off
DLIB_DESCRIPTOR = (
    -0.063984, 0.034511, 0.013906, -0.088354, -0.129996, -0.000336, 0.008227, -0.14537,
    0.110223, -0.131879, 0.184264, -0.034916, -0.287683, -0.023669, 0.034553, 0.12633,
    -0.134329, -0.138583, -0.179516, -0.059456, 0.019825, 0.060452, 0.016674, 0.068684,
    -0.244162, -0.248717, -0.078495, -0.087826, 0.016427, -0.067626, -0.019019, 0.075148,
    -0.085541, 0.04106, 0.064613, 0.151887, -0.082013, -0.155501, 0.154491, -0.072546,
    -0.260169, -0.035748, 0.046358, 0.208106, 0.268845, -0.115425, 0.010253, -0.040585,
    0.128603, -0.287775, 0.023414, 0.094998, 0.06674, 0.104649, 0.063281, -0.146227,
    0.012918, 0.258618, -0.244298, -0.05759, 0.050378, -0.137937, 0.012768, -0.05159,
    0.143895, 0.118132, -0.198778, -0.0975, 0.182196, -0.215973, -0.00661, 0.054875,
    -0.148654, -0.207894, -0.269134, 0.015923, 0.411484, 0.217456, -0.121904, -0.015263,
    -0.066145, 0.020722, 0.01688, 0.031085, -0.060464, -0.044975, -0.112244, 0.093944,
    0.195691, -0.04797, 0.019448, 0.273911, 0.038572, -0.035679, 0.050925, 0.067987,
    -0.117846, -0.042886, -0.104919, 0.049278, -0.03568, -0.114047, 0.072209, 0.151648,
    -0.098469, 0.220253, 0.013887, 0.009538, -0.001438, -0.039952, -0.072175, -0.064741,
    0.156481, -0.248984, 0.06507, 0.148599, 0.085828, 0.155788, 0.040934, 0.048756,
    -0.01875, -0.053741, -0.196037, -0.020657, 0.073731, -0.026956, 0.048901, 0.045641,
)
# fmt: on
"""What dlib 20.0.1's `face_recognition_model_v1.compute_face_descriptor` gives for that face."""
