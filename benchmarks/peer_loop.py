"""Times another library in that library's environment: `python peer_loop.py NAME WIDTH HEIGHT STEPS CLOCK`.

Prints seconds per step. It is self-contained: neither dreambot nor its dependencies are installed there.
"""

import sys
import time
import warnings

import torch
from torchvision.models import inception_v3

warnings.filterwarnings("ignore")


def torch_dreams(network: torch.nn.Module, width: int, height: int, steps: int) -> None:
    """Runs torch-dreams as its README shows, without random scaling, so that the amount of work is known.

    Args:
        network: torchvision's InceptionV3.
        width: Width of the image in pixels.
        height: Height of the image in pixels.
        steps: Number of steps.
    """
    from torch_dreams import Dreamer

    dreamer = Dreamer(network, device="cpu", quiet=True)
    dreamer.render(
        layers=[network.Mixed_6c], width=width, height=height, iters=steps, scale_max=1.0, scale_min=1.0
    )


def torch_lucent(network: torch.nn.Module, width: int, height: int, steps: int) -> None:
    """Runs lucent as its README shows, with the objective of a deep dream.

    Args:
        network: torchvision's InceptionV3.
        width: Width of the image in pixels.
        height: Height of the image in pixels.
        steps: Number of steps.
    """
    from lucent.optvis import objectives, param, render

    def mean_square(features):
        return -features("Mixed_6c").square().mean()

    render.render_vis(
        network,
        objectives.Objective(mean_square),
        param_f=lambda: param.image(width, height),
        thresholds=(steps,),
        progress=False,
        show_image=False,
    )


LOOPS = {"torch-dreams": torch_dreams, "torch-lucent": torch_lucent}


def main() -> None:
    """Warms up with one step, then subtracts the time of one step from that of several."""
    name, (width, height, steps), clock = sys.argv[1], map(int, sys.argv[2:5]), getattr(time, sys.argv[5])
    torch.manual_seed(0)
    network = inception_v3(weights=None, init_weights=False, aux_logits=False).eval()
    times = []
    for count in (1, 1, 1 + steps):
        start = clock()
        LOOPS[name](network, width, height, count)
        times.append(clock() - start)
    print((times[2] - times[1]) / steps)


if __name__ == "__main__":
    main()
