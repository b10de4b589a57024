"""The gradient treatment compiled: a dozen kernels instead of fifty.

It is a chain of small sums and products over the picture. torch's compiler writes kernels that do several of
them on the way through memory. To compile takes up to a minute for each size of canvas, so it is only done
where somebody asked for it; and where there is no compiler, or it fails, the treatment runs as it is written.
"""

import importlib.util
import logging
from collections.abc import Callable
from functools import lru_cache

import torch
from torch import Tensor

from dreambot.engine.treatment import treat
from dreambot.recipe.layers import Gradient

log = logging.getLogger(__name__)

Treatment = Callable[[Tensor], Tensor]


_asked = False


def compile_treatments() -> None:
    """From now on this process compiles treatments when they are first used on a CUDA device. It pays where
    many pictures of the same size are dreamed."""
    global _asked
    _asked = True


@lru_cache(32)
def fused_treat(kind: Gradient, bands: tuple[float, ...], chroma: float) -> Treatment:
    """`treat` with these numbers, compiled if that was asked for; plainly `treat` if not, or on a CPU."""

    def treated(gradient: Tensor) -> Tensor:
        return treat(gradient, kind, bands, chroma)

    return _Fused(treated)


class _Fused:
    def __init__(self, plain: Treatment) -> None:
        self._plain = plain
        self._compiled: Treatment | None = None
        self._there = importlib.util.find_spec("triton") is not None
        self._failed: set[torch.Size] = set()

    def __call__(self, gradient: Tensor) -> Tensor:
        if not (_asked and self._there and gradient.is_cuda) or gradient.shape in self._failed:
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
