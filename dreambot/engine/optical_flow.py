"""Dense optical flow between two images, so that a dream moves along with the video.

The method is that of Lucas and Kanade ("An iterative image registration technique with an application
to stereo vision", 1981), coarse to fine as in Bouguet (2000): in every window, the shift that best explains,
to first order, how the image changed.
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
# Downscaling of the image in which flat regions take the flow of their surroundings
_FILL_DOWNSCALE = 6
# Windows with less structure than this, in squared units of an image in [-1, 1], have no reliable flow
_REGULARIZATION = 1e-4
# Smaller shifts, in pixels at a long side of _LONG_SIDE, are noise; without a shift nothing is resampled
_MIN_SHIFT_PX = 0.2
_MAX_ERROR_RATIO = 0.9
_NOISE_ALLOWANCE = 0.02
_CAMERA_MOTION_SHARE = 0.4
# Weights of RGB in the luminance (ITU-R BT.709)
_LUMINANCE_BT709 = (0.2126, 0.7152, 0.0722)


@dataclass(frozen=True)
class OpticalFlow:
    """The motion between two images.

    Attributes:
        flow: `[1, 2, height, width]`: for each pixel of the later image, how far to the right and down of it,
            as a fraction of width and height, it was in the earlier image.
        trust: `[1, 1, height, width]`: 1 where the later image is explained by moving the earlier one,
            falling to 0 where something else is visible.
    """

    flow: Tensor
    trust: Tensor

    def warp(self, earlier: Tensor) -> Tensor:
        """Moves something from its place in the earlier image to its place in the later one.

        Args:
            earlier: `[1, channels, h, w]`, at any resolution.

        Returns:
            The moved tensor, of the same shape.
        """
        height, width = earlier.shape[-2:]
        return _warp(earlier, F.interpolate(self.flow, (height, width), mode="bilinear"))


def estimate_optical_flow(earlier: Tensor, later: Tensor, tolerance: float) -> OpticalFlow:
    """Estimates the motion between two images.

    Args:
        earlier: `[1, 3, height, width]` in [-1, 1].
        later: The later image, of the same shape and range.
        tolerance: Mean change of a pixel, after the motion, that lowers the trust to a third.
    """
    height, width = later.shape[-2:]
    scale = min(1.0, _LONG_SIDE / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    before, after = resize(earlier, *size), resize(later, *size)
    grey_before = gaussian_blur(_luminance(before), _PRESMOOTHING_SIGMA)
    grey_after = gaussian_blur(_luminance(after), _PRESMOOTHING_SIGMA)
    flow = _fill_flat_regions(_lucas_kanade(grey_before, grey_after), grey_after)
    flow = _discard_unreliable(before, after, flow)
    residual = gaussian_blur((after - _warp(before, flow)).abs().mean(dim=1, keepdim=True), 1.0)
    trust = torch.exp(-(residual / tolerance).square()) * _inside_mask(flow)
    return OpticalFlow(flow, F.interpolate(trust, (height, width), mode="bilinear"))


def _lucas_kanade(before: Tensor, after: Tensor) -> Tensor:
    """Estimates the flow between grey images `[1, 1, height, width]` at their size."""
    height, width = after.shape[-2:]
    flow = torch.zeros(1, 2, height, width, dtype=after.dtype, device=after.device)
    if min(height, width) >= 2 * _SMALLEST_SIDE:
        halves = (max(1, width // 2), max(1, height // 2))
        coarse = _lucas_kanade(resize(before, *halves), resize(after, *halves))
        flow = F.interpolate(coarse, (height, width), mode="bilinear")
    for _ in range(_ITERATIONS):
        flow = flow + _lucas_kanade_update(_warp(before, flow), after)
    return gaussian_blur(flow, 1.0)


def _lucas_kanade_update(warped: Tensor, after: Tensor) -> Tensor:
    """Returns the correction of the flow: least squares of after − warped − ∇warped · shift per window."""
    dx, dy = _image_gradient(warped)
    change = after - warped
    products = (dx * dx, dx * dy, dy * dy, dx * change, dy * change)
    xx, xy, yy, xt, yt = gaussian_blur(torch.cat(products, dim=1), _WINDOW_SIGMA).tensor_split(5, dim=1)
    xx, yy = xx + _REGULARIZATION, yy + _REGULARIZATION
    determinant = xx * yy - xy * xy
    shift: Tensor = torch.cat([yy * xt - xy * yt, xx * yt - xy * xt], dim=1) / determinant
    # The first-order model does not hold beyond one pixel.
    return shift.clamp(-1, 1) / _size(after)


def _fill_flat_regions(flow: Tensor, after: Tensor) -> Tensor:
    """Spreads the flow of regions with structure to flat regions around them.

    A bare wall moves with the pictures that hang on it.
    """
    dx, dy = _image_gradient(after)
    products = torch.cat([dx * dx, dx * dy, dy * dy], dim=1)
    xx, xy, yy = gaussian_blur(products, _WINDOW_SIGMA).tensor_split(3, dim=1)
    # Approximately the smaller eigenvalue: an edge fixes the flow in one direction only.
    structure = (xx * yy - xy * xy) / (xx + yy + _REGULARIZATION)
    known = structure / (structure + _REGULARIZATION)
    height, width = after.shape[-2:]
    size = max(1, width // _FILL_DOWNSCALE), max(1, height // _FILL_DOWNSCALE)
    around = gaussian_blur(resize(torch.cat([known * flow, known], dim=1), *size), _WINDOW_SIGMA)
    around = F.interpolate(around[:, :2] / (around[:, 2:] + 1e-4), (height, width), mode="bilinear")
    return torch.lerp(around, flow, known)


def _image_gradient(grey: Tensor) -> tuple[Tensor, Tensor]:
    padded = F.pad(grey, (1, 1, 1, 1), mode="replicate")
    dx = (padded[..., 1:-1, 2:] - padded[..., 1:-1, :-2]) / 2
    return dx, (padded[..., 2:, 1:-1] - padded[..., :-2, 1:-1]) / 2


def _size(image: Tensor) -> Tensor:
    return image.new_tensor([image.shape[-1], image.shape[-2]])[:, None, None]


def _discard_unreliable(before: Tensor, after: Tensor, flow: Tensor) -> Tensor:
    """Keeps the flow where it explains the later image better than no motion.

    If most of the image moves, the camera does, and the flow is also kept where it is no worse.
    """
    pixels = (flow * _size(after)).square().sum(dim=1, keepdim=True).sqrt()
    still = gaussian_blur((after - before).abs().mean(dim=1, keepdim=True), _WINDOW_SIGMA)
    warped = gaussian_blur((after - _warp(before, flow)).abs().mean(dim=1, keepdim=True), _WINDOW_SIGMA)
    moves = pixels > _MIN_SHIFT_PX
    better = moves & (warped < _MAX_ERROR_RATIO * still)
    if better.float().mean() > _CAMERA_MOTION_SHARE:
        better = moves & (warped < still + _NOISE_ALLOWANCE)
    return torch.where(better, flow, torch.zeros_like(flow))


def _warp(image: Tensor, flow: Tensor) -> Tensor:
    if not flow.any():
        return image
    grid = _identity_grid(flow) + 2 * flow.permute(0, 2, 3, 1)
    return F.grid_sample(image, grid, mode="bicubic", padding_mode="border", align_corners=False)


def _inside_mask(flow: Tensor) -> Tensor:
    """Returns 1 where the flow points inside the earlier image, 0 elsewhere."""
    positions = (_identity_grid(flow) + 2 * flow.permute(0, 2, 3, 1)).abs().amax(dim=-1)
    return (positions <= 1).to(flow.dtype)[:, None]


def _identity_grid(flow: Tensor) -> Tensor:
    height, width = flow.shape[-2:]
    identity = torch.eye(2, 3, dtype=flow.dtype, device=flow.device)[None]
    return F.affine_grid(identity, [1, 1, height, width], align_corners=False)


def _luminance(image: Tensor) -> Tensor:
    weights = image.new_tensor(_LUMINANCE_BT709)[:, None, None]
    return (image * weights).sum(dim=1, keepdim=True)
