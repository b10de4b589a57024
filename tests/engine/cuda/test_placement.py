"""All tensors of a step are on its device: torch's fake tensors have a device without its memory.

The backward pass of autograd needs a real GPU, so its result is replaced. It has no tensors of ours.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from torch import Tensor
from torch._subclasses.fake_tensor import FakeTensorMode

from dreambot.engine import gradients
from dreambot.engine.cuda.step import BatchObjective, StepBuffers, StepConfig, batch_step, step_config_for
from dreambot.engine.gradients import compute_gradient, normalize_gradient
from dreambot.engine.manual_pass import backward, cudnn
from dreambot.engine.manual_pass.backward import manual_pass_for
from dreambot.engine.objectives import LayerObjective
from dreambot.recipe import LayerTerm
from dreambot.recipe.layers import Objective
from dreambot.zoo.network import StagedNetwork
from tests.engine.manual_pass.networks import small_faces, small_inception, small_vgg
from tests.engine.tiny import tiny_network, tiny_recipe

CUDA = torch.device("cuda", 0)


@pytest.fixture(autouse=True)
def _no_backward_pass(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def grad(total: Tensor, inputs: Tensor | list[Tensor], **_options: bool) -> tuple[Tensor, ...]:
        several = inputs if isinstance(inputs, list) else [inputs]
        assert {total.device, *(tensor.device for tensor in several)} == {CUDA}
        return tuple(map(torch.empty_like, several))

    def convolution_relu(x: Tensor, kernel: Tensor, bias: Tensor, *options: Any) -> Tensor:
        return torch.conv2d(x, kernel, bias, *options).relu_()

    monkeypatch.setattr(torch.autograd, "grad", grad)
    monkeypatch.setattr(torch, "cudnn_convolution_relu", convolution_relu)
    # Fake tensors have no values and no addresses.
    monkeypatch.setattr(cudnn, "fuses_relu", lambda *_: True)
    monkeypatch.setattr(backward._CachedPass, "_current_versions", lambda _: [])
    # Under its device it would be kept, and is fake.
    gradients._binomial_kernel.cache_clear()
    yield
    gradients._binomial_kernel.cache_clear()


MIXED = (LayerTerm(layer="conv1", channels=(3, 1)), LayerTerm(layer="conv0", weight=-0.3))


def cuda_network(network: StagedNetwork | None = None, dtype: torch.dtype = torch.float32) -> StagedNetwork:
    """A network on a GPU, the tiny one by default; to be called in a FakeTensorMode."""
    network = network or tiny_network()
    for stage in network.modules():
        for name, parameter in list(stage.named_parameters(recurse=False)):
            fake = torch.empty(parameter.shape, dtype=dtype, device=CUDA)
            setattr(stage, name, torch.nn.Parameter(fake, requires_grad=False))
    return network


@pytest.mark.parametrize("gradient", ["laplacian", "blur", "mean_abs"])
@pytest.mark.parametrize("objective", ["ms", "eq", "p4"])
@pytest.mark.parametrize("palette", ["acid", "natural"])
def test_a_captured_step_stays_on_its_device(gradient: str, objective: str, palette: str) -> None:
    recipe = tiny_recipe(layers=MIXED, gradient=gradient, objective=objective, palette=palette)
    config = step_config_for(recipe, recipe.layers)
    assert config
    with FakeTensorMode():
        buffers = StepBuffers.empty(config, 2, (96, 128), CUDA)
        images, values = batch_step(cuda_network(), BatchObjective(config, CUDA), config, buffers)
    assert (images.device, values.device) == (CUDA, CUDA)
    assert (images.shape, values.shape) == ((2, 3, 96, 128), (2,))


@pytest.mark.parametrize("make", [small_inception, small_vgg, small_faces])
@pytest.mark.parametrize("objective", ["eq", "p4"])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_a_captured_step_with_the_hand_written_pass_stays_on_its_device(
    make: Callable[[], StagedNetwork], objective: Objective, dtype: torch.dtype
) -> None:
    made = make()
    first, *_, last = made.layers
    terms = (LayerTerm(layer=last), LayerTerm(layer=first, channels=(3, 1)))
    config = StepConfig(terms, objective, "laplacian", (0.5, 1.0), 0.6)
    with FakeTensorMode():
        network = cuda_network(made, dtype)
        manual_pass = manual_pass_for(network, [first, last])
        assert manual_pass is not None
        buffers = StepBuffers.empty(config, 2, (96, 128), CUDA)
        images, values = batch_step(network, BatchObjective(config, CUDA), config, buffers)
        gradient, _ = manual_pass.gradient(buffers.images, LayerObjective(terms, objective))
    assert (images.device, values.device, gradient.device) == (CUDA, CUDA, CUDA)
    assert (images.shape, values.shape) == ((2, 3, 96, 128), (2,))


def test_a_plain_gradient_stays_on_its_device(monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = tiny_recipe(layers=MIXED, palette="source")
    # Fake tensors have no values.
    monkeypatch.setattr("dreambot.engine.gradients.float", lambda _: 0.0, raising=False)
    with FakeTensorMode():
        image = torch.empty(1, 3, 96, 128, device=CUDA)
        gradient, _ = compute_gradient(cuda_network(), image, LayerObjective(MIXED, "ms"))
        step = normalize_gradient(gradient, "laplacian", recipe.bands, recipe.chroma)
    assert (gradient.device, step.device) == (CUDA, CUDA)


def test_a_tensor_on_another_device_is_found() -> None:
    recipe = tiny_recipe(layers=MIXED)
    config = step_config_for(recipe, recipe.layers)
    assert config
    with FakeTensorMode():
        buffers = StepBuffers.empty(config, 2, (96, 128), torch.device("cpu"))
        with pytest.raises(RuntimeError, match="device"):
            batch_step(cuda_network(), BatchObjective(config, CUDA), config, buffers)
