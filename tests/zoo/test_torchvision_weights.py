"""Weights that torchvision publishes."""

import hashlib
import os
from pathlib import Path
from urllib.error import URLError

import pytest
import torch

from dreambot.zoo import catalogue, registry, weights
from dreambot.zoo.catalogue import TorchvisionModel, WeightsError
from dreambot.zoo.loading import load
from tests.zoo.untrained import random_module


@pytest.fixture
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A MobileNetV2 with random weights, registered as if torchvision published it."""
    folder = tmp_path / "published"
    folder.mkdir()
    path = folder / "mobile.pth"
    torch.save(random_module("mobilenet_v2").state_dict(), path)
    start = hashlib.sha256(path.read_bytes()).hexdigest()[:8]
    entry = TorchvisionModel(
        name="mobilenet_v2",
        title="",
        authors="",
        licence="",
        weights="MobileNet_V2_Weights.IMAGENET1K_V1",
        file=path.name,
        sha256_start=start,
        megabytes=14,
    )
    monkeypatch.setattr(catalogue, "MODELS", {})
    monkeypatch.setattr(catalogue, "DOWNLOADS", {entry.name: entry})
    monkeypatch.delenv("DREAMBOT_WEIGHTS_DIR", raising=False)
    return path


def test_weights_are_fetched_once(published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    requests: list[tuple[str, str]] = []

    def deliver(url: str, target: str, start: str, progress: bool) -> None:
        requests.append((url, start))
        Path(target).write_bytes(published.read_bytes())

    monkeypatch.setattr("torch.hub.download_url_to_file", deliver)
    cache = tmp_path / "cache"
    assert weights.locate("mobilenet_v2", cache=cache) is None
    with pytest.raises(WeightsError, match="dreambot models pull mobilenet_v2"):
        registry.find_model("mobilenet_v2", cache=cache)
    path = weights.pull("mobilenet_v2", cache=cache)
    assert weights.pull("mobilenet_v2", cache=cache) == path == weights.locate("mobilenet_v2", cache=cache)
    [(url, start)] = requests
    assert url.startswith("https://")
    assert weights.weights_sha256("mobilenet_v2", cache=cache).startswith(start)
    assert not (cache / published.name).exists()
    assert load("mobilenet_v2", cut="block1", cache=cache).layers == ("conv0", "block1")


def test_without_internet_the_error_explains_what_to_do(
    published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*_: object, **__: object) -> None:
        raise URLError(OSError("no such host"))

    monkeypatch.setattr("torch.hub.download_url_to_file", unreachable)
    with pytest.raises(WeightsError, match=r"no such host.*mobile\.pth.*DREAMBOT_WEIGHTS_DIR") as error:
        weights.pull("mobilenet_v2", cache=tmp_path)
    assert "\n" not in str(error.value)


def test_a_published_file_in_the_weights_folder_is_used(published: Path, tmp_path: Path) -> None:
    assert weights.pull("mobilenet_v2", cache=tmp_path, weights_dir=published.parent).is_file()


def test_another_file_of_that_name_is_rejected(published: Path, tmp_path: Path) -> None:
    with published.open("ab") as stream:
        stream.write(os.urandom(4))
    with pytest.raises(WeightsError, match="sha256 does not begin"):
        weights.pull("mobilenet_v2", cache=tmp_path, weights_dir=published.parent)


def test_the_catalogue_agrees_with_torchvision() -> None:
    import torchvision

    for download in catalogue.DOWNLOADS.values():
        address = torchvision.models.get_weight(download.weights).url
        assert address.endswith(f"/{download.file}")
        assert download.file.endswith(f"-{download.sha256_start}.pth")
