"""In which precision this processor dreams faster, found out by trying, once."""

import contextlib
import json
import os
import platform
import tempfile
import time
from pathlib import Path
from typing import Literal

import torch

from dreambot.engine.gradients import gradient_of
from dreambot.engine.score import Excitement
from dreambot.recipe import LayerTerm
from dreambot.zoo.blocks import Conv, Folded
from dreambot.zoo.network import StagedNetwork

Precision = Literal["fp32", "bf16"]

FILE = "precision.json"
_SIDE = 160
_ROUNDS = 5
_CLEARLY = 1.2
"""The hardware's own word is only overruled by a clear difference: others may be computing meanwhile."""


def fastest_precision(folder: Path) -> Precision:
    """What is faster on this processor, with this torch and so many threads. The answer is kept in `folder`;
    it takes a fraction of a second the first time."""
    path = folder / FILE
    kept = _read(path)
    key = f"{_processor()}, {torch.get_num_threads()} threads, torch {torch.__version__}"
    # oneDNN can be limited to fewer instructions than the processor has.
    if limit := os.environ.get("ONEDNN_MAX_CPU_ISA") or os.environ.get("DNNL_MAX_CPU_ISA"):
        key += f", oneDNN limited to {limit}"
    if key not in kept:
        kept[key] = _measured()
        _write(path, kept)
    return "bf16" if kept[key] == "bf16" else "fp32"


def _measured() -> Precision:
    networks = {dtype: _sample().to(dtype) for dtype in (torch.float32, torch.bfloat16)}
    picture = torch.rand(1, 3, _SIDE, _SIDE) * 2 - 1
    score = Excitement([LayerTerm(layer="conv2")], "ms")
    best = dict.fromkeys(networks, float("inf"))
    for _ in range(_ROUNDS):
        for dtype, network in networks.items():
            start = time.perf_counter()
            gradient_of(network, picture, score)
            best[dtype] = min(best[dtype], time.perf_counter() - start)
    gain = best[torch.float32] / best[torch.bfloat16]
    return "bf16" if gain > (1 / _CLEARLY if _multiplies_bf16() else _CLEARLY) else "fp32"


def _sample() -> StagedNetwork:
    """A piece of network as they usually are."""
    widths = (3, 32, 64, 96)

    def conv(place: int) -> Conv:
        kernel = torch.randn(widths[place + 1], widths[place], 3, 3)
        return Conv(Folded(kernel, torch.zeros(widths[place + 1])), stride=2 if place == 0 else 1)

    names = tuple(f"conv{place}" for place in range(3))
    network = StagedNetwork("sample", {name: conv(place) for place, name in enumerate(names)}, names)
    return network.to(memory_format=torch.channels_last)


def _multiplies_bf16() -> bool:
    """Whether the processor says that it multiplies in bf16 itself."""
    return any(
        word in line.split()
        for line in _cpuinfo()
        if line.startswith(("flags", "Features"))
        for word in ("avx512_bf16", "amx_bf16", "bf16")
    )


def _processor() -> str:
    names = (line.partition(":")[2].strip() for line in _cpuinfo() if line.startswith("model name"))
    return next(names, "") or platform.processor() or platform.machine()


def _cpuinfo() -> list[str]:
    try:
        return Path("/proc/cpuinfo").read_text("utf-8", "replace").splitlines()
    except OSError:
        return []


def _read(path: Path) -> dict[str, object]:
    try:
        kept = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _write(path: Path, kept: dict[str, object]) -> None:
    # Without a place to keep it, it is measured again next time.
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=f".{FILE}.", delete=False) as stream:
            json.dump(kept, stream, indent=1)
        os.replace(stream.name, path)
