"""Between files and dreams: what a job's pictures are, the recipe they make of its request, and the file that
comes of it."""

import asyncio
import math
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from dreambot.executor.types import Done, FrameSink
from dreambot.jobs.types import Ask
from dreambot.media.digest import file_sha256
from dreambot.media.encode import Encoded
from dreambot.media.film_plan import FilmFormat
from dreambot.media.footage import FORMER_MAX_FPS, MAX_BYTES, MAX_FPS, MAX_FRAMES
from dreambot.media.inputs import Inputs
from dreambot.media.picture import Picture, Pixels
from dreambot.media.pool import CodecPool
from dreambot.media.probe import Probe
from dreambot.media.reel import Reel
from dreambot.recipe import DreamRequest, Guide, Precision, Recipe, RecipeError, SourceFacts
from dreambot.recipe.guide import GuideKind
from dreambot.recipe.repeat import RepeatRequest
from dreambot.recipe.trained import Models
from dreambot.recipe.wishes import Request, resolve_request

_COUNTING = (16, 16)
"""Frames are counted small: that needs no memory."""
_SMOOTH_FPS = 10
"""Long videos are not thinned below this many frames a second."""
_AUTOPLAYED = frozenset({"GIF", "WEBP", "PNG"})
"""Formats of pictures that move by themselves; so shall their dreams."""


@dataclass(frozen=True)
class Material:
    """The files that a job is dreamed from."""

    source: Path | None = None
    guide: Path | None = None


class Maker:
    """Reads pictures, resolves requests, and writes dreams."""

    def __init__(self, codecs: CodecPool, *, models: Models, max_pixels: int, max_seconds: float) -> None:
        """models: what the models' names stand for. max_pixels: larger pictures are dreamed at this many.
        max_seconds: longer films are dreamed only so far."""
        self._codecs = codecs
        self._models = models
        self._max_pixels = max_pixels
        self._max_seconds = max_seconds

    async def recipe(self, ask: Ask, material: Material, precision: Precision) -> Recipe:
        """What a request comes to. Raises RecipeError, PictureError."""
        request = await _with_guide(ask.request, material)
        most = min(self._max_pixels, ask.bounds.pixels or self._max_pixels)
        recipe = resolve_request(
            request,
            await self._facts(ask, material),
            seed=secrets.randbits(32),
            models=self._models,
            precision=precision,
            max_pixels=most,
        )
        fitting = max(1, MAX_BYTES // (3 * recipe.width * recipe.height))
        if recipe.moving and recipe.moving.frames > fitting and material.source:
            frames, fps = await self._counted(ask, material.source, fitting)
            moving = recipe.moving.model_copy(update={"frames": frames, "fps": fps})
            recipe = recipe.model_copy(update={"moving": moving})
        return recipe

    async def _facts(self, ask: Ask, material: Material) -> SourceFacts | None:
        if material.source is None:
            return None
        probe = await self._codecs.probe(material.source)
        frames, fps = 1, None
        if probe.moves:
            frames, fps = await self._counted(ask, material.source, MAX_FRAMES)
        return SourceFacts(probe.width, probe.height, probe.masking, frames, fps)

    async def _counted(self, ask: Ask, source: Path, most: int) -> tuple[int, float]:
        """How many frames of a source are dreamed, at most `most`, and how many a second at most.

        Of a source with more of them every second frame is dreamed, or every third, so that it keeps its
        length; it is cut off where it would stutter.
        """
        seconds = min(self._max_seconds, ask.bounds.seconds or self._max_seconds)
        fps = MAX_FPS
        counted = await self._codecs.frames(
            source, size=_COUNTING, max_seconds=seconds, max_frames=math.ceil(seconds * MAX_FPS)
        )
        if len(counted.rgb) > most:
            rate = 1000 * len(counted.rgb) / sum(counted.durations)
            every = max(1, min(math.ceil(len(counted.rgb) / most), int(rate / _SMOOTH_FPS)))
            fps = min(MAX_FPS, round(rate / every, 3))
            counted = await self._codecs.frames(
                source, size=_COUNTING, max_seconds=seconds, max_frames=most, max_fps=fps
            )
        return len(counted.rgb), fps

    def work(self, recipe: Recipe, material: Material, limit: int) -> "PictureWork | FilmWork":
        """How the file of a dream is made. limit: the most bytes it may have."""
        if recipe.frames > 1:
            return FilmWork(self._codecs, recipe, material, limit, self._max_seconds)
        return PictureWork(self._codecs, recipe, material, limit)


@dataclass
class PictureWork:
    """One picture in the making."""

    codecs: CodecPool
    recipe: Recipe
    material: Material
    limit: int
    frames: FrameSink | None = None

    async def inputs(self) -> tuple[Inputs, Picture | None]:
        """What the engine is given, and the source, if there is one."""
        recipe, source = self.recipe, None
        if self.material.source:
            source = await self.codecs.decode(self.material.source, size=(recipe.width, recipe.height))
        guide = await _guide(self.codecs, recipe, self.material)
        return Inputs(source.rgb if source else None, guide), source

    async def file(self, done: Done, source: Picture | None) -> Encoded:
        """The dream's file, as transparent as the source."""
        picture = Picture(done.rgb, source.alpha if source else None)
        return await self.codecs.encode(picture, limit=self.limit, recipe_json=self.recipe.to_json())

    async def abandon(self) -> None:
        """There is nothing to tidy up."""


@dataclass
class FilmWork:
    """A film in the making, whose frames are encoded as they come."""

    codecs: CodecPool
    recipe: Recipe
    material: Material
    limit: int
    max_seconds: float
    _reel: Reel = field(init=False)

    def __post_init__(self) -> None:
        """The reel is there from the start; it begins with the first frame."""
        hellscape = self.recipe.hellscape
        self._reel = Reel(
            self.codecs,
            fps=hellscape.fps if hellscape else None,
            loops=1 if hellscape and not hellscape.loop else 0,
            limit=self.limit,
            recipe_json=self.recipe.to_json(),
        )

    async def frames(self, index: int, frames: int, rgb: Pixels) -> None:
        """Takes a frame; see `FrameSink`."""
        await self._reel.add(index, frames, rgb)

    async def inputs(self) -> tuple[Inputs, Picture | None]:
        """What the engine is given, and the picture or frame that it begins with, if there is one."""
        recipe, path = self.recipe, self.material.source
        size = (recipe.width, recipe.height)
        rgb = source = None
        if path and recipe.moving:
            most = min(MAX_FRAMES, recipe.moving.frames)
            footage = await self.codecs.frames(
                path,
                size=size,
                max_frames=most,
                max_seconds=self.max_seconds,
                max_fps=recipe.moving.fps or FORMER_MAX_FPS,
            )
            self._reel.durations, self._reel.loops = footage.durations, footage.loops
            self._reel.format = _film_format(await self.codecs.probe(path))
            rgb = footage.rgb
            source = Picture(rgb[0], missing=footage.missing)
        elif path:
            source = await self.codecs.decode(path, size=size)
            rgb = source.rgb
        return Inputs(rgb, await _guide(self.codecs, recipe, self.material)), source

    async def file(self, done: Done, source: Picture | None) -> Encoded:
        """The film's file."""
        return await self._reel.finish()

    async def abandon(self) -> None:
        """Ends what was not finished."""
        await self._reel.abandon()


async def smaller(codecs: CodecPool, path: Path, recipe: Recipe, limit: int) -> Encoded:
    """A dream's file once more, of at most `limit` bytes. Raises PictureError."""
    probe = await codecs.probe(path)
    if not probe.moves:
        picture = await codecs.decode(path, max_pixels=probe.width * probe.height)
        return await codecs.encode(picture, limit=limit, recipe_json=recipe.to_json())
    size = (probe.width, probe.height)
    footage = await codecs.frames(path, size=size, max_fps=60, max_seconds=600)
    async with Reel(
        codecs,
        durations=footage.durations,
        loops=footage.loops,
        format=_film_format(probe),
        limit=limit,
        recipe_json=recipe.to_json(),
    ) as reel:
        for index, rgb in enumerate(footage.rgb):
            await reel.add(index, len(footage.rgb), rgb)
        return await reel.finish()


async def _with_guide(request: Request, material: Material) -> Request:
    """The request, with the guide that is here by the sha256 of its file."""
    match request:
        case DreamRequest() if material.guide:
            return request.model_copy(update={"guide": await _named(material.guide, "match")})
        case RepeatRequest(recipe=Recipe(guide=Guide(kind=kind)) as recipe):
            path = _guide_path(kind, material)
            if path is None:
                raise RecipeError(
                    "That dream was guided by a second picture, which is not here; "
                    "give me the guide again, too."
                )
            return RepeatRequest(recipe=recipe.model_copy(update={"guide": await _named(path, kind)}))
    return request


async def _named(path: Path, kind: GuideKind) -> Guide:
    return Guide(sha256=await asyncio.to_thread(file_sha256, path), kind=kind)


def _guide_path(kind: GuideKind, material: Material) -> Path | None:
    # Without another picture, a caricature is of the source itself.
    return material.guide or (material.source if kind == "caricature" else None)


async def _guide(codecs: CodecPool, recipe: Recipe, material: Material) -> Pixels | None:
    path = _guide_path(recipe.guide.kind, material) if recipe.guide else None
    if path is None:
        return None
    # In its own shape: the engine crops it where it must lie on the picture.
    return (await codecs.decode(path, max_pixels=recipe.width * recipe.height)).rgb


def _film_format(probe: Probe) -> FilmFormat | None:
    return "webp" if probe.format in _AUTOPLAYED else None
