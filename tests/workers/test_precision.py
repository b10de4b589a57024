"""Which precision a CPU uses."""

import json
from pathlib import Path

import pytest
import torch

from dreambot.workers.gpu import devices
from dreambot.workers.gpu.devices import best_precision

CPU = torch.device("cpu")


def test_the_precision_is_measured_once_and_stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = best_precision(CPU, tmp_path / "new")
    assert first in ("fp32", "bf16")
    kept = json.loads((tmp_path / "new" / devices.PRECISION_FILE).read_text())
    assert list(kept.values()) == [first]
    assert torch.__version__ in next(iter(kept))

    monkeypatch.setattr(devices, "compute_gradient", lambda *_: pytest.fail("measured again"))
    assert best_precision(CPU, tmp_path / "new") == first


@pytest.mark.parametrize("variable", ["ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA"])
def test_the_precision_is_measured_again_with_fewer_instructions(
    variable: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(devices, "_measured", lambda: "bf16")
    assert best_precision(CPU, tmp_path) == "bf16"
    monkeypatch.setattr(devices, "_measured", lambda: "fp32")
    assert best_precision(CPU, tmp_path) == "bf16"
    monkeypatch.setenv(variable, "AVX2")
    assert best_precision(CPU, tmp_path) == "fp32"
    monkeypatch.delenv(variable)
    assert best_precision(CPU, tmp_path) == "bf16"


@pytest.mark.parametrize("text", ["", "[1]", "{", '{"another processor": "bf16"}'])
def test_an_unusable_file_is_measured_again(text: str, tmp_path: Path) -> None:
    (tmp_path / devices.PRECISION_FILE).write_text(text)
    assert best_precision(CPU, tmp_path) in ("fp32", "bf16")
    assert json.loads((tmp_path / devices.PRECISION_FILE).read_text())


def test_a_folder_that_cannot_be_written_is_ignored(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    assert best_precision(CPU, tmp_path / "file") in ("fp32", "bf16")
