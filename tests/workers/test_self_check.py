"""The self-check of a device, and what a worker does when it fails."""

import asyncio
import json
import logging
import subprocess
from pathlib import Path

import numpy as np
import pytest
import torch
from torch._subclasses.fake_tensor import FakeTensorMode

from dreambot.bot.pages.admin import format_device
from dreambot.cli import doctor_checks
from dreambot.engine.cuda import graphs
from dreambot.engine.manual_pass.backward import manual_pass_for
from dreambot.engine.manual_pass.convolution import is_available
from dreambot.engine.objectives import LayerObjective
from dreambot.engine.transforms import Transform
from dreambot.errors import UserError
from dreambot.i18n import translator_for
from dreambot.media.picture import DreamInputs
from dreambot.recipe import Precision
from dreambot.recipe.layers import DEFAULT_MODEL
from dreambot.scheduler.executor import LocalExecutor
from dreambot.workers.gpu import devices, self_check
from dreambot.workers.gpu.engine import EngineSettings
from dreambot.workers.gpu.self_check import OUTCOME_FILE, Outcome, check_device, describe_problem
from dreambot.workers.gpu.torch_engine import TorchEngine
from dreambot.workers.types import Pixels
from dreambot.zoo.network import StagedNetwork
from dreambot.zoo.weights import locate
from tests.engine.tiny import tiny_recipe
from tests.support import require
from tests.support.cuda_on_cpu import CudaOnCpu
from tests.workers.checked_engine import CheckedEngine, break_fast_path, fast_network

CPU = torch.device("cpu")
PRECISIONS: dict[torch.dtype, Precision] = {
    torch.float32: "fp32",
    torch.bfloat16: "bf16",
    torch.float16: "fp16",
}
pytestmark = pytest.mark.skipif(
    not is_available(CPU, torch.float32), reason="this torch does not have the kernels"
)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
def test_a_device_that_works_passes_and_is_measured_once(
    dtype: torch.dtype, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = fast_network().to(dtype)
    precision = PRECISIONS[dtype]
    assert check_device(network, tiny_recipe(), precision, tmp_path) == Outcome()
    assert not network.plain
    monkeypatch.setattr(self_check, "_measure", lambda *_: pytest.fail("measured again"))
    assert check_device(network, tiny_recipe(), precision, tmp_path) == Outcome()


@pytest.mark.parametrize(
    ("how", "words"),
    [("wrong", "cosine of a step"), ("raises", "no such instruction")],
)
def test_a_broken_fast_path_is_found_and_stored(
    how: str,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    network = fast_network()
    with monkeypatch.context() as patch:
        break_fast_path(how, patch)
        outcome = check_device(network, tiny_recipe(), "fp32", tmp_path)
    assert (outcome.fast, outcome.half) == (False, True)
    assert words in outcome.problem
    with caplog.at_level(logging.WARNING):
        assert check_device(network, tiny_recipe(), "fp32", tmp_path) == outcome
    assert "cpu does not use its fast path" in caplog.text
    assert str(tmp_path / OUTCOME_FILE) in caplog.text

    # Another version of torch is measured again.
    monkeypatch.setattr(torch, "__version__", "99.0")
    assert check_device(network, tiny_recipe(), "fp32", tmp_path) == Outcome()
    assert len(json.loads((tmp_path / OUTCOME_FILE).read_text())) == 2


@pytest.mark.parametrize(
    ("how", "words"), [("wrong", "cosine of a step"), ("raises", "no such"), ("reads", "cannot be captured")]
)
def test_on_cuda_graphs_are_used_without_a_broken_pass(
    how: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with CudaOnCpu():
        network, recipe = fast_network().cuda(), tiny_recipe()
        with monkeypatch.context() as patch:
            break_fast_path(how, patch)
            outcome = check_device(network, recipe, "fp32", tmp_path)
        assert (outcome.fast, outcome.manual_pass) == (True, False)
        assert words in outcome.problem
        assert check_device(network, recipe, "fp32", tmp_path) == outcome
        assert "does not use the hand-written backward pass" in describe_problem(
            network.device, outcome, "fp32", tmp_path
        )
        # The check leaves the network as it was.
        assert network.manual_pass


def test_an_engine_on_cuda_keeps_its_batches_without_the_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_fast_path("wrong", monkeypatch)
    with CudaOnCpu():
        engine = CheckedEngine(EngineSettings("cpu", "fp32", tmp_path, None))
    network = engine._staged_network("", "", tiny_recipe())
    assert (network.plain, network.manual_pass, engine.ready.batch) == (False, False, 3)
    assert "hand-written" in engine.ready.problem


def test_on_cuda_broken_graphs_are_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("CUDA error: invalid argument")

    with CudaOnCpu():
        monkeypatch.setattr(graphs.CapturedStep, "run", broken)
        outcome = check_device(fast_network().cuda(), tiny_recipe(), "fp32", tmp_path)
    assert not outcome.fast
    assert "invalid argument" in outcome.problem


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_half_precision_that_disagrees_is_not_used(
    dtype: torch.dtype, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    forward = StagedNetwork.forward_to

    def wrong(self: StagedNetwork, x: torch.Tensor, *rest: object) -> dict[str, torch.Tensor]:
        in_half = next(self.parameters()).dtype is dtype
        return forward(self, x.flip(-1) * 0.3 if in_half else x, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(StagedNetwork, "forward_to", wrong)
    precision = PRECISIONS[dtype]
    outcome = check_device(fast_network().to(dtype), tiny_recipe(), precision, tmp_path)
    assert (outcome.fast, outcome.half) == (True, False)
    assert f"{precision} differs from fp32" in outcome.problem
    assert f"cpu does not use {precision}, because" in caplog.text


@pytest.mark.parametrize("error", [torch.OutOfMemoryError("full"), RuntimeError("CUDA error: out of memory")])
def test_too_little_memory_is_not_stored(
    error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise error

    network = fast_network()
    with monkeypatch.context() as patch:
        patch.setattr(self_check, "_steps", full)
        assert not check_device(network, tiny_recipe(), "fp32", tmp_path).fast
    assert check_device(network, tiny_recipe(), "fp32", tmp_path) == Outcome()


def test_a_plain_network_has_no_hand_written_pass() -> None:
    network = fast_network()
    assert manual_pass_for(network, ["conv1"]) is not None
    network.plain = True
    assert manual_pass_for(network, ["conv1"]) is None


@pytest.mark.parametrize("plain", [False, True])
def test_a_plain_network_uses_no_graphs(plain: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[StagedNetwork] = []

    class Graphs:
        def run(self, *_: object) -> tuple[None, list[float]]:
            return None, [1.0]

    monkeypatch.setattr(graphs, "graph_cache_for", lambda network: asked.append(network) or Graphs())
    network, recipe = fast_network(), tiny_recipe()
    network.plain = plain
    objective = LayerObjective(recipe.layers, recipe.objective)
    with FakeTensorMode():
        image = torch.empty(1, 3, 96, 96, device="cuda")
        step = graphs.try_graph_step(network, objective, recipe, image, 0.1, Transform(0.1, 0.0))
    assert (step is None) == plain
    assert asked == ([] if plain else [network])


@pytest.mark.parametrize(
    ("problem", "remedy"),
    [
        ("the installed torch is built without CUDA", "Install torch with CUDA"),
        ("too old", "Update the driver"),
    ],
)
def test_doctor_names_the_remedy(problem: str, remedy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    done = subprocess.CompletedProcess([], devices.GPU_NOT_USABLE, f"cpu: x\n{problem}\n", "")
    monkeypatch.setattr(doctor_checks.subprocess, "run", lambda *_, **__: done)
    finding = doctor_checks.check_device("auto")
    assert finding.fix is not None
    assert remedy in finding.fix


def test_too_little_memory_for_the_network_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise torch.OutOfMemoryError("full")

    monkeypatch.setattr(CheckedEngine, "_staged_network", full)
    with pytest.raises(UserError, match="too little free memory"):
        CheckedEngine(EngineSettings("cpu", "fp32", tmp_path, None))


@pytest.mark.parametrize("broken", ["WrongEngine", "RaisingEngine"])
def test_a_worker_with_a_broken_fast_path_dreams_on_the_plain_one(
    broken: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    source = np.random.default_rng(1).integers(0, 256, (160, 192, 3), dtype=np.uint8)
    # Whole canvases: the steps of a batch, which the working engine takes, are those of a dream alone.
    recipe = tiny_recipe(width=192, height=160, octaves=1)

    async def dreamed(engine: str) -> tuple[Pixels, str]:
        executor = LocalExecutor(
            ["cpu"], engine=f"tests.workers.checked_engine:{engine}", cache=tmp_path / engine
        )
        await executor.start()
        try:
            done = await executor.submit("a", recipe, DreamInputs(source)).result()
            [state] = executor.device_states()
            assert executor.devices[0].batch == (1 if state.check_problem else 3)
            return done.rgb, format_device(translator_for("en"), state)
        finally:
            await executor.close()

    plain, line = asyncio.run(dreamed(broken))
    assert "the self-check failed (the fast path" in line
    assert "cpu does not use its fast path" in caplog.text
    fast, line = asyncio.run(dreamed("CheckedEngine"))
    assert "self-check" not in line
    assert np.abs(plain.astype(int) - fast).mean() < 1


@pytest.mark.parametrize(
    ("engine", "words"),
    [
        ("CrashingEngine", "the worker ended while the fast path was checked"),
        ("PoisoningEngine", "RuntimeError: no such instruction"),
    ],
)
async def test_a_worker_that_dies_in_the_self_check_is_started_once_more_without_the_fast_path(
    engine: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    name = f"tests.workers.checked_engine:{engine}"
    executor = LocalExecutor(["cpu"], engine=name, cache=tmp_path)
    await executor.start()
    try:
        assert caplog.text.count("ended before it was ready") == 1
        assert words in executor.devices[0].problem
        recipe = tiny_recipe(width=96, height=96, octaves=1)
        await executor.submit("a", recipe, DreamInputs(np.zeros((96, 96, 3), np.uint8))).result()
    finally:
        await executor.close()
    # The next start reads it.
    [(key, outcome)] = json.loads((tmp_path / OUTCOME_FILE).read_text()).items()
    assert not key.endswith("unfinished")
    assert not outcome["fast"]


def test_a_check_that_was_interrupted_without_a_crash_is_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    network = fast_network()
    with monkeypatch.context() as patch:
        patch.setattr(self_check, "_difference", interrupted)
        with pytest.raises(KeyboardInterrupt):
            check_device(network, tiny_recipe(), "fp32", tmp_path)
    assert next(iter(json.loads((tmp_path / OUTCOME_FILE).read_text()))).endswith("unfinished")
    assert check_device(network, tiny_recipe(), "fp32", tmp_path) == Outcome()
    assert len(json.loads((tmp_path / OUTCOME_FILE).read_text())) == 1


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_a_crash_in_half_precision_leaves_fp32_without_the_fast_path(
    dtype: torch.dtype, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Crash(BaseException):
        """Ends the check as the end of the process does."""

    def crash(*_: object) -> None:
        raise Crash

    precision = PRECISIONS[dtype]
    network = fast_network().to(dtype)
    with monkeypatch.context() as patch:
        patch.setattr(self_check, "_difference", crash)
        with pytest.raises(Crash):
            check_device(network, tiny_recipe(), precision, tmp_path)
    outcome = check_device(network, tiny_recipe(), precision, tmp_path, after_crash=True)
    assert (outcome.fast, outcome.half) == (False, False)
    assert f"while {precision} was checked" in outcome.problem
    assert check_device(network, tiny_recipe(), precision, tmp_path) == outcome


async def test_doctor_reports_a_stored_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert await asyncio.to_thread(doctor_checks.check_fast_path, "cpu") is None
    with monkeypatch.context() as patch:
        break_fast_path("wrong", patch)
        check_device(fast_network(), tiny_recipe(), "fp32")
    finding = await asyncio.to_thread(doctor_checks.check_fast_path, "cpu")
    assert finding is not None
    assert finding.state == "warning"
    assert "cpu does not use its fast path" in finding.what
    assert str(tmp_path) in (finding.fix or "")


@pytest.mark.weights
@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_the_default_network_passes(precision: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    require("weights", locate(DEFAULT_MODEL) is not None)
    monkeypatch.setattr(self_check, "default_folder", lambda: tmp_path)
    engine = TorchEngine(EngineSettings("cpu", precision, None, None))  # type: ignore[arg-type]
    assert engine.ready.problem == ""
    assert engine.ready.precision == precision
