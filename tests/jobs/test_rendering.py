"""Jobs that become films, follow a guide, or come out of nothing."""

import io
from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dreambot.errors import UserError
from dreambot.jobs.models import FileSource, Job, JobRequest, Limits, SourceImage
from dreambot.jobs.rendering import InputFiles, OutputFormat, Renderer, encode_smaller
from dreambot.media.frames import read_frames
from dreambot.media.sound import read_sound
from dreambot.recipe import DreamRequest
from dreambot.recipe.clip import CLIP
from dreambot.recipe.hellscape import HellscapeRequest
from dreambot.recipe.request import RepeatRequest
from dreambot.recipe.summon import SummonRequest
from dreambot.recipe.video import VideoParams
from dreambot.workers.codec_pool import CodecPool
from dreambot.zoo.registry import find_model
from tests.jobs.harness import FinishedDream, PipelineHarness
from tests.media.sounds import beeps, onsets, packets_of, write_sound, write_video_with_sound
from tests.media.videos import panning_frames, write_video

Make = Callable[..., JobRequest]
FILM = HellscapeRequest(seconds=1, fps=12, size="96", intensity=1)


def gif(path: Path, frames: int = 5) -> FileSource:
    dice = np.random.default_rng(frames)
    images = [Image.fromarray(dice.integers(0, 256, (100, 120, 3), np.uint8)) for _ in range(frames)]
    images[0].save(path, save_all=True, append_images=images[1:], duration=80, loop=0)
    return FileSource(path)


async def dreamed(harness: PipelineHarness, job: Job) -> tuple[FinishedDream, bytes]:
    async def find() -> None:
        return None

    last = None
    async with aclosing(harness.stream(job, find)) as updates:
        async for update in updates:
            last = update
    assert isinstance(last, FinishedDream)
    return last, await harness.files.load(last.result.file)


async def probed(path: Path) -> tuple[str, int, float]:
    codecs = CodecPool(1)
    try:
        found = await codecs.probe(path)
    finally:
        await codecs.close()
    return found.format, found.frames, found.seconds


async def test_a_hellscape_out_of_nothing_is_a_film(
    harness: PipelineHarness, job_request: Make, tmp_path: Path
) -> None:
    job = await harness.store.create(job_request(request=FILM, source=None))
    finished, data = await dreamed(harness, job)
    assert finished.image is None
    assert (finished.result.extension, finished.recipe.frames) == ("mp4", 12)
    assert await probed(harness.written(data, "film.mp4")) == ("MP4", 12, pytest.approx(1.0, abs=0.1))


async def test_a_moving_picture_moves_as_it_did(
    harness: PipelineHarness, job_request: Make, tmp_path: Path
) -> None:
    request = DreamRequest(preset="classic", intensity=1)
    job = await harness.store.create(job_request(request=request, source=None))
    finished, data = await harness.finished(job, gif(tmp_path / "five.gif"))
    assert finished.recipe.moving
    assert finished.recipe.moving.frames == 5
    assert await probed(harness.written(data, "film")) == ("WEBP", 5, pytest.approx(0.4, abs=0.02))


async def test_moving_pictures_keep_to_the_askers_limit(
    harness: PipelineHarness, job_request: Make, tmp_path: Path
) -> None:
    request = DreamRequest(preset="classic", intensity=1)
    job = await harness.store.create(job_request(request=request, source=None, limits=Limits(seconds=0.2)))
    finished, _ = await harness.finished(job, gif(tmp_path / "five.gif"))
    assert finished.recipe.frames < 5


async def test_pictures_keep_to_the_askers_limit(harness: PipelineHarness, job_request: Make) -> None:
    request = DreamRequest(preset="classic", intensity=1)
    job = await harness.store.create(job_request(request=request, source=None, limits=Limits(pixels=20_000)))
    finished, _ = await harness.finished(job, harness.source())
    assert finished.recipe.width * finished.recipe.height <= 20_000


async def test_a_summoning_needs_no_picture(harness: PipelineHarness, job_request: Make) -> None:
    job = await harness.store.create(
        job_request(request=SummonRequest(classes="goldfish", size=128), source=None)
    )
    finished, data = await dreamed(harness, job)
    assert Image.open(io.BytesIO(data)).size == (128, 128)
    assert finished.recipe.parametrisation == "fourier"


async def test_a_guide_is_looked_at_by_what_it_is(
    harness: PipelineHarness, job_request: Make, tmp_path: Path
) -> None:
    path = tmp_path / "guide.png"
    Image.fromarray(np.full((50, 60, 3), 90, np.uint8)).save(path)
    guide = SourceImage(FileSource(path), "a guide", False, None)
    job = await harness.store.create(job_request(request=DreamRequest(intensity=1), source=None, guide=guide))
    finished, _ = await harness.finished(job, harness.source())
    assert finished.recipe.guide
    stored = await harness.found(job)
    assert stored.spec.guide == guide
    assert stored.recipe == finished.recipe


async def test_a_guided_recipe_wants_a_guide_again(
    harness: PipelineHarness, job_request: Make, tmp_path: Path
) -> None:
    guides = []
    for grey in (90, 200):
        path = tmp_path / f"{grey}.png"
        Image.fromarray(np.full((50, 60, 3), grey, np.uint8)).save(path)
        guides.append(SourceImage(FileSource(path), "a guide", False, None))
    first = await harness.store.create(
        job_request(request=DreamRequest(intensity=1), source=None, guide=guides[0])
    )
    recipe = (await harness.finished(first, harness.source()))[0].recipe
    without = await harness.store.create(job_request(request=RepeatRequest(recipe=recipe), source=None))
    with pytest.raises(UserError, match="second picture"):
        await harness.finished(without, harness.source())
    other = await harness.store.create(
        job_request(request=RepeatRequest(recipe=recipe), source=None, guide=guides[1])
    )
    repeated = (await harness.finished(other, harness.source()))[0].recipe
    assert recipe.guide
    assert repeated.guide
    assert repeated.guide != recipe.guide
    assert repeated.model_copy(update={"guide": recipe.guide}) == recipe


async def test_a_recipe_is_repeated_on_another_picture(
    harness: PipelineHarness, job_request: Make, tmp_path: Path
) -> None:
    first = await harness.store.create(
        job_request(request=DreamRequest(preset="classic", seed=9), source=None)
    )
    original, _ = await harness.finished(first, harness.source())
    path = tmp_path / "wide.png"
    Image.new("RGB", (400, 90), (1, 2, 3)).save(path)
    again = await harness.store.create(
        job_request(request=RepeatRequest(recipe=original.recipe), source=None)
    )
    finished, _ = await harness.finished(again, FileSource(path))
    assert finished.recipe.seed == 9
    assert finished.recipe.width > 3 * finished.recipe.height


async def test_what_needs_no_picture_goes_on_after_a_restart(
    harness: PipelineHarness, job_request: Make
) -> None:
    film = await harness.store.create(job_request(request=FILM, source=None))
    still = await harness.store.create(job_request(request=DreamRequest(), source=None))
    assert isinstance((await harness.updates(film))[-1], FinishedDream)
    with pytest.raises(Exception, match="I was restarted"):
        await harness.updates(still)


async def test_a_film_too_large_for_discord_is_made_smaller(
    harness: PipelineHarness, job_request: Make, tmp_path: Path
) -> None:
    job = await harness.store.create(
        job_request(request=DreamRequest(preset="classic", intensity=1), source=None)
    )
    finished, data = await harness.finished(job, gif(tmp_path / "five.gif"))
    codecs = CodecPool(1)
    try:
        path = harness.written(data, f"film.{finished.result.extension}")
        made = await encode_smaller(codecs, path, finished.recipe, len(data) * 3 // 4)
        path = harness.written(made.data, path.name)
        assert await codecs.read_recipe(path) == finished.recipe.to_json()
        assert (await codecs.probe(path)).frames == 5
    finally:
        await codecs.close()
    assert len(made.data) <= len(data) * 3 // 4


async def test_a_video_comes_back_with_its_thirty_frames_a_second(
    harness: PipelineHarness, job_request: Make, tmp_path: Path
) -> None:
    source = write_video(tmp_path / "a.mp4", panning_frames(15), fps=30)
    job = await harness.store.create(
        job_request(request=DreamRequest(preset="classic", intensity=1), source=None)
    )
    finished, data = await harness.finished(job, FileSource(source))
    assert finished.recipe.moving == VideoParams(frames=15, fps=30)
    assert await probed(harness.written(data, "film.mp4")) == ("MP4", 15, pytest.approx(0.5, abs=0.01))


@pytest.mark.parametrize(
    ("asked", "moves", "format", "frames"),
    [
        ("gif", False, "GIF", len(CLIP)),
        ("mp4", False, "MP4", len(CLIP)),
        ("gif", True, "GIF", 5),
        ("png", True, "PNG", 1),
    ],
)
async def test_the_file_has_the_format_that_was_asked_for(
    harness: PipelineHarness,
    job_request: Make,
    tmp_path: Path,
    asked: str,
    moves: bool,
    format: str,
    frames: int,
) -> None:
    source = gif(tmp_path / "a.gif", 5 if moves else 1)
    job = await harness.store.create(job_request(request=DreamRequest.of(format=asked)))
    finished, data = await harness.finished(job, source)
    assert finished.result.extension == asked
    found, count, seconds = await probed(harness.written(data, f"a.{asked}"))
    assert (found, count) == (format, frames)
    if frames == len(CLIP):
        assert seconds == pytest.approx(sum(frame.ms for frame in CLIP) / 1000, abs=0.1)


@pytest.mark.parametrize(("loop", "plays"), [({}, 1), ({"loop": 0}, 0), ({"loop": 1}, 2)])
async def test_a_gif_comes_back_with_as_many_plays(
    harness: PipelineHarness, job_request: Make, tmp_path: Path, loop: dict[str, int], plays: int
) -> None:
    images = [Image.fromarray(rgb) for rgb in panning_frames(3)]
    images[0].save(tmp_path / "a.gif", save_all=True, append_images=images[1:], duration=80, **loop)
    job = await harness.store.create(
        job_request(request=DreamRequest(preset="classic", intensity=1), source=None)
    )
    _, data = await harness.finished(job, FileSource(tmp_path / "a.gif"))
    back = read_frames(harness.written(data, "film"), size=(64, 48))
    assert back.loops == plays


@pytest.mark.parametrize(
    ("fps", "seconds", "frames", "every"),
    [
        (30, 8, 240, 1),
        (30, 12, 180, 2),
        (60, 10, 150, 4),
        (12, 30, 240, 1),
    ],
)
async def test_a_long_video_loses_frames_and_keeps_its_length(
    job_request: Make, tmp_path: Path, fps: int, seconds: int, frames: int, every: int
) -> None:
    source = write_video(
        tmp_path / "a.mp4", [rgb[:16, :16] for rgb in panning_frames(8)] * (fps * seconds // 8), fps=fps
    )
    codecs = CodecPool(1)
    try:
        maker = Renderer(codecs, models=find_model, max_pixels=80_000, max_seconds=30.0)
        request = DreamRequest(preset="classic", intensity=1)
        input_files = InputFiles(source)
        recipe = await maker.resolve(job_request(request=request, source=None), input_files, "fp32")
        assert recipe.moving
        assert recipe.moving.frames == pytest.approx(frames, abs=1), recipe
        inputs, _ = await maker.render(recipe, input_files, OutputFormat(10**7)).decode()
    finally:
        await codecs.close()
    assert inputs.source is not None
    assert len(inputs.source) == recipe.moving.frames
    assert recipe.moving.fps == pytest.approx(min(30, fps / every), rel=0.02)


async def test_a_recipe_of_an_earlier_version_sees_its_frames(job_request: Make, tmp_path: Path) -> None:
    """It says how many frames, and not how fast: of thirty a second every second one was dreamed."""
    source = write_video(tmp_path / "a.mp4", panning_frames(30), fps=30)
    codecs = CodecPool(1)
    try:
        maker = Renderer(codecs, models=find_model, max_pixels=80_000, max_seconds=20.0)
        input_files = InputFiles(source)
        request = DreamRequest(preset="classic", intensity=1)
        recipe = await maker.resolve(job_request(request=request, source=None), input_files, "fp32")
        former = recipe.model_copy(update={"moving": VideoParams(frames=15)})
        inputs, _ = await maker.render(former, input_files, OutputFormat(10**7)).decode()
        seen = await codecs.frames(source, size=(recipe.width, recipe.height))
    finally:
        await codecs.close()
    assert inputs.source is not None
    assert np.array_equal(inputs.source, seen.rgb[::2])


async def test_a_sheet_is_as_transparent_as_its_source(
    harness: PipelineHarness, job_request: Make, tmp_path: Path
) -> None:
    sticker = Image.new("RGBA", (300, 200), "orange")
    sticker.paste((0, 0, 0, 0), (150, 0, 300, 200))
    sticker.save(tmp_path / "sticker.png")
    request = DreamRequest(four=True, intensity=1, layer="mixed3")
    job = await harness.store.create(job_request(request=request, source=None))
    finished, data = await harness.finished(job, FileSource(tmp_path / "sticker.png"))
    width, height = finished.recipe.input_size
    dream = Image.open(io.BytesIO(data)).convert("RGBA")
    assert dream.size == (2 * width + 4, 2 * height + 4)
    shown = [dream.getpixel((x * dream.width // 8, dream.height // 4))[3] > 128 for x in (1, 3, 5, 7)]
    assert shown == [True, False, True, False]


async def test_a_video_keeps_its_sound_and_one_with_a_broken_track_is_dreamed_without(
    harness: PipelineHarness, job_request: Make, tmp_path: Path
) -> None:
    good = write_video_with_sound(tmp_path / "good.mp4", beeps(2.0, (0.3, 1.4)), seconds=2)
    data = good.read_bytes()
    configuration = data.index(b"\x05\x80\x80\x80", data.index(b"esds")) + 5
    (tmp_path / "broken.mp4").write_bytes(data[:configuration] + b"\xff" * 5 + data[configuration + 5 :])
    request = DreamRequest(preset="classic", intensity=1)
    for name, limits, wanted in (
        ("good.mp4", Limits(), [0.3, 1.4]),
        ("good.mp4", Limits(seconds=1), [0.3]),
        ("broken.mp4", Limits(), None),
    ):
        job = await harness.store.create(job_request(request=request, source=None, limits=limits))
        finished, made = await harness.finished(job, FileSource(tmp_path / name))
        path = harness.written(made, "dream.mp4")
        assert finished.result.sound_cut == 0
        if wanted is None:
            assert b"mp4a" not in made
        else:
            assert onsets(read_sound(path, 10)) == pytest.approx(wanted, abs=0.04)
            assert packets_of(path) == packets_of(good)[: len(packets_of(path))]


async def test_the_sound_of_a_hellscape_is_stored_and_outlives_a_smaller_copy(
    harness: PipelineHarness, job_request: Make, tmp_path: Path
) -> None:
    path = write_sound(tmp_path / "a.wav", beeps(2.0, (0.3, 0.8)), "pcm_s16le")
    sound = SourceImage(FileSource(path), "a sound", False, 15, 16)
    request = FILM.model_copy(update={"seconds": 1.0, "size": "256", "start": "picture"})
    job = await harness.store.create(job_request(request=request, source=None, sound=sound))
    finished, data = await harness.finished(job, gif(tmp_path / "noise.gif", 1))
    stored = await harness.store.get(job.id)
    assert stored
    assert stored.spec.sound == sound
    assert finished.result.sound_cut == stored.result.sound_cut == 1.0
    assert finished.recipe.hellscape
    assert len(set(finished.recipe.hellscape.loudness)) > 3
    film = harness.written(data, "film.mp4")
    codecs = CodecPool(1)
    try:
        smaller = await encode_smaller(codecs, film, finished.recipe, len(data) * 2 // 3)
    finally:
        await codecs.close()
    assert len(smaller.data) <= len(data) * 2 // 3
    for one in (film, harness.written(smaller.data, "small.mp4")):
        assert onsets(read_sound(one, 10)) == pytest.approx([0.3, 0.8], abs=0.04)
