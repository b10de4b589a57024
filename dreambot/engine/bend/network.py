"""A network whose layers are bent on the way, behind the interface of a straight one."""

from collections.abc import Callable, Collection, Sequence
from functools import partial

import torch
from torch import Tensor, nn

from dreambot.engine.bend import channels, curves, wires
from dreambot.engine.bend.dice import Dice
from dreambot.engine.bend.memory import Delay, Feedback
from dreambot.engine.bend.weights import shaken
from dreambot.recipe import BendTerm
from dreambot.zoo.network import Network, RunStage, check, run_plainly

Bending = Callable[[Tensor, float, Dice], Tensor]

_KINDS: dict[str, Callable[[], Bending]] = {
    "cut": lambda: channels.cut,
    "solo": lambda: channels.solo,
    "swap": lambda: channels.swap,
    "shift": lambda: channels.shift,
    "invert": lambda: channels.invert,
    "gain": lambda: channels.gain,
    "power": lambda: curves.power,
    "gate": lambda: curves.gate,
    "fold": lambda: curves.fold,
    "matrix": lambda: wires.matrix,
    "crosstalk": lambda: wires.crosstalk,
    "feedback": Feedback,
    "delay": Delay,
}

_REACH = 4.0
"""A bent layer gets no louder than this many times the straight one's loudest."""


def bent(network: Network, bends: Sequence[BendTerm], seed: int) -> Network:
    """The network with `bends` done to it, for one dream: some of them remember the step before.

    Bends of one layer are done one after another, before what follows sees it. The same bends and seed give
    the same on every device. `network` itself stays as it is, and without bends is what is returned.
    UnknownLayer for a layer it does not have.
    """
    if not bends:
        return network
    check([bend.layer for bend in bends], network.layers, network.name)
    return _Bent(network, bends, seed)


class _Bent:
    def __init__(self, network: Network, bends: Sequence[BendTerm], seed: int) -> None:
        self._network = network
        self.name, self.layers = network.name, network.layers
        self._bendings: dict[str, list[tuple[Bending, float, Dice]]] = {}
        self._shakes: dict[str, list[Callable[[nn.Module], nn.Module]]] = {}
        self._shaken: dict[str, nn.Module] = {}
        for place, bend in enumerate(bends):
            dice = Dice(seed, place)
            if bend.kind == "noise":
                shake = partial(shaken, amount=bend.amount, dice=dice)
                self._shakes.setdefault(bend.layer, []).append(shake)
            else:
                bending = _KINDS[bend.kind]()
                self._bendings.setdefault(bend.layer, []).append((bending, bend.amount, dice))

    @property
    def device(self) -> torch.device:
        return self._network.device

    def forward_to(
        self, x: Tensor, layers: Collection[str], run: RunStage = run_plainly
    ) -> dict[str, Tensor]:
        def run_bent(name: str, stage: nn.Module, x: Tensor) -> Tensor:
            return self._bend(name, run(name, self._shake(name, stage), x))

        return self._network.forward_to(x, layers, run_bent)

    def _shake(self, name: str, stage: nn.Module) -> nn.Module:
        if name in self._shakes and name not in self._shaken:
            for shake in self._shakes[name]:
                stage = shake(stage)
            self._shaken[name] = stage
        return self._shaken.get(name, stage)

    def _bend(self, name: str, straight: Tensor) -> Tensor:
        if name not in self._bendings and name not in self._shakes:
            return straight
        value = straight
        for bending, amount, dice in self._bendings.get(name, ()):
            value = bending(value, amount, dice)
        return _damped(value, straight).contiguous(memory_format=torch.channels_last)


def _damped(bent: Tensor, straight: Tensor) -> Tensor:
    """Values that are no numbers become 0, those out of all proportion are brought back: whatever was bent,
    the layers behind it get something to work with."""
    loudest = torch.nan_to_num(straight.detach(), 0, 0, 0).abs().amax(dim=(1, 2, 3), keepdim=True)
    limit = _REACH * loudest
    return torch.nan_to_num(bent, 0).clamp(-limit, limit)
