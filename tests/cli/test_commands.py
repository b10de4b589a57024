"""The command line as a user in a shell sees it."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dreambot.media.frames import read_frames
from dreambot.media.sound import read_sound
from dreambot.recipe.clip import CLIP
from dreambot.zoo import weights
from tests.media.sounds import beeps, onsets, write_sound
from tests.support import require

HEAVY = {"torch", "discord", "sqlalchemy", "av", "ray", "numpy", "PIL", "aiohttp"}


def dreambot(*words: str | Path, cwd: Path | None = None) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "dreambot", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, timeout=240, check=False)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A small picture that is not uniform."""
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


def test_a_taken_port_is_reported() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = dreambot("sandbox", "--port", str(port))
    assert done.returncode == 2
    assert f"Port {port} of 127.0.0.1 is taken" in done.stderr
    assert "--port" in done.stderr


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
        (("photo.png", "-o", "out.png", "--recipe", "photo.png"), "contains no recipe"),
        (("photo.png", "-o", "out.png", "--recipe", "bad.json"), "recipe"),
        (("photo.png", "-o", "out.png", "--recipe", "photo.png", "--seed", "3"), "Leave them out"),
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


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("dream", "photo.png", "-o", "out.txt"), "for a video in"),
        (("dream", "photo.png", "-o", "out.png", "--bend", "wobble@mixed1"), "no bend called"),
        (("dream", "photo.png", "-o", "out.png", "--bend", "cut@mixed1", "--chaos", "3"), "not both"),
        (("dream", "photo.png", "-o", "out.png", "--model", "alexnet"), "no network called"),
        (("dream", "photo.png", "-o", "out.png", "--guide", "bad.json"), "not a picture"),
        (("dream", "photo.png", "-o", "out.png", "--mask", "nowhere.png"), "no file nowhere.png"),
        (("dream", "photo.png", "-o", "out.png", "--precision", "fp64"), "auto, fp32, bf16 or fp16"),
        (("dream", "photo.png", "-o", "out.png", "--layer", "mixed4 > mixed5"), "hellscape"),
        (("dream", "photo.png", "-o", "out.png", "--recipe", "dream1.2 eyes"), "looks like"),
        (("hellscape", "-o", "out.png"), ".mp4"),
        (("hellscape", "-o", "out.mp4", "--frames", "99999"), "1800"),
        (("hellscape", "-o", "out.mp4", "--frames", "9", "--seconds", "9"), "not both"),
        (("hellscape", "-o", "out.mp4", "--layer", "mixed4 >"), "layer name"),
        (("hellscape", "-o", "out.mp4", "--size", "huge"), "size"),
        (("hellscape", "-o", "out.mp4", "--start", "picture"), "needs one"),
        (("hellscape", "-o", "out.mp4", "--limit", "0"), "--limit: "),
        (("hellscape", "-o", "out.mp4", "--recipe", "photo.png"), "contains no recipe"),
        (("summon", "golden retreever", "-o", "out.txt"), ".png"),
        (("summon", "shoggoth", "-o", "out.png"), "shoggoth"),
        (("summon", "goldfish", "-o", "out.png", "--into", "bad.json"), "not a picture"),
        (("summon", "-o", "out.png"), "Name what to summon"),
        (("summon", "goldfish", "-o", "out.png", "--recipe", "photo.png"), "Name what to summon"),
        (("layers", "--model", "alexnet"), "no network called"),
        (("models", "add", "mine", "--arch", "googlenet", "--weights", "bad.json"), "bad.json"),
    ],
)
def test_failures_are_one_sentence(
    photo: Path, tmp_path: Path, words: tuple[str, ...], expected: str
) -> None:
    (tmp_path / "bad.json").write_text("{}")
    before = sorted(tmp_path.iterdir())
    done = dreambot(*words, cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert expected in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(tmp_path.iterdir()) == before


def test_the_listing_commands() -> None:
    assert "eyes, primate faces, fur" in dreambot("layers").stdout
    assert "conv4_3" in dreambot("layers", "--model", "vgg16").stdout
    assert "unmistakable puppies" in dreambot("presets").stdout


@pytest.mark.weights
def test_a_video_contains_its_recipe(photo: Path, tmp_path: Path) -> None:
    require("weights", weights.locate("inception_v3") is not None)
    with Image.open(photo) as image:
        frames = [image.rotate(angle) for angle in (0, 2, 4)]
    clip, film = tmp_path / "clip.gif", tmp_path / "film.webp"
    frames[0].save(clip, save_all=True, append_images=frames[1:], duration=120, loop=0)
    made = dreambot(
        "dream", clip, "-o", film, "--layer", "mixed0", "--intensity", "2", "--max-pixels", "9000"
    )
    assert made.returncode == 0, made.stderr
    with Image.open(film) as image:
        image.seek(1)
        image.load()
        assert (getattr(image, "n_frames", 1), image.info["duration"]) == (3, 120)
    text = dreambot("recipe", film, "--text").stdout
    assert text.startswith("dream1.2 inception_v3 mixed0 ")
    assert "moving=frames:3" in text


@pytest.mark.weights
def test_a_hellscape_from_noise(tmp_path: Path) -> None:
    require("weights", weights.locate("inception_v3") is not None)
    film = tmp_path / "film.mp4"
    words = ("--layer", "mixed0 > mixed1", "--frames", "4", "--fps", "12", "--size", "128")
    made = dreambot("hellscape", "-o", film, *words, "--intensity", "1")
    assert made.returncode == 0, made.stderr
    assert "4 frames of 128×128" in made.stderr
    assert film.read_bytes()[4:8] == b"ftyp"
    assert "mixed0>mixed1" in dreambot("recipe", film, "--text").stdout


@pytest.mark.weights
def test_a_hellscape_to_a_sound_repeats_without_it(tmp_path: Path) -> None:
    require("weights", weights.locate("inception_v3") is not None)
    sound = write_sound(tmp_path / "sound.wav", beeps(1.0, (0.2,)), "pcm_s16le")
    film, silent = tmp_path / "film.mp4", tmp_path / "silent.mp4"
    words = ("--layer", "mixed0", "--seconds", "0.4", "--fps", "12", "--size", "128", "--intensity", "1")
    made = dreambot("hellscape", "-o", film, "--sound", sound, *words)
    assert made.returncode == 0, made.stderr
    assert "Its first 0.4 s are used" in made.stderr
    assert onsets(read_sound(film, 9)) == pytest.approx([0.2], abs=0.04)
    assert dreambot("hellscape", "-o", silent, "--recipe", film).returncode == 0
    assert b"mp4a" not in silent.read_bytes()
    first, again = (read_frames(one, size=(128, 128)).rgb for one in (film, silent))
    assert np.array_equal(first, again)


@pytest.mark.weights
def test_a_hellscape_as_gif_plays_for_ever(tmp_path: Path) -> None:
    require("weights", weights.locate("inception_v3") is not None)
    gif = tmp_path / "film.gif"
    words = ("--layer", "mixed0", "--frames", "2", "--fps", "12", "--size", "128")
    made = dreambot("hellscape", "-o", gif, *words, "--intensity", "1")
    assert made.returncode == 0, made.stderr
    with Image.open(gif) as image:
        assert image.info["loop"] == 0


@pytest.mark.weights
def test_a_summoning_can_be_repeated(tmp_path: Path) -> None:
    require("weights", weights.locate("mobilenet_v2") is not None)
    first, again = tmp_path / "out.png", tmp_path / "again.png"
    made = dreambot("summon", "goldfish", "-o", first, "--size", "128", "--intensity", "1")
    assert made.returncode == 0, made.stderr
    assert "goldfish, 128×128" in made.stderr
    text = dreambot("recipe", first, "--text").stdout.strip()
    assert dreambot("summon", "-o", again, "--recipe", text).returncode == 0
    assert np.array_equal(np.asarray(Image.open(first)), np.asarray(Image.open(again)))


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
    # The file's name says the format: of the same recipe, a clip.
    clip = tmp_path / "clip.gif"
    assert dreambot("dream", photo, "--recipe", first, "-o", clip, "--device", "cpu").returncode == 0
    with Image.open(clip) as image:
        assert getattr(image, "n_frames", 1) == len(CLIP)
    printed = json.loads(dreambot("recipe", first).stdout)
    assert printed == json.loads(dreambot("recipe", again).stdout)
    assert printed["layers"][0]["layer"] == "mixed2"


def test_a_truncated_picture_is_dreamed_and_reported(tmp_path: Path) -> None:
    require("weights", weights.locate("inception_v3") is not None)
    noise = np.random.default_rng(3).integers(90, 166, (128, 160, 3), np.uint8)
    path = tmp_path / "cut.jpg"
    Image.fromarray(noise).save(path, quality=90)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 95 // 100])
    done = dreambot("dream", "cut.jpg", "-o", "out.png", "--layer", "conv0", "--intensity", "1", cwd=tmp_path)
    assert done.returncode == 0
    said = " ".join(done.stderr.split())
    assert "The file is cut off or damaged: about" in said
    assert "% of the picture is missing." in said
    with Image.open(tmp_path / "out.png") as image:
        assert image.getchannel("A").getextrema() == (0, 255)
    path.write_bytes(data[: len(data) // 2])
    done = dreambot("dream", "cut.jpg", "-o", "out.png", cwd=tmp_path)
    assert done.returncode == 2
    assert "Too much of that picture is missing" in " ".join(done.stderr.split())


def test_a_missing_recipe_is_reported(photo: Path) -> None:
    done = dreambot("recipe", photo)
    assert (done.returncode, done.stdout) == (2, "")
    assert "contains no recipe" in done.stderr


def test_where_restarts_do_not_help_the_exit_can_wait_until_a_signal(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "dreambot", "run", "--wait-before-exit", "86400"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DREAMBOT_")}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=tmp_path, env=environment) as run:
        assert run.stderr
        said = ""
        while "Exiting with code 2" not in said:
            line = run.stderr.readline()
            assert line, said
            said += line
        assert "DREAMBOT_TOKEN" in said
        run.terminate()
        assert run.wait(60) == 2
