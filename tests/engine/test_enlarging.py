"""Enlarging by about two."""

import pytest
import torch
import torch.nn.functional as F

from dreambot.engine.enlarging import enlarge


@pytest.mark.parametrize("height", [1, 2, 5, 256])
@pytest.mark.parametrize("width", [2, 9, 183])
@pytest.mark.parametrize("odd", [0, 1])
def test_it_gives_what_torch_gives(height: int, width: int, odd: int) -> None:
    x = torch.randn(2, 3, height, width, generator=torch.Generator().manual_seed(0))
    size = (max(2, 2 * height - odd), 2 * width - odd)
    expected = F.interpolate(x, size, mode="bilinear", align_corners=False)
    torch.testing.assert_close(enlarge(x, *size), expected, rtol=0, atol=1e-5)
