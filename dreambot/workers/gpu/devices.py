"""Selects the torch device and its faster precision.

`python -m dreambot.workers.gpu.devices cpu` checks a device: it prints the name, or what is wrong, with exit
status 1.
"""

import contextlib
import json
import os
import platform
import sys
import tempfile
import time
from pathlib import Path
from typing import Literal

import torch

from dreambot.engine.gradients import compute_gradient
from dreambot.engine.objectives import LayerObjective
from dreambot.errors import UserError
from dreambot.recipe import LayerTerm
from dreambot.zoo.blocks import ConvReLU, FoldedConv
from dreambot.zoo.cache import default_folder
from dreambot.zoo.network import StagedNetwork

Precision = Literal["fp32", "bf16"]

PRECISION_FILE = "precision.json"
_BENCHMARK_SIDE = 160
_BENCHMARK_ROUNDS = 5
_CLEAR_GAIN = 1.2
"""Only a clear difference overrules what the CPU reports: other processes may be busy during the measurement.
"""


def fastest_precision(folder: Path) -> Precision:
    """Returns what is faster on this CPU, with this torch and its number of threads.

    The first measurement takes a fraction of a second.

    Args:
        folder: where the result is stored.
    """
    path = folder / PRECISION_FILE
    kept = _read_results(path)
    key = f"{_processor_name()}, {torch.get_num_threads()} threads, torch {torch.__version__}"
    # oneDNN can be limited to fewer instructions than the CPU has.
    if limit := os.environ.get("ONEDNN_MAX_CPU_ISA") or os.environ.get("DNNL_MAX_CPU_ISA"):
        key += f", oneDNN limited to {limit}"
    if key not in kept:
        kept[key] = _measured()
        _write_results(path, kept)
    return "bf16" if kept[key] == "bf16" else "fp32"


def _measured() -> Precision:
    networks = {dtype: _benchmark_network().to(dtype) for dtype in (torch.float32, torch.bfloat16)}
    picture = torch.rand(1, 3, _BENCHMARK_SIDE, _BENCHMARK_SIDE) * 2 - 1
    score = LayerObjective([LayerTerm(layer="conv2")], "ms")
    best = dict.fromkeys(networks, float("inf"))
    for _ in range(_BENCHMARK_ROUNDS):
        for dtype, network in networks.items():
            start = time.perf_counter()
            compute_gradient(network, picture, score)
            best[dtype] = min(best[dtype], time.perf_counter() - start)
    gain = best[torch.float32] / best[torch.bfloat16]
    return "bf16" if gain > (1 / _CLEAR_GAIN if _multiplies_bf16() else _CLEAR_GAIN) else "fp32"


def _benchmark_network() -> StagedNetwork:
    """Returns a few layers as in a typical network."""
    widths = (3, 32, 64, 96)

    def conv(index: int) -> ConvReLU:
        kernel = torch.randn(widths[index + 1], widths[index], 3, 3)
        return ConvReLU(FoldedConv(kernel, torch.zeros(widths[index + 1])), stride=2 if index == 0 else 1)

    names = tuple(f"conv{index}" for index in range(3))
    network = StagedNetwork("sample", {name: conv(place) for place, name in enumerate(names)}, names)
    return network.to(memory_format=torch.channels_last)


def _multiplies_bf16() -> bool:
    """Returns whether the CPU reports instructions that multiply in bf16."""
    return any(
        word in line.split()
        for line in _cpuinfo()
        if line.startswith(("flags", "Features"))
        for word in ("avx512_bf16", "amx_bf16", "bf16")
    )


def _processor_name() -> str:
    names = (line.partition(":")[2].strip() for line in _cpuinfo() if line.startswith("model name"))
    return next(names, "") or platform.processor() or platform.machine()


def _cpuinfo() -> list[str]:
    try:
        return Path("/proc/cpuinfo").read_text("utf-8", "replace").splitlines()
    except OSError:
        return []


def _read_results(path: Path) -> dict[str, object]:
    try:
        kept = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _write_results(path: Path, kept: dict[str, object]) -> None:
    # If it cannot be stored, it is measured again next time.
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", dir=path.parent, prefix=f".{PRECISION_FILE}.", delete=False
        ) as stream:
            json.dump(kept, stream, indent=1)
        os.replace(stream.name, path)


def find_device(asked: str) -> torch.device:
    """Returns a device.

    Args:
        asked: "cpu", "mps", "cuda:0" …; "auto" is the first of cuda, mps and cpu that is present.

    Raises:
        UserError: it is not present.
    """
    if asked == "auto":
        asked = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
    if asked == "cuda":
        asked = "cuda:0"
    if asked.startswith("cuda:"):
        count = torch.cuda.device_count()
        if int(asked.removeprefix("cuda:")) >= count:
            there = "no CUDA device that torch can use" if count == 0 else f"only cuda:0 to cuda:{count - 1}"
            raise UserError("setup-device-missing", device=asked, present=there)
    if asked == "mps" and not torch.backends.mps.is_available():
        raise UserError("setup-device-no-mps")
    return torch.device(asked)


def device_count(device: torch.device) -> int:
    """Returns how many devices of its kind this machine has.

    Args:
        device: the device.
    """
    return torch.cuda.device_count() if device.type == "cuda" else 1


def limit_threads(device: torch.device, workers: int) -> None:
    """Limits the threads of this process to its share of the CPU.

    Args:
        device: the device of this worker; without effect unless it is the CPU.
        workers: how many worker processes share the CPU.
    """
    if device.type == "cpu" and workers > 1:
        torch.set_num_threads(max(1, torch.get_num_threads() // workers))


def device_name(device: torch.device) -> str:
    """Returns the name of a device for people.

    Args:
        device: the device.
    """
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    if device.type == "mps":
        return "Apple GPU"
    return f"{platform.machine()} CPU, {torch.get_num_threads()} threads"


def best_precision(device: torch.device, cache: Path | None = None) -> Precision:
    """Returns the faster precision: bf16 if the hardware multiplies in it, which is measured on a CPU.

    Args:
        device: the device.
        cache: where the measurement is stored; by default the folder of the weights' cache.
    """
    if device.type == "cuda":
        return "bf16" if torch.cuda.is_bf16_supported(including_emulation=False) else "fp32"
    return fastest_precision(cache or default_folder()) if device.type == "cpu" else "fp32"


def main(asked: str) -> int:
    """Checks devices and prints their names, or what is wrong.

    Args:
        asked: as in DREAMBOT_DEVICE.

    Returns:
        The exit status.
    """
    try:
        for name in asked.split(","):
            device = find_device(name)
            if torch.ones(64, device=device).sum().item() != 64:
                raise UserError("setup-device-wrong", device=device)
            others = device_count(device) - 1
            more = f" and {others} more" if others and name in ("auto", "cuda") else ""
            print(f"{device}: {device_name(device)}{more}")
    except UserError as error:
        print(error)
        return 1
    except RuntimeError as error:
        print(f"{asked} is there, but cannot be used: {str(error).partition(chr(10))[0]}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
