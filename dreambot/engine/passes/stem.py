"""The first convolution, which reads the picture.

Three channels are an awkward number: kernels work on sixteen or more at once, and the adjoint of a stride
of 2 to three channels is the slowest convolution of all, for what little it does. So it is taken to four
times as many channels at half the size: the gradients to the four pixels of each 2×2 square of the picture,
as a plain convolution with the four sub-kernels that reach them, shuffled into place afterwards.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from dreambot.engine.passes.block import Pullback
from dreambot.engine.passes.chain import convolution_of, size_of
from dreambot.engine.passes.convolution import Convolution
from dreambot.zoo.blocks import Conv
from dreambot.zoo.heads import Normalise


class Stem:
    """A convolution from the picture, with a stride of 1, or of 2 and no padding, behind the normalisation
    that some networks begin with. There is no mask: nothing clips the picture. The picture may be of any
    dtype and layout; its gradient is float32."""

    def __init__(self, module: Conv, normalise: Normalise | None = None) -> None:
        self._convolution = convolution_of(module)
        self._normalise = normalise
        self._dtype = module.kernel.dtype
        squares = module.stride == 2 and module.padding == (0, 0)
        self._squares = _squares(module.kernel) if squares else None

    def forward(self, x: Tensor) -> tuple[Tensor, Pullback]:
        """See `Block`."""
        size = size_of(x)
        x = x.to(self._dtype, memory_format=torch.channels_last)
        if self._normalise is not None:
            x = self._normalise(x)

        def back(gradient: Tensor) -> Tensor:
            if self._squares is None:
                gradient = self._convolution.backward(gradient, size)
            else:
                half = ((size[0] + 1) // 2, (size[1] + 1) // 2)
                gradient = F.pixel_shuffle(self._squares.backward(gradient, half), 2)
                gradient = gradient[..., : size[0], : size[1]]
            if self._normalise is not None:
                gradient = gradient * self._normalise.scale
            return gradient.to(torch.float32, memory_format=torch.contiguous_format)

        return self._convolution.forward(x, relu=True), back


def _squares(kernel: Tensor) -> Convolution:
    """The convolution that does the same to a picture whose 2×2 squares are its channels."""
    even = F.pad(kernel, (0, kernel.shape[3] % 2, 0, kernel.shape[2] % 2))
    return Convolution(F.pixel_unshuffle(even, 2), kernel.new_zeros(len(kernel)))
