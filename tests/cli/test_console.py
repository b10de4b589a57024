"""Printing: any file name, any encoding, any pipe; and the start-up time of help and error messages."""

import contextlib
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

from dreambot import __version__, cli
from dreambot.cli.console import escape_control_characters
from tests.cli.support import CommandLine, all_commands
from tests.cli.test_files import shell


@pytest.mark.parametrize(
    "name",
    [
        "[red].png",
        "x[bold]y[/bold].png",
        "[/b].png",
        ":smile:.png",
        "a b.png",
        "é漢.png",
        "\udcff.png",
        "n" * 200 + ".png",
    ],
)
def test_names_are_printed_unchanged(dreambot: CommandLine, name: str) -> None:
    (dreambot.folder / name).parent.mkdir(exist_ok=True)
    ended = dreambot("dream", "photo.png", "-o", name, "--layer", "conv0[top4]")
    assert ended.status == 0, ended.err
    assert ended.out == os.fsencode(name) + b"\n"
    [line] = ended.err.splitlines()
    shown = os.fsencode(name).decode("utf-8", "replace")
    assert line.startswith(f"{shown}: ")
    assert "layer:conv0[top4] " in line


def test_control_characters_are_escaped() -> None:
    assert escape_control_characters("a\x1b[31mb\r\x07\x9b\u202e\nc") == "a\\x1b[31mb\\r\\x07\\x9b\\u202e\nc"
    assert escape_control_characters("é漢👩‍👧") == "é漢👩‍👧"


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1", "utf-8", "cp437", "shift_jis"])
def test_every_encoding(dreambot: CommandLine, encoding: str) -> None:
    environment = {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    lines = (
        "dreambot presets",
        "dreambot layers",
        "dreambot dream -h",
        "dreambot dream é漢.png",
        "dreambot dream photo.png --layer “x”",
    )
    done = shell("; ".join(lines), dreambot.folder, **environment)
    assert b"Error" not in done.stderr, done.stderr
    assert done.stdout.decode(encoding)
    assert len(done.stderr.splitlines()) >= 2


def test_the_c_locale(dreambot: CommandLine) -> None:
    environment = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    done = shell("dreambot dream é漢.png", dreambot.folder, **environment)
    assert done.returncode == 2
    assert done.stderr == "There is no file é漢.png.\n".encode()


@pytest.mark.parametrize(
    "line",
    [
        "dreambot layers --all --model resnet50 | true",
        "dreambot dream --help | true",
        "dreambot dream missing.png 2>&1 | true",
        "dreambot layers >&-",
        "dreambot dream missing.png 2>&-",
        "dreambot presets <&- >&- 2>&-",
    ],
)
def test_a_closed_pipe(dreambot: CommandLine, line: str) -> None:
    done = shell(f"set -o pipefail; {line}", dreambot.folder)
    assert done.stderr == b"" or b"There is no file" in done.stderr
    assert done.returncode in (0, 1, 2)


def test_rows_stay_whole_in_a_pipe(dreambot: CommandLine) -> None:
    rows = dreambot("layers", "--all").out.decode().splitlines()
    from dreambot.recipe import LAYERS

    for layer in LAYERS["inception_v3"]:
        assert any(layer.name in row and layer.shows in row for row in rows)


def test_layers_are_listed_without_weights(dreambot: CommandLine) -> None:
    assert dreambot("layers", "--model", "googlenet").status == 0


@pytest.mark.parametrize(
    "words", [("--help",), ("-h",), ("dream", "-h"), ("models", "pull", "-h"), ("--version",)]
)
def test_help_and_version(dreambot: CommandLine, words: tuple[str, ...]) -> None:
    ended = dreambot(*words)
    assert (ended.status, ended.err) == (0, "")
    assert (f"dreambot {__version__}" if words == ("--version",) else "Usage: dreambot") in ended.out.decode()


def test_without_a_command_there_is_help(dreambot: CommandLine) -> None:
    ended = dreambot()
    assert ended.status == 2
    assert b"hellscape" in ended.out


def test_help_keeps_brackets_and_shows_defaults(
    dreambot: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    said = {command: dreambot(*command, "-h").out.decode() for command in all_commands()}
    assert "mixed4[68,47]" in said["dream",]
    assert "mixed4[68,47,728] > mixed5[256,310,320]" in said["hellscape",]
    for default in ("mixed5", "6", "NAME.dream.png", "random", "the settings', else 786432"):
        assert f"[default: ({default}" in said["dream",]
    for command, text in said.items():
        assert not re.search(r"\b([Ff]ilm|moving picture|[Aa] model\b)", text), command


def test_earlier_names_still_work(dreambot: CommandLine) -> None:
    for start in ("smooth", "fog"):
        words = ("hellscape", "-o", f"{start}.gif", "--frames", "2", "--size", "96", "--start", start)
        assert dreambot(*words, "--seed", "1").status == 0
    smooth, fog = (dreambot("recipe", f"{start}.gif", "--text").out for start in ("smooth", "fog"))
    assert smooth == fog


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("dream --layer mix", {"mixed0", "mixed5"}),
        ("dream --layer mixed3+mixed5", {"mixed3+mixed5"}),
        ("dream --model vgg16 --layer conv4_", {"conv4_1", "conv4_3"}),
        ("dream --preset ey", {"eyes"}),
        ("dream --model vg", {"vgg16"}),
        ("layers --model mob", {"mobilenet_v2"}),
        ("models pull incep", {"inception_v3"}),
        ("summon goldf", {"goldfish"}),
        ("dream --inten", {"--intensity"}),
        ("hell", {"hellscape"}),
        ("dream pho", set()),
        ("recipe pho", set()),
    ],
)
def test_completion(words: str, offered: set[str]) -> None:
    script = (
        "import sys\nfrom dreambot.cli import main\n"
        "try:\n    main()\nfinally:\n"
        "    print(sorted({'torch', 'discord', 'PIL'} & set(sys.modules)), file=sys.stderr)"
    )
    line = f"dreambot {words}"
    environment = {
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(line.split()) - 1),
        "_DREAMBOT_COMPLETE": "complete_bash",
    }
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    found = set(done.stdout.split("\n")) - {""}
    assert offered <= found if offered else found == set(), done
    assert done.stderr == "[]\n"


@pytest.mark.parametrize("shell_name", ["bash", "zsh", "fish"])
def test_completion_can_be_installed(shell_name: str) -> None:
    command = typer.main.get_command(cli.app)
    options: set[Any] = {option for parameter in command.params for option in parameter.opts}
    assert {"--install-completion", "--show-completion"} <= options
    environment = {**os.environ, "_DREAMBOT_COMPLETE": f"source_{shell_name}"}
    done = subprocess.run(
        [sys.executable, "-m", "dreambot"], env=environment, capture_output=True, text=True, check=False
    )
    assert "dreambot" in done.stdout


def test_ctrl_c_ends_it_quietly(dreambot: CommandLine) -> None:
    pipe = dreambot.folder / "pipe"
    os.mkfifo(pipe)
    # A shell starts background processes with SIGINT ignored, and children inherit that.
    script = (
        "import signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from dreambot.cli import main\nmain()"
    )
    running = subprocess.Popen(
        [sys.executable, "-c", script, "dream", "pipe", "-o", "out.png"],
        cwd=dreambot.folder,
        stderr=subprocess.PIPE,
    )
    # Opened for writing once the command has opened it for reading, and then waits for more.
    with pipe.open("wb") as writer:
        writer.write(b"the beginning")
        writer.flush()
        # Python misses a signal that comes just before a read blocks, until the next one.
        while running.poll() is None:
            running.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                running.wait(10)
        said = running.stderr.read()
    assert running.returncode == 130
    assert b"Traceback" not in said


@pytest.mark.parametrize(
    ("token", "said"), [("", "There is no token"), ('"quoted"', "quotes"), ("two words", "spaces")]
)
def test_a_bot_without_a_token_says_so_at_once(tmp_path: Path, token: str, said: str) -> None:
    script = (
        "import sys\nfrom dreambot.cli import main\nsys.argv = ['dreambot', 'run']\n"
        "try:\n    main()\nfinally:\n"
        "    print(sorted({'torch', 'discord', 'sqlalchemy', 'alembic', 'PIL'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={**os.environ, "DREAMBOT_TOKEN": token},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == "[]\n"
