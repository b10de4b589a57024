"""Measures a lower bound of a dream's time: its convolutions alone, each as fast as this machine can run it.

The convolutions are recorded while the network runs at each octave's size. Each is timed alone, forward and
as the gradient with respect to its input, in several layouts and with several algorithms; the best time
counts. Nothing else is included: no ReLU, no pooling, no gradient normalisation, no memory traffic in
    between.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from benchmarks.cases import Clock
from dreambot.engine.manual_pass.onednn import OneDnnConvolution, is_available
from dreambot.zoo.blocks import PlainConv
from dreambot.zoo.network import StagedNetwork


@dataclass(frozen=True)
class ConvolutionShape:
    """The shapes of a convolution: x is `[1, in, height, width]`, the kernel `[out, in, kh, kw]`."""

    x: tuple[int, int, int, int]
    kernel: tuple[int, int, int, int]
    stride: int
    padding: tuple[int, int]

    @property
    def flops(self) -> float:
        """FLOPs of one direction; both are the same."""
        height, width = (
            (side + 2 * pad - reach) // self.stride + 1
            for side, pad, reach in zip(self.x[2:], self.padding, self.kernel[2:], strict=True)
        )
        out, channels, *reach = self.kernel
        return 2.0 * out * channels * reach[0] * reach[1] * height * width


def convolutions(
    network: StagedNetwork, layers: Iterable[str], sizes: Iterable[tuple[int, int]]
) -> Counter[ConvolutionShape]:
    """Counts the convolutions of one step.

    Args:
        network: Network to run.
        layers: Layers of the objective.
        sizes: Width and height of each octave.
    """
    counts: Counter[ConvolutionShape] = Counter()

    def record(module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        assert isinstance(module, PlainConv)
        x, kernel = tuple(inputs[0].shape), tuple(module.kernel.shape)
        counts[ConvolutionShape(x, kernel, module.stride, module.padding)] += 1  # type: ignore[arg-type]

    hooks = [
        module.register_forward_hook(record) for module in network.modules() if isinstance(module, PlainConv)
    ]
    try:
        with torch.no_grad():
            for width, height in sizes:
                network.forward_to(torch.zeros(1, 3, height, width), list(layers))
    finally:
        for hook in hooks:
            hook.remove()
    return counts


class ConvolutionTimer:
    """The best times so far of each convolution alone, in one precision."""

    def __init__(self, shapes: Iterable[ConvolutionShape], dtype: torch.dtype) -> None:
        """Creates a timer without times.

        Args:
            shapes: The convolutions.
            dtype: Their dtype.
        """
        self._dtype = dtype
        self.forward = dict.fromkeys(shapes, float("inf"))
        self.backward = dict(self.forward)

    def measure(self, runs: int = 5) -> None:
        """Measures all convolutions again and keeps the better times.

        Args:
            runs: Runs of each variant.
        """
        for shape in self.forward:
            generator = torch.Generator().manual_seed(0)
            x = torch.randn(shape.x, generator=generator).to(self._dtype)
            kernel = torch.randn(shape.kernel, generator=generator).to(self._dtype)
            y = F.conv2d(x, kernel, None, shape.stride, shape.padding)
            best = min(_best_seconds(way, runs) for way in _forward_variants(shape, x, kernel))
            self.forward[shape] = min(self.forward[shape], best)
            best = min(_best_seconds(way, runs) for way in _backward_variants(shape, x, kernel, y))
            self.backward[shape] = min(self.backward[shape], best)

    def seconds(self, counts: Counter[ConvolutionShape]) -> float:
        """Returns the seconds of all convolutions in sequence.

        Args:
            counts: Number of runs of each convolution.
        """
        return sum((self.forward[shape] + self.backward[shape]) * count for shape, count in counts.items())


def _forward_variants(shape: ConvolutionShape, x: Tensor, kernel: Tensor) -> Iterator[Callable[[], object]]:
    last = torch.channels_last
    bias = kernel.new_zeros(len(kernel))
    x_last, kernel_last = x.contiguous(memory_format=last), kernel.contiguous(memory_format=last)
    yield lambda: F.conv2d(x_last, kernel_last, bias, shape.stride, shape.padding)
    yield from _blocked(x, kernel, shape)
    if is_available(x.device, x.dtype):
        ours = OneDnnConvolution(kernel, bias, stride=shape.stride, padding=shape.padding)
        yield lambda: ours.forward(x_last, relu=False)
        if _can_unshuffle(shape):
            squares = F.pixel_unshuffle(F.pad(x, _even_padding(shape.x)), 2).contiguous(memory_format=last)
            other = _on_squares(kernel, bias, shape)
            yield lambda: other.forward(squares, relu=False)


def _backward_variants(
    shape: ConvolutionShape, x: Tensor, kernel: Tensor, y: Tensor
) -> Iterator[Callable[[], object]]:
    last = torch.channels_last
    x, y = x.contiguous(memory_format=last), y.contiguous(memory_format=last)
    kernel_last = kernel.contiguous(memory_format=last)
    stride, padding = [shape.stride, shape.stride], [*shape.padding]
    yield lambda: torch.ops.aten.convolution_backward(
        y, x, kernel_last, None, stride, padding, [1, 1], False, [0, 0], 1, [True, False, False]
    )
    if shape.stride == 1:
        turned = kernel.flip(2, 3).transpose(0, 1)
        around = tuple(reach - 1 - pad for reach, pad in zip(shape.kernel[2:], padding, strict=True))
        yield from _blocked(y, turned, ConvolutionShape(shape.x, shape.kernel, 1, around))  # type: ignore[arg-type]
    if is_available(x.device, x.dtype):
        bias = kernel.new_zeros(len(kernel))
        ours = OneDnnConvolution(kernel, bias, stride=shape.stride, padding=shape.padding)
        yield lambda: ours.backward(y, x)
        if _can_unshuffle(shape):
            other = _on_squares(kernel, bias, shape)
            squares = F.pixel_unshuffle(F.pad(x, _even_padding(shape.x)), 2)
            yield lambda: other.backward(y, squares)


def _on_squares(kernel: Tensor, bias: Tensor, shape: ConvolutionShape) -> OneDnnConvolution:
    """Returns the convolution that does the same to an image whose 2×2 squares are its channels."""
    return OneDnnConvolution(F.pixel_unshuffle(F.pad(kernel, _even_padding(shape.kernel)), 2), bias)


def _blocked(x: Tensor, kernel: Tensor, shape: ConvolutionShape) -> Iterator[Callable[[], object]]:
    """Yields the convolution in oneDNN's own layouts, if this build of torch supports them."""
    try:
        x_blocked = x.contiguous().to_mkldnn()
        kernel_blocked = torch.ops.aten.mkldnn_reorder_conv2d_weight(
            kernel.contiguous().to_mkldnn(), shape.padding, [shape.stride] * 2, [1, 1], 1, list(x.shape)
        )
        first = F.conv2d(x_blocked, kernel_blocked, None, shape.stride, shape.padding)
    except RuntimeError:
        return
    # The output is in the layout that the next convolution would get.
    if first.shape == x.shape:
        x_blocked = first
    yield lambda: F.conv2d(x_blocked, kernel_blocked, None, shape.stride, shape.padding)


def _can_unshuffle(shape: ConvolutionShape) -> bool:
    return shape.stride == 2 and shape.padding == (0, 0)


def _even_padding(shape: tuple[int, ...]) -> tuple[int, int, int, int]:
    return (0, shape[3] % 2, 0, shape[2] % 2)


def _best_seconds(work: Callable[[], object], runs: int) -> float:
    with torch.no_grad():
        work()
        times = []
        for _ in range(runs):
            start = Clock.now()
            work()
            times.append(Clock.now() - start)
    return min(times)
