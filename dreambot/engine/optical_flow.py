"""Dense optical flow between two images, so that a dream moves along with the video.

The method is that of Lucas and Kanade ("An iterative image registration technique with an application
to stereo vision", 1981), coarse to fine as in Bouguet (2000): in every window, the shift that explains
best, to first order, how the image changed.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from dreambot.engine.images import gaussian_blur, resize

_LONG_SIDE = 224
_SMALLEST_SIDE = 12
_ITERATIONS = 4
_WINDOW_SIGMA = 2.5
_PRESMOOTHING_SIGMA = 1.0
# That many pixels are one when the flow of a neighbourhood is found
_FILL_DOWNSCALE = 6
# Windows with less structure than this, in squared units of a [-1, 1] picture, do not tell where they went
_REGULARIZATION = 1e-4
# Smaller shifts, in pixels of the long side's _LONG_SIDE, are noise; and what needs no move is not resampled
_MIN_SHIFT_PX = 0.2
_MAX_ERROR_RATIO = 0.9
_NOISE_ALLOWANCE = 0.02
_CAMERA_MOTION_SHARE = 0.4
# Luminance, as BT.709 weighs it
_LUMINANCE_BT709 = (0.2126, 0.7152, 0.0722)


@dataclass(frozen=True)
class OpticalFlow:
    """How one picture becomes the next.

    flow: (1, 2, H, W), for each pixel of the later picture how far right and down of it, in shares of the
    width and height, it was in the earlier one. trust: (1, 1, H, W), 1 where the later picture is explained
    by moving the earlier one, falling to 0 where something else is seen.
    """

    flow: Tensor
    trust: Tensor

    def follow(self, earlier: Tensor) -> Tensor:
        """Something of the earlier picture, (1, C, h, w), at its place in the later one."""
        height, width = earlier.shape[-2:]
        return _warp(earlier, F.interpolate(self.flow, (height, width), mode="bilinear"))


def estimate_optical_flow(earlier: Tensor, later: Tensor, tolerance: float) -> OpticalFlow:
    """The motion between two pictures, (1, 3, H, W) in [-1, 1].

    tolerance: the mean change of a spot that lowers trust to a third.
    """
    height, width = later.shape[-2:]
    scale = min(1.0, _LONG_SIDE / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    before, after = resize(earlier, *size), resize(later, *size)
    one, other = (
        gaussian_blur(_luminance(before), _PRESMOOTHING_SIGMA),
        gaussian_blur(_luminance(after), _PRESMOOTHING_SIGMA),
    )
    flow = _discard_unreliable(before, after, _fill_flat_regions(_lucas_kanade(one, other), other))
    left = gaussian_blur((after - _warp(before, flow)).abs().mean(dim=1, keepdim=True), 1.0)
    trust = torch.exp(-(left / tolerance).square()) * _inside_mask(flow)
    return OpticalFlow(flow, F.interpolate(trust, (height, width), mode="bilinear"))


def _lucas_kanade(before: Tensor, after: Tensor) -> Tensor:
    """The flow between grey pictures, at their size."""
    height, width = after.shape[-2:]
    flow = torch.zeros(1, 2, height, width, dtype=after.dtype, device=after.device)
    if min(height, width) >= 2 * _SMALLEST_SIDE:
        halves = (max(1, width // 2), max(1, height // 2))
        coarse = _lucas_kanade(resize(before, *halves), resize(after, *halves))
        flow = F.interpolate(coarse, (height, width), mode="bilinear")
    for _ in range(_ITERATIONS):
        flow = flow + _lucas_kanade_update(_warp(before, flow), after)
    return gaussian_blur(flow, 1.0)


def _lucas_kanade_update(moved: Tensor, after: Tensor) -> Tensor:
    """How much further to look: the least squares of after − moved − ∇moved · shift in each window."""
    across, down = _image_gradient(moved)
    change = after - moved
    products = (across * across, across * down, down * down, across * change, down * change)
    xx, xy, yy, xt, yt = gaussian_blur(torch.cat(products, dim=1), _WINDOW_SIGMA).tensor_split(5, dim=1)
    xx, yy = xx + _REGULARIZATION, yy + _REGULARIZATION
    determinant = xx * yy - xy * xy
    shift: Tensor = torch.cat([yy * xt - xy * yt, xx * yt - xy * xt], dim=1) / determinant
    # Beyond a pixel, first order says nothing
    return shift.clamp(-1, 1) / _size(after)


def _fill_flat_regions(flow: Tensor, after: Tensor) -> Tensor:
    """The flow of places with structure, spread to those around them that have none: a bare wall moves with
    what hangs on it."""
    across, down = _image_gradient(after)
    products = torch.cat([across * across, across * down, down * down], dim=1)
    xx, xy, yy = gaussian_blur(products, _WINDOW_SIGMA).tensor_split(3, dim=1)
    # About the smaller eigenvalue: what an edge shows only along one direction does not count
    structure = (xx * yy - xy * xy) / (xx + yy + _REGULARIZATION)
    known = structure / (structure + _REGULARIZATION)
    height, width = after.shape[-2:]
    halves = max(1, width // _FILL_DOWNSCALE), max(1, height // _FILL_DOWNSCALE)
    around = gaussian_blur(resize(torch.cat([known * flow, known], dim=1), *halves), _WINDOW_SIGMA)
    around = F.interpolate(around[:, :2] / (around[:, 2:] + 1e-4), (height, width), mode="bilinear")
    return torch.lerp(around, flow, known)


def _image_gradient(grey: Tensor) -> tuple[Tensor, Tensor]:
    padded = F.pad(grey, (1, 1, 1, 1), mode="replicate")
    across = (padded[..., 1:-1, 2:] - padded[..., 1:-1, :-2]) / 2
    return across, (padded[..., 2:, 1:-1] - padded[..., :-2, 1:-1]) / 2


def _size(picture: Tensor) -> Tensor:
    return picture.new_tensor([picture.shape[-1], picture.shape[-2]])[:, None, None]


def _discard_unreliable(before: Tensor, after: Tensor, flow: Tensor) -> Tensor:
    """The flow where it explains the later picture better than standing still does; where it does so no
    worse, too, if most of the picture moves: then the camera does."""
    pixels = (flow * _size(after)).square().sum(dim=1, keepdim=True).sqrt()
    still = gaussian_blur((after - before).abs().mean(dim=1, keepdim=True), _WINDOW_SIGMA)
    moving = gaussian_blur((after - _warp(before, flow)).abs().mean(dim=1, keepdim=True), _WINDOW_SIGMA)
    moves = pixels > _MIN_SHIFT_PX
    better = moves & (moving < _MAX_ERROR_RATIO * still)
    if better.float().mean() > _CAMERA_MOTION_SHARE:
        better = moves & (moving < still + _NOISE_ALLOWANCE)
    return torch.where(better, flow, torch.zeros_like(flow))


def _warp(picture: Tensor, flow: Tensor) -> Tensor:
    if not flow.any():
        return picture
    grid = _identity_grid(flow) + 2 * flow.permute(0, 2, 3, 1)
    return F.grid_sample(picture, grid, mode="bicubic", padding_mode="border", align_corners=False)


def _inside_mask(flow: Tensor) -> Tensor:
    """1 where the flow comes from within the picture."""
    places = (_identity_grid(flow) + 2 * flow.permute(0, 2, 3, 1)).abs().amax(dim=-1)
    return (places <= 1).to(flow.dtype)[:, None]


def _identity_grid(flow: Tensor) -> Tensor:
    height, width = flow.shape[-2:]
    same = torch.eye(2, 3, dtype=flow.dtype, device=flow.device)[None]
    return F.affine_grid(same, [1, 1, height, width], align_corners=False)


def _luminance(picture: Tensor) -> Tensor:
    weights = picture.new_tensor(_LUMINANCE_BT709)[:, None, None]
    return (picture * weights).sum(dim=1, keepdim=True)
