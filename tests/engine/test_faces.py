"""Dreams on the faces of a picture, or around them."""

from pathlib import Path

import numpy as np
import pytest
import skimage
import torch
from PIL import Image
from torch import Tensor

from dreambot.engine.faces import find_faces, with_face_mask
from dreambot.errors import UserError
from dreambot.media.picture import DreamInputs, Pixels
from dreambot.zoo import cache
from dreambot.zoo.architectures.face_detector import FIRST_CENTRE, STRIDE, WINDOW, FaceDetector
from dreambot.zoo.catalogue import FACE_DETECTOR
from dreambot.zoo.weights import detector_tensors
from tests.engine.tiny import dreamed, tiny_network, tiny_recipe
from tests.support import require

SIZE = (200, 160)


class FakeDetector(FaceDetector):
    """Finds a face in the window around each white pixel."""

    def __init__(self) -> None:
        torch.nn.Module.__init__(self)
        self.register_buffer("anywhere", torch.zeros(1))

    def forward(self, image: Tensor) -> Tensor:
        """See `FaceDetector`."""
        height, width = image.shape[-2:]
        scores = torch.full((height // STRIDE + 2, width // STRIDE + 2), -1.0)
        for y, x in (image[0].mean(dim=0) > 0.99).nonzero().tolist():
            row, column = (round((at - FIRST_CENTRE + WINDOW / 2) / STRIDE) for at in (y, x))
            scores[row, column] = 1
        return scores


def picture(*, face: bool = True) -> Pixels:
    rgb = np.random.default_rng(1).integers(0, 200, (SIZE[1], SIZE[0], 3), np.uint8)
    if face:
        rgb[60:63, 50:53] = 255
    return rgb


@pytest.mark.parametrize("where", ["faces", "background"])
def test_only_that_part_is_dreamed(where: str) -> None:
    rgb = picture()
    recipe = tiny_recipe(width=SIZE[0], height=SIZE[1], where=where, octaves=1)
    inputs = with_face_mask(DreamInputs(rgb), recipe, FakeDetector())
    change = np.abs(dreamed(tiny_network(), inputs, recipe).astype(int) - rgb).max(axis=2)
    on_the_face, far_away = change[58:66, 48:56], change[:, 150:]
    dreamt, kept = (on_the_face, far_away) if where == "faces" else (far_away, on_the_face)
    assert dreamt.mean() > 1
    assert not kept.any()


def test_another_mask_holds_as_well() -> None:
    left = np.zeros((SIZE[1], SIZE[0]), np.uint8)
    left[:, :50] = 255
    recipe = tiny_recipe(width=SIZE[0], height=SIZE[1], where="faces")
    mask = with_face_mask(DreamInputs(picture(), mask=left), recipe, FakeDetector()).mask
    assert mask is not None
    assert mask[60, 40] > 250
    assert not mask[:, 60:].any()


def test_a_picture_without_a_face_is_an_error() -> None:
    with pytest.raises(UserError, match="no face"):
        with_face_mask(DreamInputs(picture(face=False)), tiny_recipe(where="faces"), FakeDetector())


def test_the_detector_finds_faces_and_nothing_else() -> None:
    require("weights", cache.find_converted(FACE_DETECTOR.converted) is not None)
    detector = FaceDetector({name: torch.from_numpy(array) for name, array in detector_tensors().items()})
    found = []
    for name in ("astronaut.png", "coffee.png"):
        with Image.open(Path(skimage.__file__).parent / "data" / name) as photo:
            rgb = np.asarray(photo.convert("RGB"))
        found.append(find_faces(detector, rgb, torch.device("cpu")))
    [face], nothing = found
    assert not nothing
    # Where dlib finds it: 175, 76, 265, 166.
    assert face.x * 512 == pytest.approx(220, abs=8)
    assert face.y * 512 == pytest.approx(121, abs=12)
    assert face.side == pytest.approx(90, rel=0.3)
