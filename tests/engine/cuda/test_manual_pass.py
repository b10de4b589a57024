"""The hand-written pass in batches and captured steps, on a CUDA device that is the CPU."""

from collections.abc import Iterator, Sequence
from functools import partial

import pytest
import torch
from torch import Tensor

from dreambot.engine.cuda import step as cuda_step
from dreambot.engine.cuda.graphs import GraphCache, graph_cache_for
from dreambot.engine.cuda.step import BatchObjective, StepConfig
from dreambot.engine.gradients import compute_gradient
from dreambot.engine.manual_pass import cudnn
from dreambot.engine.manual_pass.backward import manual_pass_for
from dreambot.engine.objectives import LayerObjective
from dreambot.recipe import LayerTerm
from dreambot.recipe.layers import Objective
from dreambot.workers.gpu.torch_engine import network_bytes
from dreambot.zoo import weights
from dreambot.zoo.loading import load
from dreambot.zoo.network import StagedNetwork
from tests.engine.manual_pass.networks import small_faces, small_inception, small_vgg
from tests.support import require
from tests.support.cuda_on_cpu import CudaOnCpu
from tests.support.operators import count_operators

CUDA = torch.device("cuda", 0)
MAKE = {"inception": small_inception, "vgg": small_vgg, "faces": small_faces}
ONE = LayerTerm(layer="mixed10")
LAYERS = {
    "inception": [
        (ONE,),
        (LayerTerm(layer="conv0"),),
        (LayerTerm(layer="mixed3", channels=(7, 2, 11)), LayerTerm(layer="mixed8", weight=-0.3)),
        (ONE, LayerTerm(layer="conv1", weight=0.5), LayerTerm(layer="mixed9", channels=(4,))),
    ],
    "vgg": [(LayerTerm(layer="conv2_2"),), (LayerTerm(layer="conv1_1", channels=(3, 1)),)],
    "faces": [(LayerTerm(layer="s128_1"),), (LayerTerm(layer="s32_1"), LayerTerm(layer="s64_2"))],
}
CASES = [(name, terms) for name, several in LAYERS.items() for terms in several]


@pytest.fixture
def cuda() -> Iterator[CudaOnCpu]:
    with CudaOnCpu() as device:
        yield device


def random_images(count: int, height: int = 96, width: int = 128) -> Tensor:
    return torch.rand(count, 3, height, width, generator=torch.Generator().manual_seed(count)) * 2 - 1


def config_for(terms: Sequence[LayerTerm], objective: Objective) -> StepConfig:
    return StepConfig(tuple(terms), objective, "laplacian", (0.5, 1.0, 1.0, 0.5), 0.6)


def gradients(
    network: StagedNetwork, images: Tensor, config: StepConfig, *, manual_pass: bool
) -> tuple[Tensor, Tensor]:
    network.manual_pass = manual_pass
    assert (manual_pass_for(network, {term.layer for term in config.terms}) is not None) == manual_pass
    return cuda_step._gradient(network, images, BatchObjective(config, CUDA))


def difference(ours: Tensor, theirs: Tensor) -> float:
    return float((ours - theirs).norm() / theirs.norm())


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("objective", ["ms", "eq", "p4"])
@pytest.mark.parametrize(("name", "terms"), CASES)
def test_the_gradient_of_a_batch_equals_autograds(
    cuda: CudaOnCpu, name: str, terms: tuple[LayerTerm, ...], objective: Objective, count: int
) -> None:
    network, images, config = MAKE[name]().cuda(), random_images(count), config_for(terms, objective)
    ours, values = gradients(network, images, config, manual_pass=True)
    theirs, expected = gradients(network, images, config, manual_pass=False)
    assert ours.shape == images.shape
    assert ours.dtype == torch.float32
    assert values.shape == (count,)
    assert torch.allclose(values, expected, rtol=1e-5, atol=1e-6)
    # Each image on its own: the strongest does not hide the others.
    assert max(map(difference, ours, theirs)) < 1e-5


@pytest.mark.parametrize("name", MAKE)
def test_the_bf16_gradient_is_similar_to_autograds(cuda: CudaOnCpu, name: str) -> None:
    network, images = MAKE[name]().bfloat16().cuda(), random_images(2)
    config = config_for(LAYERS[name][0], "eq")
    ours, _ = gradients(network, images, config, manual_pass=True)
    theirs, _ = gradients(network, images, config, manual_pass=False)
    assert float(torch.cosine_similarity(ours.flatten(), theirs.flatten(), dim=0)) > 0.99


@pytest.mark.parametrize("objective", ["ms", "p4"])
@pytest.mark.parametrize("size", [(96, 107), (130, 131), (81, 240)])
@pytest.mark.parametrize("name", MAKE)
def test_a_step_without_a_graph_uses_the_pass(
    cuda: CudaOnCpu, name: str, size: tuple[int, int], objective: Objective
) -> None:
    network, image = MAKE[name]().cuda(), random_images(1, *size)
    function = LayerObjective(LAYERS[name][-1], objective)
    ours, reached = compute_gradient(network, image, function)
    network.manual_pass = False
    theirs, expected = compute_gradient(network, image, function)
    assert difference(ours, theirs) < 1e-5
    assert reached == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("objective", ["eq", "p4"])
@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("name", MAKE)
def test_a_captured_step_equals_an_eager_one(
    cuda: CudaOnCpu, name: str, count: int, objective: Objective
) -> None:
    network, config = MAKE[name]().cuda(), config_for(LAYERS[name][-1], objective)
    steps = {}
    for capture in (True, False):
        graphs, images = GraphCache(network, capture=capture), random_images(count, 96, 96)
        for step in range(4):
            offsets = [(step, 2 * step + index) for index in range(count)]
            images, _ = graphs.run(network, config, images, offsets, [0.02] * count)
        assert graphs.captured == int(capture)
        steps[capture] = images
    assert torch.allclose(steps[True], steps[False], atol=1e-5)
    assert cuda.reads == 0


@pytest.mark.gpu
@pytest.mark.parametrize(("dtype", "limit"), [(torch.float32, 0.9999), (torch.bfloat16, 0.99)])
@pytest.mark.parametrize("name", MAKE)
def test_on_a_gpu_the_pass_equals_autograd(name: str, dtype: torch.dtype, limit: float) -> None:
    require("gpu", torch.cuda.is_available())
    network, images = MAKE[name]().to(dtype).cuda(), random_images(2).cuda()
    config = config_for(LAYERS[name][0], "eq")
    ours, _ = gradients(network, images, config, manual_pass=True)
    theirs, _ = gradients(network, images, config, manual_pass=False)
    assert float(torch.cosine_similarity(ours.flatten(), theirs.flatten(), dim=0)) > limit
    network.manual_pass = True
    graphs = GraphCache(network)
    for _ in range(4):
        images, _ = graphs.run(network, config, images, [(1, 2)] * 2, [0.02] * 2)
    assert graphs.captured == 1
    assert images.isfinite().all()


@pytest.mark.weights
def test_inception_to_mixed5(cuda: CudaOnCpu) -> None:
    require("weights", weights.locate("inception_v3") is not None)
    network, images = load("inception_v3", cut="mixed5").cuda(), random_images(2, 96, 96)
    config = config_for([LayerTerm(layer="mixed5")], "eq")
    ours, values = gradients(network, images, config, manual_pass=True)
    theirs, expected = gradients(network, images, config, manual_pass=False)
    assert difference(ours, theirs) < 1e-4
    assert torch.allclose(values, expected, rtol=1e-5)


def test_convolution_bias_and_relu_are_one_operator(cuda: CudaOnCpu, monkeypatch: pytest.MonkeyPatch) -> None:
    network, images, config = small_vgg().cuda(), random_images(1), config_for(LAYERS["vgg"][0], "eq")
    run = partial(gradients, network, images, config, manual_pass=True)
    run()
    counts = count_operators(run)
    # All but the first layer, which reads three channels.
    assert (counts["cudnn_convolution_relu"], counts["convolution"], counts["relu_"]) == (3, 1, 1)
    assert sum(counts.values()) < sum(count_operators(partial(run, manual_pass=False)).values())
    # It never is deterministic.
    monkeypatch.setattr(torch.backends.cudnn, "deterministic", True)
    assert count_operators(run)["cudnn_convolution_relu"] == 0


@pytest.mark.parametrize("error", [RuntimeError("GET was unable to find an engine"), NotImplementedError()])
def test_without_the_fused_kernel_the_plain_operators_run(cuda: CudaOnCpu, error: Exception) -> None:
    cuda.fused_error = error
    _check_plain_operators()


def test_a_wrong_fused_kernel_is_not_used(cuda: CudaOnCpu, caplog: pytest.LogCaptureFixture) -> None:
    cuda.fused_is_wrong = True
    _check_plain_operators()
    assert "gives wrong results on cuda:0" in caplog.text


def _check_plain_operators() -> None:
    network, images, config = small_inception().cuda(), random_images(1), config_for((ONE,), "eq")
    run = partial(gradients, network, images, config, manual_pass=True)
    assert difference(run()[0], gradients(network, images, config, manual_pass=False)[0]) < 1e-5
    counts = count_operators(run)
    assert counts["cudnn_convolution_relu"] == 0
    assert counts["convolution"] > 20


def test_too_little_memory_for_the_comparison_is_not_a_missing_kernel(cuda: CudaOnCpu) -> None:
    cuda.fused_error = torch.OutOfMemoryError("CUDA out of memory.")
    with pytest.raises(torch.OutOfMemoryError):
        cudnn.fuses_relu(CUDA, torch.float32)
    cuda.fused_error = None
    assert cudnn.fuses_relu(CUDA, torch.float32)


def test_without_the_pass_graphs_use_autograd(cuda: CudaOnCpu, monkeypatch: pytest.MonkeyPatch) -> None:
    network, config = small_vgg().cuda(), config_for(LAYERS["vgg"][0], "eq")
    with_pass = graph_cache_for(network)
    network.manual_pass = False
    # What was captured with the pass is not replayed.
    graphs = graph_cache_for(network)
    assert graphs is not with_pass
    monkeypatch.setattr(cuda_step, "manual_pass_for", lambda *args: _no_pass(manual_pass_for(*args)))
    images = random_images(1, 96, 96)
    for _ in range(4):
        images, _ = graphs.run(network, config, images, [(0, 0)], [0.02])
    assert graphs.captured == 1


def _no_pass(found: object) -> None:
    assert found is None


def test_gradients_in_fp16_need_a_scale_that_the_pass_lacks(cuda: CudaOnCpu) -> None:
    assert manual_pass_for(small_vgg().half().cuda(), ["conv2_2"]) is None


def test_the_pass_takes_no_memory_of_its_own(cuda: CudaOnCpu) -> None:
    network = small_vgg().cuda()
    assert network_bytes(network) == sum(parameter.nbytes for parameter in network.parameters())
