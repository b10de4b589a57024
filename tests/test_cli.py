"""The command line as somebody in a shell sees it."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dreambot.zoo import weights
from tests.support import require

HEAVY = {"torch", "discord", "sqlalchemy", "av", "ray", "numpy", "PIL", "aiohttp"}


def dreambot(*words: str | Path, cwd: Path | None = None) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "dreambot", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, timeout=240, check=False)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A small picture with something in it."""
    ramp = np.linspace(0, 255, 97 * 131 * 3).reshape(97, 131, 3)
    path = tmp_path / "photo.png"
    Image.fromarray((ramp % 200).astype(np.uint8)).save(path)
    return path


def test_help_imports_nothing_heavy() -> None:
    script = (
        "import sys\nfrom dreambot.cli import main\nsys.argv = ['dreambot', '--help']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print(sorted({HEAVY!r} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    assert all(command in done.stdout for command in ("dream", "recipe", "run", "try", "sandbox", "models"))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("missing.jpg", "-o", "out.png"), "no file missing.jpg"),
        ((".", "-o", "out.png"), "is a folder"),
        (("photo.png", "-o", "nowhere/out.png"), "no folder nowhere"),
        (("photo.png", "-o", "out.txt"), ".png"),
        (("photo.png", "-o", "out.png", "--layer", "mixd5"), "did you mean mixed5"),
        (("photo.png", "-o", "out.png", "--intensity", "12"), "1 to 11"),
        (("photo.png", "-o", "out.png", "--seed", "-1"), "whole number from 0"),
        (("photo.png", "-o", "out.png", "--preset", "clasic"), "classic"),
        (("photo.png", "-o", "out.png", "--device", "cuda:77"), "cuda:77"),
        (("photo.png", "-o", "out.png", "--recipe", "photo.png"), "carries no recipe"),
        (("photo.png", "-o", "out.png", "--recipe", "bad.json"), "recipe"),
        (("photo.png", "-o", "out.png", "--recipe", "photo.png", "--seed", "3"), "leave them out"),
        (("bad.json", "-o", "out.png"), "not a picture"),
        (("empty.png", "-o", "out.png"), "empty"),
    ],
)
def test_bad_input_is_one_sentence_and_writes_nothing(
    photo: Path, tmp_path: Path, words: tuple[str, ...], expected: str
) -> None:
    (tmp_path / "bad.json").write_text('{"version": 1, "steps": 1000000000}')
    (tmp_path / "empty.png").touch()
    before = sorted(tmp_path.iterdir())
    done = dreambot("dream", *words, cwd=tmp_path)
    assert done.returncode == 2
    assert expected in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.weights
def test_a_dream_is_repeated_to_the_pixel(photo: Path, tmp_path: Path) -> None:
    require("weights", weights.locate("inception_v3") is not None)
    first, again = tmp_path / "out.png", tmp_path / "again.png"
    made = dreambot("dream", photo, "-o", first, "--layer", "mixed2", "--intensity", "5", "--device", "cpu")
    assert made.returncode == 0, made.stderr
    assert "layer:mixed2 intensity:5 seed:" in made.stderr
    with Image.open(first) as image:
        assert min(image.size) >= 97
    assert dreambot("dream", photo, "--recipe", first, "-o", again, "--device", "cpu").returncode == 0
    assert np.array_equal(np.asarray(Image.open(first)), np.asarray(Image.open(again)))
    printed = json.loads(dreambot("recipe", first).stdout)
    assert printed == json.loads(dreambot("recipe", again).stdout)
    assert printed["layers"][0]["layer"] == "mixed2"


def test_no_recipe_is_said(photo: Path) -> None:
    done = dreambot("recipe", photo)
    assert (done.returncode, done.stdout) == (2, "")
    assert "carries no recipe" in done.stderr
