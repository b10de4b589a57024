"""Selects the torch device and its faster precision.

`python -m dreambot.workers.gpu.devices cpu` checks a device: it prints the name, or what is wrong, with exit
status 1. With exit status 3 it prints the CPU's name, and on the next line why that of "auto" is not the GPU.
"""

import contextlib
import functools
import json
import logging
import os
import platform
import sys
import tempfile
import time
import warnings
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import torch
import torch.nn.functional as F

from dreambot.engine.gradients import compute_gradient
from dreambot.engine.objectives import LayerObjective
from dreambot.errors import UserError
from dreambot.recipe import LayerTerm, Precision
from dreambot.zoo.blocks import ConvReLU, FoldedConv
from dreambot.zoo.cache import default_folder
from dreambot.zoo.network import StagedNetwork

log = logging.getLogger(__name__)

PRECISION_FILE = "precision.json"
_BENCHMARK_SIDE = {"cpu": 160, "cuda": 512}
"""On a small picture a GPU would spend its time launching kernels, which takes as long in each precision."""
_BENCHMARK_ROUNDS = 5
_CLEAR_GAIN = 1.2
"""Only a clear difference overrules what the CPU reports: other processes may be busy during the measurement.
"""
DTYPES: Mapping[Precision, torch.dtype] = MappingProxyType(
    {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}
)


def fastest_precision(
    device: torch.device, half: Precision, folder: Path, *, after_crash: bool = False
) -> Precision:
    """Returns what is faster on a device, with this torch and, on a CPU, its number of threads.

    The first measurement takes a fraction of a second.

    Args:
        device: the device.
        half: "bf16" or "fp16", which is compared with fp32.
        folder: where the result is stored.
        after_crash: whether the process before this one crashed. If it left no result, fp32 is the result.
    """
    path = folder / PRECISION_FILE
    if device.type == "cpu":
        key = f"{processor_name()}, {torch.get_num_threads()} threads, torch {torch.__version__}"
        key += instruction_limit()
    else:
        key = f"{device_name(device)}, torch {torch.__version__}"
    kept = read_results(path)
    if key not in kept:
        try:
            kept[key] = "fp32" if after_crash else _measured(device, half)
        except RuntimeError as error:
            log.warning("%s uses fp32, because the measurement of %s failed: %s", device, half, error)
            return "fp32"
        write_results(path, kept)
    return half if kept[key] == half else "fp32"


def instruction_limit() -> str:
    """Returns a text for keys of measurements: oneDNN can use fewer instructions than the CPU has."""
    limit = os.environ.get("ONEDNN_MAX_CPU_ISA") or os.environ.get("DNNL_MAX_CPU_ISA")
    return f", oneDNN limited to {limit}" if limit else ""


def _measured(device: torch.device, half: Precision) -> Precision:
    networks = {dtype: _benchmark_network().to(device, dtype) for dtype in (torch.float32, DTYPES[half])}
    side = _BENCHMARK_SIDE[device.type]
    picture = torch.rand(1, 3, side, side, device=device) * 2 - 1
    score = LayerObjective([LayerTerm(layer="conv2")], "ms")
    best = dict.fromkeys(networks, float("inf"))
    for _ in range(_BENCHMARK_ROUNDS):
        for dtype, network in networks.items():
            start = time.perf_counter()
            # It returns the value of the score, so it has waited for the device.
            compute_gradient(network, picture, score)
            best[dtype] = min(best[dtype], time.perf_counter() - start)
    gain = best[torch.float32] / best[DTYPES[half]]
    has_instructions = device.type == "cpu" and _multiplies_bf16()
    return half if gain > (1 / _CLEAR_GAIN if has_instructions else _CLEAR_GAIN) else "fp32"


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


def processor_name() -> str:
    """Returns the name of the CPU."""
    names = (line.partition(":")[2].strip() for line in _cpuinfo() if line.startswith("model name"))
    return next(names, "") or platform.processor() or platform.machine()


def _cpuinfo() -> list[str]:
    try:
        return Path("/proc/cpuinfo").read_text("utf-8", "replace").splitlines()
    except OSError:
        return []


def read_results(path: Path) -> dict[str, object]:
    """Returns stored measurements by key; none if the file cannot be read.

    Args:
        path: The file.
    """
    try:
        kept = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def write_results(path: Path, kept: dict[str, object]) -> None:
    """Stores measurements, if that is possible.

    Args:
        path: The file.
        kept: All of them, by key.
    """
    # If it cannot be stored, it is measured again next time.
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", dir=path.parent, prefix=f".{path.name}.", delete=False
        ) as stream:
            json.dump(kept, stream, indent=1)
        os.replace(stream.name, path)


def find_device(asked: str) -> torch.device:
    """Returns a device.

    Args:
        asked: "cpu", "mps", "cuda:0" …; "auto" is the first that works: GPUs in their order, mps, and last
            the CPU; "cuda" is the first GPU that works.

    Raises:
        UserError: it is not present.
    """
    if asked == "auto":
        if device := _first_working_gpu():
            return device
        return _working_mps() or torch.device("cpu")
    if asked == "cuda" and (device := _first_working_gpu()):
        return device
    if asked.startswith("cuda"):
        count = torch.cuda.device_count()
        if asked == "cuda" or int(asked.removeprefix("cuda:")) >= count:
            there = f"only cuda:0 to cuda:{count - 1}" if count else "no CUDA device that torch can use"
            if problem := gpu_problem():
                there += f" ({problem})"
            raise UserError("setup-device-missing", device=asked, present=there)
    if asked == "mps" and not torch.backends.mps.is_available():
        raise UserError("setup-device-no-mps")
    return torch.device(asked)


NVIDIA_DRIVER = Path("/proc/driver/nvidia/version")
"""Where the driver says its version, on Linux."""


@functools.cache
def cuda_problem() -> str | None:
    """Returns why torch cannot use an NVIDIA GPU; None if it can, or if there is no driver for one.

    torch itself only warns, once, for example of a driver that is too old, and then reports that there is no
    GPU.
    """
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        if torch.cuda.is_available():
            return None
    if caught:
        # Behind its sentence torch says where in its source the warning comes from.
        sentence, _, _ = str(caught[-1].message).partition(" (Triggered internally")
        return sentence.removeprefix("CUDA initialization: ").rstrip(".")
    if not NVIDIA_DRIVER.exists():
        return None
    return "torch finds no device" if torch.version.cuda else "the installed torch is built without CUDA"


def _gpus() -> list[torch.device]:
    if not torch.cuda.is_available():
        return []
    return [torch.device("cuda", index) for index in range(torch.cuda.device_count())]


def _first_working_gpu() -> torch.device | None:
    if problem := cuda_problem():
        log.warning("An NVIDIA GPU is not used: %s", problem)
    for device in _gpus():
        if not (problem := device_problem(device)):
            return device
        log.warning("%s is not used: %s", device, problem)
    return None


def _working_mps() -> torch.device | None:
    device = torch.device("mps")
    if not torch.backends.mps.is_available():
        return None
    if problem := device_problem(device):
        log.warning("%s is not used: %s", device, problem)
        return None
    return device


def device_problem(device: torch.device) -> str | None:
    """Returns why a device cannot be used; None if it computes a small convolution correctly.

    Args:
        device: a device that torch finds.
    """
    try:
        ones = torch.ones(1, 3, 8, 8, device=device)
        total = F.conv2d(ones, torch.ones(4, 3, 3, 3, device=device)).sum().item()
    except RuntimeError as error:
        # The lines after the first are advice for developers of CUDA programs.
        return str(error).partition("\n")[0].rstrip(".")
    return None if total == 4 * 6 * 6 * 27 else "it returned a wrong result"


def gpu_problem() -> str | None:
    """Returns why no NVIDIA GPU is used: what `cuda_problem` says, or what the first one fails with."""
    return cuda_problem() or next((problem for gpu in _gpus() if (problem := device_problem(gpu))), None)


def supports_precision(device: torch.device, precision: Precision) -> bool:
    """Returns whether a device can compute in a precision at usable speed.

    Every CPU has bf16, but fp16 only in an emulation that takes many times as long.

    Args:
        device: the device.
        precision: the precision.
    """
    if precision == "fp32":
        return True
    if precision == "fp16":
        return device.type != "cpu"
    if device.type == "cuda":
        # The version is of AMD's libraries, whose devices all can.
        return bool(torch.version.hip) or torch.cuda.get_device_capability(device) >= (8, 0)
    if device.type == "mps":
        try:
            torch.ones(1, dtype=torch.bfloat16, device=device)
        except (RuntimeError, TypeError):  # before macOS 14
            return False
    return True


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


def best_precision(
    device: torch.device, cache: Path | None = None, *, after_crash: bool = False
) -> Precision:
    """Returns the fastest precision: bf16 on a GPU that multiplies in it, fp32 on Apple's.

    Older GPUs compare fp16 with fp32 by measurement, and CPUs bf16 with fp32.

    Args:
        device: the device.
        cache: where the measurement is stored; by default the folder of the weights' cache.
        after_crash: see `fastest_precision`.
    """
    folder = cache or default_folder()
    if device.type == "cuda":
        if supports_precision(device, "bf16"):
            return "bf16"
        return fastest_precision(device, "fp16", folder, after_crash=after_crash)
    return fastest_precision(device, "bf16", folder) if device.type == "cpu" else "fp32"


GPU_NOT_USABLE = 3
"""Exit status of `main`."""


def main(asked: str) -> int:
    """Checks devices and prints their names, or what is wrong.

    Args:
        asked: as in DREAMBOT_DEVICE.

    Returns:
        The exit status; 3 if "auto" is the CPU only because torch cannot use the GPU.
    """
    try:
        for name in asked.split(","):
            device = find_device(name)
            if problem := device_problem(device):
                print(f"{device} is there, but cannot be used: {problem}")
                return 1
            others = device_count(device) - 1
            more = f" and {others} more" if others and name in ("auto", "cuda") else ""
            print(f"{device}: {device_name(device)}{more}")
            if name == "auto" and device.type == "cpu" and (problem := gpu_problem()):
                print(problem)
                return GPU_NOT_USABLE
    except UserError as error:
        print(error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
