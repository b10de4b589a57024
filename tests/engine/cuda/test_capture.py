"""Captured steps, batches and what may go wrong with them, on a CUDA device that is the CPU."""

import gc
import random
from collections.abc import Generator, Iterator

import numpy as np
import pytest
import torch
from torch import Tensor

from dreambot.engine.colours import natural_colours
from dreambot.engine.cuda import graphs as graphs_module
from dreambot.engine.cuda import step as cuda_step
from dreambot.engine.cuda.batch import Batch, dream_batch
from dreambot.engine.cuda.graphs import GraphCache, graph_cache_for
from dreambot.engine.cuda.memory import captures_work
from dreambot.engine.cuda.step import canvas_for, compiled_normalization, padded_count, step_config_for
from dreambot.engine.gradients import normalize_gradient
from dreambot.engine.step import AscentStep, build_step
from dreambot.media.picture import DreamInputs, Pixels
from dreambot.recipe import LayerTerm, Recipe
from dreambot.zoo.network import StagedNetwork
from tests.engine.tiny import dreamed, tiny_network, tiny_recipe
from tests.support.cuda_on_cpu import CudaOnCpu

MIXED = (LayerTerm(layer="conv1", channels=(3, 1)), LayerTerm(layer="conv0", weight=-0.3))
SOURCES = [np.random.default_rng(seed).integers(0, 256, (96, 96, 3), dtype=np.uint8) for seed in range(8)]


@pytest.fixture
def cuda() -> Iterator[CudaOnCpu]:
    with CudaOnCpu() as device:
        yield device


@pytest.fixture
def network(cuda: CudaOnCpu) -> StagedNetwork:
    return tiny_network().cuda()


def small_recipe(**changes: object) -> Recipe:
    return tiny_recipe(**{"width": 96, "height": 96, "octaves": 1, "steps": 5, **changes})


def run_steps(graphs: GraphCache, network: StagedNetwork, count: int = 1, steps: int = 5) -> Tensor:
    """Takes steps that differ in offset and length."""
    torch.manual_seed(0)
    recipe = small_recipe(layers=MIXED)
    config = step_config_for(recipe, recipe.layers)
    assert config
    images = torch.rand(count, 3, 96, 96) * 2 - 1
    for step in range(steps):
        offsets = [(step, 2 * step + index) for index in range(count)]
        images, _ = graphs.run(network, config, images, offsets, [0.01 * (step + 1)] * count)
    return images


def result_of(octave: Generator[object, None, dict[int, Pixels]]) -> dict[int, Pixels]:
    while True:
        try:
            next(octave)
        except StopIteration as end:
            done: dict[int, Pixels] = end.value
            return done


def test_a_replayed_step_equals_an_eager_one(cuda: CudaOnCpu, network: StagedNetwork) -> None:
    captured, eager = GraphCache(network), GraphCache(network, capture=False)
    assert torch.allclose(run_steps(captured, network), run_steps(eager, network), atol=1e-5)
    assert (captured.captured, eager.captured) == (1, 0)
    assert len(cuda.graphs) == 1


def test_a_dream_on_cuda_is_that_of_the_cpu() -> None:
    recipe = tiny_recipe()
    source = np.random.default_rng(0).integers(0, 256, (170, 200, 3), dtype=np.uint8)
    with CudaOnCpu():
        network = tiny_network().cuda()
        ours = dreamed(network, DreamInputs(source), recipe)
        assert graph_cache_for(network).captured == 3
    assert np.abs(ours.astype(int) - dreamed(tiny_network(), DreamInputs(source), recipe)).mean() < 8


def test_a_dream_reads_no_value_and_keeps_few_steps_in_flight(
    cuda: CudaOnCpu, network: StagedNetwork
) -> None:
    recipe = small_recipe(steps=8)
    source = torch.zeros(1, 3, 96, 96)
    ascent: AscentStep = build_step(network, recipe, source, DreamInputs(SOURCES[0]))
    rng, values = random.Random(0), []
    for _ in range(recipe.steps):
        source, value = ascent.step(source, 0.02, rng)
        values.append(value)
    assert cuda.reads == 0
    assert cuda.waits == recipe.steps - graphs_module._MAX_STEPS_IN_FLIGHT
    # Each keeps the value of its own step.
    assert float(values[-1]) > float(values[1])
    assert cuda.reads > 0


@pytest.mark.parametrize("text", ["operation failed due to a previous error", "CUDA out of memory."])
def test_after_a_failed_capture_steps_run_eagerly(
    cuda: CudaOnCpu, network: StagedNetwork, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    expected = run_steps(GraphCache(network, capture=False), network)
    graphs = graph_cache_for(network)
    cuda.capture_error = RuntimeError(text)
    assert torch.allclose(run_steps(graphs, network), expected, atol=1e-5)
    assert not captures_work()
    # Neither another capture nor another network may call empty_cache, which fails now.
    emptied = cuda.emptied
    run_steps(graphs, network, count=2)
    run_steps(graph_cache_for(tiny_network().cuda()), network)
    graphs._release()
    assert (graphs.captured, cuda.emptied) == (0, emptied)
    assert [record.message for record in caplog.records].count(caplog.records[0].message) == 1
    assert text in caplog.text


def test_reading_a_value_during_a_capture_is_not_permitted(cuda: CudaOnCpu) -> None:
    graph = torch.cuda.CUDAGraph()
    with pytest.raises(RuntimeError, match="not permitted"), torch.cuda.graph(graph):
        torch.ones(1).sum().item()


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA out of memory."),
        RuntimeError("cuDNN error: CUDNN_STATUS_ALLOC_FAILED"),
        RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"),
        RuntimeError("CUDA error: out of memory"),
    ],
)
def test_a_step_that_does_not_fit_frees_the_graphs(
    cuda: CudaOnCpu, network: StagedNetwork, error: Exception
) -> None:
    graphs = GraphCache(network)
    run_steps(graphs, network)
    cuda.max_pixels, cuda.memory_error = 96 * 96, error
    with pytest.raises(RuntimeError) as raised:
        run_steps(graphs, network, count=2)
    assert raised.value is error
    del raised
    gc.collect()
    assert (graphs.sizes, len(cuda.graphs)) == ((), 0)
    assert torch.isfinite(run_steps(graphs, network)).all()
    assert graphs.captured == 1


def test_the_graphs_of_all_networks_share_a_limit(
    cuda: CudaOnCpu, network: StagedNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tiny_network().cuda()
    first, second = graph_cache_for(network), graph_cache_for(other)
    run_steps(first, network)
    run_steps(second, other)
    assert (first.captured, second.captured) == (1, 1)
    each = first._bytes
    assert each > 0
    monkeypatch.setattr(second, "_max_bytes", 1.5 * each)
    run_steps(second, other, count=2)
    # The graphs of the network that was unused for longest went first, and that was enough.
    assert (first.captured, second.captured) == (0, 2)
    monkeypatch.setattr(second, "_max_bytes", 0.5 * each)
    run_steps(second, other, count=4)
    assert second.captured == 1


def test_batches_of_similar_sizes_share_a_graph(cuda: CudaOnCpu, network: StagedNetwork) -> None:
    graphs, eager = GraphCache(network), GraphCache(network, capture=False)
    for count in (4, 3, 4, 3):
        ours, theirs = run_steps(graphs, network, count), run_steps(eager, network, count)
        assert ours.shape == (count, 3, 96, 96)
        assert torch.allclose(ours, theirs, atol=1e-5)
    assert graphs.captured == 1
    assert [padded_count(count) for count in range(1, 10)] == [1, 2, 4, 4, 8, 8, 8, 8, 16]


def test_canvases_are_coarser_above_256_pixels() -> None:
    assert canvas_for((250, 257)) == (256, 320)
    assert canvas_for((512, 513)) == (512, 576)
    assert canvas_for((1, 97)) == (96, 128)


def test_a_guest_joins_a_batch_between_octaves(cuda: CudaOnCpu, network: StagedNetwork) -> None:
    recipes = [
        small_recipe(seed=seed, width=192, height=192, octaves=2, octave_scale=2.0) for seed in range(3)
    ]
    batch = Batch(network)
    first = batch.join(DreamInputs(SOURCES[0]), recipes[0])
    assert result_of(batch.octave()) == {}
    guests = [batch.join(DreamInputs(SOURCES[n]), recipes[n]) for n in (1, 2)]
    assert result_of(batch.octave()) == {}
    done = result_of(batch.octave())
    assert set(done) == {first, *guests}
    assert graph_cache_for(network).captured == 3
    for number, recipe, source in zip((first, *guests), recipes, SOURCES, strict=False):
        alone = dreamed(network, DreamInputs(source), recipe)
        assert np.abs(done[number].astype(int) - alone).mean() < 4


def test_a_batch_that_does_not_fit_raises_and_can_start_again(
    cuda: CudaOnCpu, network: StagedNetwork
) -> None:
    recipes = [small_recipe(seed=seed) for seed in range(4)]
    inputs = [DreamInputs(source) for source in SOURCES[:4]]
    cuda.max_pixels = 2 * 96 * 96
    with pytest.raises(torch.OutOfMemoryError):
        result_of(dream_batch(network, inputs, recipes))
    pictures = result_of(dream_batch(network, inputs[:2], recipes[:2]))
    assert len(pictures) == 2


@pytest.mark.parametrize("bands", [(0.3, 0.8, 1.0, 0.9), (0.0, 1.0, 0.0), (1.0,), (0.5,) * 8])
@pytest.mark.parametrize("size", [(96, 128), (37, 64), (7, 9)])
@pytest.mark.parametrize("scale", [1.0, 1e-9])
def test_gradients_are_normalised_as_on_the_cpu(
    bands: tuple[float, ...], size: tuple[int, int], scale: float
) -> None:
    gradient = scale * torch.randn(2, 3, *size, generator=torch.Generator().manual_seed(1))
    # Each image by itself.
    gradient[1] *= 1e-3
    colours = natural_colours(0.7, gradient.device)
    for mixed in (None, colours):
        theirs = normalize_gradient(gradient, "laplacian", bands, 0.7, mixed)
        with CudaOnCpu():
            ours = normalize_gradient(gradient, "laplacian", bands, 0.7, mixed)
        assert torch.allclose(ours, theirs, atol=1e-4)


def test_a_gradient_of_nothing_stays_nothing(cuda: CudaOnCpu) -> None:
    assert not normalize_gradient(torch.zeros(1, 3, 96, 96), "laplacian", (1.0, 1.0), 0.7).any()


def test_a_compiler_that_fails_is_asked_once_for_each_size(
    cuda: CudaOnCpu, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tries: list[Tensor] = []

    def failing(gradient: Tensor, _colours: Tensor | None) -> Tensor:
        tries.append(gradient)
        raise RuntimeError("no C compiler")

    monkeypatch.setattr(cuda_step, "_compilation_enabled", True)
    monkeypatch.setattr(torch, "compile", lambda *_, **__: failing)
    normalization = compiled_normalization("laplacian", (0.3, 1.0), 0.71)
    monkeypatch.setattr(normalization, "_has_triton", True)
    gradient = torch.rand(1, 3, 96, 96)
    expected = normalize_gradient(gradient, "laplacian", (0.3, 1.0), 0.71)
    for _ in range(2):
        assert torch.equal(normalization(gradient, None), expected)
    assert len(tries) == 1
    assert "no C compiler" in caplog.text
