"""Any argument of any command either works, or is refused with a message on stderr and exit code 2."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dreambot.cli import options
from dreambot.recipe import video
from dreambot.recipe.dream import DreamRequest
from dreambot.recipe.hellscape import HellscapeRequest
from dreambot.recipe.summon import SummonRequest
from tests.cli.support import COMMANDS, CommandLine, CommandResult, Parameter, all_commands, all_parameters

ALL = tuple(all_parameters())
NAMES = ["-".join((*parameter.command, parameter.name)) for parameter in ALL]

HOSTILE = (
    *(
        "",
        " ",
        "-",
        "--",
        "-5",
        "0",
        "-1",
        "1.5",
        "nan",
        "inf",
        "-inf",
        "1e400",
        "9" * 30,
        "9" * 5000,
        "1_0",
        "0x10",
        "٣",
    ),
    *(
        "[red]",
        "[/b]",
        "[bold]x[/bold].png",
        ":smile:",
        "conv0[top4]",
        "mixed4[",
        "mixed4[99999999999999999999]",
    ),
    *(
        "mixed4*nan",
        "mixed4 > ",
        "> " * 300,
        "-mixed4",
        "(" * 300,
        "swap@mixed1=nan",
        "random",
        "tpu",
        "cuda:99999",
    ),
    *(
        "n" * 300,
        "n" * 300 + ".png",
        "a/" * 3000,
        "\udcff.png",
        "\ud800",
        "\x1b[31m.png",
        "a\nb",
        "\u202egnp.exe",
        "a\0b",
        "'\"",
        "é×→✓",
    ),
    *(
        ".",
        "..",
        "/",
        "folder",
        "folder/",
        "nowhere/out.png",
        "photo.png",
        "photo.png/out.png",
        "./photo.png",
        "clip.gif",
    ),
    *(
        "/proc/nothing/out.png",
        "/proc/out.png",
        "/proc/self/mem",
        "/dev/full",
        "/dev/null",
        "/dev/stdin",
        "http://x/y.png",
    ),
    *(
        "dream1.2",
        "dream1.2 a b c d",
        "{",
        "{}",
        "[" * 9000,
        "recipe.json",
        "out.mp4",
        "out.webp",
        "512x",
        "0x0",
        "1x999999999",
    ),
    *(
        "localhost",
        f"{'n' * 70}.example:6379",
        "127.0.0.1:99999",
        "[::1",
        ":",
        "10.0.0.300",
        "٣:٣",
        "host name",
    ),
)
"""Values that break careless programs."""


def check(ended: CommandResult) -> None:
    """Fails unless the command worked, or printed one sentence that says why not."""
    assert ended.status in (0, 2), ended
    assert "Traceback" not in ended.err
    if ended.status == 2:
        assert ended.err.strip(), "nothing was said"
        assert ended.out == b""
        assert not any(character < " " and character != "\n" for character in ended.err)


def test_every_command_is_tried() -> None:
    assert set(COMMANDS) == all_commands()


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_the_usual_arguments(dreambot: CommandLine, command: tuple[str, ...]) -> None:
    dreambot("dream", "photo.png", "-o", "dream.png")
    ended = dreambot(*command, *COMMANDS[command])
    check(ended)
    useless = {("models", "pull"), ("models", "add"), ("models", "remove"), ("models", "export"), ("run",)}
    assert ended.status == (2 if command in useless else 0), ended


@pytest.mark.parametrize("parameter", ALL, ids=NAMES)
def test_hostile_values(dreambot: CommandLine, parameter: Parameter) -> None:
    for value in (None,) if parameter.flag else HOSTILE:
        ended = dreambot(*parameter.line(value or ""))
        try:
            check(ended)
        except AssertionError as error:
            raise AssertionError(f"{parameter} with {value!r:.80}: {error}") from error
        if not (dreambot.folder / "photo.png").is_file():
            pytest.fail(f"{parameter} with {value!r:.80} took the picture away")


@given(st.data())
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text(dreambot: CommandLine, data: st.DataObject) -> None:
    parameter = data.draw(st.sampled_from([one for one in ALL if not one.flag]))
    text = st.text(st.characters(exclude_characters="/\0", exclude_categories=[]), max_size=40)
    check(dreambot(*parameter.line(data.draw(text))))


@pytest.mark.parametrize(
    "words",
    [
        ("dream",),
        ("dream", "photo.png", "--nonsense"),
        ("dream", "photo.png", "--layer"),
        ("nonsense",),
        ("models", "nonsense"),
        ("presets", "one too many"),
        ("summon", "goldfish"),
        ("hellscape",),
        ("models", "add", "mine"),
        ("--nonsense",),
        ("dream", "--layer=[red]", "--nonsense=[/b]"),
    ],
)
def test_invalid_command_lines(dreambot: CommandLine, words: tuple[str, ...]) -> None:
    ended = dreambot(*words)
    check(ended)
    assert ended.status == 2


@pytest.mark.parametrize(
    ("words", "option"),
    [
        (("dream", "photo.png", "--device", "tpu"), "--device"),
        (("dream", "photo.png", "--max-pixels", "-5"), "--max-pixels"),
        (("dream", "photo.png", "--max-pixels", "0"), "--max-pixels"),
        (("dream", "photo.png", "--intensity", "12"), "--intensity"),
        (("dream", "photo.png", "--seed", "4294967296"), "--seed"),
        (("dream", "photo.png", "--closeness", "nan"), "--closeness"),
        (("dream", "photo.png", "--guide", ""), "--guide"),
        (("dream", ""), "FILE"),
        (("summon", "", "-o", "out.png"), "CLASSES"),
        (("summon", "goldfish", "-o", ""), "--output"),
        (("hellscape", "-o", "out.mp4", "--zoom", "inf"), "--zoom"),
        (("hellscape", "-o", "out.mp4", "--start", "mist"), "--start"),
        (("sandbox", "--port", "65536"), "--port"),
        (("invite", "0"), "ID"),
        (("worker", "--address", "a:1", "--ip", "here or there"), "--ip"),
    ],
)
def test_errors_name_the_option_and_not_a_setting(
    dreambot: CommandLine, words: tuple[str, ...], option: str
) -> None:
    ended = dreambot(*words)
    check(ended)
    assert ended.status == 2
    assert ended.err.startswith(f"{option}: ")
    assert "DREAMBOT_" not in ended.err


def test_options_accept_what_requests_accept() -> None:
    assert HellscapeRequest.of(frames=video.MAX_FRAMES).frames == 1800
    assert HellscapeRequest.of(fps=video.MAX_FPS, zoom=0.8, rotation=-45, drift_x=0.1, drift_y=-0.1)
    assert HellscapeRequest.of(zoom=1.25, rotation=45, seconds=1800, fps=1)
    assert DreamRequest.of(tile=128, octaves_above=3, closeness=1, seed=options.MAX_SEED, chaos=11)
    assert DreamRequest.of(tile=4096, intensity=11)
    assert SummonRequest.of("goldfish", size=128)
    assert SummonRequest.of("goldfish", size=1024)
