"""Steps on canvases, captured as graphs on a CUDA device."""

import math
import random
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

from dreambot.engine.colours import natural_colours
from dreambot.engine.cuda import step as cuda_step
from dreambot.engine.cuda.graphs import GraphCache, graph_cache_for, try_graph_step
from dreambot.engine.cuda.step import (
    BatchObjective,
    StepBuffers,
    _CompiledNormalization,
    batch_step,
    canvas_for,
    compiled_normalization,
    roll_indices,
    step_config_for,
)
from dreambot.engine.gradients import _downsample, _downsample_by_convolution, normalize_gradient
from dreambot.engine.objectives import LayerObjective
from dreambot.engine.step import AscentStep
from dreambot.engine.transforms import random_transform
from dreambot.media.picture import DreamInputs
from dreambot.recipe import LayerTerm, Recipe
from tests.engine.tiny import dreamed, tiny_network, tiny_recipe
from tests.support import require

NETWORK = tiny_network()
MIXED = (LayerTerm(layer="conv1", channels=(3, 1)), LayerTerm(layer="conv0", weight=-0.3))


def random_image(height: int, width: int, seed: int = 0) -> Tensor:
    torch.manual_seed(seed)
    return torch.rand(1, 3, height, width) * 2 - 1


def graph_step(graphs: GraphCache, recipe: Recipe, picture: Tensor, seed: int) -> tuple[Tensor, list[float]]:
    transform = random_transform(recipe, picture.shape[-1], picture.shape[-2], random.Random(seed))
    config = step_config_for(recipe, recipe.layers)
    assert config
    return graphs.run(NETWORK, config, picture, [transform.offset(picture)], [recipe.step])


def change(after: Tensor, other: Tensor, before: Tensor) -> float:
    """Returns the difference of two steps relative to the step."""
    return float((after - other).norm() / (other - before).norm())


@pytest.mark.parametrize("layers", [(LayerTerm(layer="conv1"),), MIXED])
@pytest.mark.parametrize("gradient", ["laplacian", "blur", "mean_abs"])
def test_a_step_on_a_canvas_equals_an_ascent_step(layers: tuple[LayerTerm, ...], gradient: str) -> None:
    recipe = tiny_recipe(layers=layers, gradient=gradient, objective="eq")
    ascent, graphs = AscentStep(NETWORK, LayerObjective(layers, "eq"), recipe), GraphCache(NETWORK)
    for seed, (height, width) in enumerate([(96, 128), (160, 96), (96, 128)]):
        picture = random_image(height, width, seed)
        ours, (value,) = graph_step(graphs, recipe, picture, seed)
        theirs, expected = ascent.step(picture, recipe.step, random.Random(seed))
        assert change(ours, theirs, picture) < 1e-4
        assert value == pytest.approx(expected, rel=1e-4)


def test_a_natural_step_on_a_canvas_equals_an_ascent_step() -> None:
    recipe, picture = tiny_recipe(palette="natural"), random_image(96, 128)
    objective, colours = LayerObjective(recipe.layers, "ms"), natural_colours(recipe.chroma, picture.device)
    ours, _ = graph_step(GraphCache(NETWORK), recipe, picture, 3)
    theirs, _ = AscentStep(NETWORK, objective, recipe, colours=colours).step(
        picture, recipe.step, random.Random(3)
    )
    assert change(ours, theirs, picture) < 1e-4


@pytest.mark.parametrize("size", [(131, 150), (97, 300), (30, 47), (1, 1)])
def test_images_of_other_sizes_are_reflected_and_cropped(size: tuple[int, int]) -> None:
    recipe, picture = tiny_recipe(), random_image(*size)
    ours, _ = graph_step(GraphCache(NETWORK), recipe, picture, 3)
    theirs, _ = AscentStep(NETWORK, LayerObjective(recipe.layers, "ms"), recipe).step(
        picture, recipe.step, random.Random(3)
    )
    assert ours.shape == picture.shape
    assert float((ours - picture).square().mean().sqrt()) == pytest.approx(recipe.step, rel=0.5)
    if min(size) > 90:
        # They differ at the edges, where the network sees the reflection.
        assert change(ours, theirs, picture) < 0.3


def test_rolling_back_and_forth_is_the_identity() -> None:
    size, offset = (101, 97), (13, -40)
    height, width = canvas_for(size)
    rows, columns, rows_back, columns_back = np.split(
        roll_indices(size, (height, width), [offset])[0], np.cumsum([height, width, height])
    )
    assert (height, width) == (128, 128)
    assert np.array_equal(rows[:101], np.roll(np.arange(101), 13))
    assert np.array_equal(columns[:97], np.roll(np.arange(97), -40))
    assert np.array_equal(rows[:101][rows_back[:101]], np.arange(101))
    assert np.array_equal(columns[:97][columns_back[:97]], np.arange(97))
    assert rows[101] == rows[99]


def test_a_non_finite_objective_damps_only_its_own_image() -> None:
    recipe = tiny_recipe(gradient="mean_abs")
    config = step_config_for(recipe, recipe.layers)
    assert config
    pictures = torch.cat([random_image(96, 96), random_image(96, 96, 1)])
    pictures[1, 0, 50, 50] = torch.inf
    stepped, values = graph_cache_for(NETWORK).run(NETWORK, config, pictures, [(0, 0)] * 2, [0.02] * 2)
    assert [math.isfinite(value) for value in values] == [True, False]
    alone, _ = graph_cache_for(NETWORK).run(NETWORK, config, pictures[:1], [(0, 0)], [0.02])
    assert change(stepped[:1], alone, pictures[:1]) < 1e-4
    assert float((stepped[1] - pictures[1].clamp(-1, 1)).abs().mean()) < 0.006


def test_the_most_recently_used_steps_are_kept() -> None:
    recipe, graphs = tiny_recipe(), GraphCache(NETWORK, max_steps=2)
    for side in (96, 128, 96, 160, 96):
        graph_step(graphs, recipe, random_image(96, side), 0)
    assert graphs.sizes == ((96, 160), (96, 96))


def test_graphs_are_dropped_with_their_weights() -> None:
    network = tiny_network()
    first = graph_cache_for(network)
    assert graph_cache_for(network) is first
    network.double()
    assert graph_cache_for(network) is not first


@pytest.mark.parametrize("more", [{"rotation": 3}, {"closeness": 0.1}, {"keep_colour": True}])
def test_unsupported_recipes_have_no_configuration(more: dict[str, object]) -> None:
    recipe = tiny_recipe(**more)
    assert step_config_for(recipe, recipe.layers) is None


def test_without_a_cuda_device_there_is_no_graph_step() -> None:
    recipe, picture = tiny_recipe(), random_image(96, 96)
    transform = random_transform(recipe, 96, 96, random.Random(0))
    assert (
        try_graph_step(NETWORK, LayerObjective(recipe.layers, "ms"), recipe, picture, 0.02, transform) is None
    )


class NoDeviceSync(TorchDispatchMode):
    """Fails if a value is read from the device or copied to it."""

    def __torch_dispatch__(
        self, func: Any, _types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> object:
        name = func.overloadpacket.__name__
        assert name not in {"_local_scalar_dense", "lift_fresh", "nonzero"}, name
        out = func(*args, **(kwargs or {}))
        assert not isinstance(out, Tensor) or out.is_meta, name
        return out


@pytest.mark.parametrize("gradient", ["laplacian", "blur", "mean_abs"])
@pytest.mark.parametrize("objective", ["ms", "eq", "p4"])
def test_a_step_neither_reads_from_the_device_nor_copies_to_it(gradient: str, objective: str) -> None:
    """Such a step could not be captured."""
    network = tiny_network().to("meta")
    recipe = tiny_recipe(layers=MIXED, gradient=gradient, objective=objective, palette="natural")
    config = step_config_for(recipe, recipe.layers)
    assert config
    batch_objective, buffers = (
        BatchObjective(config, network.device),
        StepBuffers.empty(config, 2, (96, 128), network.device),
    )
    with NoDeviceSync():
        images, values = batch_step(network, batch_objective, config, buffers)
    assert (images.shape, values.shape) == ((2, 3, 96, 128), (2,))


@pytest.mark.gpu
def test_a_compiled_normalisation_equals_the_plain_one(monkeypatch: pytest.MonkeyPatch) -> None:
    require("gpu", torch.cuda.is_available())
    from torch._dynamo.utils import counters  # takes seconds

    monkeypatch.setattr(cuda_step, "_compilation_enabled", True)
    bands, gradient = (0.3, 0.8, 1.0, 0.9), random_image(96, 128)
    colours = natural_colours(0.7, gradient.device)
    torch._dynamo.reset()
    counters.clear()
    normalization = compiled_normalization("laplacian", bands, 0.7)
    compiled = normalization(gradient.cuda(), colours.cuda()).cpu()
    # It runs uncompiled when the compiler is missing or fails.
    assert counters["stats"]["unique_graphs"] == 1
    assert isinstance(normalization, _CompiledNormalization)
    assert normalization._failed == set()
    assert change(compiled, normalize_gradient(gradient, "laplacian", bands, 0.7, colours), gradient) < 1e-3


@pytest.mark.gpu
@pytest.mark.parametrize("size", [(96, 128), (131, 150)])
def test_a_graph_equals_its_eager_steps(size: tuple[int, int]) -> None:
    require("gpu", torch.cuda.is_available())
    network = tiny_network().cuda()
    recipe = tiny_recipe(layers=MIXED)
    config = step_config_for(recipe, recipe.layers)
    assert config
    graphs = GraphCache(network)
    start = random_image(*size)
    picture, on_cpu = start.cuda(), start
    for step in range(5):
        offsets = [(step, 2 * step)]
        picture, _ = graphs.run(network, config, picture, offsets, [0.02])
        on_cpu, _ = GraphCache(NETWORK).run(NETWORK, config, on_cpu, offsets, [0.02])
    assert graphs.captured == 1
    assert change(picture.cpu(), on_cpu, start) < 0.05


@pytest.mark.gpu
def test_a_dream_on_cuda_uses_graphs() -> None:
    require("gpu", torch.cuda.is_available())
    network = tiny_network().cuda()
    source = np.random.default_rng(0).integers(0, 256, (170, 200, 3), dtype=np.uint8)
    ours = dreamed(network, DreamInputs(source), tiny_recipe())
    theirs = dreamed(NETWORK, DreamInputs(source), tiny_recipe())
    assert graph_cache_for(network).captured == 3
    assert np.abs(ours.astype(int) - theirs).mean() < 8


@pytest.mark.parametrize("size", [(96, 128), (37, 64), (5, 8)])
def test_downsampling_by_convolution_equals_downsampling(size: tuple[int, int]) -> None:
    picture = random_image(*size)
    assert torch.allclose(_downsample_by_convolution(picture), _downsample(picture), atol=1e-6)
