"""The self-check of a device: whether its fast paths compute what the plain ones do.

A new driver, torch version or processor can make a fast path wrong without an error. So the first worker that
uses a device compares, on a small picture and with the default network,

- bf16 or fp16 with fp32, if the device is to use one of them; both on the plain path;
- the fast path (the hand-written backward pass; on CUDA in captured graphs) with the plain path (autograd,
  eager steps), in each precision. If they disagree on CUDA, captured graphs with autograd are compared too:
  they are most of its speed.

What disagrees or raises is not used, nor what ends the process: before each part of the check, what to do
without it is stored for the next worker. The outcome is stored per device, driver, and version of torch and
dreambot, so later starts only read it.

`python -m dreambot.workers.gpu.self_check cpu` prints the problems of devices whose outcome is stored; with
exit status 1 there are some.
"""

import copy
import hashlib
import logging
import math
import platform
import random
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import get_args

import torch
import torch.nn.functional as F
from torch import Tensor

from dreambot import __version__
from dreambot.engine.cuda.graphs import WARMUP_STEPS
from dreambot.engine.cuda.memory import captures_work, is_out_of_memory
from dreambot.engine.step import AscentStep, build_step
from dreambot.errors import UserError
from dreambot.media.picture import DreamInputs
from dreambot.recipe import LayerTerm, Precision, Recipe
from dreambot.workers.gpu.devices import (
    NVIDIA_DRIVER,
    device_name,
    find_device,
    instruction_limit,
    processor_name,
    read_results,
    write_results,
)
from dreambot.zoo.cache import default_folder
from dreambot.zoo.network import StagedNetwork

log = logging.getLogger(__name__)

OUTCOME_FILE = "self-check.json"
SIDE = 96
"""Side of the picture: the smallest canvas of a captured step, which is then the picture itself."""
_LENGTH = 0.03
"""A step of the size that default dreams take."""


@dataclass(frozen=True)
class Limits:
    """What two paths must have in common.

    Attributes:
        cosine: Least cosine similarity of one step, through all layers.
        psnr: Least PSNR in dB after three steps, through half of the layers.
    """

    cosine: float
    psnr: float


SAME_PRECISION = Limits(0.999, 32)
"""For the fast path and the plain one. Measured on a CPU: cosine 1.0000 in both precisions, PSNR 126 dB in
fp32 and 38 dB in bf16. Wrong gradients have a cosine below 0.83 and a PSNR of 24 to 28 dB; those with 10 % of
noise 0.995 and 35 dB."""
BF16_WITH_FP32 = Limits(0.85, 27)
"""For bf16 and fp32. Measured on a CPU: cosine 0.93 and PSNR 31 dB, because all layers round to 8 bits. So
0.999 would refuse a bf16 that works."""
FP16_WITH_FP32 = Limits(0.95, 29)
"""For fp16, which has three bits more than bf16, and fp32. Measured on a CPU: cosine 0.994 and PSNR 36 dB;
with other networks 0.990 to 0.999 and 33 to 38 dB."""


@dataclass(frozen=True)
class Outcome:
    """What a device may use.

    Attributes:
        fast: Whether it may use its fast path.
        half: Whether it may use the precision of 16 bits that was checked.
        problem: What was found, for people; empty if all is well.
        manual_pass: Whether its fast path may use the hand-written backward pass.
    """

    fast: bool = True
    half: bool = True
    problem: str = ""
    manual_pass: bool = True


def check_device(
    network: StagedNetwork,
    recipe: Recipe,
    precision: Precision,
    cache: Path | None = None,
    *,
    after_crash: bool = False,
) -> Outcome:
    """Returns what the device of a network may use. It is measured once, then read from a file.

    Problems are logged, also those that were stored.

    Args:
        network: The default network on the device, in `precision`.
        recipe: A recipe for it whose steps can be captured.
        precision: What the device is to use.
        cache: The folder of the file; by default that of the weights' cache.
        after_crash: Whether the worker before this one ended before it was ready. If that was in the check,
            the check is not repeated. Otherwise a check without an end was only interrupted.

    Raises:
        RuntimeError: The device no longer works after the fast path failed. The outcome is stored, so that
            the next worker does not try it.
    """
    path = (cache or default_folder()) / OUTCOME_FILE
    key = outcome_key(network.device, precision)
    unfinished = f"{key}, unfinished"

    def note(what_remains: Outcome) -> None:
        write_results(path, read_results(path) | {unfinished: asdict(what_remains)})

    outcome = stored_outcome(path, key)
    if outcome is None:
        stored = True
        if after_crash:
            outcome = stored_outcome(path, unfinished)
        if outcome is None:
            outcome, stored = _measure(network, recipe, note)
        results = {name: kept for name, kept in read_results(path).items() if name != unfinished}
        write_results(path, results | ({key: asdict(outcome)} if stored else {}))
    if outcome.problem:
        log.warning("%s", describe_problem(network.device, outcome, precision, path))
    if not outcome.fast and network.device.type != "cpu":
        # After some errors of a driver nothing works any more in this process.
        torch.ones(64, device=network.device).sum().item()
    return outcome


def describe_problem(device: torch.device, outcome: Outcome, precision: Precision, path: Path) -> str:
    """Returns what a device does not use and why, with the remedy.

    Args:
        device: The device.
        outcome: Its outcome, with a problem.
        precision: What it was to use.
        path: The file with outcomes.
    """
    unused = " and ".join(
        name
        for name, used in (
            ("its fast path", outcome.fast),
            ("the hand-written backward pass", outcome.manual_pass),
            (precision, outcome.half),
        )
        if not used
    )
    return (
        f"{device} does not use {unused}, because the self-check failed: {outcome.problem}. Dreams are "
        f"right, but slower. Install another version of torch or of the driver, which is then checked again; "
        f"or delete {path} to repeat the check."
    )


def stored_outcome(path: Path, key: str) -> Outcome | None:
    """Returns a stored outcome; None if there is none.

    Args:
        path: The file.
        key: See `outcome_key`.
    """
    match read_results(path).get(key):
        case {"fast": bool(fast), "half": bool(half), "problem": str(problem), "manual_pass": bool(by_hand)}:
            return Outcome(fast, half, problem, by_hand)
    return None


def outcome_key(device: torch.device, precision: Precision) -> str:
    """Returns what an outcome depends on, as text.

    Args:
        device: The device.
        precision: What it is to use.
    """
    if device.type == "cuda":
        name = f"{device_name(device)}, driver {_nvidia_driver()}, CUDA {torch.version.cuda}"
    elif device.type == "mps":
        name = f"{device_name(device)}, macOS {platform.mac_ver()[0]}"
    else:
        name = f"{processor_name()}{instruction_limit()}"
    return f"{name}, torch {torch.__version__}, dreambot {__version__}, {precision}"


def _nvidia_driver() -> str:
    """Returns a text that changes with the driver's version."""
    try:
        about = NVIDIA_DRIVER.read_bytes()
    except OSError:
        # The newest CUDA that the driver supports, on Windows for example.
        read = getattr(torch._C, "_cuda_getDriverVersion", None)
        return str(read()) if read else "unknown"
    return hashlib.sha256(about).hexdigest()[:12]


Note = Callable[[Outcome], None]
"""Stores what the device may use if the process ends in the next part of the check."""


def _measure(network: StagedNetwork, recipe: Recipe, note: Note) -> tuple[Outcome, bool]:
    """Returns the outcome, and whether another attempt would give the same."""
    before = network.plain, network.manual_pass
    try:
        return _compared(network, recipe, note), True
    except Exception as error:
        if not is_out_of_memory(error):
            raise
        # Other processes may use the memory now.
        return Outcome(fast=False, problem="too little memory is free; end other programs that use it"), False
    finally:
        network.plain, network.manual_pass = before


def _compared(network: StagedNetwork, recipe: Recipe, note: Note) -> Outcome:
    half = _HALF_PRECISIONS.get(next(network.parameters()).dtype)
    # The same weights, rounded to 16 bits, so that only the arithmetic differs.
    exact = copy.deepcopy(network).float() if half else network
    reference = _steps(exact, recipe, plain=True)
    problems: list[str] = []
    networks = {exact: reference}
    half_problem = None
    if half:
        name, limits = half
        note(Outcome(fast=False, half=False, problem=f"the worker ended while {name} was checked"))
        try:
            rounded = _steps(network, recipe, plain=True)
            half_problem = _difference(rounded, reference, limits)
        except Exception as error:
            if is_out_of_memory(error):
                raise
            half_problem = _describe_error(error)
        if half_problem:
            problems.append(f"{name} differs from fp32 ({half_problem})")
        else:
            networks[network] = rounded
    ended = "the worker ended while the fast path was checked"
    note(Outcome(fast=False, half=half_problem is None, problem="; ".join([*problems, ended])))
    fast_problem = _fast_problem(networks, recipe, manual_pass=True)
    manual_pass = True
    if fast_problem and network.device.type == "cuda":
        graphs_problem = _fast_problem(networks, recipe, manual_pass=False)
        if graphs_problem is None:
            problems.append(f"the hand-written backward pass differs from autograd ({fast_problem})")
            fast_problem, manual_pass = None, False
    if fast_problem:
        problems.append(f"the fast path differs from the plain one ({fast_problem})")
    return Outcome(fast_problem is None, half_problem is None, "; ".join(problems), manual_pass)


_HALF_PRECISIONS: Mapping[torch.dtype, tuple[Precision, Limits]] = MappingProxyType(
    {torch.bfloat16: ("bf16", BF16_WITH_FP32), torch.float16: ("fp16", FP16_WITH_FP32)}
)


def _fast_problem(
    networks: Mapping[StagedNetwork, tuple[Tensor, Tensor]], recipe: Recipe, *, manual_pass: bool
) -> str | None:
    """Returns how the fast path of the first network with a problem differs from its plain one."""
    for network, expected in networks.items():
        network.manual_pass = manual_pass
        try:
            problem = _difference(_steps(network, recipe, plain=False), expected, SAME_PRECISION)
        # Anything can go wrong in a fast path, and a dream works without it.
        except Exception as error:
            if is_out_of_memory(error):
                raise
            problem = _describe_error(error)
        if problem is None and manual_pass and not captures_work():
            # This process captures no more. The next one captures steps without the pass.
            problem = "its steps cannot be captured as a graph"
        if problem:
            return problem
    return None


def _describe_error(error: Exception) -> str:
    first_line = str(error).partition("\n")[0]
    return f"{type(error).__name__}: {first_line}"[:300]


def _steps(network: StagedNetwork, recipe: Recipe, *, plain: bool) -> tuple[Tensor, Tensor]:
    """Returns the change by one step through all layers, and the picture after three through half of them."""
    network.plain = plain
    picture = _picture(network.device)
    deep, middle = (
        _ascent(network, recipe, layer, picture)
        for layer in (network.layers[-1], network.layers[len(network.layers) // 2])
    )
    # A step is captured after the warm-up. The last one is the same as the first.
    for _ in range(WARMUP_STEPS + 1 if network.device.type == "cuda" and not plain else 1):
        changed, _value = deep.step(picture, _LENGTH, random.Random(0))
    image, rng = picture, random.Random(0)
    for _ in range(3):
        image, _value = middle.step(image, _LENGTH, rng)
    return changed - picture, image


def _ascent(network: StagedNetwork, recipe: Recipe, layer: str, picture: Tensor) -> AscentStep:
    recipe = recipe.model_copy(update={"layers": (LayerTerm(layer=layer),)})
    return build_step(network, recipe, picture, DreamInputs(None)).with_base(picture)


def _picture(device: torch.device) -> Tensor:
    """Returns blots of several sizes. They stay away from black and white, where steps are clipped."""
    generator = torch.Generator().manual_seed(1)
    picture = torch.zeros(1, 3, SIDE, SIDE)
    for side in (4, 8, 16, 32):
        blots = torch.rand(1, 3, side, side, generator=generator) * 2 - 1
        picture += F.interpolate(blots, (SIDE, SIDE), mode="bilinear", align_corners=False) / 4
    return picture.clamp(-0.8, 0.8).to(device)


def _difference(found: tuple[Tensor, Tensor], expected: tuple[Tensor, Tensor], limits: Limits) -> str | None:
    """Returns how two results differ, or None if they agree."""
    cosine = float(F.cosine_similarity(found[0].flatten(), expected[0].flatten(), dim=0))
    error = float((found[1] - expected[1]).square().mean())
    psnr = 10 * math.log10(4 / max(error, 1e-12)) if math.isfinite(error) else -math.inf
    # A comparison with NaN is false.
    if cosine >= limits.cosine and psnr >= limits.psnr:
        return None
    return (
        f"cosine of a step {cosine:.4f}, at least {limits.cosine} expected; "
        f"PSNR after three {psnr:.0f} dB, at least {limits.psnr} expected"
    )


def main(asked: str) -> int:
    """Prints the problems that are stored of devices.

    Args:
        asked: As in DREAMBOT_DEVICE.

    Returns:
        The exit status: 1 if there are problems.
    """
    path = default_folder() / OUTCOME_FILE
    problems = []
    for name in asked.split(","):
        device = find_device(name)
        for precision in get_args(Precision):
            outcome = stored_outcome(path, outcome_key(device, precision))
            if outcome and outcome.problem:
                problems.append(describe_problem(device, outcome, precision, path))
    print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1]))
    except UserError as error:
        # Another check says what is wrong with the device.
        print(error, file=sys.stderr)
        sys.exit(2)
