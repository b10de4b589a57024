"""The wheel, installed in a folder that contains foreign files."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel's contents, and nothing of the checkout."""
    made, site = tmp_path_factory.mktemp("wheel"), tmp_path_factory.mktemp("site")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(made), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = made.glob("*.whl")
    subprocess.run([sys.executable, "-m", "zipfile", "-e", str(wheel), str(site)], check=True)
    return site


@pytest.fixture
def strange_folder(tmp_path: Path) -> Path:
    """A folder with a `cogs` package that is not ours and would do harm."""
    (tmp_path / "cogs").mkdir()
    (tmp_path / "cogs" / "__init__.py").write_text("")
    (tmp_path / "cogs" / "dream.py").write_text("raise SystemExit('a stranger was let in')")
    return tmp_path


def python(installed: Path, cwd: Path, *words: str, **more: str) -> "subprocess.CompletedProcess[str]":
    # The editable install puts the checkout on the path; the wheel must come before it.
    env = {**os.environ, "PYTHONPATH": str(installed), **more}
    return subprocess.run(
        [sys.executable, *words], cwd=cwd, env=env, capture_output=True, text=True, timeout=200, check=False
    )


def test_the_wheel_contains_every_file(installed: Path) -> None:
    for part in (
        "dreambot/py.typed",
        "dreambot/recipe/data/dial.json",
        "dreambot/recipe/data/layers/inception_v3.toml",
        "dreambot/recipe/data/presets.toml",
        "dreambot/sandbox/page/index.html",
        "dreambot/sandbox/samples/cat.jpg",
        "dreambot/jobs/migrations/env.py",
        "dreambot/bot/examples/first.jpg",
        "dreambot/bot/pages/layer_images/inception_v3-mixed4.jpg",
        "dreambot/i18n/ja/core.ftl",
        "cogs/dream.py",
    ):
        assert (installed / part).is_file(), part
    assert not (installed / "tests").exists()
    assert not (installed / "benchmarks").exists()


def test_the_installed_wheel_is_tested(installed: Path, strange_folder: Path) -> None:
    done = python(installed, strange_folder, "-P", "-c", "import dreambot; print(dreambot.__file__)")
    assert done.stdout.strip().startswith(str(installed))


def test_a_strangers_cogs_are_not_loaded(installed: Path, strange_folder: Path) -> None:
    done = python(
        installed,
        strange_folder,
        *("-m", "dreambot", "run"),
        DREAMBOT_TOKEN="x",
        DREAMBOT_DATA_DIR=str(strange_folder / "data"),
        DREAMBOT_DISCORD_API="http://127.0.0.1:9/api/v10",
    )
    assert done.returncode == 2
    assert "cogs" in done.stderr
    assert "stranger was let in" not in done.stderr
    assert "Traceback" not in done.stderr


def test_started_by_its_script_the_folder_does_not_matter(installed: Path, strange_folder: Path) -> None:
    script = "import sys; from dreambot.cli import main; sys.argv = ['dreambot', '--help']; main()"
    done = python(installed, strange_folder, "-P", "-c", script)
    assert done.returncode == 0
    assert "dream" in done.stdout
