"""Convolutions with batch norms under the names that torch gives a module's tensors."""

from collections.abc import Mapping

from torch import Tensor

from dreambot.zoo.blocks import Folded


def folded(tensors: Mapping[str, Tensor], conv: str, norm: str, eps: float = 1e-5) -> Folded:
    """The convolution `conv` (`layer1.0.conv1`, without bias) with the batch norm `norm` folded in.

    A torch batch norm also scales, `gamma · (y - mean) / sqrt(var + eps) + beta`; γ goes to the kernel.
    """
    gamma = tensors[f"{norm}.weight"].double()
    return Folded.from_batch_norm(
        tensors[f"{conv}.weight"].double() * gamma[:, None, None, None],
        mean=tensors[f"{norm}.running_mean"].double() * gamma,
        var=tensors[f"{norm}.running_var"],
        beta=tensors[f"{norm}.bias"],
        eps=eps,
    )
