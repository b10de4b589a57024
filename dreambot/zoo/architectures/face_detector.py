"""dlib's face detector: a small network that scores windows of 80×80 pixels, trained with a max-margin loss.

King, "Max-Margin Object Detection", arXiv:1502.00046; the graph follows dlib's example
`dnn_mmod_face_detection_ex.cpp`: three convolutions that halve the image, three that do not, and one that
gives the score of the window around each position. A score above 0 is a face.
"""

from collections.abc import Mapping

import torch.nn.functional as F
from torch import Tensor, nn

from dreambot.zoo.architectures.faces import MEAN, folded_conv

WINDOW = 80
"""Side of a window in pixels."""
STRIDE = 8
"""Distance between two windows in pixels."""
FIRST_CENTRE = 14
"""Centre of the first window in pixels."""

_HALVING, _CONVOLUTIONS = 3, 7


class FaceDetector(nn.Module):
    """Scores the windows of an image."""

    def __init__(self, tensors: Mapping[str, Tensor]) -> None:
        """Creates the detector.

        Args:
            tensors: As `readers.read_dlib` names them: `conv0.weight`, `conv0.bias`, `conv0.gamma`, ….
        """
        super().__init__()
        self._mean = MEAN
        for index in range(_CONVOLUTIONS - 1):
            folded = folded_conv(tensors, index)
            self.register_buffer(f"kernel{index}", folded.kernel)
            self.register_buffer(f"bias{index}", folded.bias)
        last = _CONVOLUTIONS - 1
        self.register_buffer(f"kernel{last}", tensors[f"conv{last}.weight"])
        self.register_buffer(f"bias{last}", tensors[f"conv{last}.bias"])

    def forward(self, image: Tensor) -> Tensor:
        """Scores all windows; the image is padded so that windows may reach beyond it.

        Args:
            image: `[1, 3, height, width]`, RGB in [-1, 1].

        Returns:
            `[rows, columns]`. The centre of a window is at `STRIDE` × its index + `FIRST_CENTRE` −
            `WINDOW` / 2 pixels.
        """
        mean = image.new_tensor(self._mean)[:, None, None]
        # dlib computes (v - mean) / 256 of values from 0 to 255, and puts zeros around the image.
        x = F.pad(((image + 1) * 127.5 - mean) / 256, (WINDOW // 2,) * 4)
        for index in range(_CONVOLUTIONS):
            kernel, bias = self.get_buffer(f"kernel{index}"), self.get_buffer(f"bias{index}")
            halves = index < _HALVING
            x = F.conv2d(x, kernel, bias, 2 if halves else 1, 0 if halves else kernel.shape[-1] // 2)
            if index < _CONVOLUTIONS - 1:
                x = x.relu_()
        return x[0, 0]
