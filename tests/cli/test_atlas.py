"""The layer atlas."""

from pathlib import Path

import pytest
from PIL import Image

from dreambot.cli.atlas import SIDE, draw_atlas, layer_pictures
from dreambot.cli.context import DeviceChoice
from dreambot.errors import UserError
from dreambot.zoo import weights
from tests.support import require


@pytest.mark.weights
def test_each_layer_has_a_thumbnail_and_a_place_on_the_sheet(tmp_path: Path) -> None:
    require("weights", weights.locate("inception_v3") is not None)
    folder = tmp_path / "atlas"
    draw_atlas("inception_v3", layer_pictures("inception_v3", ["conv4"]), folder, None, DeviceChoice("cpu"))
    sizes = {}
    for path in folder.iterdir():
        with Image.open(path) as image:
            sizes[path.name] = image.size
    assert set(sizes) == {"inception_v3-conv4.jpg", "inception_v3.jpg"}
    width, height = sizes["inception_v3-conv4.jpg"]
    assert 0.9 * SIDE * SIDE < width * height <= SIDE * SIDE
    assert sizes["inception_v3.jpg"][1] > height


def test_a_folder_that_cannot_be_created_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="cannot be made"):
        draw_atlas(
            "inception_v3",
            layer_pictures("inception_v3", ["conv4"]),
            tmp_path / "file" / "atlas",
            None,
            DeviceChoice("cpu"),
        )
