"""A network whose layers are bent (perturbed) on the way, with the interface of a normal network.

The bends themselves are in `dreambot.recipe.bend_effects`.
"""

from collections.abc import Collection, Sequence

import torch
from torch import Tensor, nn

from dreambot.recipe import BendTerm
from dreambot.recipe.bend_effects import BENDS, BendState
from dreambot.zoo.network import Network, NetworkGroup, RunStage, names_by_prefix, require_layers, run_stage

_MAX_AMPLIFICATION = 4.0
"""A bent layer's values are at most this many times the largest of the unbent layer."""


def bend_network(network: Network, bends: Sequence[BendTerm], seed: int) -> Network:
    """Returns the network with bends, for one dream: some of them remember the previous step.

    The bends of one layer are applied in order, before the layers behind it. The same bends and seed give the
    same result on every device.

    Args:
        network: The network, which stays as it is. Without bends it is returned.
        bends: The bends.
        seed: The recipe's seed.

    Raises:
        UnknownLayer: The network does not have the layer of a bend.
    """
    if not bends:
        return network
    if isinstance(network, NetworkGroup):
        return _bend_group(network, bends, seed)
    require_layers([term.layer for term in bends], network.layers, network.name)
    return _BentNetwork(network, bends, seed)


def _bend_group(group: NetworkGroup, bends: Sequence[BendTerm], seed: int) -> Network:
    """Each network gets the bends of its own layers."""
    bent = []
    for prefix, network in group.networks.items():
        own = [bend for bend in bends if names_by_prefix([bend.layer]).keys() == {prefix}]
        plain = [bend.model_copy(update={"layer": bend.layer.removeprefix(prefix)}) for bend in own]
        bent.append(bend_network(network, plain, seed))
    return NetworkGroup(bent[0], bent[1:])


class _BentNetwork:
    def __init__(self, network: Network, bends: Sequence[BendTerm], seed: int) -> None:
        self._network = network
        self.name, self.layers = network.name, network.layers
        self._bends: dict[str, list[tuple[BendTerm, BendState]]] = {}
        self._bent_stages: dict[str, nn.Module] = {}
        for place, term in enumerate(bends):
            self._bends.setdefault(term.layer, []).append((term, BendState(seed, place)))

    @property
    def device(self) -> torch.device:
        return self._network.device

    def forward_to(self, x: Tensor, layers: Collection[str], run: RunStage = run_stage) -> dict[str, Tensor]:
        def run_bent(name: str, stage: nn.Module, x: Tensor) -> Tensor:
            if name not in self._bends:
                return run(name, stage, x)
            return self._bend_activations(name, run(name, self._bent_stage(name, stage), x))

        return self._network.forward_to(x, layers, run_bent)

    def _bent_stage(self, name: str, stage: nn.Module) -> nn.Module:
        if name not in self._bent_stages:
            for term, state in self._bends[name]:
                if effect := BENDS[term.kind].on_weights:
                    stage = effect(stage, term.amount, state)
            self._bent_stages[name] = stage
        return self._bent_stages[name]

    def _bend_activations(self, name: str, unbent: Tensor) -> Tensor:
        bent = unbent
        for term, state in self._bends[name]:
            if effect := BENDS[term.kind].on_activations:
                bent = effect(bent, term.amount, state)
        return _limit_amplification(bent, unbent).contiguous(memory_format=torch.channels_last)


def _limit_amplification(bent: Tensor, unbent: Tensor) -> Tensor:
    """Replaces NaN by 0 and clamps the rest, so that the layers behind get usable values."""
    largest = torch.nan_to_num(unbent.detach(), 0, 0, 0).abs().amax(dim=(1, 2, 3), keepdim=True)
    limit = _MAX_AMPLIFICATION * largest
    return torch.nan_to_num(bent, 0).clamp(-limit, limit)
