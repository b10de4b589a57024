"""The real engine and its batches on a CUDA device that is the CPU."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from dreambot.engine.cuda import memory
from dreambot.engine.cuda.graphs import graph_cache_for
from dreambot.engine.cuda.memory import is_out_of_memory
from dreambot.errors import UserError
from dreambot.media.picture import DreamInputs
from dreambot.recipe import Recipe
from dreambot.workers.gpu import devices, self_check, torch_engine
from dreambot.workers.gpu.batching import BatchRunner
from dreambot.workers.gpu.devices import GPU_NOT_USABLE, best_precision, find_device, supports_precision
from dreambot.workers.gpu.engine import EngineSettings
from dreambot.workers.gpu.inbox import Inbox
from dreambot.workers.gpu.torch_engine import TorchEngine
from dreambot.workers.protocol import Finished, Message, StartJob
from dreambot.workers.types import Pixels
from dreambot.zoo.network import StagedNetwork
from tests.engine.tiny import tiny_network, tiny_recipe
from tests.support.cuda_on_cpu import CudaOnCpu


@pytest.fixture
def cuda() -> Iterator[CudaOnCpu]:
    with CudaOnCpu(((8, 0), (9, 0))) as device:
        yield device


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[torch.dtype]:
    """Makes the engine load the tiny network; returns the precisions in which it was loaded."""
    monkeypatch.setattr(self_check, "default_folder", lambda: tmp_path)
    dtypes: list[torch.dtype] = []

    def load(_model: str, device: torch.device, dtype: torch.dtype, **_: Any) -> StagedNetwork:
        dtypes.append(dtype)
        return tiny_network().to(device, dtype)

    monkeypatch.setattr(torch_engine, "load", load)
    monkeypatch.setattr(
        torch_engine, "resolve_dream", lambda *_, precision, **__: recipe(precision=precision)
    )
    monkeypatch.setattr(torch.backends.cudnn, "deterministic", False)
    monkeypatch.setattr(torch.backends.cudnn, "allow_tf32", True)
    monkeypatch.setattr(devices, "_measured", lambda *_: "fp16")
    monkeypatch.setattr(devices, "default_folder", lambda: tmp_path)
    return dtypes


def recipe(side: int = 96, **changes: object) -> Recipe:
    return tiny_recipe(**{"width": side, "height": side, "octaves": 1, **changes})


def picture(width: int, height: int) -> Pixels:
    return np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)


def make_engine(device: str = "auto", precision: Any = "auto") -> TorchEngine:
    return TorchEngine(EngineSettings(device, precision, None, None))


def dream(engine: TorchEngine, asked: Recipe) -> tuple[Pixels, str | None]:
    steps = engine.dream(DreamInputs(picture(asked.width, asked.height)), asked, lambda: False)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            found: tuple[Pixels, str | None] = end.value
            return found


class ListInbox(Inbox):
    """Keeps what is sent."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[Message] = []

    def send(self, message: Message) -> None:
        self.sent.append(message)


def start(job: str, asked: Recipe) -> StartJob:
    return StartJob(job, asked.to_json(), False, picture(asked.width, asked.height), None, None)


def run_jobs(runner: BatchRunner, inbox: ListInbox, asked: list[Recipe]) -> list[StartJob]:
    """Runs jobs that arrive at once; returns those that the runner leaves to its caller."""
    first, *others = (start(str(number), one) for number, one in enumerate(asked))
    for other in others:
        inbox.put(other)
    return runner.run(first)


def test_the_first_gpu_that_works_is_used(cuda: CudaOnCpu, caplog: pytest.LogCaptureFixture) -> None:
    assert find_device("auto") == find_device("cuda") == torch.device("cuda:0")
    cuda.broken = {0}
    assert find_device("auto") == find_device("cuda") == torch.device("cuda:1")
    assert "cuda:0 is not used: CUDA error: the device is lost" in caplog.text
    assert "DSA" not in caplog.text


def test_the_cpu_is_used_when_no_gpu_works(cuda: CudaOnCpu, capsys: pytest.CaptureFixture[str]) -> None:
    cuda.broken = {0, 1}
    assert find_device("auto") == torch.device("cpu")
    with pytest.raises(UserError, match="the device is lost"):
        find_device("cuda")
    assert devices.main("auto") == GPU_NOT_USABLE
    assert capsys.readouterr().out.endswith("CUDA error: the device is lost\n")
    assert devices.main("cuda:1") == 1
    assert "cuda:1 is there, but cannot be used: CUDA error: the device is lost" in capsys.readouterr().out


def test_each_card_is_asked_for_its_own_precision(loaded: list[torch.dtype]) -> None:
    with CudaOnCpu(((7, 5), (8, 6))):
        assert best_precision(torch.device("cuda:0")) == "fp16"
        assert best_precision(torch.device("cuda:1")) == "bf16"
    cpu = torch.device("cpu")
    assert [supports_precision(cpu, precision) for precision in ("fp32", "bf16", "fp16")] == [
        True,
        True,
        False,
    ]


def test_a_dream_on_a_gpu_is_captured_and_gives_no_memory_back(
    cuda: CudaOnCpu, loaded: list[torch.dtype]
) -> None:
    engine = make_engine()
    assert (engine.ready.device, engine.ready.kind) == ("cuda:0", "cuda")
    assert (engine.ready.precision, engine.ready.batch, engine.ready.devices) == ("bf16", 8, 2)
    assert dream(engine, recipe(precision="bf16"))[1] is None
    emptied = cuda.emptied
    dream(engine, recipe(precision="bf16"))
    assert cuda.emptied == emptied
    asked = recipe(precision="bf16")
    assert graph_cache_for(engine._staged_network(asked.model, asked.weights, asked)).captured == 1
    assert loaded == [torch.bfloat16]
    assert not torch.backends.cudnn.deterministic
    assert not torch.backends.cudnn.allow_tf32
    dream(engine, recipe(precision="fp32"))
    assert torch.backends.cudnn.deterministic


@pytest.mark.parametrize("precision", ["auto", "bf16", "fp16"])
def test_a_bf16_recipe_is_dreamed_in_fp16_on_a_card_without_bf16(
    loaded: list[torch.dtype], caplog: pytest.LogCaptureFixture, precision: str
) -> None:
    caplog.set_level(logging.WARNING)
    with CudaOnCpu(((7, 5),)):
        engine = make_engine(precision=precision)
        assert (engine.ready.precision, engine.ready.problem) == ("fp16", "")
        dreamed, _ = dream(engine, recipe(precision="bf16"))
        assert np.array_equal(dream(engine, recipe(precision="fp16"))[0], dreamed)
        exact, _ = dream(engine, recipe(precision="fp32"))
    assert set(loaded) == {torch.float16, torch.float32}
    assert 0 < np.abs(exact.astype(int) - dreamed).mean() < 1
    if precision == "bf16":
        assert "cuda:0 (CPU in disguise) cannot compute in bf16; it uses fp16." in caplog.text


def test_where_fp32_is_asked_for_a_card_without_bf16_uses_it(loaded: list[torch.dtype]) -> None:
    with CudaOnCpu(((7, 5),)):
        engine = make_engine(precision="fp32")
        dream(engine, recipe(precision="bf16"))
    assert set(loaded) == {torch.float32}


def test_a_cpu_dreams_a_recipe_in_fp16_in_its_own_precision(
    loaded: list[torch.dtype], caplog: pytest.LogCaptureFixture
) -> None:
    engine = make_engine("cpu", "bf16")
    dream(engine, recipe(precision="fp16"))
    assert set(loaded) == {torch.bfloat16}
    assert "cannot compute in fp16; it uses bf16." in caplog.text


def test_fp16_that_fails_the_self_check_is_not_used(
    loaded: list[torch.dtype], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(self_check, "_HALF_PRECISIONS", {torch.float16: ("fp16", self_check.Limits(2, 0))})
    with CudaOnCpu(((7, 5),)):
        engine = make_engine()
        assert engine.ready.precision == "fp32"
        assert "fp16 differs from fp32" in engine.ready.problem
        loaded.clear()
        dream(engine, recipe(precision="fp16"))
    assert set(loaded) <= {torch.float32}


def large_values(network: StagedNetwork) -> StagedNetwork:
    """Makes the activations of the first layer exceed the range of fp16."""
    first = next(iter(network.stages.children()))
    next(first.parameters()).mul_(1e5)
    return network


def test_values_beyond_fp16_are_dreamed_in_fp32(
    loaded: list[torch.dtype], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with CudaOnCpu(((7, 5),)):
        engine = make_engine()
        monkeypatch.setattr(
            torch_engine, "load", lambda _model, _device, dtype, **_: large_values(tiny_network()).to(dtype)
        )
        asked = recipe(precision="fp16", weights="1" * 64)
        dreamed, plan = dream(engine, asked)
        exact, _ = dream(engine, asked.model_copy(update={"precision": "fp32"}))
        assert np.array_equal(dreamed, exact)
        assert plan is None
        assert "beyond the range of fp16" in caplog.text
        # In a batch, each then runs alone.
        runner = BatchRunner(inbox := ListInbox(), engine, engine.ready.batch)
        assert [left.job for left in run_jobs(runner, inbox, [asked, asked])] == ["0", "1"]


def test_the_self_check_compares_bf16_with_fp32_on_mps(
    loaded: list[torch.dtype], monkeypatch: pytest.MonkeyPatch
) -> None:
    with CudaOnCpu(kind="mps"):
        engine = make_engine("mps", "bf16")
        assert (engine.ready.kind, engine.ready.precision, engine.ready.problem) == ("mps", "bf16", "")
        assert make_engine("auto").ready.precision == "fp32"
        monkeypatch.setattr(
            self_check, "_HALF_PRECISIONS", {torch.bfloat16: ("bf16", self_check.Limits(2, 0))}
        )
        (devices.default_folder() / self_check.OUTCOME_FILE).unlink()
        engine = make_engine("mps", "bf16")
        assert engine.ready.precision == "fp32"
        assert "bf16 differs from fp32" in engine.ready.problem


def test_a_picture_that_does_not_fit_is_dreamed_in_tiles(cuda: CudaOnCpu, loaded: list[torch.dtype]) -> None:
    engine = make_engine()
    cuda.max_pixels = 900 * 900
    cuda.memory_error = RuntimeError("cuDNN error: CUDNN_STATUS_ALLOC_FAILED")
    dreamed, plan = dream(engine, recipe(side=1024, steps=1))
    assert (dreamed.shape, plan) == ((1024, 1024, 3), "tiled")
    cuda.max_pixels = 1
    with pytest.raises(UserError, match="more memory"):
        dream(engine, recipe(side=1024, steps=1))


def test_a_failed_capture_loses_no_dream(cuda: CudaOnCpu, loaded: list[torch.dtype]) -> None:
    engine = make_engine()
    expected, _ = dream(engine, recipe(seed=1))
    cuda.capture_error = RuntimeError("CUDA error: operation failed due to a previous error during capture")
    for _ in range(2):
        assert dream(engine, recipe(seed=2, side=128))[0].shape == (128, 128, 3)
    assert not memory.captures_work()
    assert np.array_equal(dream(engine, recipe(seed=1))[0], expected)


def test_batches_shrink_when_they_do_not_fit_and_grow_again(
    cuda: CudaOnCpu, loaded: list[torch.dtype]
) -> None:
    inbox, engine = ListInbox(), make_engine()
    runner = BatchRunner(inbox, engine, engine.ready.batch)
    recipes = [recipe(seed=seed) for seed in range(8)]
    cuda.max_pixels = 2 * 96 * 96
    assert run_jobs(runner, inbox, recipes) == []
    assert sorted(message.job for message in inbox.sent if isinstance(message, Finished)) == list("01234567")
    assert runner._limits.max_size(recipes[0], 8) == 2
    cuda.max_pixels = None
    sizes = []
    for _ in range(8):
        assert run_jobs(runner, inbox, recipes) == []
        sizes.append(runner._limits.max_size(recipes[0], 8))
    assert sizes == sorted(sizes)
    assert sizes[-1] == 8


def test_a_picture_that_does_not_fit_alone_leaves_room_for_smaller_ones(
    cuda: CudaOnCpu, loaded: list[torch.dtype]
) -> None:
    inbox, engine = ListInbox(), make_engine()
    runner = BatchRunner(inbox, engine, engine.ready.batch)
    large, small = recipe(side=192), [recipe(seed=seed) for seed in range(2)]
    cuda.max_pixels = 2 * 96 * 96
    assert [left.job for left in run_jobs(runner, inbox, [large])] == ["0"]
    assert run_jobs(runner, inbox, small) == []
    assert [message.plan for message in inbox.sent if isinstance(message, Finished)] == ["batched"] * 2
    # The memory may be there later: after a few dreams alone it is tried again.
    cuda.max_pixels = None
    left = [run_jobs(runner, inbox, [large]) for _ in range(4)]
    assert left[0]
    assert left[-1] == []


@pytest.mark.parametrize(
    "text",
    [
        "cuDNN error: CUDNN_STATUS_ALLOC_FAILED",
        "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`",
        "cuDNN error: CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED",
        "CUDA error: out of memory",
        "MPS backend out of memory (MPS allocated: 17.19 GB)",
        "[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to allocate 4 bytes",
        "[enforce fail] DefaultCPUAllocator: not enough memory: you tried to allocate 4 bytes",
    ],
)
def test_all_ways_to_be_out_of_memory_are_recognised(text: str) -> None:
    assert is_out_of_memory(RuntimeError(text))
    assert not is_out_of_memory(ValueError(text))


def test_other_errors_are_not_out_of_memory() -> None:
    assert is_out_of_memory(MemoryError())
    assert not is_out_of_memory(RuntimeError("CUDA error: an illegal memory access was encountered"))
