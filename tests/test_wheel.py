"""The sdist and the wheel that is built from it, installed in an environment of its own and run elsewhere."""

import os
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest
from PIL import Image

import dreambot
from dreambot.media.metadata import read_recipe
from dreambot.zoo.weights import locate
from tests.support import require

ROOT = Path(__file__).parents[1]
PACKAGES = ("dreambot", "cogs")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist and the wheel."""
    made = tmp_path_factory.mktemp("built")
    # The sdist first, and the wheel from it.
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(made), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    return made


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel; its dependencies are those of this one, without the checkout."""
    environment = tmp_path_factory.mktemp("installed") / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
    [site] = environment.glob("lib/python*/site-packages")
    # Of the folder that a .pth file names, no .pth files are read: the editable install is one.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    [wheel] = built.glob("*.whl")
    pip = [environment / "bin" / "python", "-m", "pip", "install", "-q"]
    subprocess.run([*pip, "--no-deps", "--no-index", "--ignore-installed", wheel], check=True)
    return environment


@pytest.fixture
def strange_folder(tmp_path: Path) -> Path:
    """A folder with a `cogs` package that is not ours and would do harm."""
    (tmp_path / "cogs").mkdir()
    (tmp_path / "cogs" / "__init__.py").write_text("")
    (tmp_path / "cogs" / "dream.py").write_text("raise SystemExit('a stranger was let in')")
    return tmp_path


def run(
    installed: Path, program: str, *words: str, cwd: Path, **more: str
) -> "subprocess.CompletedProcess[str]":
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "DREAMBOT_"))}
    return subprocess.run(
        [installed / "bin" / program, *words],
        cwd=cwd,
        env=env | more,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )


def test_both_contain_every_file_and_no_tests(built: Path) -> None:
    here = {
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    [wheel], [sdist] = built.glob("*.whl"), built.glob("*.tar.gz")
    with zipfile.ZipFile(wheel) as archive:
        in_wheel = set(archive.namelist())
    with tarfile.open(sdist) as archive:
        in_sdist = {name.partition("/")[2] for name in archive.getnames()}
    for contained in (in_wheel, in_sdist):
        assert here <= contained, here - contained
        assert not [name for name in contained if name.startswith(("tests", "benchmarks"))]
    assert {"locks/video.txt", "LICENSE", "THIRD_PARTY.md"} <= in_sdist


def test_the_version_is_that_of_the_code(built: Path, installed: Path, tmp_path: Path) -> None:
    assert all(path.name.startswith(f"dreambot-{dreambot.__version__}") for path in built.iterdir())
    assert (
        run(installed, "dreambot", "--version", cwd=tmp_path).stdout == f"dreambot {dreambot.__version__}\n"
    )
    found = "import dreambot, cogs; print(dreambot.__file__, cogs.__path__)"
    said = run(installed, "python", "-c", found, cwd=tmp_path).stdout
    assert said.count(str(installed)) == 2
    assert str(ROOT) not in said


def test_a_strangers_cogs_are_not_loaded(installed: Path, strange_folder: Path) -> None:
    done = run(
        installed,
        *("python", "-m", "dreambot", "run"),
        cwd=strange_folder,
        DREAMBOT_TOKEN="x",
        DREAMBOT_DATA_DIR=str(strange_folder / "data"),
        DREAMBOT_DISCORD_API="http://127.0.0.1:9/api/v10",
    )
    assert done.returncode == 2
    assert "cogs" in done.stderr
    assert "stranger was let in" not in done.stderr
    assert "Traceback" not in done.stderr


def test_started_by_its_script_the_folder_does_not_matter(installed: Path, strange_folder: Path) -> None:
    for words in (("--help",), ("presets",), ("layers",)):
        done = run(installed, "dreambot", *words, cwd=strange_folder)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout


@pytest.mark.weights
def test_it_dreams(installed: Path, tmp_path: Path) -> None:
    require("weights", locate("inception_v3") is not None)
    cat = ROOT / "dreambot" / "sandbox" / "samples" / "cat.jpg"
    words = ("dream", str(cat), "-o", "out.png", "--max-pixels", "16384", "--preset", "eyes")
    done = run(installed, "dreambot", *words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    with Image.open(tmp_path / "out.png") as picture:
        assert max(picture.size) > 100
    assert read_recipe(tmp_path / "out.png")
