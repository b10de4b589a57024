"""The shell lines of the README and the docs: they run, or at least parse."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import typer
from PIL import Image

from dreambot import cli
from dreambot.media.metadata import read_recipe
from dreambot.zoo import weights
from tests.media.sounds import beeps, write_sound
from tests.support import require

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
ELSEWHERE = ("--max-pixels", "16384")
"""Makes the README's lines take seconds: small pictures, short dreams."""


def lines(text: str) -> list[str]:
    """Returns the shell lines of a page: those of indented blocks, without comments."""
    blocks = [line.strip() for line in text.splitlines() if line.startswith("    ")]
    return [line for line in (re.sub(r"\s+#.*", "", block) for block in blocks) if line]


def dreambot_lines(text: str) -> list[list[str]]:
    """Returns the words of every dreambot command on a page, in blocks and between backticks."""
    found = [*lines(text), *re.findall(r"`([^`\n]*dreambot [^`\n]*)`", text)]
    commands = [re.sub(r"^(\w+=\S+ )+", "", line) for line in found]
    return [shlex.split(line)[1:] for line in commands if re.match(r"(\.venv/bin/)?dreambot ", line)]


def shorter(line: str) -> str:
    """Returns a line of the README, changed so that it takes less time."""
    words = shlex.split(line)
    if words[:2] == ["dreambot", "hellscape"]:
        line += " --size 96" if "--sound" in words else " --frames 6 --size 96"
    if words[:2] in (["dreambot", "dream"], ["dreambot", "summon"]) and "--recipe" not in words:
        line += f" {' '.join(ELSEWHERE)}"
    return line


def write_files(folder: Path) -> None:
    """photo.jpg, other.jpg, clip.gif and song.mp3."""
    ramp = np.arange(48 * 64 * 3).reshape(48, 64, 3) % 251
    photo = Image.fromarray(ramp.astype(np.uint8))
    photo.save(folder / "photo.jpg")
    photo.rotate(180).save(folder / "other.jpg")
    clip: list[Image.Image] = [photo.rotate(angle) for angle in (2, 4)]
    write_sound(folder / "song.mp3", beeps(0.3, [0.1]), "mp3")
    photo.save(folder / "clip.gif", save_all=True, append_images=clip, duration=100, loop=0)


@pytest.mark.weights
@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_readmes_lines_run(tmp_path: Path) -> None:
    for model in ("inception_v3", "mobilenet_v2", "vgg16"):
        require("weights", weights.locate(model) is not None)
    write_files(tmp_path)
    (tmp_path / ".venv").symlink_to(Path(sys.prefix))
    written = {path.name for path in tmp_path.iterdir()}
    ours = [line for line in lines(README) if re.match(r"dreambot |\. ", line)]
    assert ours[0] == ". .venv/bin/activate"
    assert len(ours) > 8
    script = "\n".join(shorter(line) for line in ours if "--atlas" not in line)
    done = subprocess.run(
        ["bash", "-e", "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=850, check=False
    )
    assert done.returncode == 0, done.stderr
    made = {path.name for path in tmp_path.iterdir()} - written
    assert made == set(re.findall(r"-o (\S+\.\w+)", README)) | {"photo.dream.png", "other.dream.png"}
    with Image.open(tmp_path / "out.png") as one, Image.open(tmp_path / "again.png") as again:
        assert np.array_equal(np.asarray(one), np.asarray(again))
    for name in made:
        if name.endswith(".mp4"):
            assert (tmp_path / name).read_bytes()[4:8] == b"ftyp"
        assert read_recipe(tmp_path / name), name
    assert "dream1.2 inception_v3 mixed5 " in done.stdout


@pytest.mark.weights
def test_the_readmes_atlas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    require("weights", weights.locate("inception_v3") is not None)
    [line] = [line for line in lines(README) if "--atlas" in line]
    monkeypatch.chdir(tmp_path)
    import importlib

    from dreambot.recipe import LAYERS

    # As it stands it takes a minute.
    monkeypatch.setattr(importlib.import_module("dreambot.cli.atlas"), "SIDE", 40)
    monkeypatch.setattr(importlib.import_module("dreambot.cli.atlas"), "INTENSITY", 1)
    monkeypatch.setattr(sys, "argv", shlex.split(line))
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert not ended.value.code
    offered = [layer.name for layer in LAYERS["inception_v3"] if layer.offered]
    wanted = {"inception_v3.jpg", *(f"inception_v3-{name}.jpg" for name in offered)}
    assert {path.name for path in (tmp_path / "FOLDER").iterdir()} == wanted


def test_the_readmes_lines_for_hosts(tmp_path: Path) -> None:
    copy, setup, run = lines(README)[-3:]
    assert (copy, setup) == ("cp .env.example .env", "make setup")
    assert run == ".venv/bin/dreambot run"
    (tmp_path / ".env.example").write_bytes((ROOT / ".env.example").read_bytes())
    (tmp_path / ".venv").symlink_to(Path(sys.prefix))
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DREAMBOT_")}
    done = subprocess.run(
        ["bash", "-c", f"{copy} && {run}"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("There is no token. Set DREAMBOT_TOKEN")


@pytest.mark.parametrize("target", sorted(set(re.findall(r"^    (make [\w-]+)", README, re.MULTILINE))))
def test_the_readmes_make_targets_exist(target: str) -> None:
    done = subprocess.run(
        [*target.split(), "-n"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr


def test_trying_it_installs_what_the_readmes_lines_need() -> None:
    done = subprocess.run(
        ["make", "-n", "-B", "try"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    [lock] = re.findall(r"-r (locks/\w+\.txt)", done.stdout)
    assert re.search(r"^av==", (ROOT / lock).read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_on_every_page_are_understood(page: Path) -> None:
    for line in dreambot_lines(page.read_text("utf-8")):
        command: Any = typer.main.get_command(cli.app)
        words = [word for word in line if word != "…"]
        while words and words[0] in getattr(command, "commands", {}):
            command = command.commands[words.pop(0)]
        known = {
            option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)
        }
        asked = {word.partition("=")[0] for word in words if re.match(r"-{1,2}[a-z]", word)}
        assert asked <= known, f"{page.name}: dreambot {' '.join(line)}"
        assert not hasattr(command, "commands") or not words or words[0].startswith("-"), line
    if page.name in ("README.md", "operators.md", "cluster.md"):
        assert dreambot_lines(page.read_text("utf-8"))


def test_nothing_tells_people_to_install_dreambot_by_its_name() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    names = os.fsdecode(listed.stdout).split("\0") if listed.returncode == 0 else []
    files = [ROOT / name for name in names if name] or [
        path for folder in ("dreambot", "cogs", "docs", "deploy") for path in (ROOT / folder).rglob("*.*")
    ]
    by_name = r"\s+(-\S+\s+)*['\"`]*dreambot(?![\w/.:-])"
    installs = re.compile(
        rf"\b(pip3?|pipx|uv|poetry)\b[^\n;&|]*\b(install|add|run){by_name}|\buvx{by_name}|\bdreambot\[[a-z]"
    )
    found = []
    for path in files:
        if path == Path(__file__) or not path.is_file() or path.suffix in {".jpg", ".png", ".safetensors"}:
            continue
        text = path.read_text("utf-8", errors="replace")
        found += [f"{path.relative_to(ROOT)}: {match[0]}" for match in installs.finditer(text)]
    assert not found
    assert installs.search("pip install 'dreambot[video]'")
    assert installs.search("uv pip install --upgrade dreambot")
