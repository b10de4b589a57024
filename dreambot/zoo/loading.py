"""Loads networks with their weights: a model of this machine, or an export in one file.

An export holds a part of a model, for a machine that has neither the cache nor internet access. Reading it
needs torch and safetensors, and nothing that fetches weights.
"""

from collections.abc import Mapping
from pathlib import Path

import safetensors
import torch
from safetensors.torch import save

from dreambot.errors import UserError
from dreambot.recipe.layers import TrainedModel
from dreambot.zoo.network import ARCHITECTURES, StagedNetwork, build, used_tensors
from dreambot.zoo.readers import Array


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
    """Loads a model; its weights are fetched first if they are not on this machine.

    Args:
        name: Name of a model, or with `weights`, of an architecture.
        device: Device of the network.
        dtype: Dtype of the network.
        cut: The deepest layer that will be used; None keeps all.
        weights: sha256 that identifies the weights, as in a recipe.
        cache: See `weights.pull`.
        weights_dir: See `weights.pull`.

    Raises:
        UnknownModel: There is no model of this name.
        WeightsError: The weights are missing and cannot be fetched.
        UnknownLayer: The network has no layer `cut`.
    """
    # Not needed for exports.
    from dreambot.zoo import registry
    from dreambot.zoo import weights as weights_of

    folders = {"cache": cache, "weights_dir": weights_dir}
    if weights is None:
        # Fetched first, because only then the registry knows the weights of the name.
        tensors = weights_of.tensors(name, **folders)
        architecture = registry.find_model(name, cache=cache).architecture
    else:
        tensors = weights_of.tensors_of(TrainedModel(name, weights), **folders)
        architecture = name
    torch_tensors = {key: torch.from_numpy(array) for key, array in tensors.items()}
    return build(architecture, torch_tensors, device=device, dtype=dtype, cut=cut)


_METADATA_KEYS = ("dreambot", "architecture", "weights", "cut")


class ExportError(UserError):
    """The file is not an export."""


def pack_export(model: TrainedModel, arrays: Mapping[str, Array], cut: str, *, bf16: bool) -> bytes:
    """Packs the part of a model up to a layer.

    Args:
        model: Architecture and weights of the model.
        arrays: The model's tensors by name.
        cut: The deepest layer of the export.
        bf16: Whether to store kernels as bfloat16.

    Returns:
        The content of a safetensors file.

    Raises:
        UnknownLayer: The network has no layer `cut`.
    """
    tensors = {name: torch.from_numpy(array) for name, array in arrays.items()}
    # The statistics of batch norms stay exact: they are small, and kernels are divided by their roots.
    packed = {
        name: tensors[name].bfloat16() if bf16 and tensors[name].ndim > 1 else tensors[name]
        for name in sorted(used_tensors(model.architecture, tensors, cut))
    }
    metadata = dict(zip(_METADATA_KEYS, ("1", model.architecture, model.weights, cut), strict=True))
    return save({name: tensor.contiguous() for name, tensor in packed.items()}, metadata=metadata)


def load_export(
    path: Path, device: torch.device | str = "cpu", dtype: torch.dtype = torch.float32
) -> tuple[StagedNetwork, TrainedModel]:
    """Loads an export.

    Args:
        path: File made by `pack_export`.
        device: Device of the network.
        dtype: Dtype of the network.

    Returns:
        The network up to the export's cut, and its architecture and weights.

    Raises:
        ExportError: The file is not an export.
    """
    try:
        with safetensors.safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118 – no mapping
    except (OSError, safetensors.SafetensorError) as error:
        raise ExportError("cli-export-unreadable", path=path) from error
    if metadata.get("dreambot") != "1" or metadata.get("architecture") not in ARCHITECTURES:
        raise ExportError("cli-export-foreign", path=path)
    network = build(metadata["architecture"], tensors, device=device, dtype=dtype, cut=metadata["cut"])
    return network, TrainedModel(metadata["architecture"], metadata["weights"])
