"""Loads a network with its weights, which are fetched first if they are not on this machine."""

from pathlib import Path

import torch

from dreambot.recipe.layers import TrainedModel
from dreambot.zoo import registry
from dreambot.zoo import weights as weights_of
from dreambot.zoo.network import StagedNetwork, build


def load(
    name: str,
    device: torch.device | str = "cpu",
    dtype: torch.dtype = torch.float32,
    cut: str | None = None,
    *,
    weights: str | None = None,
    cache: Path | None = None,
    weights_dir: Path | None = None,
) -> StagedNetwork:
    """The model `name`, ready to run, its weights fetched when they are not on this machine.

    weights: where it is given, `name` is an architecture and this the sha256 that tells which weights it has,
    as in a recipe. cut: the deepest layer that will be asked for. cache, weights_dir: as for `weights.pull`.
    UnknownModel, WeightsError, UnknownLayer.
    """
    folders = {"cache": cache, "weights_dir": weights_dir}
    if weights is None:
        # Fetched first: only then is it known which weights the name stands for.
        tensors = weights_of.tensors(name, **folders)
        architecture = registry.find_model(name, cache=cache).architecture
    else:
        tensors = weights_of.tensors_of(TrainedModel(name, weights), **folders)
        architecture = name
    torch_tensors = {key: torch.from_numpy(array) for key, array in tensors.items()}
    return build(architecture, torch_tensors, device=device, dtype=dtype, cut=cut)
