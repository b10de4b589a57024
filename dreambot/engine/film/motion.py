"""What moved between two pictures, so that a dream can move along.

A dense flow after Lucas and Kanade ("An iterative image registration technique with an application to stereo
vision", 1981), coarse to fine as Bouguet (2000): in every window the shift that explains best, to first
order, how the picture changed.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from dreambot.engine.pictures import resize, smooth

_LONG_SIDE = 224
_SMALLEST_SIDE = 12
_ROUNDS = 4
_WINDOW = 2.5
_SOFT = 1.0
# That many pixels are one when the flow of a neighbourhood is found
_WIDE = 6
# Windows with less structure than this, in squared units of a [-1, 1] picture, do not tell where they went
_RIDGE = 1e-4
# Smaller shifts, in pixels of the long side's _LONG_SIDE, are noise; and what needs no move is not resampled
_LEAST = 0.2
_BETTER = 0.9
_NOISE = 0.02
_MOST = 0.4
# Luminance, as BT.709 weighs it
_GREY = (0.2126, 0.7152, 0.0722)


@dataclass(frozen=True)
class Motion:
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
        return _fetched(earlier, F.interpolate(self.flow, (height, width), mode="bilinear"))


def motion(earlier: Tensor, later: Tensor, tolerance: float) -> Motion:
    """The motion between two pictures, (1, 3, H, W) in [-1, 1].

    tolerance: the mean change of a spot that lowers trust to a third.
    """
    height, width = later.shape[-2:]
    scale = min(1.0, _LONG_SIDE / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    before, after = resize(earlier, *size), resize(later, *size)
    one, other = smooth(_grey(before), _SOFT), smooth(_grey(after), _SOFT)
    flow = _believed(before, after, _spread(_flow(one, other), other))
    left = smooth((after - _fetched(before, flow)).abs().mean(dim=1, keepdim=True), 1.0)
    trust = torch.exp(-(left / tolerance).square()) * _inside(flow)
    return Motion(flow, F.interpolate(trust, (height, width), mode="bilinear"))


def _flow(before: Tensor, after: Tensor) -> Tensor:
    """The flow between grey pictures, at their size."""
    height, width = after.shape[-2:]
    flow = torch.zeros(1, 2, height, width, dtype=after.dtype, device=after.device)
    if min(height, width) >= 2 * _SMALLEST_SIDE:
        halves = (max(1, width // 2), max(1, height // 2))
        coarse = _flow(resize(before, *halves), resize(after, *halves))
        flow = F.interpolate(coarse, (height, width), mode="bilinear")
    for _ in range(_ROUNDS):
        flow = flow + _refinement(_fetched(before, flow), after)
    return smooth(flow, 1.0)


def _refinement(moved: Tensor, after: Tensor) -> Tensor:
    """How much further to look: the least squares of after − moved − ∇moved · shift in each window."""
    across, down = _slopes(moved)
    change = after - moved
    products = (across * across, across * down, down * down, across * change, down * change)
    xx, xy, yy, xt, yt = smooth(torch.cat(products, dim=1), _WINDOW).tensor_split(5, dim=1)
    xx, yy = xx + _RIDGE, yy + _RIDGE
    determinant = xx * yy - xy * xy
    shift: Tensor = torch.cat([yy * xt - xy * yt, xx * yt - xy * xt], dim=1) / determinant
    # Beyond a pixel, first order says nothing
    return shift.clamp(-1, 1) / _size(after)


def _spread(flow: Tensor, after: Tensor) -> Tensor:
    """The flow of places with structure, spread to those around them that have none: a bare wall moves with
    what hangs on it."""
    across, down = _slopes(after)
    products = torch.cat([across * across, across * down, down * down], dim=1)
    xx, xy, yy = smooth(products, _WINDOW).tensor_split(3, dim=1)
    # About the smaller eigenvalue: what an edge shows only along one direction does not count
    structure = (xx * yy - xy * xy) / (xx + yy + _RIDGE)
    known = structure / (structure + _RIDGE)
    height, width = after.shape[-2:]
    halves = max(1, width // _WIDE), max(1, height // _WIDE)
    around = smooth(resize(torch.cat([known * flow, known], dim=1), *halves), _WINDOW)
    around = F.interpolate(around[:, :2] / (around[:, 2:] + 1e-4), (height, width), mode="bilinear")
    return torch.lerp(around, flow, known)


def _slopes(grey: Tensor) -> tuple[Tensor, Tensor]:
    padded = F.pad(grey, (1, 1, 1, 1), mode="replicate")
    across = (padded[..., 1:-1, 2:] - padded[..., 1:-1, :-2]) / 2
    return across, (padded[..., 2:, 1:-1] - padded[..., :-2, 1:-1]) / 2


def _size(picture: Tensor) -> Tensor:
    return picture.new_tensor([picture.shape[-1], picture.shape[-2]])[:, None, None]


def _believed(before: Tensor, after: Tensor, flow: Tensor) -> Tensor:
    """The flow where it explains the later picture better than standing still does; where it does so no
    worse, too, if most of the picture moves: then the camera does."""
    pixels = (flow * _size(after)).square().sum(dim=1, keepdim=True).sqrt()
    still = smooth((after - before).abs().mean(dim=1, keepdim=True), _WINDOW)
    moving = smooth((after - _fetched(before, flow)).abs().mean(dim=1, keepdim=True), _WINDOW)
    moves = pixels > _LEAST
    better = moves & (moving < _BETTER * still)
    if better.float().mean() > _MOST:
        better = moves & (moving < still + _NOISE)
    return torch.where(better, flow, torch.zeros_like(flow))


def _fetched(picture: Tensor, flow: Tensor) -> Tensor:
    if not flow.any():
        return picture
    grid = _grid(flow) + 2 * flow.permute(0, 2, 3, 1)
    return F.grid_sample(picture, grid, mode="bicubic", padding_mode="border", align_corners=False)


def _inside(flow: Tensor) -> Tensor:
    """1 where the flow comes from within the picture."""
    places = (_grid(flow) + 2 * flow.permute(0, 2, 3, 1)).abs().amax(dim=-1)
    return (places <= 1).to(flow.dtype)[:, None]


def _grid(flow: Tensor) -> Tensor:
    height, width = flow.shape[-2:]
    same = torch.eye(2, 3, dtype=flow.dtype, device=flow.device)[None]
    return F.affine_grid(same, [1, 1, height, width], align_corners=False)


def _grey(picture: Tensor) -> Tensor:
    weights = picture.new_tensor(_GREY)[:, None, None]
    return (picture * weights).sum(dim=1, keepdim=True)
