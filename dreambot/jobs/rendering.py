"""Resolves a request against its files, decodes the engine's inputs, and encodes its output."""

import asyncio
import math
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from dreambot.jobs.models import JobRequest
from dreambot.media.encode import EncodedFile
from dreambot.media.frames import LEGACY_MAX_FPS, MAX_FPS, MAX_FRAMES, MAX_FRAMES_BYTES
from dreambot.media.picture import DreamInputs, Picture, Pixels
from dreambot.media.probe import Probe, file_sha256
from dreambot.media.video_settings import VideoFormat
from dreambot.recipe import DreamRequest, Guide, Precision, Recipe, RecipeError, SourceFacts
from dreambot.recipe.layers import ModelLookup
from dreambot.recipe.recipe import GuideKind
from dreambot.recipe.request import RepeatRequest, Request, resolve_request
from dreambot.workers.codec_pool import CodecPool
from dreambot.workers.types import Done, FrameSink
from dreambot.workers.video_encoder import VideoEncoder

_COUNTING_SIZE = (16, 16)
"""Frames are counted small: that needs no memory."""
_MIN_THINNED_FPS = 10
"""Long videos are not thinned below this many frames a second."""
_ANIMATED_IMAGE_FORMATS = frozenset({"GIF", "WEBP", "PNG"})
"""Formats of pictures that move by themselves; so shall their dreams."""


@dataclass(frozen=True)
class InputFiles:
    """The files that a job is dreamed from."""

    source: Path | None = None
    guide: Path | None = None


class Renderer:
    """Reads pictures, resolves requests, and writes dreams."""

    def __init__(
        self, codecs: CodecPool, *, models: ModelLookup, max_pixels: int, max_seconds: float
    ) -> None:
        """models: what the models' names stand for. max_pixels: larger pictures are dreamed at this many.
        max_seconds: longer films are dreamed only so far."""
        self._codecs = codecs
        self._models = models
        self._max_pixels = max_pixels
        self._max_seconds = max_seconds

    async def recipe(self, ask: JobRequest, input_files: InputFiles, precision: Precision) -> Recipe:
        """What a request comes to. Raises RecipeError, PictureError."""
        request = await _request_with_guide(ask.request, input_files)
        most = min(self._max_pixels, ask.bounds.pixels or self._max_pixels)
        recipe = resolve_request(
            request,
            await self._facts(ask, input_files),
            seed=secrets.randbits(32),
            models=self._models,
            precision=precision,
            max_pixels=most,
        )
        fitting = max(1, MAX_FRAMES_BYTES // (3 * recipe.width * recipe.height))
        if recipe.moving and recipe.moving.frames > fitting and input_files.source:
            frames, fps = await self._counted(ask, input_files.source, fitting)
            moving = recipe.moving.model_copy(update={"frames": frames, "fps": fps})
            recipe = recipe.model_copy(update={"moving": moving})
        return recipe

    async def _facts(self, ask: JobRequest, input_files: InputFiles) -> SourceFacts | None:
        if input_files.source is None:
            return None
        probe = await self._codecs.probe(input_files.source)
        frames, fps = 1, None
        if probe.moves:
            frames, fps = await self._counted(ask, input_files.source, MAX_FRAMES)
        return SourceFacts(probe.width, probe.height, probe.masking, frames, fps)

    async def _counted(self, ask: JobRequest, source: Path, most: int) -> tuple[int, float]:
        """How many frames of a source are dreamed, at most `most`, and how many a second at most.

        Of a source with more of them every second frame is dreamed, or every third, so that it keeps its
        length; it is cut off where it would stutter.
        """
        seconds = min(self._max_seconds, ask.bounds.seconds or self._max_seconds)
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

    def work(self, recipe: Recipe, input_files: InputFiles, limit: int) -> "StillRender | VideoRender":
        """How the file of a dream is made. limit: the most bytes it may have."""
        if recipe.frames > 1:
            return VideoRender(self._codecs, recipe, input_files, limit, self._max_seconds)
        return StillRender(self._codecs, recipe, input_files, limit)


@dataclass
class StillRender:
    """One picture in the making."""

    codecs: CodecPool
    recipe: Recipe
    input_files: InputFiles
    limit: int
    frames: FrameSink | None = None

    async def inputs(self) -> tuple[DreamInputs, Picture | None]:
        """What the engine is given, and the source, if there is one."""
        recipe, source = self.recipe, None
        if self.input_files.source:
            source = await self.codecs.decode(self.input_files.source, size=(recipe.width, recipe.height))
        guide = await _decode_guide(self.codecs, recipe, self.input_files)
        return DreamInputs(source.rgb if source else None, guide), source

    async def file(self, done: Done, source: Picture | None) -> EncodedFile:
        """The dream's file, as transparent as the source."""
        picture = Picture(done.rgb, source.alpha if source else None)
        return await self.codecs.encode(picture, limit=self.limit, recipe_json=self.recipe.to_json())

    async def abandon(self) -> None:
        """There is nothing to tidy up."""


@dataclass
class VideoRender:
    """A film in the making, whose frames are encoded as they come."""

    codecs: CodecPool
    recipe: Recipe
    input_files: InputFiles
    limit: int
    max_seconds: float
    _reel: VideoEncoder = field(init=False)

    def __post_init__(self) -> None:
        """The reel is there from the start; it begins with the first frame."""
        hellscape = self.recipe.hellscape
        self._reel = VideoEncoder(
            self.codecs,
            fps=hellscape.fps if hellscape else None,
            loops=1 if hellscape and not hellscape.loop else 0,
            limit=self.limit,
            recipe_json=self.recipe.to_json(),
        )

    async def frames(self, index: int, frames: int, rgb: Pixels) -> None:
        """Takes a frame; see `FrameSink`."""
        await self._reel.add(index, frames, rgb)

    async def inputs(self) -> tuple[DreamInputs, Picture | None]:
        """What the engine is given, and the picture or frame that it begins with, if there is one."""
        recipe, path = self.recipe, self.input_files.source
        size = (recipe.width, recipe.height)
        rgb = source = None
        if path and recipe.moving:
            most = min(MAX_FRAMES, recipe.moving.frames)
            footage = await self.codecs.frames(
                path,
                size=size,
                max_frames=most,
                max_seconds=self.max_seconds,
                max_fps=recipe.moving.fps or LEGACY_MAX_FPS,
            )
            self._reel.durations, self._reel.loops = footage.durations, footage.loops
            self._reel.format = _video_format(await self.codecs.probe(path))
            rgb = footage.rgb
            source = Picture(rgb[0], missing=footage.missing)
        elif path:
            source = await self.codecs.decode(path, size=size)
            rgb = source.rgb
        return DreamInputs(rgb, await _decode_guide(self.codecs, recipe, self.input_files)), source

    async def file(self, done: Done, source: Picture | None) -> EncodedFile:
        """The film's file."""
        return await self._reel.finish()

    async def abandon(self) -> None:
        """Ends what was not finished."""
        await self._reel.abandon()


async def encode_smaller(codecs: CodecPool, path: Path, recipe: Recipe, limit: int) -> EncodedFile:
    """A dream's file once more, of at most `limit` bytes. Raises PictureError."""
    probe = await codecs.probe(path)
    if not probe.moves:
        picture = await codecs.decode(path, max_pixels=probe.width * probe.height)
        return await codecs.encode(picture, limit=limit, recipe_json=recipe.to_json())
    size = (probe.width, probe.height)
    footage = await codecs.frames(path, size=size, max_fps=60, max_seconds=600)
    async with VideoEncoder(
        codecs,
        durations=footage.durations,
        loops=footage.loops,
        format=_video_format(probe),
        limit=limit,
        recipe_json=recipe.to_json(),
    ) as reel:
        for index, rgb in enumerate(footage.rgb):
            await reel.add(index, len(footage.rgb), rgb)
        return await reel.finish()


async def _request_with_guide(request: Request, input_files: InputFiles) -> Request:
    """The request, with the guide that is here by the sha256 of its file."""
    match request:
        case DreamRequest() if input_files.guide:
            return request.model_copy(update={"guide": await _guide_from_file(input_files.guide, "match")})
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


def _video_format(probe: Probe) -> VideoFormat | None:
    return "webp" if probe.format in _ANIMATED_IMAGE_FORMATS else None
