"""The examples, run with small pictures, and what `dreambot.library` refuses."""

import json
import runpy
import sys
from collections.abc import Callable, Sized
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dreambot.errors import UserError
from dreambot.library import Dreamer
from dreambot.media.metadata import read_recipe
from dreambot.recipe import Recipe
from dreambot.zoo import weights
from tests.support import require

EXAMPLES = Path(__file__).parents[1] / "examples"
Run = Callable[..., Path]

pytestmark = pytest.mark.weights


@pytest.fixture(scope="module")
def dreamer() -> Dreamer:
    require("weights", weights.locate("inception_v3") is not None)
    return Dreamer("cpu", max_pixels=65_536)


@pytest.fixture
def photo() -> Image.Image:
    ramp = np.arange(48 * 64 * 3).reshape(48, 64, 3) % 251
    return Image.fromarray(ramp.astype(np.uint8))


@pytest.fixture
def run(dreamer: Dreamer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, photo: Image.Image) -> Run:
    """Runs an example in a folder with pictures, with a network that is loaded already."""
    (tmp_path / "photos").mkdir()
    photo.save(tmp_path / "photos" / "one.png")
    photo.rotate(90).save(tmp_path / "photos" / "two.jpg")
    (tmp_path / "photos" / "notes.txt").write_text("no picture")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("dreambot.library.Dreamer", lambda *_, **__: dreamer)

    def run_script(name: str, *words: str) -> Path:
        monkeypatch.setattr(sys, "argv", [name, *words])
        runpy.run_path(str(EXAMPLES / name), run_name="__main__")
        return tmp_path

    return run_script


def test_dream_a_folder(run: Run) -> None:
    folder = run("dream_a_folder.py", "photos", "dreams", "--intensity", "2")
    assert {path.name for path in (folder / "dreams").iterdir()} == {"one.png", "two.png"}
    recipe = Recipe.from_json(read_recipe(folder / "dreams" / "one.png") or "")
    assert (recipe.preset, recipe.intensity) == ("oracle", 2)


def test_hellscape_from_noise(run: Run) -> None:
    folder = run("hellscape_from_noise.py", "hell.webp", "--frames", "3", "--size", "96", "--seed", "1")
    with Image.open(folder / "hell.webp") as video:
        assert (video.n_frames, video.size) == (3, (96, 96))


def test_compare_layers(run: Run) -> None:
    folder = run("compare_layers.py", "photos/one.png", "layers.png", "conv4", "mixed1", "--intensity", "2")
    with Image.open(folder / "layers.png") as row:
        pixels = np.asarray(row)
    left, right = np.hsplit(pixels, 2)
    assert (left != right).any()


def test_the_notebook_runs_and_stores_no_results(run: Run) -> None:
    notebook = json.loads((EXAMPLES / "tour.ipynb").read_text("utf-8"))
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert all(not cell["outputs"] and cell["execution_count"] is None for cell in cells)
    code = "\n".join("".join(cell["source"]) for cell in cells).replace("SIDE = 320", "SIDE = 64")
    names: dict[str, Sized] = {}
    exec(compile(code, "tour.ipynb", "exec"), names)
    assert len(names["frames"]) == 6


def test_every_example_has_a_test() -> None:
    own = Path(__file__).read_text("utf-8")
    examples = [path.name for path in EXAMPLES.iterdir() if path.suffix in (".py", ".ipynb")]
    assert len(examples) >= 4
    assert [name for name in examples if f'"{name}"' not in own] == []


def test_mistakes_are_reported(dreamer: Dreamer, photo: Image.Image, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="mixed99"):
        dreamer.dream(photo, layer="mixed99")
    with pytest.raises(UserError):
        dreamer.dream(layer="mixed4")
    with pytest.raises(ValueError, match=r"dream\.bmp"):
        dreamer.dream(photo, layer="conv4", intensity=1).save(tmp_path / "dream.bmp")
