"""Which device to dream on, and what it is good at."""

import platform
from pathlib import Path

import torch

from dreambot.errors import UserError
from dreambot.executor.worker.precision import Precision, fastest_precision
from dreambot.zoo.cache import default_folder


def find_device(asked: str) -> torch.device:
    """The device of that name; "auto" is the first of cuda, mps, cpu that is there. Raises UserError."""
    if asked == "auto":
        asked = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
    if asked == "cuda":
        asked = "cuda:0"
    if asked.startswith("cuda:"):
        count = torch.cuda.device_count()
        if int(asked.removeprefix("cuda:")) >= count:
            there = "no CUDA device that torch can use" if count == 0 else f"only cuda:0 to cuda:{count - 1}"
            raise UserError(f"The device {asked} is not here: there is {there}; auto takes what is there.")
    if asked == "mps" and not torch.backends.mps.is_available():
        raise UserError("The device mps is not here: this machine has none; auto takes what is there.")
    return torch.device(asked)


def how_many(device: torch.device) -> int:
    """The devices of its kind that this machine has."""
    return torch.cuda.device_count() if device.type == "cuda" else 1


def share_processor(device: torch.device, workers: int) -> None:
    """Leaves others their part of the processor, if it is that which `workers` processes dream on."""
    if device.type == "cpu" and workers > 1:
        torch.set_num_threads(max(1, torch.get_num_threads() // workers))


def device_name(device: torch.device) -> str:
    """What people call it."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    if device.type == "mps":
        return "Apple GPU"
    return f"{platform.machine()} CPU, {torch.get_num_threads()} threads"


def best_precision(device: torch.device, cache: Path | None = None) -> Precision:
    """The faster one: bf16 where the hardware really multiplies in it, which is found out by trying on a CPU.
    What came out is kept in the folder of the weights' cache, or in `cache`."""
    if device.type == "cuda":
        return "bf16" if torch.cuda.is_bf16_supported(including_emulation=False) else "fp32"
    return fastest_precision(cache or default_folder()) if device.type == "cpu" else "fp32"
