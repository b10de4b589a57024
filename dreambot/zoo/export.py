"""A part of a model in one small file, for a machine that has neither the cache nor internet access.

Reading it needs torch, safetensors and the networks of the zoo, and nothing that fetches weights.
"""

from collections.abc import Mapping
from pathlib import Path

import safetensors
import torch
from safetensors.torch import save

from dreambot.errors import UserError
from dreambot.recipe.layers import TrainedModel
from dreambot.zoo import network
from dreambot.zoo.readers import Array

_METADATA_KEYS = ("dreambot", "architecture", "weights", "cut")


class ExportError(UserError):
    """The file is no export."""


def pack(model: TrainedModel, arrays: Mapping[str, Array], cut: str, *, bf16: bool) -> bytes:
    """A safetensors file with what layer `cut` needs, its kernels halved to bfloat16 if so asked.
    UnknownLayer."""
    tensors = {name: torch.from_numpy(array) for name, array in arrays.items()}
    needed = network.used_tensors(model.architecture, tensors, cut)
    # Batch norms' statistics are few, and kernels are divided by their roots: they stay exact.
    kept = {
        name: tensors[name].bfloat16() if bf16 and tensors[name].ndim > 1 else tensors[name]
        for name in sorted(needed)
    }
    marks = dict(zip(_METADATA_KEYS, ("1", model.architecture, model.weights, cut), strict=True))
    return save({name: tensor.contiguous() for name, tensor in kept.items()}, metadata=marks)


def load_export(
    path: Path, device: torch.device | str = "cpu", dtype: torch.dtype = torch.float32
) -> tuple[network.StagedNetwork, TrainedModel]:
    """The network in a file that `pack` made, up to its cut, and what it is. ExportError."""
    try:
        with safetensors.safe_open(path, framework="pt") as file:
            marks = file.metadata() or {}
            tensors = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118 – no mapping
    except (OSError, safetensors.SafetensorError) as error:
        raise ExportError("cli-export-unreadable", path=path) from error
    if marks.get("dreambot") != "1" or marks.get("architecture") not in network.ARCHITECTURES:
        raise ExportError("cli-export-foreign", path=path)
    net = network.build(marks["architecture"], tensors, device=device, dtype=dtype, cut=marks["cut"])
    return net, TrainedModel(marks["architecture"], marks["weights"])
