"""The commands in README and docs: each block runs, unless a comment before it says why not.

`<!-- parsed: REASON -->` before a block: its lines are only checked against the command line's parser.
`<!-- not run: REASON -->`: its dreambot lines are checked likewise; the others cannot be checked here.
Every block without a comment runs as it stands, except that dreams are small and short, and that `make` only
says what it would do. Only dreams, lists and `make` may stand without a comment. Requests in Discord, such as
`/dream layer:mixed5`, are resolved to recipes.
"""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import typer
from PIL import Image

from cogs.dream import Bend, Dream
from cogs.hellscape import Hellscape
from cogs.summon import Summon
from dreambot import cli
from dreambot.cli import atlas
from dreambot.media.metadata import read_recipe
from dreambot.recipe import LAYERS, DreamRequest, Recipe, SourceFacts
from dreambot.recipe.hellscape import HellscapeRequest
from dreambot.recipe.request import Request, resolve_request
from dreambot.recipe.summon import SummonRequest
from dreambot.zoo import weights
from dreambot.zoo.registry import find_model
from tests.media.sounds import beeps, write_sound
from tests.support import require

ROOT = Path(__file__).parents[1]
PAGES = {
    path.name: path.read_text("utf-8")
    for path in (
        *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")),
        *sorted((ROOT / "docs").glob("*.md")),
    )
}
README, GUIDE = PAGES["README.md"], PAGES["dreamers.md"]


@dataclass(frozen=True)
class Block:
    """A block of commands.

    Attributes:
        lines: Its lines.
        mark: "parsed" or "not run"; empty if it runs.
        reason: Of the mark.
    """

    lines: tuple[str, ...]
    mark: str = ""
    reason: str = ""

    @property
    def commands(self) -> list[str]:
        """Its commands, without comments; a backslash continues a line."""
        joined = re.sub(r"\\\n\s*", "", "\n".join(self.lines))
        lines = [re.sub(r"(^|\s+)#.*", "", line) for line in joined.splitlines()]
        return [line.strip() for line in lines if line.strip()]


_BLOCK = re.compile(
    r"(?:^<!-- (?P<mark>[a-z ]+): (?P<reason>[^\n]*?) -->\n+)?"
    r"(?:^```(?P<language>\w*)\n(?P<fenced>.*?)^```$"
    r"|(?P<indented>(?<=\n\n)(?:^ {4}[^\n]*\n|\n(?= {4}))+))",
    re.MULTILINE | re.DOTALL,
)


def blocks(text: str) -> Iterator[Block]:
    """The blocks of a page, indented or fenced, except diagrams."""
    for match in _BLOCK.finditer(text):
        if match["language"] == "mermaid":
            continue
        lines = (
            match["fenced"] or re.sub(r"^ {4}", "", match["indented"] or "", flags=re.MULTILINE)
        ).rstrip()
        yield Block(tuple(lines.splitlines()), match["mark"] or "", match["reason"] or "")


def test_blocks_and_marks_are_found() -> None:
    page = "Text:\n\n    one  # comment\n    two \\\n      three\n\n"
    page += "<!-- not run: no reason -->\n\n    four\n\n```sh\nfive\n```\n"
    assert [block.commands for block in blocks(page)] == [["one", "two three"], ["four"], ["five"]]
    assert [block.mark for block in blocks(page)] == ["", "not run", ""]
    assert sum(len(list(blocks(text))) for text in PAGES.values()) > 15


_RUNNABLE = re.compile(
    r"dreambot (dream|hellscape|summon|recipe|layers|presets) .*|make [\w-]+|\. \.venv/bin/activate"
)
"""What is run without a mark. Other commands change the machine: their blocks need a mark."""


@pytest.mark.parametrize("name", PAGES)
def test_blocks_are_runnable_or_have_a_mark_with_a_reason(name: str) -> None:
    for block in blocks(PAGES[name]):
        assert block.mark or all(map(_RUNNABLE.fullmatch, block.commands)), f"mark why it is not run: {block}"
        assert block.mark in ("", "parsed", "not run"), block
        assert not block.mark or len(block.reason.split()) >= 2, block
        if block.mark == "parsed":
            allowed = r"(\.venv/bin/)?dreambot |make |cp |\. |(\w+=\S+ )+dreambot "
            assert all(re.match(allowed, line) for line in block.commands), block
    marks = re.findall(r"^<!-- (?:parsed|not run): ", PAGES[name], re.MULTILINE)
    assert len(marks) == sum(bool(block.mark) for block in blocks(PAGES[name])), (
        "a mark is not before a block"
    )


def dreambot_lines(text: str) -> list[list[str]]:
    """Returns the words of every dreambot command on a page, in blocks and between backticks."""
    found = [line for block in blocks(text) for line in block.commands]
    found += re.findall(r"`([^`\n]*dreambot [^`\n]*)`", text)
    commands = [re.sub(r"^(\w+=\S+ )+", "", line) for line in found]
    return [shlex.split(line)[1:] for line in commands if re.match(r"(\.venv/bin/)?dreambot ", line)]


@pytest.mark.parametrize("name", PAGES)
def test_commands_on_every_page_are_understood(name: str) -> None:
    for line in dreambot_lines(PAGES[name]):
        command: Any = typer.main.get_command(cli.app)
        words = [word for word in line if word != "…"]
        while words and words[0] in getattr(command, "commands", {}):
            command = command.commands[words.pop(0)]
        known = {
            option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)
        } | {"--help"}
        asked = {word.partition("=")[0] for word in words if re.match(r"-{1,2}[a-z]", word)}
        assert asked <= known, f"{name}: dreambot {' '.join(line)}"
        assert not hasattr(command, "commands") or not words or words[0].startswith("-"), line
    if name in ("README.md", "dreamers.md", "operators.md", "cluster.md"):
        assert dreambot_lines(PAGES[name])


@pytest.mark.parametrize("name", PAGES)
def test_parsed_lines_are_understood_with_their_values(name: str) -> None:
    for block in blocks(PAGES[name]):
        for words in dreambot_lines("\n\n    " + "\n    ".join(block.lines) + "\n"):
            if not block.mark or "…" in words:
                continue
            command: Any = typer.main.get_command(cli.app)
            context = typer.Context(command, info_name="dreambot")
            while words and words[0] in getattr(command, "commands", {}):
                command = command.commands[words.pop(0)]
                context = typer.Context(command, parent=context)
            command.parse_args(context, words)


def shorter(line: str) -> str:
    """Returns a line, changed so that it takes less time."""
    words = shlex.split(line)
    if words[:1] == ["make"]:
        return f"make -n -C {shlex.quote(str(ROOT))} {' '.join(words[1:])}"
    if words[:2] == ["dreambot", "hellscape"]:
        return f"{line} --size 96" + ("" if "--sound" in words else " --frames 3")
    if words[:2] in (["dreambot", "dream"], ["dreambot", "summon"]) and "--recipe" not in words:
        return f"{line} --max-pixels 16384 --intensity 3"
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
    (folder / ".venv").symlink_to(Path(sys.prefix))


def run_script(folder: Path, lines: list[str]) -> "subprocess.CompletedProcess[str]":
    """Runs lines as a person would, in the folder of the project."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DREAMBOT_")}
    return subprocess.run(
        ["bash", "-e", "-c", "\n".join(lines)],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=550,
        check=False,
    )


@pytest.mark.weights
@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_blocks_without_a_mark_run(name: str, tmp_path: Path) -> None:
    commands = [line for block in blocks(PAGES[name]) if not block.mark for line in block.commands]
    lines = [shorter(line) for line in commands if _RUNNABLE.fullmatch(line)]
    if any("dreambot dream" in line for line in lines):
        require("weights", weights.locate("inception_v3") is not None)
    write_files(tmp_path)
    before = {path.name for path in tmp_path.iterdir()}
    done = run_script(tmp_path, lines)
    assert done.returncode == 0, done.stderr
    made = {path.name for path in tmp_path.iterdir()} - before
    assert made >= set(re.findall(r" -o (\S+\.\w+)", "\n".join(lines)))
    for path in made:
        assert read_recipe(tmp_path / path), path
    if name == "README.md":
        with Image.open(tmp_path / "out.png") as one, Image.open(tmp_path / "again.png") as again:
            assert np.array_equal(np.asarray(one), np.asarray(again))
    if name == "dreamers.md":
        assert made >= {"photo.dream.png", "other.dream.png"}
        assert "dream1.2 inception_v3 " in done.stdout


@pytest.mark.weights
def test_the_atlas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    require("weights", weights.locate("inception_v3") is not None)
    [words] = [words for words in dreambot_lines(GUIDE) if "--atlas" in words]
    monkeypatch.chdir(tmp_path)
    # As it stands it takes a minute.
    monkeypatch.setattr(atlas, "SIDE", 40)
    monkeypatch.setattr(atlas, "INTENSITY", 1)
    monkeypatch.setattr(sys, "argv", ["dreambot", *words])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert not ended.value.code
    offered = [layer.name for layer in LAYERS["inception_v3"] if layer.offered]
    wanted = {"inception_v3.jpg", *(f"inception_v3-{name}.jpg" for name in offered)}
    assert {path.name for path in (tmp_path / "FOLDER").iterdir()} == wanted


def test_the_lines_for_hosts_run_without_a_token(tmp_path: Path) -> None:
    [block] = [block for block in blocks(README) if block.mark]
    copy, setup, run = block.commands
    assert (copy, setup) == ("cp .env.example .env", "make setup")
    (tmp_path / ".env.example").write_bytes((ROOT / ".env.example").read_bytes())
    (tmp_path / ".venv").symlink_to(Path(sys.prefix))
    done = run_script(tmp_path, [copy, run])
    assert done.returncode == 2
    assert done.stderr.startswith("There is no token. Set DREAMBOT_TOKEN")


def test_trying_it_installs_what_the_readmes_lines_need() -> None:
    done = subprocess.run(
        ["make", "-n", "-B", "try"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    [lock] = re.findall(r"-r (locks/\w+\.txt)", done.stdout)
    assert re.search(r"^av==", (ROOT / lock).read_text("utf-8"), re.MULTILINE)


def test_the_readmes_first_picture_is_on_the_first_screen_and_moves() -> None:
    above, _, rest = README.partition("![")
    # 80 characters a line on a narrow window; headings and paragraphs have space around them.
    assert sum(1 + len(line) // 80 for line in above.splitlines()) < 20
    path = ROOT / rest.partition("](")[2].partition(")")[0]
    assert path.stat().st_size <= 3_000_000
    with Image.open(path) as picture:
        assert picture.n_frames > 30  # type: ignore[attr-defined]


COMMANDS = {
    "dream": Dream.dream,
    "bend": Bend.bend,
    "hellscape": Hellscape.hellscape,
    "summon": Summon.summon,
}
FILES, REPLY_OPTIONS = {"image", "guide", "sound"}, {"private", "spoiler"}


def slash_lines(text: str) -> list[tuple[str, dict[str, str]]]:
    """The requests on a page, such as `/dream layer:mixed5 intensity:9`: the command, and its options."""
    lines = re.findall(r"`/(\w+) (\w+:[^`]*)`", text)
    return [(name, dict(re.findall(r"(\w+):(.*?)(?=\s\w+:|$)", options))) for name, options in lines]


@pytest.mark.parametrize(
    "name", [name for name, text in PAGES.items() if any(line[0] in COMMANDS for line in slash_lines(text))]
)
def test_requests_on_every_page_are_resolved(name: str) -> None:
    for command, options in slash_lines(PAGES[name]):
        if command not in COMMANDS:
            continue
        assert set(options) <= {one.display_name for one in COMMANDS[command].parameters}, (command, options)
        values: dict[str, Any] = {
            key: value == "True" if value in ("True", "False") else value.replace("…", "")
            for key, value in options.items()
            if key not in FILES | REPLY_OPTIONS and value
        }
        if " " in values.get("preset", ""):
            # A saved look.
            del values["preset"]
        source = SourceFacts(640, 480)
        resolved = resolve_request(
            as_request(command, values),
            source if values.get("source") != "noise" else None,
            seed=1,
            models=find_model,
            precision="fp32",
            max_pixels=786_432,
        )
        assert isinstance(resolved, Recipe)


def as_request(command: str, values: dict[str, Any]) -> Request:
    """Returns the request that a command makes of its options."""
    if command == "hellscape":
        return HellscapeRequest.of(**values)
    if command == "summon":
        return SummonRequest.of(values.pop("what"), **values)
    return DreamRequest.of(**({"bend": "random"} if command == "bend" else {}), **values)


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
        if path == Path(__file__) or not path.is_file():
            continue
        if path.suffix in {".jpg", ".png", ".webp", ".safetensors"}:
            continue
        text = path.read_text("utf-8", errors="replace")
        found += [f"{path.relative_to(ROOT)}: {match[0]}" for match in installs.finditer(text)]
    assert not found
    assert installs.search("pip install 'dreambot[video]'")
    assert installs.search("uv pip install --upgrade dreambot")
