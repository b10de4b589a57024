"""Counts the operators of a step that launch a kernel on a GPU: `python -m benchmarks.gpu_operators`.

It needs no GPU. The step is the one that is captured as a CUDA graph, with autograd and with the
hand-written backward pass. It runs on the device of `tests/support/cuda_on_cpu.py`, where torch takes the
paths for CUDA. The number of operators does not depend on the size of the picture. It is not a time.
"""

import argparse
from functools import partial

import torch

from benchmarks.gpu import recipe_for
from dreambot.engine.cuda.step import BatchObjective, StepBuffers, batch_step, step_config_for
from dreambot.recipe import Precision
from dreambot.recipe.layers import TrainedModel
from dreambot.zoo.loading import load
from tests.support.cuda_on_cpu import CudaOnCpu
from tests.support.operators import count_operators

SIDE = 96
DEVICE = torch.device("cuda", 0)


def count_step(model: str, layer_name: str, precision: Precision, *, manual_pass: bool) -> dict[str, int]:
    """Counts the operators of one step, by name.

    Args:
        model: Name of the network.
        layer_name: Layer to dream.
        precision: `bf16`, or `fp32`, for which cuDNN is to be deterministic.
        manual_pass: Whether the gradient comes from the hand-written pass.
    """
    recipe = recipe_for(TrainedModel(model, "0" * 64), layer_name).with_precision(precision)
    config = step_config_for(recipe, recipe.layers)
    assert config
    dtype = torch.bfloat16 if precision == "bf16" else torch.float32
    network = load(model, cut=layer_name, dtype=dtype).cuda()
    network.manual_pass = manual_pass
    buffers = StepBuffers.empty(config, 1, (SIDE, SIDE), DEVICE)
    step = partial(batch_step, network, BatchObjective(config, DEVICE), config, buffers)
    torch.backends.cudnn.deterministic = precision == "fp32"
    step()
    return count_operators(step)


def main() -> None:
    """Prints a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument(
        "models", nargs="*", default=["inception_v3:mixed5", "vgg16:conv4_3"], metavar="MODEL:LAYER"
    )
    parser.add_argument("--by-name", action="store_true", help="print the number of each operator")
    parser.add_argument("--precision", choices=("bf16", "fp32"), default="bf16")
    args = parser.parse_args()
    print(f"| step, {args.precision} | with autograd | with the hand-written pass |\n|---|---|---|")
    with CudaOnCpu():
        for name in args.models:
            model, _, layer = name.partition(":")
            counts = [
                count_step(model, layer, args.precision, manual_pass=by_hand) for by_hand in (False, True)
            ]
            print(f"| {model} → {layer} | {' | '.join(str(sum(count.values())) for count in counts)} |")
            if args.by_name:
                for operator in sorted(set(counts[0]) | set(counts[1])):
                    print(f"| `{operator}` | {counts[0].get(operator, 0)} | {counts[1].get(operator, 0)} |")


if __name__ == "__main__":
    main()
