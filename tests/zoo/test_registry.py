"""Checkpoints that operators add with `dreambot models add`."""

import pickle
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

from dreambot.errors import UserError
from dreambot.recipe import LayerTerm
from dreambot.recipe.layers import TrainedModel
from dreambot.zoo import network, registry, weights
from dreambot.zoo.catalogue import UnknownModel, WeightsError
from dreambot.zoo.loading import load
from dreambot.zoo.registry import CheckpointError
from tests.zoo.untrained import random_module

ARCH = "mobilenet_v2"


@pytest.fixture(scope="module")
def state() -> dict[str, Tensor]:
    return random_module(ARCH).state_dict()


def _saved(found: Any, path: Path) -> Path:
    torch.save(found, path)
    return path


def test_an_added_checkpoint_is_found_by_name_and_by_sha256(state: dict[str, Tensor], tmp_path: Path) -> None:
    entry = registry.add_checkpoint("places", ARCH, _saved(state, tmp_path / "places.pth"), cache=tmp_path)
    assert registry.find_model("places", cache=tmp_path) == TrainedModel(ARCH, entry.sha256)
    assert registry.model_name_of(TrainedModel(ARCH, entry.sha256), cache=tmp_path) == "places"
    assert "places" in registry.model_names(cache=tmp_path)
    x = torch.rand(1, 3, 64, 64) * 2 - 1
    right = network.build(ARCH, state).forward_to(x, ["block9"])["block9"]
    for net in (
        load("places", cut="block9", cache=tmp_path),
        load(ARCH, weights=entry.sha256, cut="block9", cache=tmp_path),
    ):
        assert net.name == ARCH
        torch.testing.assert_close(net.forward_to(x, ["block9"])["block9"], right)


def test_wrappers_and_prefixes_are_removed(state: dict[str, Tensor], tmp_path: Path) -> None:
    parallel = {f"module.{name}": tensor for name, tensor in state.items()}
    inner = {name.replace("features.", "features.module."): tensor for name, tensor in state.items()}
    plain = tmp_path / "plain.safetensors"
    save_file({name: tensor.half() for name, tensor in state.items()}, plain)
    found = {
        registry.add_checkpoint(name, ARCH, path, cache=tmp_path).tensors_sha256
        for name, path in {
            "one": _saved({"epoch": 3, "state_dict": parallel}, tmp_path / "one.pth.tar"),
            "two": _saved({"model": inner}, tmp_path / "two.pt"),
            "three": _saved(state, tmp_path / "three.pth"),
        }.items()
    }
    assert len(found) == 1
    registry.add_checkpoint("four", ARCH, plain, cache=tmp_path)


def test_checkpoints_may_have_other_classes_or_none(state: dict[str, Tensor], tmp_path: Path) -> None:
    places = {**state, "classifier.1.weight": torch.rand(365, 1280), "classifier.1.bias": torch.rand(365)}
    headless = {name: tensor for name, tensor in state.items() if not name.startswith("classifier")}
    registry.add_checkpoint("places", ARCH, _saved(places, tmp_path / "places.pth"), cache=tmp_path)
    registry.add_checkpoint("headless", ARCH, _saved(headless, tmp_path / "headless.pth"), cache=tmp_path)
    assert [registry.class_count(name, cache=tmp_path) for name in ("places", "headless")] == [365, 0]
    x = torch.zeros(1, 3, 64, 64)
    logits = load("places", cache=tmp_path).forward_to(x, ["classes"])["classes"]
    assert logits.shape == (1, 365)
    assert "classes" not in load("headless", cache=tmp_path).layers
    for name, said in {"places": "365 classes, numbered 0 to 364", "headless": "without classes"}.items():
        with pytest.raises(UserError, match=said):
            network.require_classes(load(name, cache=tmp_path), [LayerTerm(layer="classes", channels=(365,))])


def test_a_checkpoint_of_another_architecture_is_rejected(state: dict[str, Tensor], tmp_path: Path) -> None:
    path = _saved(state, tmp_path / "net.pth")
    with pytest.raises(CheckpointError, match=r"net.pth is not a resnet50: it lacks .* say --arch mobilen"):
        registry.add_checkpoint("net", "resnet50", path, cache=tmp_path)
    narrow = {**state, "features.18.0.weight": torch.rand(640, 320, 1, 1)}
    with pytest.raises(CheckpointError, match=r"another shape \(features.18.0.weight\); it fits none"):
        registry.add_checkpoint("net", ARCH, _saved(narrow, path), cache=tmp_path)
    with pytest.raises(CheckpointError, match="checkpoints are taken for vgg16"):
        registry.add_checkpoint("net", "alexnet", path, cache=tmp_path)
    assert {file.name for file in tmp_path.iterdir()} == {"net.pth"}


class _Touch:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.path,)


@pytest.mark.filterwarnings("ignore:Detected pickle protocol")
def test_nothing_in_a_checkpoint_is_executed(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    for name, save in {"torch.pth": torch.save, "plain.pth": _pickled}.items():
        save({"state_dict": _Touch(trace)}, tmp_path / name)
        with pytest.raises(CheckpointError, match="cannot be used"):
            registry.add_checkpoint("evil", ARCH, tmp_path / name, cache=tmp_path)
    assert not trace.exists()


def _pickled(found: object, path: Path) -> None:
    path.write_bytes(pickle.dumps(found))


@pytest.mark.parametrize("content", [b"", b"no weights", b'\x08\0\0\0\0\0\0\0{"a":1}', b"PK\x03\x04 broken"])
def test_a_file_that_is_not_a_checkpoint_is_an_error(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "net.pth"
    path.write_bytes(content)
    with pytest.raises(CheckpointError, match=r"net.pth cannot be used: it") as error:
        registry.add_checkpoint("net", ARCH, path, cache=tmp_path)
    assert "\n" not in str(error.value)


def test_non_finite_weights_are_rejected(state: dict[str, Tensor], tmp_path: Path) -> None:
    state = {**state, "features.0.0.weight": torch.full((32, 3, 3, 3), torch.nan)}
    with pytest.raises(CheckpointError, match=r"features.0.0.weight holds numbers that are not finite"):
        registry.add_checkpoint("net", ARCH, _saved(state, tmp_path / "net.pth"), cache=tmp_path)


@pytest.mark.parametrize("name", ["inception_v3", "googlenet", "Places", "a/b", "../up", "x" * 40, ""])
def test_a_name_must_be_new_and_valid(name: str, tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="name"):
        registry.add_checkpoint(name, ARCH, tmp_path / "net.pth", cache=tmp_path)


def test_removing_the_last_name_deletes_the_tensors(state: dict[str, Tensor], tmp_path: Path) -> None:
    path = _saved(state, tmp_path / "net.pth")
    for name in ("one", "two"):
        entry = registry.add_checkpoint(name, ARCH, path, cache=tmp_path)
    registry.remove_model("one", cache=tmp_path)
    assert weights.locate("two", cache=tmp_path) == tmp_path / entry.converted
    registry.remove_model("two", cache=tmp_path)
    assert not (tmp_path / entry.converted).exists()
    with pytest.raises(UnknownModel, match="inception_v3"):
        weights.pull("two", cache=tmp_path)
    with pytest.raises(CheckpointError, match="“two”"):
        registry.remove_model("two", cache=tmp_path)


def test_damaged_tensors_and_unknown_weights_are_errors(state: dict[str, Tensor], tmp_path: Path) -> None:
    entry = registry.add_checkpoint("net", ARCH, _saved(state, tmp_path / "net.pth"), cache=tmp_path)
    with pytest.raises(WeightsError, match="other weights of mobilenet_v2"):
        load(ARCH, weights="0" * 64, cache=tmp_path)
    (tmp_path / entry.converted).write_bytes(b"no")
    with pytest.raises(WeightsError, match="missing or damaged"):
        load("net", cache=tmp_path)
    (tmp_path / registry.REGISTRY_FILE).write_text("{")
    with pytest.raises(WeightsError, match="Remove it and add them again"):
        registry.model_names(cache=tmp_path)
