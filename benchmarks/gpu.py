"""Measures the speed of dreams on a CUDA device: `python -m benchmarks.gpu FILE`.

FILE is made by `dreambot models export inception_v3 --cut mixed5 --bf16 -o FILE`. Besides this repository
only torch, numpy, pydantic, pillow and safetensors are needed. The dream is that of the classics: 512², 4
octaves ×1.4, 10 steps each, up to the layer at which the export was cut. Prints one JSON object.

Whole dreams cannot show whether two implementations agree: dreaming amplifies differences, and two correct
implementations in fp32 end up 25 to 30 dB apart. So graphs are compared with the same steps run eagerly over
forty steps, and with `AscentStep.step` over one.
"""

import argparse
import gc
import json
import math
import random
import statistics
import sys
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from dreambot.engine.cuda.batch import dream_batch
from dreambot.engine.cuda.graphs import GraphCache, graph_cache_for
from dreambot.engine.cuda.step import enable_compilation, step_config_for
from dreambot.engine.dream import dream, dream_octaves, never_stop
from dreambot.engine.images import smooth_noise, to_rgb, to_tensor
from dreambot.engine.manual_pass.cudnn import fuses_relu
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
    """An objective that graphs do not support, so that steps run eagerly."""


def recipe_for(model: TrainedModel, cut: str, seed: int = 1) -> Recipe:
    """Returns the recipe that is timed.

    Args:
        model: Architecture and weights.
        cut: Layer to dream.
        seed: Seed of the dream.
    """
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
    """Runs a generator to its end.

    Args:
        running: A running dream.
    """
    for _ in running:
        pass


@dataclass(frozen=True)
class Timing:
    """Seconds of a dream, and the memory it took.

    Attributes:
        cold: The first run: kernels are selected and loaded, graphs captured.
        second: The second run, in which graphs of steps that are rare may still be captured.
        median: The median of the runs after these.
        peak_bytes: Memory that torch held at most, including cached memory of these runs but not of others.
    """

    cold: float
    second: float
    median: float
    peak_bytes: int

    def to_json(self) -> dict[str, float]:
        """Returns milliseconds and MiB."""
        return {
            "ms": round(1e3 * self.median, 1),
            "cold_ms": round(1e3 * self.cold, 1),
            "second_ms": round(1e3 * self.second, 1),
            "peak_mib": round(self.peak_bytes / 2**20),
        }


def time_runs(work: Callable[[], object], runs: int) -> Timing:
    """Times a function.

    Args:
        work: Function to time.
        runs: Number of runs after the first two.
    """
    # The cached memory of earlier measurements would count as memory of this one.
    gc.collect()
    torch.cuda.empty_cache()
    torch.cuda.reset_peak_memory_stats()
    times = []
    for _ in range(runs + 2):
        torch.cuda.synchronize()
        start = time.perf_counter()
        work()
        torch.cuda.synchronize()
        times.append(time.perf_counter() - start)
    return Timing(times[0], times[1], statistics.median(times[2:]), torch.cuda.max_memory_reserved())


def noise_picture(seed: int) -> Pixels:
    """Returns a source image, `[SIZE, SIZE, 3]` uint8.

    Args:
        seed: Seed of the noise.
    """
    return to_rgb(smooth_noise(SIZE, SIZE, seed))


def dream_eagerly(network: StagedNetwork, recipe: Recipe) -> None:
    """Runs a dream without graphs.

    Args:
        network: Network of the recipe.
        recipe: Recipe of a still image.
    """
    source = to_tensor(noise_picture(1), network.device)
    ascent = AscentStep(network, UncapturedObjective(recipe.layers, recipe.objective), recipe)
    run_to_end(dream_octaves(ascent, source, random.Random(recipe.seed), never_stop))


def psnr(a: Tensor, b: Tensor) -> float | None:
    """Returns the PSNR in dB, or None for equal images.

    Args:
        a: Image in [-1, 1].
        b: Image of the same shape and range.
    """
    error = ((a - b) / 2).double().square().mean().item()
    return round(-10 * math.log10(error), 1) if error else None


def graph_agreement(network: StagedNetwork, recipe: Recipe) -> dict[str, float | None]:
    """Measures how closely graphs agree with their eager steps and with `AscentStep.step`.

    Args:
        network: Network on a CUDA device, in fp32.
        recipe: Recipe of a still image.
    """
    config = step_config_for(recipe, recipe.layers)
    assert config
    start_image = to_tensor(noise_picture(1), network.device)

    def run_steps(graphs: GraphCache, steps: int) -> Tensor:
        rng, image = random.Random(1), start_image
        for _ in range(steps):
            offset = random_transform(recipe, SIZE, SIZE, rng).offset(image)
            image, _ = graphs.run(network, config, image, [offset], [recipe.step])
        return image

    captured, eager = GraphCache(network), GraphCache(network, capture=False)
    ascent = AscentStep(network, UncapturedObjective(recipe.layers, recipe.objective), recipe)
    result = {"graph_to_unrecorded_40_steps_db": psnr(run_steps(captured, 40), run_steps(eager, 40))}
    one = ascent.step(start_image, recipe.step, random.Random(1))[0]
    result["graph_to_climb_1_step_db"] = psnr(run_steps(captured, 1), one)
    network.manual_pass = False
    by_autograd = ascent.step(start_image, recipe.step, random.Random(1))[0]
    network.manual_pass = True
    return {**result, "pass_to_autograd_1_step_db": psnr(one, by_autograd)}


def measure(file: Path, batches: list[int], runs: int) -> dict[str, object]:
    """Measures everything on the first CUDA device, with autograd and with the hand-written backward pass.

    Args:
        file: Export of a model.
        batches: Batch sizes.
        runs: Timed runs of each measurement.
    """
    network, model = load_export(file, "cuda", torch.bfloat16)
    recipe = recipe_for(model, network.layers[-1])
    network.manual_pass = False
    eager_autograd = time_runs(lambda: dream_eagerly(network, recipe), runs)
    alone_autograd = time_runs(
        lambda: run_to_end(dream(network, DreamInputs(noise_picture(1)), recipe)), runs
    )
    network.manual_pass = True
    eager = time_runs(lambda: dream_eagerly(network, recipe), runs)
    alone = time_runs(lambda: run_to_end(dream(network, DreamInputs(noise_picture(1)), recipe)), runs)
    result: dict[str, object] = {
        "device": torch.cuda.get_device_name(),
        "torch": torch.__version__,
        "dream": f"{model.architecture} to {network.layers[-1]}, {SIZE}², bf16",
        "gflop": round(recipe.flops / 1e9),
        "eager_autograd": eager_autograd.to_json(),
        "eager": eager.to_json(),
        "graphs_autograd": alone_autograd.to_json(),
        "graphs": {**alone.to_json(), "captured": graph_cache_for(network).captured},
        "times_faster_than_eager_autograd": round(eager_autograd.median / alone.median, 1),
        "times_faster_by_the_pass": round(alone_autograd.median / alone.median, 2),
        "convolution_and_relu_in_one_kernel": fuses_relu(network.device, torch.bfloat16),
    }
    for count in batches:
        inputs = [DreamInputs(noise_picture(seed)) for seed in range(count)]
        recipes = [recipe.model_copy(update={"seed": seed}) for seed in range(count)]
        for network.manual_pass in (False, True):
            taken = time_runs(lambda i=inputs, r=recipes: run_to_end(dream_batch(network, i, r)), runs)
            result[f"batch_{count}" if network.manual_pass else f"batch_{count}_autograd"] = {
                "dreams_per_second": round(count / taken.median, 1),
                **taken.to_json(),
            }
    result["fp32"] = graph_agreement(load_export(file, "cuda", torch.float32)[0], recipe)
    return result


def main() -> None:
    """Prints one JSON object; without a CUDA device, prints a sentence and exits with status 2."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--batches", type=int, nargs="*", default=[8, 16, 32])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument(
        "--compile", action="store_true", help="compile the gradient normalisation (takes minutes)"
    )
    parser.add_argument("--search", action="store_true", help="let cuDNN benchmark its kernels")
    args = parser.parse_args()
    if not torch.cuda.is_available():
        print("There is no CUDA device here, so there is nothing to measure.", file=sys.stderr)
        sys.exit(2)
    torch.backends.cudnn.benchmark = args.search
    if args.compile:
        enable_compilation()
    result = measure(args.file, args.batches, args.runs)
    print(
        json.dumps({**result, "compile": args.compile, "search": args.search}, indent=2, ensure_ascii=False)
    )


if __name__ == "__main__":
    main()
