"""The real engine with a tiny network that has a hand-written backward pass, and the self-check.

`tests.workers.checked_engine:CheckedEngine`; the fast paths of `WrongEngine` and `RaisingEngine` are broken,
those of `CrashingEngine` and `PoisoningEngine` end the process. `SharingEngine` shares the threads.
"""

import os
import signal
from pathlib import Path

import pytest
import torch
from torch import Tensor

from dreambot.engine.manual_pass.backward import ManualPass
from dreambot.recipe import Recipe
from dreambot.workers.gpu.devices import find_device
from dreambot.workers.gpu.engine import EngineSettings
from dreambot.workers.gpu.self_check import OUTCOME_FILE
from dreambot.workers.gpu.torch_engine import TorchEngine
from dreambot.workers.protocol import Ready
from dreambot.zoo.blocks import ConvReLU, FoldedConv
from dreambot.zoo.network import StagedNetwork
from tests.engine.tiny import tiny_recipe

_gradient = ManualPass.gradient


def fast_network() -> StagedNetwork:
    """Two random convolutions with the names of InceptionV3's first two layers."""
    generator = torch.Generator().manual_seed(0)

    def conv(inputs: int, outputs: int, stride: int) -> ConvReLU:
        kernel = torch.randn(outputs, inputs, 3, 3, generator=generator) / (3 * inputs**0.5)
        return ConvReLU(FoldedConv(kernel, torch.zeros(outputs)), stride=stride)

    stages = {"conv0": conv(3, 16, 2), "conv1": conv(16, 16, 1)}
    network = StagedNetwork("inception_v3", stages, ("conv0", "conv1"))
    return network.to(memory_format=torch.channels_last)


def break_fast_path(how: str, patch: pytest.MonkeyPatch) -> None:
    """Breaks the hand-written backward pass.

    Args:
        how: `wrong` mirrors its gradients, `raises` raises an error, `reads` reads a value from the device,
            `crashes` ends the process.
        patch: Restores it.
    """

    def broken(self: ManualPass, images: Tensor, objective: object) -> tuple[Tensor, Tensor]:
        if how == "crashes":
            os.kill(os.getpid(), signal.SIGSEGV)
        if how == "raises":
            raise RuntimeError("no such instruction\nand more")
        gradient, values = _gradient(self, images, objective)  # type: ignore[arg-type]
        if how == "reads":
            values.sum().item()
        return gradient.flip(-1) if how == "wrong" else gradient, values

    patch.setattr(ManualPass, "gradient", broken)


class CheckedEngine(TorchEngine):
    """Has one network for all recipes."""

    broken = ""

    def __init__(self, settings: EngineSettings) -> None:
        self._settings = settings
        self._device = find_device("cpu")
        self._fast = fast_network()
        self.ready = Ready("cpu", "cpu", "tiny", "fp32", batch=3)
        if self.broken:
            break_fast_path(self.broken, pytest.MonkeyPatch())
        self._check_device(tiny_recipe())

    def _staged_network(self, model: str, weights: str, recipe: Recipe) -> StagedNetwork:
        return self._fast


class WrongEngine(CheckedEngine):
    """Its fast path computes wrong gradients."""

    broken = "wrong"


class RaisingEngine(CheckedEngine):
    """Its fast path raises an error."""

    broken = "raises"


class SharingEngine(CheckedEngine):
    """It dreams in bf16 and in fp32, and lets others have threads in bf16."""

    def __init__(self, settings: EngineSettings) -> None:
        self._threads, self._device = torch.get_num_threads(), torch.device("cpu")
        self._in = {"fp32": fast_network(), "bf16": fast_network().bfloat16()}
        self.ready = Ready("cpu", "cpu", "tiny", "bf16", threads=self._threads)

    def _staged_network(self, model: str, weights: str, recipe: Recipe) -> StagedNetwork:
        return self._in[recipe.precision]


class CrashingEngine(CheckedEngine):
    """Its fast path ends the process, as a fault in a driver's library does."""

    broken = "crashes"


class PoisoningEngine(CheckedEngine):
    """After its fast path has failed the device cannot be used in this process, as after a kernel's fault."""

    broken = "raises"

    def _check_device(self, recipe: Recipe) -> None:
        path = (self._settings.cache or Path()) / OUTCOME_FILE
        was_checked = path.exists()
        super()._check_device(recipe)
        if not was_checked:
            raise RuntimeError("CUDA error: an illegal memory access was encountered")
