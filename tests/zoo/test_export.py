"""Exports: networks in one file."""

import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from dreambot.recipe.layers import TrainedModel
from dreambot.zoo import network
from dreambot.zoo.loading import ExportError, load_export, pack_export
from tests.zoo.untrained import random_module

MODEL = TrainedModel("mobilenet_v2", "ab" * 32)


def _packed(path: Path, *, bf16: bool) -> tuple[network.StagedNetwork, Path]:
    state = {key: t for key, t in random_module("mobilenet_v2").state_dict().items() if t.is_floating_point()}
    arrays = {key: tensor.numpy() for key, tensor in state.items()}
    path.write_bytes(pack_export(MODEL, arrays, "block4", bf16=bf16))
    return network.build("mobilenet_v2", state, cut="block4"), path


def test_the_export_is_the_network_up_to_its_cut(tmp_path: Path) -> None:
    reference, path = _packed(tmp_path / "net.safetensors", bf16=False)
    net, model = load_export(path)
    assert model == MODEL
    assert net.layers == reference.layers
    x = torch.rand(1, 3, 64, 64) * 2 - 1
    torch.testing.assert_close(net.forward_to(x, ["block4"]), reference.forward_to(x, ["block4"]))


def test_bf16_halves_the_size_and_is_close(tmp_path: Path) -> None:
    reference, whole = _packed(tmp_path / "whole.safetensors", bf16=False)
    _, half = _packed(tmp_path / "half.safetensors", bf16=True)
    assert half.stat().st_size < 0.8 * whole.stat().st_size
    net, _ = load_export(half)
    x = torch.rand(1, 3, 64, 64) * 2 - 1
    ours, theirs = (n.forward_to(x, ["block4"])["block4"] for n in (net, reference))
    assert (ours - theirs).norm() < 0.02 * theirs.norm()


def test_loading_an_export_imports_nothing_that_fetches(tmp_path: Path) -> None:
    _, path = _packed(tmp_path / "net.safetensors", bf16=True)
    script = (
        "import sys\nfrom pathlib import Path\nfrom dreambot.zoo.loading import load_export\n"
        f"load_export(Path({str(path)!r}))\n"
        "print(sorted({'filelock', 'platformdirs', 'requests', 'torchvision'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_other_files_are_rejected(tmp_path: Path) -> None:
    path = tmp_path / "net.safetensors"
    save_file({"one": torch.zeros(1)}, path)
    with pytest.raises(ExportError, match="not made by"):
        load_export(path)
    path.write_bytes(b"nothing")
    with pytest.raises(ExportError, match="cannot be read"):
        load_export(path)
