"""The bends: perturbations of a layer's activations or weights, each a function with its metadata.

A new bend is one decorated function in this file. Expressions, recipes, random bends, autocompletion and the
engine read `BENDS`. Translations are optional: `does` and `unit` fall back to the English text here.

Activations are (N, C, H, W). The random numbers of a bend are the same on every device. Ranges were chosen by
eye on InceptionV3: at the mild end an image stays beautiful, at the wild end it is still worth posting;
`dreambot dream photo.jpg -o out.png --bend cut@mixed1=0.3` shows one again.

Processes without torch import this module for the metadata. So torch is imported where a function runs, which
is only in the engine.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from dreambot.errors import Message

if TYPE_CHECKING:
    import torch
    from torch import Tensor, nn

    ActivationEffect = Callable[[Tensor, float, "BendState"], Tensor]
    WeightEffect = Callable[[nn.Module, float, "BendState"], nn.Module]


Family = Literal["rewire", "thin", "loudness", "memory"]
"""What a bend changes: which feature arrives in which channel (rewire), how many channels are left (thin),
how much each counts (loudness), or what the previous step leaves (memory)."""


@dataclass(frozen=True)
class Bend:
    """A kind of bend.

    Attributes:
        kind: The name in expressions such as `swap@mixed1=0.3`.
        does: What it does to an image, for people, in English.
        unit: What an amount counts, in English.
        mild: The amount of chaos 1.
        wild: The amount of chaos 11. Of solo, less is wilder.
        least: The smallest amount that is accepted.
        most: The largest amount that is accepted.
        family: Random bends draw at most one of each: two often end in noise or change almost nothing.
        whole: Whether amounts are whole numbers.
        remembers: Whether it depends on the previous step, and so cannot be tiled.
        drawn: Whether random bends draw it, and whether with other bends.
        on_activations: The effect, unless it bends weights.
        on_weights: The effect, if it bends weights.
    """

    kind: str
    does: str
    unit: str
    mild: float
    wild: float
    least: float
    most: float
    family: Family = "rewire"
    whole: bool = False
    remembers: bool = False
    drawn: Literal["always", "alone", "never"] = "always"
    on_activations: ActivationEffect | None = None
    on_weights: WeightEffect | None = None

    @property
    def description(self) -> Message:
        """What it does, in every language."""
        return Message(f"bend-{self.kind}", default=self.does)

    def at(self, share: float) -> float:
        """Returns the amount at a share of the way from mild to wild.

        Args:
            share: 0 to 1.
        """
        amount = self.mild + share * (self.wild - self.mild)
        return float(round(amount)) if self.whole else round(amount, 2)

    def amount_error(self, amount: float) -> Message | None:
        """Checks an amount.

        Args:
            amount: In the unit of this kind.

        Returns:
            What is wrong with it; None if nothing is.
        """
        if self.least <= amount <= self.most and (not self.whole or float(amount).is_integer()):
            return None
        numbers = {"least": self.least, "most": self.most, "mild": self.mild, "wild": self.wild}
        params: dict[str, Any] = {name: format_amount(number) for name, number in numbers.items()}
        params |= {"name": self.kind, "unit": Message(f"bend-{self.kind}-unit", default=self.unit)}
        return Message(
            "errors-problem-bend-whole-amount" if self.whole else "errors-problem-bend-amount", params
        )


def format_amount(amount: float) -> str:
    """Formats a number as people write it: 0.3, 12, never 1e-05.

    Args:
        amount: The number.
    """
    return format(Decimal(repr(amount)), "f").removesuffix(".0")


BENDS: dict[str, Bend] = {}
"""Every bend by its kind, in the order of this file."""


def bend(does: str, unit: str, **attributes: Any) -> Callable[[ActivationEffect], ActivationEffect]:
    """Registers a function on activations as the bend of its name.

    The function takes activations, the amount and the state of this bend, and returns activations of the same
    shape and dtype.

    Args:
        does: As in `Bend`.
        unit: As in `Bend`.
        **attributes: The other attributes of `Bend`.
    """

    def register(effect: ActivationEffect) -> ActivationEffect:
        kind = effect.__name__
        BENDS[kind] = Bend(kind, does, unit, **attributes, on_activations=effect)
        return effect

    return register


def weight_bend(does: str, unit: str, **attributes: Any) -> Callable[[WeightEffect], WeightEffect]:
    """Registers a function on weights as the bend of its name.

    The function takes a stage of the network, the amount and the state of this bend, and returns a changed
    copy of the stage.

    Args:
        does: As in `Bend`.
        unit: As in `Bend`.
        **attributes: The other attributes of `Bend`.
    """

    def register(effect: WeightEffect) -> WeightEffect:
        kind = effect.__name__
        BENDS[kind] = Bend(kind, does, unit, **attributes, on_weights=effect)
        return effect

    return register


class BendState:
    """The random numbers and the memory of one bend in one dream.

    The same seed and place give the same random numbers for every amount, so that a larger amount bends
    the same channels further.

    Attributes:
        previous: The activations that the bend kept at the previous step, if any. Between steps the image is
            rolled (jitter), so that they are applied at another place: that is the look. A tiled dream
            remembers the previous tile.
    """

    def __init__(self, seed: int, place: int) -> None:
        """Starts without memory.

        Args:
            seed: The recipe's seed.
            place: The index of the bend in the recipe.
        """
        self.previous: Tensor | None = None
        self._seed = random.Random(f"bend {place} of {seed}").getrandbits(32)
        self._drawn: dict[tuple[object, ...], Tensor] = {}

    def order(self, count: int, device: torch.device) -> Tensor:
        """Returns the numbers from 0 to count − 1 in random order: (count,) int64.

        Args:
            count: How many.
            device: Where the result is.
        """
        import torch

        key = (count, device)
        if key not in self._drawn:
            self._drawn[key] = torch.randperm(count, generator=self._generator()).to(device)
        return self._drawn[key]

    def normal(self, shape: tuple[int, ...], like: Tensor) -> Tensor:
        """Returns normally distributed numbers.

        Args:
            shape: The shape of the result.
            like: A tensor of the result's dtype and device.
        """
        import torch

        key = (shape, like.device, like.dtype)
        if key not in self._drawn:
            self._drawn[key] = torch.randn(shape, generator=self._generator()).to(like)
        return self._drawn[key]

    def _generator(self) -> torch.Generator:
        import torch

        # Always the CPU's: each kind of device has its own generator, with other numbers.
        return torch.Generator().manual_seed(self._seed)


_EPS = 1e-6
_CHANNELS = "share of the channels"


@bend("silences channels: new palettes", _CHANNELS, mild=0.3, wild=0.9, least=0, most=0.99, family="thin")
def cut(f: Tensor, amount: float, state: BendState) -> Tensor:
    """Sets a share of the channels to zero, but never all of them.

    Args:
        f: Activations, (N, C, H, W).
        amount: The share.
        state: Chooses the channels.
    """
    channels = f.shape[1]
    kept = max(1, round((1 - amount) * channels))
    return f * _channel_mask(f, state.order(channels, f.device)[:kept])


@bend(
    "lets only few channels be heard: tiles, tartan",
    _CHANNELS,
    mild=0.35,
    wild=0.05,
    least=0.002,
    most=1,
    family="thin",
)
def solo(f: Tensor, amount: float, _state: BendState) -> Tensor:
    """Keeps the strongest channels at each position.

    Args:
        f: Activations, (N, C, H, W).
        amount: Their share.
    """
    kept = max(1, round(amount * f.shape[1]))
    weakest = f.detach().topk(kept, dim=1).values[:, -1:]
    return f * (f >= weakest)


@bend("plugs channels into each other's places", _CHANNELS, mild=0.15, wild=1, least=0, most=1)
def swap(f: Tensor, amount: float, state: BendState) -> Tensor:
    """Permutes some channels in a ring: each comes out in the place of another.

    Args:
        f: Activations, (N, C, H, W).
        amount: The share of the channels.
        state: Chooses the channels.
    """
    import torch

    channels = f.shape[1]
    chosen = state.order(channels, f.device)[: round(amount * channels)]
    source = torch.arange(channels, device=f.device)
    source[chosen] = chosen.roll(1)
    return f.index_select(1, source)


@bend(
    "plugs every channel in some places further on",
    "places",
    mild=1,
    wild=32,
    least=0,
    most=4096,
    whole=True,
)
def shift(f: Tensor, amount: float, _state: BendState) -> Tensor:
    """Moves every channel on.

    Args:
        f: Activations, (N, C, H, W).
        amount: How many places.
    """
    return f.roll(round(amount), dims=1)


@bend("turns channels upside down: veins, cracks", _CHANNELS, mild=0.15, wild=1, least=0, most=1)
def invert(f: Tensor, amount: float, state: BendState) -> Tensor:
    """Mirrors some channels at their own mean.

    Args:
        f: Activations, (N, C, H, W).
        amount: The share of the channels.
        state: Chooses the channels.
    """
    channels = f.shape[1]
    mask = _channel_mask(f, state.order(channels, f.device)[: round(amount * channels)])
    return f + 2 * mask * (f.mean(dim=(2, 3), keepdim=True) - f)


@bend(
    "makes the loud louder: bullseyes", "exponent", mild=1.3, wild=2.2, least=0.2, most=4, family="loudness"
)
def power(f: Tensor, amount: float, _state: BendState) -> Tensor:
    """Raises values, relative to their channel's RMS, to a power: peaks grow, other values shrink.

    Args:
        f: Activations, (N, C, H, W).
        amount: The exponent. Below 1, peaks shrink and other values grow.
    """
    rms = _channel_rms(f)
    # The slope of a root is infinite at zero: a floor keeps the gradient finite.
    size = (f.abs() / rms).clamp_min(1e-3)
    return f.sign() * rms * size.pow(amount)


@bend(
    "turns every channel's volume at random: bricks",
    "spread",
    mild=0.4,
    wild=1.6,
    least=0,
    most=8,
    family="loudness",
)
def gain(f: Tensor, amount: float, state: BendState) -> Tensor:
    """Scales every channel by a random factor with mean 1.

    Args:
        f: Activations, (N, C, H, W).
        amount: The standard deviation. A negative factor inverts the channel.
        state: Draws the factors.
    """
    return f * (1 + amount * state.normal((1, f.shape[1], 1, 1), f))


@weight_bend("shakes the weights: runes", "share of their spread", mild=0.3, wild=1.6, least=0, most=4)
def noise(stage: nn.Module, amount: float, state: BendState) -> nn.Module:
    """Returns a copy of a stage with noise on its kernels. Biases stay as they are.

    Args:
        stage: A part of the network.
        amount: The standard deviation of the noise, relative to that of each output channel's weights.
        state: Draws the noise.
    """
    noisy = copy.deepcopy(stage)
    for kernel in noisy.parameters():
        if kernel.ndim > 1:
            values = kernel.detach().float()
            spread = values.flatten(1).std(dim=1, correction=0).view(-1, *[1] * (kernel.ndim - 1))
            kernel.copy_(values + amount * spread * state.normal(tuple(kernel.shape), values))
    return noisy


@bend("wires every channel to every other: dunes", "strength", mild=0.4, wild=2, least=0, most=8)
def matrix(f: Tensor, amount: float, state: BendState) -> Tensor:
    """Adds a random mixture of all channels, which is about as strong as the input.

    Args:
        f: Activations, (N, C, H, W).
        amount: The factor of the mixture.
        state: Draws the mixture.
    """
    import torch.nn.functional as F

    channels = f.shape[1]
    weights = state.normal((channels, channels, 1, 1), f) / channels**0.5
    return f + amount * F.conv2d(f, weights)


@bend(
    "lets the last step leak back: bubbles",
    "share kept",
    mild=0.4,
    wild=0.9,
    least=0,
    most=0.98,
    family="memory",
    remembers=True,
    # At .6 and more, with another bend, it gives grain.
    drawn="alone",
)
def feedback(f: Tensor, amount: float, state: BendState) -> Tensor:
    """Blends in the output of the previous step.

    Args:
        f: Activations, (N, C, H, W).
        amount: Its share.
        state: Remembers it.
    """
    previous = state.previous
    if previous is not None and previous.shape == f.shape:
        f = (1 - amount) * f + amount * previous
    state.previous = f.detach()
    return f


@bend(
    "lets only peaks through: combed fur",
    "deviations over the mean",
    mild=0.7,
    wild=2.2,
    least=0,
    most=6,
    family="thin",
    # Alone it gives one texture everywhere; with another it leaves an image unchanged but for a few spots.
    drawn="never",
)
def gate(f: Tensor, amount: float, _state: BendState) -> Tensor:
    """Keeps only the peaks of each channel: a noise gate.

    Args:
        f: Activations, (N, C, H, W).
        amount: How many standard deviations above the channel's mean they begin.
    """
    std, mean = _channel_std_and_mean(f)
    return f * (f >= mean + amount * std)


@bend(
    "makes louder what was loud a step ago",
    "strength",
    mild=0.4,
    wild=1.5,
    least=0,
    most=8,
    family="memory",
    remembers=True,
    # With others it gives blotches and haze.
    drawn="alone",
)
def delay(f: Tensor, amount: float, state: BendState) -> Tensor:
    """Amplifies where the input of the previous step was strong.

    Args:
        f: Activations, (N, C, H, W).
        amount: The factor, per RMS of that input.
        state: Remembers it.
    """
    previous, state.previous = state.previous, f.detach()
    if previous is None or previous.shape != f.shape:
        return f
    rms = previous.float().square().mean(dim=(1, 2, 3), keepdim=True).sqrt().clamp_min(_EPS)
    return f * (1 + amount * previous / rms.to(f.dtype))


@bend("lets channels overhear their neighbours: green skin", "share", mild=0.3, wild=1, least=0, most=1)
def crosstalk(f: Tensor, amount: float, _state: BendState) -> Tensor:
    """Replaces a share of every channel by the mean of its two neighbours.

    Args:
        f: Activations, (N, C, H, W).
        amount: The share.
    """
    return f + amount * ((f.roll(1, dims=1) + f.roll(-1, dims=1)) / 2 - f)


@bend(
    "folds the loud back down: scales, rings",
    "drive",
    mild=0.5,
    wild=2,
    least=0,
    most=8,
    # With another bend it gives fine noise.
    drawn="alone",
)
def fold(f: Tensor, amount: float, _state: BendState) -> Tensor:
    """Folds large values down again, and up again from below: a wave folder.

    Args:
        f: Activations, (N, C, H, W).
        amount: Folding begins at the channel's peak / (1 + amount).
    """
    peak = f.detach().abs().amax(dim=(2, 3), keepdim=True).clamp_min(_EPS) / (1 + amount)
    return peak * (((f / peak - 1) % 4 - 2).abs() - 1)


def _channel_mask(f: Tensor, channels: Tensor) -> Tensor:
    mask = f.new_zeros(1, f.shape[1], 1, 1)
    mask[:, channels] = 1
    return mask


def _channel_rms(f: Tensor) -> Tensor:
    return f.detach().float().square().mean(dim=(2, 3), keepdim=True).sqrt().clamp_min(_EPS).to(f.dtype)


def _channel_std_and_mean(f: Tensor) -> tuple[Tensor, Tensor]:
    values = f.detach().float()
    mean = values.mean(dim=(2, 3), keepdim=True)
    std = (values - mean).square().mean(dim=(2, 3), keepdim=True).sqrt()
    return std.to(f.dtype), mean.to(f.dtype)
