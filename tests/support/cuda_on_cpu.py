"""A CUDA device that is the CPU, so that the code for CUDA runs on a machine without a GPU.

Inside `with CudaOnCpu():` tensors report the device `cuda:0`, whatever torch is asked to put on a CUDA device
is put into the main memory, and the functions of `torch.cuda` that we call answer as for a GPU. With
`kind="mps"` it is Apple's device instead, without the functions of `torch.cuda`. A captured
graph records the operators that run in `with torch.cuda.graph(…)`, and replays them on the same tensors.
`torch.cudnn_convolution_relu` runs the plain operators.
Reading a value from the device fails during a capture, as on a GPU.

The mode applies to the thread that enters it. It does not find tensors on the wrong device (all are in main
memory); `tests/engine/cuda/test_placement.py` does.
"""

import functools
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from types import TracebackType
from typing import Any, Self
from weakref import WeakSet

import pytest
import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves, tree_map

from dreambot.engine import gradients
from dreambot.engine.cuda import memory
from dreambot.engine.manual_pass import cudnn
from dreambot.workers.gpu import devices

CPU = torch.device("cpu")
_READS_FROM_DEVICE = {"_local_scalar_dense", "lift_fresh", "nonzero"}


class CudaOnCpu(TorchFunctionMode):
    """The device, and the mode that makes torch use it.

    Attributes:
        capability: Compute capability of each GPU.
        kind: "cuda" or "mps".
        broken: Indices of GPUs on which nothing can be allocated.
        max_pixels: Pixels that a network can take at once; with more, a convolution of pictures raises
            `memory_error`. None for no limit.
        memory_error: What is raised when the memory does not suffice.
        capture_error: What the end of a capture raises, or None. From then on `torch.cuda.empty_cache` fails,
            as with older versions of torch.
        fused_error: What `torch.cudnn_convolution_relu` raises, or None.
        fused_is_wrong: Whether it halves its results.
        total_memory: Bytes of memory of a GPU.
        graphs: Captured graphs that still exist.
        emptied: Number of calls of `torch.cuda.empty_cache`.
        waits: Number of steps that were waited for.
        reads: Number of values that were read from the device.
    """

    def __init__(self, capability: tuple[tuple[int, int], ...] = ((9, 0),), kind: str = "cuda") -> None:
        super().__init__()
        self.kind = kind
        self.capability = capability
        self.max_pixels: int | None = None
        self.memory_error: Exception = torch.OutOfMemoryError("CUDA out of memory.")
        self.capture_error: Exception | None = None
        self.total_memory = 8 << 30
        self.graphs: WeakSet[_Graph] = WeakSet()
        self.emptied = self.waits = self.reads = 0
        self.fused_error: Exception | None = None
        self.fused_is_wrong = False
        self._capture_failed = False
        self.broken: set[int] = set()
        self._patch = pytest.MonkeyPatch()

    def __enter__(self) -> Self:
        fakes: dict[str, object] = {
            "is_available": lambda: self.kind == "cuda",
            "device_count": lambda: len(self.capability) if self.kind == "cuda" else 0,
            "get_device_name": lambda _device=None: "CPU in disguise",
            "get_device_capability": lambda device=None: self.capability[_index(device)],
            "is_bf16_supported": lambda including_emulation=True: self.capability[0] >= (8, 0),
            "mem_get_info": lambda _device=None: (self.total_memory, self.total_memory),
            "memory_reserved": lambda _device=None: sum(graph.nbytes for graph in self.graphs),
            "max_memory_reserved": lambda _device=None: sum(graph.nbytes for graph in self.graphs),
            "reset_peak_memory_stats": lambda _device=None: None,
            "empty_cache": self._empty_cache,
            "synchronize": lambda _device=None: None,
            "current_stream": lambda _device=None: None,
            "set_device": lambda _device: None,
            "stream": lambda _stream: nullcontext(),
            "device": lambda _device: nullcontext(),
            "graph_pool_handle": lambda: (0, 1),
            "Event": functools.partial(_Event, self),
            "CUDAGraph": functools.partial(_Graph, self),
            "graph": functools.partial(_Capture, self),
        }
        for name, fake in fakes.items():
            self._patch.setattr(torch.cuda, name, fake)
        self._patch.setattr(torch.backends.mps, "is_available", lambda: self.kind == "mps")
        self._patch.setattr(memory, "_capture_failed", False)
        # An engine that has loaded a network in fp32 leaves it set.
        self._patch.setattr(torch.backends.cudnn, "deterministic", False)
        self._library = torch.library.Library("aten", "IMPL")
        self._library.impl("cudnn_convolution_relu", self._convolution_relu, "CPU")
        self._clear_caches()
        super().__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        super().__exit__(kind, error, trace)
        self._patch.undo()
        self._library._destroy()
        self._clear_caches()

    def _clear_caches(self) -> None:
        # The kernel is in main memory though its key says cuda.
        gradients._binomial_kernel.cache_clear()
        devices.cuda_problem.cache_clear()
        cudnn.fuses_relu.cache_clear()

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> object:
        """Runs a function of torch with the CPU in place of CUDA devices."""
        if func is torch.device:
            return func(*args, **(kwargs or {}))
        if func == Tensor.device.__get__:  # type: ignore[attr-defined]
            return torch.device(self.kind, 0)
        if func == Tensor.is_cuda.__get__:  # type: ignore[attr-defined]
            return self.kind == "cuda"
        if func is Tensor.cuda:
            return args[0]
        if func in (Tensor.tolist, Tensor.item, Tensor.__float__):
            self.reads += 1
        if func is torch.conv2d and self.max_pixels is not None:
            count, _, height, width = args[0].shape
            first_layer = args[1].shape[1] == 3
            if first_layer and count * height * width > self.max_pixels:
                raise self.memory_error
        kwargs = {name: self._on_cpu(value) for name, value in (kwargs or {}).items()}
        return func(*map(self._on_cpu, args), **kwargs)

    def _on_cpu(self, value: object) -> object:
        if isinstance(value, str) and value.partition(":")[0] == self.kind:
            value = torch.device(value)
        if not isinstance(value, torch.device) or value.type != self.kind:
            return value
        if (value.index or 0) in self.broken:
            raise RuntimeError("CUDA error: the device is lost\nCompile with TORCH_USE_CUDA_DSA.")
        return CPU

    def _convolution_relu(
        self,
        x: Tensor,
        kernel: Tensor,
        bias: Tensor,
        stride: Sequence[int],
        padding: Sequence[int],
        dilation: Sequence[int],
        groups: int,
    ) -> Tensor:
        if self.fused_error is not None:
            raise self.fused_error
        y = torch.conv2d(x, kernel, bias, stride, padding, dilation, groups).relu_()
        return y.mul_(0.5) if self.fused_is_wrong else y

    def _empty_cache(self) -> None:
        self.emptied += 1
        if self._capture_failed:
            raise RuntimeError("INTERNAL ASSERT FAILED at CUDACachingAllocator.cpp")

    def end_capture(self) -> None:
        """Raises `capture_error`, if there is one."""
        if self.capture_error is not None:
            self._capture_failed = True
            raise self.capture_error


def _index(device: object) -> int:
    return torch.device(device).index or 0 if device is not None else 0  # type: ignore[call-overload]


class _Event:
    def __init__(self, cuda: CudaOnCpu, **_options: object) -> None:
        self._cuda = cuda

    def record(self, _stream: object = None) -> None:
        pass

    def synchronize(self) -> None:
        self._cuda.waits += 1


class _Graph:
    """The operators of a capture, and the memory of their results."""

    def __init__(self, cuda: CudaOnCpu) -> None:
        self._calls: list[tuple[Callable[..., Any], Any, Any, Any]] = []
        self.nbytes = 0
        self._cuda = cuda

    def keep(self, calls: list[tuple[Callable[..., Any], Any, Any, Any]], nbytes: int) -> None:
        """Stores what a capture recorded."""
        self._calls, self.nbytes = calls, nbytes
        self._cuda.graphs.add(self)

    def replay(self) -> None:
        """Runs the operators again on the same tensors; what they return goes to where it was."""
        with torch._C.DisableTorchFunction(), torch.no_grad():
            for func, args, kwargs, results in self._calls:
                again = func(*args, **kwargs)
                for old, new in zip(tree_leaves(results), tree_leaves(again), strict=True):
                    if isinstance(old, Tensor) and old.data_ptr() != new.data_ptr():
                        old.copy_(new)


class _Capture:
    """`torch.cuda.graph`. What the block writes to tensors from outside is undone: a capture runs nothing."""

    def __init__(self, cuda: CudaOnCpu, graph: _Graph, pool: object = None) -> None:
        self._cuda, self._graph = cuda, graph
        self._recorder = _Recorder()

    def __enter__(self) -> None:
        torch.cuda.empty_cache()
        self._recorder.__enter__()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: Any) -> None:
        self._recorder.__exit__(kind, error, trace)
        with torch._C.DisableTorchFunction(), torch.no_grad():
            for tensor, content in self._recorder.overwritten:
                tensor.copy_(content)
        if error is not None:
            self._cuda.capture_error = self._cuda.capture_error or RuntimeError(str(error))
        self._cuda.end_capture()
        self._graph.keep(self._recorder.calls, self._recorder.nbytes)


class _Recorder(TorchDispatchMode):
    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """Saves the import of torch._dynamo, which takes seconds; older versions of torch do not ask."""
        return False

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[tuple[Callable[..., Any], Any, Any, Any]] = []
        self.overwritten: list[tuple[Tensor, Tensor]] = []
        self.nbytes = 0
        self._own: set[int] = set()

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> object:
        if func.overloadpacket.__name__ in _READS_FROM_DEVICE:
            raise RuntimeError("CUDA error: operation not permitted when stream is capturing")
        kwargs = kwargs or {}
        for argument, value in zip(func._schema.arguments, args, strict=False):
            written = argument.alias_info is not None and argument.alias_info.is_write
            if written and value.untyped_storage().data_ptr() not in self._own:
                self.overwritten.insert(0, (value, value.clone()))
        results = func(*args, **kwargs)
        for returned, result in zip(func._schema.returns, _as_tuple(results), strict=False):
            if returned.alias_info is None and isinstance(result, Tensor):
                self._own.add(result.untyped_storage().data_ptr())
                self.nbytes += result.nbytes
        self.calls.append((func, args, kwargs, tree_map(lambda result: result, results)))
        return results


def _as_tuple(results: object) -> tuple[object, ...]:
    return results if isinstance(results, tuple) else (results,)
