"""How fast a dream is, beside the textbook's loop: `python -m benchmarks.dream`.

InceptionV3 to mixed5, 512², 4 octaves ×1.4, 10 steps; the textbook's loop is the same network and work, as
most tutorials write it: NCHW, fp32, autograd, batch norms unfolded, and the network run to its end.
"""

import argparse
import json
import os
import platform
import statistics
import time
from collections.abc import Callable
from functools import partial

import torch

from benchmarks.calibrate import finished, recipe_for
from benchmarks.photos import photo
from dreambot.media.picture import Pixels
from dreambot.recipe import Recipe
from dreambot.recipe.cost import octave_sizes
from dreambot.recipe.layers import find_layer
from dreambot.zoo import network as zoo

LAYER = "mixed5"
SIZE = 512


def recipe(rgb: Pixels) -> Recipe:
    """The dream that is timed: the dial's for the layer, with the classics' octaves and steps."""
    usual = recipe_for(find_layer(LAYER), rgb, notch=6, step=0.02)
    return usual.model_copy(update={"octaves": 4, "steps": 10})


def textbook(asked: Recipe) -> None:
    """google/deepdream's loop as tutorials write it, on torchvision's module (random weights: same work)."""
    from torchvision.models import inception_v3

    network = inception_v3(weights=None, init_weights=False, aux_logits=False).eval()
    seen: list[torch.Tensor] = []
    network.Mixed_6c.register_forward_hook(lambda _module, _inputs, output: seen.append(output))
    for parameter in network.parameters():
        parameter.requires_grad_(requires_grad=False)
    for width, height in octave_sizes(asked.width, asked.height, asked.octaves, asked.octave_scale):
        picture = torch.rand(1, 3, height, width)
        for _ in range(asked.steps):
            picture.requires_grad_()
            network(picture)
            (gradient,) = torch.autograd.grad(seen.pop().square().mean(), picture)
            picture = (picture + 0.02 * gradient / gradient.abs().mean()).detach().clamp(-1, 1)


def seconds(work: Callable[[], object], runs: int) -> float:
    """Median of some runs, after one to warm up."""
    work()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> None:
    """Prints one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    runs = parser.parse_args().runs
    rgb = photo("astronaut.png", SIZE)
    asked = recipe(rgb)
    torch.manual_seed(0)
    result: dict[str, object] = {
        "machine": f"{platform.machine()} CPU, {os.cpu_count()} cores, torch {torch.__version__}",
        "dream": f"inception_v3 to {LAYER}, {SIZE}², {asked.flops / 1e9:.0f} GFLOP",
    }
    base = seconds(lambda: textbook(asked), runs)
    result["textbook"] = {"seconds": round(base, 2)}
    for name, dtype in (("fp32", torch.float32), ("bf16", torch.bfloat16)):
        network = zoo.load("inception_v3", dtype=dtype, cut=LAYER)
        taken = seconds(partial(finished, network, rgb, asked), runs)
        result[name] = {
            "seconds": round(taken, 2),
            "gflop_per_second": round(asked.flops / taken / 1e9),
            "times_faster_than_textbook": round(base / taken, 2),
        }
    print(json.dumps(result, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
