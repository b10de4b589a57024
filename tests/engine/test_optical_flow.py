"""The motion between two images is estimated, and moving parts are followed."""

import numpy as np
import pytest
import torch
from skimage import data
from torch import Tensor

from dreambot.engine.images import resize, to_tensor
from dreambot.engine.optical_flow import estimate_optical_flow

LARGE = resize(to_tensor(data.astronaut(), torch.device("cpu")), 1024, 1024)


def photo(left: float, top: float, side: float = 400, width: int = 160, height: int = 120) -> Tensor:
    """A crop of a photo, `side` pixels wide."""
    x, y = round(2 * left), round(2 * top)
    w, h = round(2 * side), round(2 * side * height / width)
    return resize(LARGE[..., y : y + h, x : x + w], width, height).clamp(-1, 1)


def difference(one: Tensor, other: Tensor) -> float:
    return float((one - other)[..., 12:-12, 12:-12].abs().mean())


@pytest.mark.parametrize(
    ("left", "top", "side"), [(50, 60, 400), (57.5, 61, 400), (62, 72, 400), (54, 63, 390), (30, 60, 400)]
)
def test_a_pan_or_zoom_is_followed(left: float, top: float, side: float) -> None:
    earlier, later = photo(50, 60), photo(left, top, side)
    motion = estimate_optical_flow(earlier, later, 0.2)
    assert difference(motion.warp(earlier), later) <= 0.4 * difference(earlier, later) + 0.003
    assert float(motion.trust[..., 12:-12, 12:-12].mean()) > 0.85


def test_the_flow_is_accurate_to_half_a_pixel() -> None:
    earlier = torch.full((1, 3, 120, 160), 0.2)
    earlier[..., 40:80:8, 50:110] = -0.6
    earlier[..., 40:80, 50:110:10] = -0.6
    later = torch.roll(earlier, (2, 3), dims=(2, 3))
    flow = estimate_optical_flow(earlier, later, 0.2).flow
    right, down = flow[:, 0] * -160, flow[:, 1] * -120
    for y, x in ((60, 80), (44, 55), (75, 100)):
        assert float(right[0, y, x]) == pytest.approx(3, abs=0.5)
        assert float(down[0, y, x]) == pytest.approx(2, abs=0.5)


def test_flat_regions_move_with_their_surroundings() -> None:
    earlier, later = photo(50, 60), photo(57.5, 61)
    flat = slice(30, 60), slice(110, 140)
    earlier[..., flat[0], 110:143], later[..., flat[0], 107:140] = 0.6, 0.6
    flow = estimate_optical_flow(earlier, later, 0.2).flow[0, 0][flat] * 160
    assert float(flow.mean()) == pytest.approx(3, abs=0.7)


def test_a_still_image_is_not_resampled() -> None:
    earlier = photo(50, 60)
    noise = torch.from_numpy(np.random.default_rng(0).normal(0, 0.03, earlier.shape).astype(np.float32))
    motion = estimate_optical_flow(earlier, earlier + noise, 0.2)
    assert torch.equal(motion.warp(earlier), earlier)
    assert float(motion.trust.min()) > 0.7


def test_a_cut_has_low_trust() -> None:
    other = resize(to_tensor(data.coffee(), torch.device("cpu")), 160, 120)
    assert float(estimate_optical_flow(photo(50, 60), other, 0.2).trust.mean()) < 0.25


def test_new_pixels_have_low_trust() -> None:
    trust = estimate_optical_flow(photo(50, 60), photo(70, 60), 0.2).trust
    assert float(trust[..., 20:100, -4:].mean()) < 0.3 < float(trust[..., 20:100, 40:100].mean())


@pytest.mark.parametrize(("width", "height"), [(1, 1), (1, 40), (300, 7)])
def test_tiny_and_oblong_sizes(width: int, height: int) -> None:
    black = torch.full((1, 3, height, width), -1.0)
    motion = estimate_optical_flow(black, black, 0.2)
    assert torch.equal(motion.warp(black), black)
    assert float(motion.trust.min()) == 1
