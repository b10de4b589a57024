"""Resolves a request against its files, decodes the engine's inputs, and encodes its output."""

import asyncio
import logging
import math
import secrets
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from dreambot.jobs.models import JobRequest
from dreambot.media.decode import Probe, file_sha256
from dreambot.media.encode import EncodedFile
from dreambot.media.frames import LEGACY_MAX_FPS, MAX_FPS, MAX_FRAMES, MAX_FRAMES_BYTES
from dreambot.media.picture import DreamInputs, Picture, PictureError, Pixels
from dreambot.media.sheet import join_sheet
from dreambot.media.sound import Soundtrack
from dreambot.media.video_settings import VideoFormat, choose_video_format
from dreambot.recipe import DreamRequest, Guide, Precision, Recipe, RecipeError, SourceFacts
from dreambot.recipe.clip import CLIP
from dreambot.recipe.guide import KIND_OF_USE, GuideKind
from dreambot.recipe.hellscape import HellscapeRequest, SoundFacts, dreamed_fps
from dreambot.recipe.layers import ModelLookup
from dreambot.recipe.request import RepeatRequest, Request, resolve_request
from dreambot.workers.codec_pool import CodecPool
from dreambot.workers.types import Done, FrameSink
from dreambot.workers.video_encoder import VideoEncoder

log = logging.getLogger(__name__)

_COUNTING_SIZE = (16, 16)
"""Frames are counted at this size, which needs little memory."""
_MIN_THINNED_FPS = 10
"""Long videos are not thinned below this many frames a second."""
_ANIMATED_IMAGE_FORMATS = frozenset({"GIF", "WEBP", "PNG"})
"""Formats that viewers animate without controls; their dreams are animated pictures, too."""
_MAX_SOUND_SHARE = 0.25
"""The share of a video's bytes that its soundtrack may take before its bitrate is lowered."""
_MAX_LEFT_OUT_S = 0.5
"""Less at the end of a sound is not missed."""


@dataclass(frozen=True)
class InputFiles:
    """The files that a job is dreamed from.

    Attributes:
        source: The picture or video to start from.
        guide: A second picture, whose shapes are dreamed.
        mask: A picture that is bright where the dream happens.
        sound: An audio file or a video, whose sound drives a hellscape.
    """

    source: Path | None = None
    guide: Path | None = None
    mask: Path | None = None
    sound: Path | None = None


@dataclass(frozen=True)
class OutputFormat:
    """What the file of a dream may be.

    Attributes:
        limit: Most bytes it may have; None is any size.
        image: Pillow's name of the format of a still; None picks the best within the limit.
        video: The format of a video; None is the recipe's, else MP4 where PyAV is installed, or WebP as the
            source.
        hellscape_plays: How often a hellscape that is no loop plays; 0 is for ever.
    """

    limit: int | None = None
    image: str | None = None
    video: VideoFormat | None = None
    hellscape_plays: int = 1


class Renderer:
    """Probes sources, resolves requests, and reads and writes pictures and videos."""

    def __init__(
        self, codecs: CodecPool, *, models: ModelLookup, max_pixels: int, max_seconds: float
    ) -> None:
        """Starts nothing yet.

        Args:
            codecs: The processes that decode and encode.
            models: Finds a network by its name.
            max_pixels: Larger pictures are dreamed at this many pixels.
            max_seconds: Longer videos are dreamed up to this second.
        """
        self._codecs = codecs
        self._models = models
        self._max_pixels = max_pixels
        self._max_seconds = max_seconds

    async def resolve(
        self, spec: JobRequest, input_files: InputFiles, precision: Precision, seed: int | None = None
    ) -> Recipe:
        """Resolves a request.

        Args:
            spec: The request and its limits.
            input_files: Its files.
            precision: What the devices are best at.
            seed: Used where the request names none; drawn if None.

        Raises:
            RecipeError: The request cannot be followed.
            PictureError: The source cannot be read.
        """
        request = await _request_with_guide(spec.request, input_files)
        most = min(self._max_pixels, spec.limits.pixels or self._max_pixels)
        recipe = resolve_request(
            request,
            await self._facts(spec, input_files),
            seed=secrets.randbits(32) if seed is None else seed,
            models=self._models,
            precision=precision,
            max_pixels=most,
            sound=await self._sound_facts(spec, input_files),
        )
        if recipe.format == "mp4":
            # Raises PictureError before anything is dreamed.
            choose_video_format("mp4")
        fitting = max(1, MAX_FRAMES_BYTES // (3 * recipe.width * recipe.height))
        if recipe.moving and recipe.moving.frames > fitting and input_files.source:
            frames, fps = await self._counted(spec, input_files.source, fitting)
            moving = recipe.moving.model_copy(update={"frames": frames, "fps": fps})
            recipe = recipe.model_copy(update={"moving": moving})
        return recipe

    async def share_seconds(self, spec: JobRequest, pictures: Iterable[InputFiles]) -> JobRequest:
        """Returns a request by which the videos of an album are together as long as a single one may be.

        Args:
            spec: The request and its limits.
            pictures: The files of the album's pictures.
        """
        moving = 0
        for files in pictures:
            # A file that cannot be read is reported when it is resolved.
            with suppress(PictureError):
                moving += bool(files.source and (await self._codecs.probe(files.source)).moves)
        if moving < 2:
            return spec
        seconds = min(self._max_seconds, spec.limits.seconds or self._max_seconds) / moving
        return replace(spec, limits=replace(spec.limits, seconds=seconds))

    async def _facts(self, spec: JobRequest, input_files: InputFiles) -> SourceFacts | None:
        if input_files.source is None:
            return None
        probe = await self._codecs.probe(input_files.source)
        frames, fps = 1, None
        if probe.moves:
            frames, fps = await self._counted(spec, input_files.source, MAX_FRAMES)
        return SourceFacts(probe.width, probe.height, probe.masking, frames, fps)

    async def _sound_facts(self, spec: JobRequest, input_files: InputFiles) -> SoundFacts | None:
        request = spec.request
        if input_files.sound is None or not isinstance(request, HellscapeRequest):
            return None
        most = min(self._max_seconds, spec.limits.seconds or self._max_seconds)
        return await measure_sound(self._codecs, input_files.sound, request, most)

    async def _counted(self, spec: JobRequest, source: Path, most: int) -> tuple[int, float]:
        """Counts the frames of a source that are dreamed, at most `most`, and their rate.

        Of a source with more frames every second or third is dreamed, so that it keeps its length; it is cut
        off where it would stutter.
        """
        seconds = min(self._max_seconds, spec.limits.seconds or self._max_seconds)
        fps = MAX_FPS
        counted = await self._codecs.frames(
            source, size=_COUNTING_SIZE, max_seconds=seconds, max_frames=math.ceil(seconds * MAX_FPS)
        )
        if len(counted.rgb) > most:
            rate = 1000 * len(counted.rgb) / sum(counted.durations)
            every = max(1, min(math.ceil(len(counted.rgb) / most), int(rate / _MIN_THINNED_FPS)))
            fps = min(MAX_FPS, round(rate / every, 3))
            counted = await self._codecs.frames(
                source, size=_COUNTING_SIZE, max_seconds=seconds, max_frames=most, max_fps=fps
            )
        return len(counted.rgb), fps

    def render(self, recipe: Recipe, input_files: InputFiles, output: OutputFormat) -> "RenderTask":
        """Prepares to decode the inputs of a recipe and to encode its output.

        Args:
            recipe: The recipe.
            input_files: The files it is dreamed from.
            output: What the result may be.
        """
        return RenderTask(self._codecs, recipe, input_files, output, self._max_seconds)


class RenderTask:
    """Decodes the inputs of one recipe, and encodes its output: a still, or a video frame by frame."""

    def __init__(
        self,
        codecs: CodecPool,
        recipe: Recipe,
        input_files: InputFiles,
        output: OutputFormat,
        max_seconds: float,
    ) -> None:
        """Decodes nothing yet.

        Args:
            codecs: The processes that decode and encode.
            recipe: The recipe.
            input_files: The files it is dreamed from.
            output: What the result may be.
            max_seconds: Longer videos are decoded up to this second.
        """
        self._codecs = codecs
        self._recipe = recipe
        self._input_files = input_files
        self._output = output
        self._max_seconds = max_seconds
        self._video: VideoEncoder | None = None
        self._clip: list[Pixels] = []
        self._video_format = output.video or _video_format(recipe)
        self.sound_cut = 0.0
        if recipe.frames > 1:
            hellscape = recipe.hellscape
            self._video = VideoEncoder(
                codecs,
                fps=hellscape.fps if hellscape else None,
                durations=[frame.ms for frame in CLIP] if recipe.is_clip else (),
                loops=output.hellscape_plays if hellscape and not hellscape.loop else 0,
                format=self._video_format,
                limit=output.limit,
                recipe_json=recipe.to_json(),
            )

    @property
    def source(self) -> Path | None:
        """The file of the source."""
        return self._input_files.source

    @property
    def frames(self) -> FrameSink | None:
        """Takes the frames of a video as they are dreamed; None for a still."""
        if self._video is None:
            return None
        return self._keep if self._recipe.is_clip else self._video.add

    async def _keep(self, index: int, frames: int, rgb: Pixels) -> None:
        """Keeps a frame of a clip, which come all at once: a device does not wait until they are encoded."""
        self._clip[index:] = [rgb]

    async def decode(self) -> tuple[DreamInputs, Picture | None]:
        """Decodes the inputs.

        Returns:
            What the engine is given, and the source picture or its first frame, if there is one.

        Raises:
            PictureError: A file cannot be read.
        """
        recipe, path, files = self._recipe, self._input_files.source, self._input_files
        size = recipe.input_size
        rgb = source = mask = None
        if path and recipe.moving and self._video:
            frames = await self._codecs.frames(
                path,
                size=size,
                max_frames=min(MAX_FRAMES, recipe.moving.frames),
                max_seconds=self._max_seconds,
                max_fps=recipe.moving.fps or LEGACY_MAX_FPS,
            )
            self._video.durations, self._video.loops = frames.durations, frames.loops
            if self._video_format is None:
                self._video.format = _similar_format(await self._codecs.probe(path))
            rgb = frames.rgb
            source = Picture(rgb[0], missing=frames.missing)
            await self._add_soundtrack(path, sum(frames.durations) / 1000)
        elif path:
            source = await self._codecs.decode(path, size=size)
            rgb = source.rgb
        if recipe.mask and files.mask:
            picture = await self._codecs.decode(files.mask, size=size)
            mask = picture.rgb.mean(axis=2).round().astype("uint8")
        if recipe.hellscape and files.sound:
            seconds = recipe.hellscape.frames / recipe.hellscape.fps
            whole = await self._add_soundtrack(files.sound, seconds)
            self.sound_cut = seconds if whole > seconds + _MAX_LEFT_OUT_S else 0.0
        return DreamInputs(rgb, await _decode_guide(self._codecs, recipe, files), mask), source

    async def _add_soundtrack(self, path: Path, seconds: float) -> float:
        """Gives the video the sound of a file, if it has any; returns the whole length of that."""
        if self._video is None or choose_video_format(self._video.format) != "mp4":
            return 0.0
        found = await _soundtrack(self._codecs, path, seconds, self._output.limit)
        self._video.soundtrack = found.data if found else None
        return found.whole_seconds if found else 0.0

    async def encode(self, done: Done, source: Picture | None) -> EncodedFile:
        """Encodes the dream; a still is as transparent as its source.

        Args:
            done: What the device returned; of a video, `frames` took the frames.
            source: What `decode` returned.
        """
        if self._video:
            for index, rgb in enumerate(self._clip):
                await self._video.add(index, len(self._clip), rgb)
            return await self._video.finish()
        alpha = source.alpha if source else None
        if self._recipe.sheet and alpha is not None:
            alpha = join_sheet([alpha] * 4)
        return await self._codecs.encode(
            Picture(done.rgb, alpha),
            limit=self._output.limit,
            recipe_json=self._recipe.to_json(),
            format=self._output.image,
        )

    async def close(self) -> None:
        """Ends a video that was not finished."""
        if self._video:
            await self._video.abandon()


async def measure_sound(
    codecs: CodecPool, path: Path, request: HellscapeRequest, max_seconds: float
) -> SoundFacts:
    """Measures the sound that drives a hellscape.

    Args:
        codecs: The processes that decode.
        path: An audio file or a video.
        request: The request for the hellscape.
        max_seconds: Limit on its length.

    Raises:
        PictureError: There is no sound, or it cannot be decoded.
    """
    seconds = min(max_seconds, request.seconds or max_seconds)
    heard = await codecs.loudness(path, rate=dreamed_fps(request), max_seconds=seconds)
    return SoundFacts(heard.levels, heard.seconds)


async def encode_smaller(codecs: CodecPool, path: Path, recipe: Recipe, limit: int) -> EncodedFile:
    """Encodes a dream's file again.

    Args:
        codecs: The processes that decode and encode.
        path: The file.
        recipe: What it was made by.
        limit: Most bytes of the new file.

    Raises:
        PictureError: It cannot be read.
    """
    probe = await codecs.probe(path)
    if not probe.moves:
        picture = await codecs.decode(path, max_pixels=probe.width * probe.height)
        return await codecs.encode(picture, limit=limit, recipe_json=recipe.to_json())
    size = (probe.width, probe.height)
    footage = await codecs.frames(path, size=size, max_fps=60, max_seconds=600)
    format = _video_format(recipe) or _similar_format(probe)
    sound = None
    if choose_video_format(format) == "mp4":
        sound = await _soundtrack(codecs, path, sum(footage.durations) / 1000, limit)
    async with VideoEncoder(
        codecs,
        durations=footage.durations,
        loops=footage.loops,
        format=format,
        limit=limit,
        recipe_json=recipe.to_json(),
        soundtrack=sound.data if sound else None,
    ) as reel:
        for index, rgb in enumerate(footage.rgb):
            await reel.add(index, len(footage.rgb), rgb)
        return await reel.finish()


async def _soundtrack(codecs: CodecPool, path: Path, seconds: float, limit: int | None) -> Soundtrack | None:
    """The soundtrack of a video of at most `limit` bytes; None if there is none, or it cannot be used."""
    most = None if limit is None else int(limit * _MAX_SOUND_SHARE)
    try:
        return await codecs.soundtrack(path, seconds=seconds, max_bytes=most)
    except PictureError as error:
        # A dream is worth having without its sound.
        log.info("no soundtrack: %s", error)
        return None


async def _request_with_guide(request: Request, input_files: InputFiles) -> Request:
    """The request, with its guide by the sha256 of the file."""
    match request:
        case DreamRequest(guide=None) if input_files.guide:
            kind = KIND_OF_USE[request.guide_as or "shapes"]
            return request.model_copy(update={"guide": await _guide_from_file(input_files.guide, kind)})
        case RepeatRequest(recipe=Recipe(guide=Guide(kind=kind)) as recipe):
            path = _guide_path(kind, input_files)
            if path is None:
                raise RecipeError("errors-recipe-guide")
            return RepeatRequest(
                recipe=recipe.model_copy(update={"guide": await _guide_from_file(path, kind)})
            )
    return request


async def _guide_from_file(path: Path, kind: GuideKind) -> Guide:
    return Guide(sha256=await asyncio.to_thread(file_sha256, path), kind=kind)


def _guide_path(kind: GuideKind, input_files: InputFiles) -> Path | None:
    # Without another picture, a caricature is of the source itself.
    return input_files.guide or (input_files.source if kind == "caricature" else None)


async def _decode_guide(codecs: CodecPool, recipe: Recipe, input_files: InputFiles) -> Pixels | None:
    path = _guide_path(recipe.guide.kind, input_files) if recipe.guide else None
    if path is None:
        return None
    # In its own shape: the engine crops it where it must lie on the picture.
    return (await codecs.decode(path, max_pixels=recipe.width * recipe.height)).rgb


def _video_format(recipe: Recipe) -> VideoFormat | None:
    return None if recipe.format == "png" else recipe.format


def _similar_format(probe: Probe) -> VideoFormat | None:
    """The format of a video that moves like a source; None is the best that there is."""
    return "webp" if probe.format in _ANIMATED_IMAGE_FORMATS else None
