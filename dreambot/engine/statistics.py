"""The statistics prior: an image's activations should be distributed like those of the training data.

Many images excite a class without looking like it: fog with a few of its features in it, far from anything
that the network was trained on. The batch norms of a network hold the mean and the variance that each channel
had over the training data. An image whose channels have the same mean and variance has a background, edges
and surfaces like a photograph, and the class has to appear as a thing among them. The method is the feature
regularisation of DeepInversion (Yin et al., "Dreaming to Distill: Data-free Knowledge Transfer via
DeepInversion", CVPR 2020).

Only the linear projections of MobileNetV2 are looked at: every block has one, and they have few channels, so
that the prior costs little.
"""

from collections.abc import Collection, Mapping
from functools import partial

import torch
from torch import Tensor, nn

from dreambot.engine.objectives import ObjectiveFunction
from dreambot.zoo.architectures.mobilenet_v2 import Projection
from dreambot.zoo.network import Network, RunStage, run_stage

STATISTICS_LAYER = "statistics"
"""Name of the additional layer of `StatisticsNetwork`."""

_EPS = 1e-6


class StatisticsNetwork:
    """A network with the additional layer `statistics`: the distance from the training data, `[batch]`.

    It is the mean over the projections that the other layers need; see `statistics_distance`.
    """

    def __init__(self, network: Network) -> None:
        """Wraps a network, which stays as it is.

        Args:
            network: MobileNetV2, which may be bent.
        """
        self._network = network
        self.name, self.layers = network.name, (*network.layers, STATISTICS_LAYER)

    @property
    def device(self) -> torch.device:
        """Device of the weights."""
        return self._network.device

    def forward_to(self, x: Tensor, layers: Collection[str], run: RunStage = run_stage) -> dict[str, Tensor]:
        """See `Network`.

        Args:
            x: See `Network`.
            layers: See `Network`; besides `statistics` there must be one that is behind a projection.
            run: See `Network`.
        """
        distances: list[Tensor] = []
        record = partial(_record_distance, distances)

        def run_recorded(name: str, stage: nn.Module, x: Tensor) -> Tensor:
            # A bent network passes its own stages. The hooks are on no stage longer than it runs, because
            # other dreams use the same network.
            hooks = [
                module.register_forward_hook(record)
                for module in stage.modules()
                if isinstance(module, Projection)
            ]
            try:
                return run(name, stage, x)
            finally:
                for hook in hooks:
                    hook.remove()

        activations = self._network.forward_to(x, set(layers) - {STATISTICS_LAYER}, run_recorded)
        if STATISTICS_LAYER in layers:
            activations[STATISTICS_LAYER] = torch.stack(distances).mean(dim=0)
        return activations


def _record_distance(distances: list[Tensor], module: Projection, _inputs: object, output: Tensor) -> None:
    distances.append(statistics_distance(output, module.mean, module.std))


def statistics_distance(activation: Tensor, mean: Tensor, std: Tensor) -> Tensor:
    """Returns how far the statistics of channels are from those of the training data.

    Args:
        activation: `[batch, channels, height, width]`.
        mean: Expected mean of each channel, `[1, channels]`.
        std: Expected standard deviation of each channel, `[1, channels]`.

    Returns:
        The mean square difference of the channels' means plus that of their standard deviations, both
        relative to the expected standard deviation; `[batch]` float32. DeepInversion compares variances,
        without a scale; so a few channels of large variance would outweigh all others.
    """
    # Contiguous where activations are channels_last; reductions over two strided axes are many times slower.
    positions = activation.float().permute(0, 2, 3, 1).flatten(1, 2)
    means = positions.mean(dim=1)
    stds = (positions.square().mean(dim=1) - means.square()).clamp(min=_EPS).sqrt()
    return ((means - mean) / std).square().mean(dim=1) + ((stds - std) / std).square().mean(dim=1)


class StatisticsObjective:
    """An objective minus the weighted distance from the training data."""

    def __init__(self, objective: ObjectiveFunction, weight: float) -> None:
        """Creates the objective.

        Args:
            objective: Objective to maximise.
            weight: Weight of the distance.
        """
        self._objective, self._weight = objective, weight
        self.layers = {*objective.layers, STATISTICS_LAYER}

    def __call__(self, features: Mapping[str, Tensor]) -> Tensor:
        """See `ObjectiveFunction`."""
        return self._objective(features) - self._weight * features[STATISTICS_LAYER]
