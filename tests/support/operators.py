"""Counts the operators of torch that launch a kernel on a GPU."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

_WITHOUT_KERNEL = {"empty", "empty_like", "empty_strided", "new_empty", "detach", "alias"}


_NEED_DENSE = {
    "avg_pool2d",
    "avg_pool2d_backward",
    "convolution",
    "convolution_backward",
    "cudnn_convolution_relu",
    "max_pool2d_with_indices",
    "max_pool2d_with_indices_backward",
}
"""They copy their first argument if it is a part of a tensor's channels."""


def _layout_of(x: Tensor) -> torch.memory_format:
    is_channels_last = x.stride(1) == 1 and x.shape[1] > 1
    return torch.channels_last if is_channels_last else torch.contiguous_format


class _Counter(TorchDispatchMode):
    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """Saves the import of torch._dynamo, which takes seconds; older versions of torch do not ask."""
        return False

    def __init__(self) -> None:
        super().__init__()
        self.counts: Counter[str] = Counter()

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> object:
        result = func(*args, **(kwargs or {}))
        name = func.overloadpacket.__name__
        if name not in _WITHOUT_KERNEL and not _is_view(func, args, result):
            self.counts[name] += 1
        if name in _NEED_DENSE and not args[0].is_contiguous(memory_format=_layout_of(args[0])):
            self.counts["copy"] += 1
        if name == "convolution" and args[2] is not None:
            # cuDNN's plain convolution has no bias: it is added afterwards.
            self.counts["bias"] += 1
        return result


def _is_view(func: Any, args: tuple[Any, ...], result: object) -> bool:
    """Returns whether the result is an argument seen in another way, which no operator has written to."""
    if func._schema.is_mutable:
        return False
    memory = {leaf.untyped_storage().data_ptr() for leaf in tree_leaves(args) if isinstance(leaf, Tensor)}
    results = [leaf for leaf in tree_leaves(result) if isinstance(leaf, Tensor)]
    return bool(results) and all(leaf.untyped_storage().data_ptr() in memory for leaf in results)


def count_operators(run: Callable[[], object]) -> Counter[str]:
    """Runs a function and counts the operators that would launch a kernel, by name.

    Views, metadata and allocations are not counted; a convolution with a bias is counted as `convolution` and
    `bias`, and what an operator copies first as `copy`. Some operators launch more than one kernel, and cuDNN
    may convert layouts in kernels of its own.

    Args:
        run: The function; on a `CudaOnCpu` device, or else the operators for a CPU are counted.
    """
    with _Counter() as counter:
        run()
    return counter.counts
