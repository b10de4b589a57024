"""Files that are read and written: pipes, folders, links, and inputs that must not be overwritten."""

import io
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PIL import Image

from dreambot.cli import files
from dreambot.errors import UserError
from tests.cli.support import CommandLine


def shell(line: str, folder: Path, **environment: str) -> "subprocess.CompletedProcess[bytes]":
    """Runs a line in bash, where `dreambot` is this checkout's, with a device that does not exist.

    So that nothing is dreamed: what is wrong with files is said before a device is looked for.
    """
    script = f'dreambot() {{ "{sys.executable}" -m dreambot "$@"; }}\n{line}'
    return subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        timeout=120,
        check=False,
    )


def size(path: Path) -> tuple[int, int]:
    with Image.open(path) as image:
        return image.size


def test_without_an_output_the_dream_is_written_next_to_its_source(dreambot: CommandLine) -> None:
    (dreambot.folder / "other.jpg").rename(dreambot.folder / "folder" / "other.jpg")
    ended = dreambot("dream", "photo.png", "folder/other.jpg", "clip.gif")
    assert ended.status == 0, ended.err
    wanted = ["photo.dream.png", "folder/other.dream.png", "clip.dream.mp4"]
    assert ended.out.decode().splitlines() == wanted
    assert all((dreambot.folder / name).is_file() for name in wanted)
    assert (dreambot.folder / "clip.dream.mp4").read_bytes()[4:8] == b"ftyp"


@pytest.mark.parametrize("output", ["folder", "folder/", "new", "new/er/"])
def test_an_output_folder(dreambot: CommandLine, output: str) -> None:
    ended = dreambot("dream", "photo.png", "other.jpg", "-o", output)
    assert ended.status == 0, ended.err
    folder = dreambot.folder / output
    assert sorted(path.name for path in folder.iterdir()) == ["other.dream.png", "photo.dream.png"]


def test_one_source_into_a_folder(dreambot: CommandLine) -> None:
    assert dreambot("dream", "photo.png", "-o", "folder").status == 0
    assert (dreambot.folder / "folder" / "photo.dream.png").is_file()


def test_several_sources_do_not_fit_into_one_file(dreambot: CommandLine) -> None:
    ended = dreambot("dream", "photo.png", "other.jpg", "-o", "out.png")
    assert ended.status == 2
    assert "Name a folder" in ended.err


def test_sources_with_the_same_name_get_different_outputs(dreambot: CommandLine) -> None:
    Image.new("RGB", (30, 20)).save(dreambot.folder / "photo.jpg")
    ended = dreambot("dream", "photo.png", "photo.jpg", "photo.png")
    assert ended.status == 0, ended.err
    assert ended.out.split() == [b"photo.png.dream.png", b"photo.jpg.dream.png"]


def test_a_failed_source_does_not_stop_the_others(dreambot: CommandLine) -> None:
    (dreambot.folder / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n and no more")
    ended = dreambot("dream", "broken.png", "missing.png", "folder", "photo.png")
    assert ended.status == 1
    assert ended.out == b"photo.dream.png\n"
    assert "missing.png: There is no file missing.png." in ended.err
    assert "folder: folder is a folder" in ended.err
    last = ended.err.splitlines()[-1]
    assert last.startswith("3 of 4 could not be dreamed: ")
    assert all(name in last for name in ("broken.png", "missing.png", "folder"))
    assert dreambot("dream", "missing.png", "folder").status == 2


def test_a_mistake_in_the_request_is_reported_once(dreambot: CommandLine) -> None:
    ended = dreambot("dream", "photo.png", "other.jpg", "--layer", "mixd5")
    assert ended.status == 2
    assert ended.err.count("There is no layer called") == 1


@pytest.mark.parametrize(
    "words",
    [
        ("dream", "photo.png", "-o", "photo.png"),
        ("dream", "photo.png", "-o", "./folder/../photo.png"),
        ("dream", "photo.png", "-o", "symbolic.png"),
        ("dream", "symbolic.png", "-o", "photo.png"),
        ("dream", "photo.png", "-o", "hard.png"),
        ("dream", "other.jpg", "-o", "photo.png", "--guide", "photo.png"),
        ("dream", "other.jpg", "-o", "photo.png", "--mask", "hard.png"),
        ("dream", "other.jpg", "-o", "photo.png", "--recipe", "photo.png"),
        ("summon", "goldfish", "-o", "photo.png", "--into", "photo.png"),
    ],
)
def test_an_input_is_not_overwritten(dreambot: CommandLine, words: tuple[str, ...]) -> None:
    photo = dreambot.folder / "photo.png"
    before = photo.read_bytes()
    (dreambot.folder / "symbolic.png").symlink_to(photo)
    (dreambot.folder / "hard.png").hardlink_to(photo)
    ended = dreambot(*words)
    assert ended.status == 2
    assert "--force" in ended.err
    assert photo.read_bytes() == before
    assert (dreambot.folder / "symbolic.png").is_symlink()
    if "--recipe" not in words:
        assert dreambot(*words, "--force").status == 0


def test_a_dream_that_is_also_a_source_is_kept(dreambot: CommandLine) -> None:
    Image.new("RGB", (30, 20)).save(dreambot.folder / "photo.dream.png")
    before = (dreambot.folder / "photo.dream.png").read_bytes()
    ended = dreambot("dream", "photo.png", "photo.dream.png")
    assert ended.status == 1
    assert ended.out == b"photo.dream.dream.png\n"
    assert (dreambot.folder / "photo.dream.png").read_bytes() == before


def test_the_photo_of_layers_is_kept(dreambot: CommandLine) -> None:
    (dreambot.folder / "photo.png").rename(dreambot.folder / "folder" / "inception_v3-mixed4.jpg")
    ended = dreambot("layers", "--atlas", "folder", "--photo", "folder/inception_v3-mixed4.jpg")
    assert (ended.status, ended.out) == (2, b"")
    assert len(list((dreambot.folder / "folder").iterdir())) == 1


def test_an_earlier_result_is_overwritten(dreambot: CommandLine) -> None:
    (dreambot.folder / "out.png").write_bytes(b"old")
    assert dreambot("dream", "photo.png", "-o", "out.png").status == 0
    assert size(dreambot.folder / "out.png")


def test_a_link_is_written_through(dreambot: CommandLine) -> None:
    (dreambot.folder / "out.png").symlink_to("folder/real.png")
    assert dreambot("dream", "photo.png", "-o", "out.png").status == 0
    assert (dreambot.folder / "out.png").is_symlink()
    assert size(dreambot.folder / "folder" / "real.png")


@pytest.mark.parametrize(
    ("words", "start"),
    [
        (("dream", "photo.png", "-o", "-"), b"\x89PNG"),
        (("dream", "photo.png", "-o", "/dev/stdout"), b"\x89PNG"),
        (("summon", "goldfish", "-o", "-"), b"\x89PNG"),
        (("dream", "clip.gif", "-o", "-"), b"\0\0\0"),
        (("hellscape", "-o", "-", "--frames", "2", "--size", "96"), b"\0\0\0"),
    ],
)
def test_standard_output_gets_the_file_and_nothing_else(
    dreambot: CommandLine, words: tuple[str, ...], start: bytes
) -> None:
    ended = dreambot(*words)
    assert ended.status == 0, ended.err
    assert ended.out.startswith(start)
    if start == b"\x89PNG":
        Image.open(io.BytesIO(ended.out)).load()
    else:
        assert ended.out[4:8] == b"ftyp"


def test_a_pipe_can_be_written_to(dreambot: CommandLine) -> None:
    pipe = dreambot.folder / "pipe.png"
    os.mkfifo(pipe)
    seen: list[bytes] = []
    reader = threading.Thread(target=lambda: seen.append(pipe.read_bytes()))
    reader.start()
    assert dreambot("dream", "photo.png", "-o", "pipe.png").status == 0
    reader.join(60)
    Image.open(io.BytesIO(seen[0])).load()
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_pipe_can_be_read_though_only_once(dreambot: CommandLine) -> None:
    pipe, photo = dreambot.folder / "pipe", (dreambot.folder / "photo.png").read_bytes()
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_bytes(photo))
    writer.start()
    ended = dreambot("dream", "pipe", "-o", "out.png", "--guide", "pipe", "--mask", "pipe")
    writer.join(60)
    assert ended.status == 0, ended.err
    assert size(dreambot.folder / "out.png")


@pytest.mark.parametrize(
    "line",
    [
        "dreambot recipe - < recipe.json",
        "cat recipe.json | dreambot recipe -",
        "cat recipe.json | dreambot recipe /dev/stdin",
        "dreambot recipe /dev/stdin < recipe.json",
        "dreambot recipe <(cat recipe.json)",
        "dreambot recipe recipe.json | dreambot recipe - --text | dreambot recipe -",
        "iconv -t utf-16 recipe.json | dreambot recipe -",
    ],
)
def test_pipes_and_descriptors_as_inputs(dreambot: CommandLine, line: str) -> None:
    done = shell(line, dreambot.folder)
    assert done.returncode == 0, done.stderr
    assert b'"layers"' in done.stdout


def test_a_picture_from_standard_input_needs_a_name_for_its_dream(dreambot: CommandLine) -> None:
    ended = dreambot("dream", "-")
    assert ended.status == 2
    assert "-o" in ended.err


def test_endless_input_is_refused(dreambot: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_FILE_BYTES", 3 << 20)
    ended = dreambot("dream", "/dev/zero", "-o", "out.png")
    assert ended.status == 2
    assert "larger than 3 MiB" in ended.err


def test_nothing_is_left_in_the_temporary_folder(
    dreambot: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(dreambot.folder / "folder"))
    dreambot("dream", "/dev/null", "-o", "out.png")
    dreambot("dream", "photo.png", "-o", "/dev/full")
    assert list((dreambot.folder / "folder").iterdir()) == []


@pytest.mark.parametrize(
    "output", ["/proc/out.png", "folder/missing/out.png", "photo.png/out.png", "/dev/full"]
)
def test_unwritable_outputs_are_reported(dreambot: CommandLine, output: str) -> None:
    ended = dreambot("dream", "photo.png", "-o", output)
    assert ended.status == 2
    assert output.rpartition("/")[0] in ended.err


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "out.png"
    target.write_bytes(b"old")
    (tmp_path / "folder").mkdir()
    with pytest.raises(UserError, match="cannot be written"):
        files.write_file(tmp_path / "folder", b"new")
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["folder", "out.png"]
    files.write_file(target, b"new")
    assert target.read_bytes() == b"new"
