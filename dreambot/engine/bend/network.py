"""A network whose layers are bent (perturbed) on the way, with the interface of a normal network."""

from collections.abc import Callable, Collection, Sequence
from functools import partial

import torch
from torch import Tensor, nn

from dreambot.engine.bend import effects
from dreambot.engine.bend.effects import BendRandom, Delay, Feedback, with_weight_noise
from dreambot.recipe import BendTerm
from dreambot.zoo.network import Network, RunStage, require_layers, run_stage

BendFunction = Callable[[Tensor, float, BendRandom], Tensor]

_BEND_FUNCTIONS: dict[str, Callable[[], BendFunction]] = {
    "cut": lambda: effects.cut,
    "solo": lambda: effects.solo,
    "swap": lambda: effects.swap,
    "shift": lambda: effects.shift,
    "invert": lambda: effects.invert,
    "gain": lambda: effects.gain,
    "power": lambda: effects.power,
    "gate": lambda: effects.gate,
    "fold": lambda: effects.fold,
    "matrix": lambda: effects.matrix,
    "crosstalk": lambda: effects.crosstalk,
    "feedback": Feedback,
    "delay": Delay,
}

_MAX_AMPLIFICATION = 4.0
"""A bent layer gets no louder than this many times the straight one's loudest."""


def bend_network(network: Network, bends: Sequence[BendTerm], seed: int) -> Network:
    """The network with `bends` done to it, for one dream: some of them remember the step before.

    Bends of one layer are done one after another, before what follows sees it. The same bends and seed give
    the same on every device. `network` itself stays as it is, and without bends is what is returned.
    UnknownLayer for a layer it does not have.
    """
    if not bends:
        return network
    require_layers([bend.layer for bend in bends], network.layers, network.name)
    return _BentNetwork(network, bends, seed)


class _BentNetwork:
    def __init__(self, network: Network, bends: Sequence[BendTerm], seed: int) -> None:
        self._network = network
        self.name, self.layers = network.name, network.layers
        self._bendings: dict[str, list[tuple[BendFunction, float, BendRandom]]] = {}
        self._shakes: dict[str, list[Callable[[nn.Module], nn.Module]]] = {}
        self._shaken: dict[str, nn.Module] = {}
        for place, bend in enumerate(bends):
            dice = BendRandom(seed, place)
            if bend.kind == "noise":
                shake = partial(with_weight_noise, amount=bend.amount, dice=dice)
                self._shakes.setdefault(bend.layer, []).append(shake)
            else:
                bending = _BEND_FUNCTIONS[bend.kind]()
                self._bendings.setdefault(bend.layer, []).append((bending, bend.amount, dice))

    @property
    def device(self) -> torch.device:
        return self._network.device

    def forward_to(self, x: Tensor, layers: Collection[str], run: RunStage = run_stage) -> dict[str, Tensor]:
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
        return _clamp_to_straight(value, straight).contiguous(memory_format=torch.channels_last)


def _clamp_to_straight(bent: Tensor, straight: Tensor) -> Tensor:
    """Values that are no numbers become 0, those out of all proportion are brought back: whatever was bent,
    the layers behind it get something to work with."""
    loudest = torch.nan_to_num(straight.detach(), 0, 0, 0).abs().amax(dim=(1, 2, 3), keepdim=True)
    limit = _MAX_AMPLIFICATION * loudest
    return torch.nan_to_num(bent, 0).clamp(-limit, limit)
