"""Gradient normalisation compiled by torch.compile: a dozen kernels instead of fifty.

The normalisation is a chain of small sums and products over the image, and the compiler fuses several
of them into one kernel. Compiling takes up to a minute for each canvas size, so it is opt-in; where
there is no compiler, or it fails, the plain function runs.
"""

import importlib.util
import logging
from collections.abc import Callable
from functools import lru_cache

import torch
from torch import Tensor

from dreambot.engine.gradients import normalize_gradient
from dreambot.recipe.layers import Gradient

log = logging.getLogger(__name__)

Normalization = Callable[[Tensor], Tensor]


_enabled = False


def enable_compilation() -> None:
    """From now on this process compiles treatments when they are first used on a CUDA device. It pays where
    many pictures of the same size are dreamed."""
    global _enabled
    _enabled = True


@lru_cache(32)
def compiled_normalization(kind: Gradient, bands: tuple[float, ...], chroma: float) -> Normalization:
    """`treat` with these numbers, compiled if that was asked for; plainly `treat` if not, or on a CPU."""

    def treated(gradient: Tensor) -> Tensor:
        return normalize_gradient(gradient, kind, bands, chroma)

    return _CompiledNormalization(treated)


class _CompiledNormalization:
    def __init__(self, plain: Normalization) -> None:
        self._plain = plain
        self._compiled: Normalization | None = None
        self._there = importlib.util.find_spec("triton") is not None
        self._failed: set[torch.Size] = set()

    def __call__(self, gradient: Tensor) -> Tensor:
        if not (_enabled and self._there and gradient.is_cuda) or gradient.shape in self._failed:
            return self._plain(gradient)
        if self._compiled is None:
            # For one size each: to reason about all of them takes the compiler longer than a few.
            self._compiled = torch.compile(self._plain, dynamic=False, fullgraph=True)
        try:
            return self._compiled(gradient)
        except torch.OutOfMemoryError:
            raise
        # A compiler can fail in as many ways as there are machines (no C compiler, an old driver …), and a
        # dream can do without.
        except Exception as error:
            log.warning("The gradient treatment is not compiled, but runs as it is: %s", error)
            self._failed.add(gradient.shape)
            return self._plain(gradient)
