"""How fast dreams are on a CUDA device: `python -m benchmarks.gpu FILE`.

FILE is what `dreambot models export inception_v3 --cut mixed5 --bf16 -o FILE` made. Besides this repository
only torch, numpy, pydantic, pillow and safetensors are needed. The dream is the classics': 512², 4 octaves
×1.4, 10 steps each, to the layer the export was cut after. Prints one JSON object.

Whole dreams are no measure of whether two ways of computing agree: dreaming amplifies what differs, and two
correct ones in fp32 end up 25 to 30 dB apart. So graphs are compared with the very same steps unrecorded over
forty steps, and with `Climb.step` over one.
"""

import argparse
import json
import math
import random
import statistics
import sys
import time
from collections.abc import Callable, Generator
from pathlib import Path

import torch
from torch import Tensor

from dreambot.engine.cuda.batch import dream_batch
from dreambot.engine.cuda.graphs import GraphCache, graph_cache_for
from dreambot.engine.cuda.step import enable_compilation, step_config_for
from dreambot.engine.dream import dream, dream_octaves, never_stop
from dreambot.engine.images import smooth_noise, to_rgb, to_tensor
from dreambot.engine.objectives import LayerObjective
from dreambot.engine.step import AscentStep
from dreambot.engine.transforms import random_transform
from dreambot.media.picture import DreamInputs, Pixels
from dreambot.recipe import LayerTerm, Recipe, find_layer
from dreambot.recipe.layers import TrainedModel
from dreambot.recipe.recipe import StillRecipe
from dreambot.zoo.loading import load_export
from dreambot.zoo.network import StagedNetwork

SIZE = 512


class UncapturedObjective(LayerObjective):
    """A score that the graphs do not know, so that a climb makes its own steps."""


def recipe_for(model: TrainedModel, cut: str, seed: int = 1) -> Recipe:
    """The dream that is timed."""
    layer = find_layer(cut, model.architecture)
    return StillRecipe(
        model=model.architecture,
        weights=model.weights,
        layers=(LayerTerm(layer=layer.name),),
        objective=layer.objective,
        octaves=4,
        octave_scale=1.4,
        steps=10,
        step=0.02,
        cooling=0.5,
        jitter=32,
        gradient=layer.gradient,
        bands=layer.bands,
        chroma=layer.chroma,
        width=SIZE,
        height=SIZE,
        seed=seed,
        precision="bf16",
    )


def run_to_end(running: Generator[object, None, object]) -> None:
    """Runs it to its end."""
    for _ in running:
        pass


def median_seconds(work: Callable[[], object], runs: int) -> float:
    """Median of some runs, after two to warm up: libraries choose kernels, graphs are recorded."""
    times = []
    for run in range(runs + 2):
        torch.cuda.synchronize()
        start = time.perf_counter()
        work()
        torch.cuda.synchronize()
        if run > 1:
            times.append(time.perf_counter() - start)
    return statistics.median(times)


def noise_picture(seed: int) -> Pixels:
    """Something to dream on."""
    return to_rgb(smooth_noise(SIZE, SIZE, seed))


def dream_eagerly(network: StagedNetwork, recipe: Recipe) -> None:
    """The dream without graphs, step by step."""
    source = to_tensor(noise_picture(1), network.device)
    climb = AscentStep(network, UncapturedObjective(recipe.layers, recipe.objective), recipe)
    run_to_end(dream_octaves(climb, source, random.Random(recipe.seed), never_stop))


def psnr(a: Tensor, b: Tensor) -> float | None:
    """In dB, of pictures in [-1, 1]; None for equal ones."""
    error = ((a - b) / 2).double().square().mean().item()
    return round(-10 * math.log10(error), 1) if error else None


def graph_agreement(network: StagedNetwork, recipe: Recipe) -> dict[str, float | None]:
    """How near graphs come to what they were recorded from, and to the climb's own step."""
    kind = step_config_for(recipe, recipe.layers)
    assert kind
    begun = to_tensor(noise_picture(1), network.device)

    def walked(graphs: GraphCache, steps: int) -> Tensor:
        rng, at = random.Random(1), begun
        for _ in range(steps):
            offset = random_transform(recipe, SIZE, SIZE, rng).offset(at)
            at, _ = graphs.run(network, kind, at, [offset], [recipe.step])
        return at

    recorded, plain = GraphCache(network), GraphCache(network, capture=False)
    climb = AscentStep(network, UncapturedObjective(recipe.layers, recipe.objective), recipe)
    result = {"graph_to_unrecorded_40_steps_db": psnr(walked(recorded, 40), walked(plain, 40))}
    one = climb.step(begun, recipe.step, random.Random(1))[0]
    return {**result, "graph_to_climb_1_step_db": psnr(walked(recorded, 1), one)}


def measure(file: Path, batches: list[int], runs: int) -> dict[str, object]:
    """Everything, on the first CUDA device."""
    network, model = load_export(file, "cuda", torch.bfloat16)
    recipe = recipe_for(model, network.layers[-1])
    alone_eagerly = median_seconds(lambda: dream_eagerly(network, recipe), runs)
    torch.cuda.reset_peak_memory_stats()
    alone = median_seconds(lambda: run_to_end(dream(network, DreamInputs(noise_picture(1)), recipe)), runs)
    result: dict[str, object] = {
        "device": torch.cuda.get_device_name(),
        "torch": torch.__version__,
        "dream": f"{model.architecture} to {network.layers[-1]}, {SIZE}², bf16",
        "gflop": round(recipe.flops / 1e9),
        "eager_ms": round(1e3 * alone_eagerly, 1),
        "graph_ms": round(1e3 * alone, 1),
        "times_faster_than_eager": round(alone_eagerly / alone, 1),
        "graphs_recorded": graph_cache_for(network).captured,
        "graph_peak_mib": round(torch.cuda.max_memory_reserved() / 2**20),
    }
    for count in batches:
        torch.cuda.reset_peak_memory_stats()
        inputs = [DreamInputs(noise_picture(seed)) for seed in range(count)]
        recipes = [recipe.model_copy(update={"seed": seed}) for seed in range(count)]
        taken = median_seconds(lambda i=inputs, r=recipes: run_to_end(dream_batch(network, i, r)), runs)
        result[f"batch_{count}"] = {
            "dreams_per_second": round(count / taken, 1),
            "ms": round(1e3 * taken, 1),
            "peak_mib": round(torch.cuda.max_memory_reserved() / 2**20),
        }
    result["fp32"] = graph_agreement(load_export(file, "cuda", torch.float32)[0], recipe)
    return result


def main() -> None:
    """Prints one JSON object; without a CUDA device a sentence, and ends with 2."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--batches", type=int, nargs="*", default=[8, 16, 32])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument(
        "--compile", action="store_true", help="compile the gradient's treatment (takes minutes)"
    )
    parser.add_argument(
        "--search", action="store_true", help="let cuDNN try its kernels and take the fastest"
    )
    asked = parser.parse_args()
    if not torch.cuda.is_available():
        print("There is no CUDA device here, so there is nothing to measure.", file=sys.stderr)
        sys.exit(2)
    torch.backends.cudnn.benchmark = asked.search
    if asked.compile:
        enable_compilation()
    result = measure(asked.file, asked.batches, asked.runs)
    print(
        json.dumps({**result, "compile": asked.compile, "search": asked.search}, indent=2, ensure_ascii=False)
    )


if __name__ == "__main__":
    main()
