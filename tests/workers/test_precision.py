"""Which precision a device uses."""

import json
from pathlib import Path

import pytest
import torch

from dreambot.workers.gpu import devices
from dreambot.workers.gpu.devices import best_precision
from tests.support.cuda_on_cpu import CudaOnCpu

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
    monkeypatch.setattr(devices, "_measured", lambda *_: "bf16")
    assert best_precision(CPU, tmp_path) == "bf16"
    monkeypatch.setattr(devices, "_measured", lambda *_: "fp32")
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


OLD_GPU = torch.device("cuda:0")


def test_a_gpu_without_bf16_measures_fp16_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # fp16 is slow on a CPU, so with a small picture; which is faster here is not the question.
    monkeypatch.setattr(devices, "_BENCHMARK_SIDE", {"cuda": 96})
    with CudaOnCpu(((7, 5),)):
        first = best_precision(OLD_GPU, tmp_path)
        assert first in ("fp32", "fp16")
        [key] = json.loads((tmp_path / devices.PRECISION_FILE).read_text())
        assert key == f"CPU in disguise, torch {torch.__version__}"
        monkeypatch.setattr(devices, "compute_gradient", lambda *_: pytest.fail("measured again"))
        assert best_precision(OLD_GPU, tmp_path) == first
        assert best_precision(OLD_GPU, tmp_path / "other", after_crash=True) == "fp32"


@pytest.mark.parametrize(("slower", "expected"), [("fp16", "fp32"), ("fp32", "fp16")])
def test_the_faster_precision_of_a_gpu_without_bf16_is_used(
    slower: str, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 0.0

    def compute(network: torch.nn.Module, *_: object) -> None:
        nonlocal now
        in_fp16 = next(network.parameters()).dtype is torch.float16
        now += 2.0 if in_fp16 == (slower == "fp16") else 1.0

    monkeypatch.setattr(devices, "compute_gradient", compute)
    monkeypatch.setattr(devices.time, "perf_counter", lambda: now)
    with CudaOnCpu(((7, 0),)):
        assert best_precision(OLD_GPU, tmp_path) == expected


def test_a_measurement_that_fails_gives_fp32_and_is_not_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("CUDA error: no kernel image is available")

    monkeypatch.setattr(devices, "compute_gradient", fails)
    with CudaOnCpu(((6, 1),)):
        assert best_precision(OLD_GPU, tmp_path) == "fp32"
    assert "no kernel image" in caplog.text
    assert not (tmp_path / devices.PRECISION_FILE).exists()
