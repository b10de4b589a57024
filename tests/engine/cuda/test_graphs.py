"""Steps on canvases, by graphs where there is a CUDA device."""

import random
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

from dreambot.engine.cuda import step as cuda_step
from dreambot.engine.cuda.graphs import GraphCache, graph_cache_for, try_graph_step
from dreambot.engine.cuda.step import (
    BatchObjective,
    StepBuffers,
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


def picture_of(height: int, width: int, seed: int = 0) -> Tensor:
    torch.manual_seed(seed)
    return torch.rand(1, 3, height, width) * 2 - 1


def graph_step(graphs: GraphCache, recipe: Recipe, picture: Tensor, seed: int) -> tuple[Tensor, list[float]]:
    movement = random_transform(recipe, picture.shape[-1], picture.shape[-2], random.Random(seed))
    kind = step_config_for(recipe, recipe.layers)
    assert kind
    return graphs.run(NETWORK, kind, picture, [movement.offset(picture)], [recipe.step])


def change(after: Tensor, other: Tensor, before: Tensor) -> float:
    """How much two steps differ, as a share of the step."""
    return float((after - other).norm() / (other - before).norm())


@pytest.mark.parametrize("layers", [(LayerTerm(layer="conv1"),), MIXED])
@pytest.mark.parametrize("gradient", ["laplacian", "blur", "mean_abs"])
def test_a_step_on_a_canvas_is_the_climbs(layers: tuple[LayerTerm, ...], gradient: str) -> None:
    recipe = tiny_recipe(layers=layers, gradient=gradient, objective="eq")
    climb, graphs = AscentStep(NETWORK, LayerObjective(layers, "eq"), recipe), GraphCache(NETWORK)
    for seed, (height, width) in enumerate([(96, 128), (160, 96), (96, 128)]):
        picture = picture_of(height, width, seed)
        ours, (score,) = graph_step(graphs, recipe, picture, seed)
        theirs, reached = climb.step(picture, recipe.step, random.Random(seed))
        assert change(ours, theirs, picture) < 1e-4
        assert score == pytest.approx(reached, rel=1e-4)


@pytest.mark.parametrize("size", [(131, 150), (97, 300), (30, 47), (1, 1)])
def test_pictures_of_other_sizes_are_mirrored_and_cut_again(size: tuple[int, int]) -> None:
    recipe, picture = tiny_recipe(), picture_of(*size)
    ours, _ = graph_step(GraphCache(NETWORK), recipe, picture, 3)
    theirs, _ = AscentStep(NETWORK, LayerObjective(recipe.layers, "ms"), recipe).step(
        picture, recipe.step, random.Random(3)
    )
    assert ours.shape == picture.shape
    assert float((ours - picture).square().mean().sqrt()) == pytest.approx(recipe.step, rel=0.5)
    if min(size) > 90:
        # Different at the edges, where the network sees something else.
        assert change(ours, theirs, picture) < 0.3


def test_rolling_there_and_back_is_nothing() -> None:
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


def test_a_score_of_no_number_damps_one_picture_alone() -> None:
    recipe = tiny_recipe(gradient="mean_abs")
    kind = step_config_for(recipe, recipe.layers)
    assert kind
    pictures = torch.cat([picture_of(96, 96), picture_of(96, 96, 1)])
    pictures[1, 0, 50, 50] = torch.inf
    stepped, scores = graph_cache_for(NETWORK).run(NETWORK, kind, pictures, [(0, 0)] * 2, [0.02] * 2)
    assert [np.isfinite(score) for score in scores] == [True, False]
    alone, _ = graph_cache_for(NETWORK).run(NETWORK, kind, pictures[:1], [(0, 0)], [0.02])
    assert change(stepped[:1], alone, pictures[:1]) < 1e-4
    assert float((stepped[1] - pictures[1].clamp(-1, 1)).abs().mean()) < 0.006


def test_the_graphs_used_last_are_kept() -> None:
    recipe, graphs = tiny_recipe(), GraphCache(NETWORK, max_steps=2)
    for side in (96, 128, 96, 160, 96):
        graph_step(graphs, recipe, picture_of(96, side), 0)
    assert graphs.sizes == ((96, 160), (96, 96))


def test_graphs_do_not_outlive_the_weights_they_read() -> None:
    network = tiny_network()
    first = graph_cache_for(network)
    assert graph_cache_for(network) is first
    network.double()
    assert graph_cache_for(network) is not first


@pytest.mark.parametrize("more", [{"rotation": 3}, {"closeness": 0.1}, {"keep_colour": True}])
def test_what_a_graph_cannot_do_has_no_kind(more: dict[str, object]) -> None:
    recipe = tiny_recipe(**more)
    assert step_config_for(recipe, recipe.layers) is None


def test_without_a_cuda_device_a_climb_makes_its_own_steps() -> None:
    recipe, picture = tiny_recipe(), picture_of(96, 96)
    movement = random_transform(recipe, 96, 96, random.Random(0))
    assert (
        try_graph_step(NETWORK, LayerObjective(recipe.layers, "ms"), recipe, picture, 0.02, movement) is None
    )


class OnDeviceAlone(TorchDispatchMode):
    """Fails where a value is asked of the device, or something is made beside it and sent there."""

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
def test_nothing_is_asked_of_the_device_during_a_step(gradient: str, objective: str) -> None:
    """Such a step could not be recorded."""
    network = tiny_network().to("meta")
    recipe = tiny_recipe(layers=MIXED, gradient=gradient, objective=objective)
    kind = step_config_for(recipe, recipe.layers)
    assert kind
    aim, buffers = BatchObjective(kind, network.device), StepBuffers.empty(2, (96, 128), network.device)
    with OnDeviceAlone():
        pictures, scores = batch_step(network, aim, kind, buffers)
    assert (pictures.shape, scores.shape) == ((2, 3, 96, 128), (2,))


@pytest.mark.gpu
def test_a_compiled_treatment_is_the_plain_one(monkeypatch: pytest.MonkeyPatch) -> None:
    require("gpu", torch.cuda.is_available())
    monkeypatch.setattr(cuda_step, "_compilation_enabled", True)
    bands, gradient = (0.3, 0.8, 1.0, 0.9), picture_of(96, 128)
    compiled = compiled_normalization("laplacian", bands, 0.7)(gradient.cuda()).cpu()
    assert change(compiled, normalize_gradient(gradient, "laplacian", bands, 0.7), gradient) < 1e-3


@pytest.mark.gpu
@pytest.mark.parametrize("size", [(96, 128), (131, 150)])
def test_a_graph_does_what_its_steps_do(size: tuple[int, int]) -> None:
    require("gpu", torch.cuda.is_available())
    network = tiny_network().cuda()
    recipe = tiny_recipe(layers=MIXED)
    kind = step_config_for(recipe, recipe.layers)
    assert kind
    graphs = GraphCache(network)
    begun = picture_of(*size)
    picture, on_cpu = begun.cuda(), begun
    for step in range(5):
        offsets = [(step, 2 * step)]
        picture, _ = graphs.run(network, kind, picture, offsets, [0.02])
        on_cpu, _ = GraphCache(NETWORK).run(NETWORK, kind, on_cpu, offsets, [0.02])
    assert graphs.captured == 1
    assert change(picture.cpu(), on_cpu, begun) < 0.05


@pytest.mark.gpu
def test_a_dream_on_cuda_goes_by_graphs() -> None:
    require("gpu", torch.cuda.is_available())
    network = tiny_network().cuda()
    source = np.random.default_rng(0).integers(0, 256, (170, 200, 3), dtype=np.uint8)
    ours = dreamed(network, DreamInputs(source), tiny_recipe())
    theirs = dreamed(NETWORK, DreamInputs(source), tiny_recipe())
    assert graph_cache_for(network).captured == 3
    assert np.abs(ours.astype(int) - theirs).mean() < 8


@pytest.mark.parametrize("size", [(96, 128), (37, 64), (5, 8)])
def test_halving_by_convolution_is_halving(size: tuple[int, int]) -> None:
    picture = picture_of(*size)
    assert torch.allclose(_downsample_by_convolution(picture), _downsample(picture), atol=1e-6)
