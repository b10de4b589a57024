"""Where the faces of a picture are, and the mask of a dream on them or around them.

Faces are found with dlib's detector in an image pyramid. The same picture gives the same mask, so that a
recipe only says `where`.
"""

from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from dreambot.engine.images import resize, to_tensor
from dreambot.errors import UserError
from dreambot.media.picture import DreamInputs, Pixels
from dreambot.recipe import Recipe
from dreambot.zoo.architectures.face_detector import FIRST_CENTRE, STRIDE, WINDOW, FaceDetector

_LONG_SIDE = 800
"""In pixels, of the largest image that is searched. Faces down to a tenth of it are found."""
_MAX_ENLARGEMENT = 2.0
_PYRAMID_STEP = 5 / 6
_MAX_FACES = 64

_MAX_IOU, _MAX_COVERED = 0.3, 0.6
"""Two faces that overlap more than that are one."""


@dataclass(frozen=True)
class Face:
    """A square around a face, from the brows to the chin.

    Attributes:
        x: Its centre, as a share of the width.
        y: Its centre, as a share of the height.
        side: Its side in pixels of the picture.
        score: How certain it is, above 0.
    """

    x: float
    y: float
    side: float
    score: float


def find_faces(detector: FaceDetector, rgb: Pixels, device: torch.device) -> list[Face]:
    """Finds the faces of a picture.

    Args:
        detector: The detector, on `device`.
        rgb: `[h, w, 3]` uint8.
        device: The device.

    Returns:
        At most 64 faces, the most certain first.
    """
    height, width = rgb.shape[:2]
    image = to_tensor(rgb, device)
    scale = min(_MAX_ENLARGEMENT, _LONG_SIDE / max(width, height))
    found: list[Face] = []
    while scale * min(width, height) >= WINDOW / 2:
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        with torch.no_grad():
            scores = detector(resize(image, *size)).cpu()
        for row, column in (scores > 0).nonzero().tolist():
            x, y = (STRIDE * index + FIRST_CENTRE - WINDOW / 2 for index in (column, row))
            found.append(Face(x / size[0], y / size[1], WINDOW / scale, float(scores[row, column])))
        scale *= _PYRAMID_STEP
    return _without_overlaps(found, width, height)


def _without_overlaps(found: list[Face], width: int, height: int) -> list[Face]:
    kept: list[Face] = []
    for face in sorted(found, key=lambda face: face.score, reverse=True):
        if len(kept) < _MAX_FACES and not any(_overlap(face, other, width, height) for other in kept):
            kept.append(face)
    return kept


def _overlap(one: Face, other: Face, width: int, height: int) -> bool:
    reach = (one.side + other.side) / 2
    smaller = min(one.side, other.side)
    across = min(smaller, reach - abs(one.x - other.x) * width)
    down = min(smaller, reach - abs(one.y - other.y) * height)
    shared = max(0.0, across) * max(0.0, down)
    union = one.side**2 + other.side**2 - shared
    return shared / union > _MAX_IOU or shared / smaller**2 > _MAX_COVERED


_RADII = (0.55, 0.72)
"""Half width and half height of the ellipse of a face, relative to the side of its square."""
_SOFT_EDGE = 0.4
"""Width of the ellipse's edge, relative to its radii."""


def face_mask(faces: list[Face], width: int, height: int) -> Tensor:
    """Draws soft ellipses.

    Args:
        faces: Faces of a picture of this size.
        width: In pixels.
        height: In pixels.

    Returns:
        `[height, width]`, 1 on the faces, 0 away from them.
    """
    rows, columns = torch.arange(height)[:, None] + 0.5, torch.arange(width)[None] + 0.5
    mask = torch.zeros(height, width)
    for face in faces:
        across = (columns - face.x * width) / (_RADII[0] * face.side)
        down = (rows - face.y * height) / (_RADII[1] * face.side)
        distance = (across.square() + down.square()).sqrt()
        mask = torch.maximum(mask, ((1 + _SOFT_EDGE - distance) / _SOFT_EDGE).clamp(0, 1))
    return mask


def with_face_mask(inputs: DreamInputs, recipe: Recipe, detector: FaceDetector) -> DreamInputs:
    """Adds the mask of a recipe that dreams on the faces or around them; another mask holds as well.

    Args:
        inputs: The inputs, with a picture as the source.
        recipe: A recipe whose `where` is not `everywhere`.
        detector: The detector.

    Raises:
        UserError: There is no face in the picture.
        ValueError: There is no picture.
    """
    if inputs.source is None:
        raise ValueError("there is no picture to search")
    device = next(detector.buffers()).device
    faces = find_faces(detector, inputs.source, device)
    if not faces:
        raise UserError("errors-no-face")
    height, width = inputs.source.shape[:2]
    mask = face_mask(faces, width, height)
    if recipe.where == "background":
        mask = 1 - mask
    if inputs.mask is not None:
        given = torch.from_numpy(inputs.mask.astype(np.float32) / 255)[None, None]
        mask = mask * resize(given, width, height)[0, 0].clamp(0, 1)
    return replace(inputs, mask=(mask * 255).round().byte().numpy())
