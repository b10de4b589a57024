"""Runs dreams, hellscapes and summons on this machine, from input files to output files."""

import asyncio
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dreambot.cli import files
from dreambot.cli.console import error_text, print_status
from dreambot.cli.context import CliContext, DeviceChoice, cli_context
from dreambot.cli.files import (
    STDIN_PATH,
    STILL_FORMATS,
    VIDEO_SUFFIXES,
    InputFiles,
    RecipeSource,
    is_directory,
    is_video_path,
    make_directory,
    require_writable,
    still_format,
)
from dreambot.errors import UserError
from dreambot.jobs.rendering import measure_sound
from dreambot.media.decode import Probe, file_sha256
from dreambot.media.frames import LEGACY_MAX_FPS, MAX_FPS, MAX_FRAMES_BYTES
from dreambot.media.sound import MAX_SOUND_SECONDS
from dreambot.recipe import DreamRequest, Guide, Recipe, SourceFacts, resolve_dream
from dreambot.recipe.guide import KIND_OF_USE
from dreambot.recipe.hellscape import MAX_HELLSCAPE_SIDE, HellscapeRequest, SoundFacts, resolve_hellscape
from dreambot.recipe.sheet import resolve_sheet
from dreambot.recipe.summon import SummonRequest, format_classes, resolve_summon
from dreambot.workers.types import ExecutorStartError
from dreambot.zoo.catalogue import WeightsError
from dreambot.zoo.registry import find_model

_PLACEHOLDER_SHA256 = "0" * 64
_UNNAMED_OUTPUT = "dream.png"
_COUNTING_SIZE = (16, 16)
"""Frames are counted at this size, which needs little memory."""


@dataclass(frozen=True)
class DreamOptions:
    """Options of `dreambot dream`.

    Attributes:
        sources: Pictures or videos; none for noise, or for words out of the dark.
        output: A file or a folder; None is beside each source.
        request: Fields of a DreamRequest.
        guide: A second picture, whose shapes or style the dream takes.
        caricature: Whether the source's own features are exaggerated, if there is no guide.
        mask: A picture that is bright where the dream happens.
        recipe: A file or a text to repeat; then `request` asks for nothing.
        device: Where to compute.
        max_pixels: Larger pictures are dreamed at this many pixels; None is the setting.
        force: Whether files that are read may be overwritten.
    """

    sources: Sequence[Path]
    output: str | None
    request: dict[str, Any]
    guide: Path | None
    caricature: bool
    mask: Path | None
    recipe: str | None
    device: DeviceChoice
    max_pixels: int | None
    force: bool


def run_dream(wish: DreamOptions) -> int:
    """Dreams on each source and writes the results.

    A source that fails does not keep the others from being dreamed; the failed ones are named.

    Args:
        wish: The options.

    Returns:
        The exit code: 0, 1 where some sources failed, 2 where all of several did.

    Raises:
        UserError: The request cannot be followed for any source, or the only source failed.
    """
    if wish.recipe and any(wish.request.values()):
        raise UserError("cli-recipe-and-options")
    sources = list(dict.fromkeys(wish.sources))
    if wish.request.get("source") == "noise" and sources:
        raise UserError("cli-noise-and-picture")
    with InputFiles() as inputs:
        shared = _SharedInputs(
            wish,
            inputs,
            inputs.open(wish.guide) if wish.guide else None,
            inputs.open(wish.mask) if wish.mask else None,
            inputs.recipe(wish.recipe) if wish.recipe else None,
        )
        shared.check()
        if not sources:
            output = Path(wish.output or _UNNAMED_OUTPUT)
            _require_picture_or_video_path(output)
            require_writable(output, inputs.paths, force=wish.force)
            asyncio.run(_dream_without_source(shared, output))
            return 0
        outputs = _OutputPaths(wish.output, sources)
        failed: list[Path] = []
        opened: list[tuple[Path, Path]] = []
        for source in sources:
            try:
                opened.append((source, inputs.open(source)))
            except UserError as error:
                if len(sources) == 1:
                    raise
                print_status(f"{source}: {error_text(error)}")
                failed.append(source)
        if opened:
            if outputs.file:
                require_writable(outputs.file, inputs.paths, force=wish.force)
            failed += asyncio.run(_dream_sources(shared, opened, outputs, alone=len(sources) == 1))
    if failed:
        print_status(f"{len(failed)} of {len(sources)} could not be dreamed: {', '.join(map(str, failed))}.")
        return 2 if len(failed) == len(sources) else 1
    return 0


@dataclass(frozen=True)
class _SharedInputs:
    """What all sources have in common; guide and mask are readable files."""

    wish: DreamOptions
    inputs: InputFiles
    guide: Path | None
    mask: Path | None
    recipe: RecipeSource | None

    def check(self) -> None:
        """Raises UserError for a request that cannot be followed for any source."""
        if self.recipe is None:
            self.resolved(None, SourceFacts(512, 512) if self.wish.sources else None, 65_536)
        if self.wish.caricature and not (self.guide or self.wish.sources):
            raise UserError("errors-needs-picture")

    def resolved(self, source: Path | None, facts: SourceFacts | None, max_pixels: int) -> Recipe:
        """Resolves the recipe for a source. Raises UserError."""
        wish = self.wish
        guide = None
        if wish.guide or wish.caricature:
            of = self.guide or source
            sha256 = file_sha256(of) if of else _PLACEHOLDER_SHA256
            kind = KIND_OF_USE[wish.request.get("guide_as") or "shapes"] if wish.guide else "caricature"
            guide = Guide(sha256=sha256, kind=kind)
        mask = file_sha256(self.mask) if self.mask else None
        resolve = resolve_sheet if wish.request.get("four") else resolve_dream
        return resolve(
            DreamRequest.of(**wish.request, guide=guide, mask=mask),
            facts,
            seed=secrets.randbits(32),
            models=find_model,
            precision="fp32",
            max_pixels=wish.max_pixels or max_pixels,
        )


class _OutputPaths:
    """Where the dream of each source is written."""

    def __init__(self, given: str | None, sources: Sequence[Path]) -> None:
        """file: the one file that was named. Raises UserError for what cannot take all sources' dreams."""
        self.file: Path | None = None
        self._folder: Path | None = None
        self._written: dict[Path, Path] = {}
        if given is not None:
            path = Path(given)
            if given.endswith("/") or is_directory(path):
                self._folder = path
            elif len(sources) == 1:
                self.file = path
                _require_picture_or_video_path(path)
            elif still_format(path) or is_video_path(path):
                raise UserError("cli-output-one-file", path=path, count=len(sources))
            else:
                self._folder = path
        if self.file is None and STDIN_PATH in sources:
            raise UserError("cli-output-unnamed")
        if self._folder:
            make_directory(self._folder)
        self._sharing = Counter(self._place(source, source.stem) for source in sources)

    def __call__(self, source: Path, *, moves: bool) -> Path:
        """The file for a source. moves: whether its dream is a video where nothing else was asked for."""
        if self.file:
            return self.file
        alone = self._sharing[self._place(source, source.stem)] == 1
        name = source.stem if alone else source.name
        path = self._place(source, f"{name}.dream{files.default_video_suffix() if moves else '.png'}")
        if path in self._written:
            raise UserError("cli-output-taken", path=path, source=self._written[path])
        self._written[path] = source
        return path

    def _place(self, source: Path, name: str) -> Path:
        return (self._folder or source.parent) / name


def _require_picture_or_video_path(output: Path) -> None:
    """Raises UserError for a name of neither, and for a video that cannot be encoded here."""
    if still_format(output):
        return
    if not is_video_path(output):
        raise UserError(
            "cli-suffix-either",
            path=output,
            suffixes=list(STILL_FORMATS),
            video_suffixes=list(VIDEO_SUFFIXES),
        )
    files.require_video_path(output)


def _in_format_of(recipe: Recipe, output: Path) -> Recipe:
    """The recipe for a file of that name: a still in a video file is a clip of how it comes about."""
    if recipe.hellscape or recipe.moving:
        return recipe
    if recipe.sheet and not still_format(output):
        raise UserError("cli-recipe-is-still")
    format = None if still_format(output) else output.suffix.lower().removeprefix(".")
    return recipe.model_copy(update={"format": format})


async def _dream_without_source(shared: _SharedInputs, output: Path) -> None:
    """Dreams out of noise, or words out of the dark, or repeats such a recipe."""
    async with cli_context(shared.wish.device) as shop:
        if shared.recipe:
            recipe = await shared.recipe.read(shop.codecs)
            _check_dream_recipe(recipe, shared, None, output, None)
        else:
            recipe = await shop.best(shared.resolved(None, None, shop.settings.max_pixels))
        recipe = _in_format_of(recipe, output)
        dream = await shop.run(recipe, output, guide=shared.guide if recipe.guide else None, mask=shared.mask)
        print_status(f"{output}: {recipe.in_words()}, {recipe.width}×{recipe.height}, {dream.seconds:.1f} s")


async def _dream_sources(
    shared: _SharedInputs, sources: Sequence[tuple[Path, Path]], outputs: _OutputPaths, *, alone: bool
) -> list[Path]:
    """Dreams on sources, given as named and as readable files; returns those that failed."""
    failed = []
    async with cli_context(shared.wish.device) as shop:
        given = await shared.recipe.read(shop.codecs) if shared.recipe else None
        for number, (source, path) in enumerate(sources, 1):
            what = "Dreaming" if alone else f"{number} of {len(sources)}"
            try:
                await _dream_source(shop, shared, given, source, path, outputs, what)
            except (ExecutorStartError, WeightsError):
                raise
            except UserError as error:
                if alone:
                    raise
                print_status(f"{source}: {error_text(error)}")
                failed.append(source)
    return failed


async def _dream_source(
    shop: CliContext,
    shared: _SharedInputs,
    given: Recipe | None,
    source: Path,
    path: Path,
    outputs: _OutputPaths,
    what: str,
) -> None:
    probe = await shop.codecs.probe(path)
    still = shared.wish.request.get("four") if given is None else given.moving is None
    output = outputs(source, moves=probe.moves and not still)
    require_writable(output, shared.inputs.paths, force=shared.wish.force)
    if given:
        recipe = _check_dream_recipe(given, shared, path, output, probe)
    else:
        facts = _source_facts(probe, output)
        recipe = await shop.best(shared.resolved(path, facts, shop.settings.max_pixels))
    recipe = _in_format_of(recipe, output)
    if recipe.moving:
        recipe = await _fit_frames(shop, recipe, path)
    guide = (shared.guide or path) if recipe.guide else None
    dream = await shop.run(recipe, output, source=path, guide=guide, mask=shared.mask, what=what)
    print_status(f"{output}: {recipe.in_words()}, {recipe.width}×{recipe.height}, {dream.seconds:.1f} s")


async def _fit_frames(shop: CliContext, recipe: Recipe, path: Path) -> Recipe:
    """The recipe for as many frames as there are of the source, and as memory allows."""
    assert recipe.moving
    most = max(1, MAX_FRAMES_BYTES // (3 * recipe.width * recipe.height))
    counted = await shop.codecs.frames(
        path,
        size=_COUNTING_SIZE,
        max_frames=min(most, recipe.moving.frames),
        max_fps=recipe.moving.fps or LEGACY_MAX_FPS,
    )
    if not counted.complete:
        print_status(f"Only the first {len(counted.rgb)} frames are dreamed.")
    return recipe.model_copy(update={"moving": recipe.moving.model_copy(update={"frames": len(counted.rgb)})})


def _source_facts(probe: Probe, output: Path) -> SourceFacts:
    """The facts of a source; of a moving one, only the first frame unless a video is asked for."""
    video = probe.moves and is_video_path(output)
    if video:
        files.require_video_path(output)
    return SourceFacts(probe.width, probe.height, probe.masking, probe.frames if video else 1, MAX_FPS)


def _check_dream_recipe(
    recipe: Recipe, shared: _SharedInputs, source: Path | None, output: Path, probe: Probe | None
) -> Recipe:
    """Checks that everything a recipe needs is there, and returns the recipe."""
    for what, needed, path in (
        ("guide", recipe.guide.sha256 if recipe.guide else None, shared.guide or source),
        ("mask", recipe.mask, shared.mask),
    ):
        if needed and (path is None or file_sha256(path) != needed):
            raise UserError("cli-recipe-needs-input", kind=what, option=what)
    if recipe.parametrisation == "fourier":
        raise UserError("cli-recipe-is-summon")
    if recipe.hellscape:
        raise UserError("cli-recipe-is-hellscape")
    if recipe.moving and not (probe and probe.moves and is_video_path(output)):
        raise UserError("cli-recipe-is-video")
    if recipe.needs_source and source is None:
        raise UserError("errors-recipe-needs-picture")
    if source and not recipe.needs_source:
        raise UserError("dreaming-out-of-nothing")
    return recipe


_MEGABYTE = 1_000_000


@dataclass(frozen=True)
class HellscapeOptions:
    """Options of `dreambot hellscape`.

    Attributes:
        output: The file to write.
        source: The picture to start from.
        sound: The audio file or video whose sound drives it.
        request: Fields of a HellscapeRequest.
        limit: Most megabytes of the file.
        recipe: A file or a text to repeat.
        device: Where to compute.
        max_pixels: Larger pictures are dreamed at this many pixels; None is the setting.
        force: Whether files that are read may be overwritten.
    """

    output: Path
    source: Path | None
    sound: Path | None
    request: dict[str, Any]
    limit: float | None
    recipe: str | None
    device: DeviceChoice
    max_pixels: int | None
    force: bool


def run_hellscape(wish: HellscapeOptions) -> None:
    """Dreams a video and writes it.

    Args:
        wish: The options.

    Raises:
        UserError: It cannot be made; nothing is written.
    """
    files.require_video_path(wish.output)
    if wish.recipe and any(wish.request.values()):
        raise UserError("cli-recipe-and-options-hellscape")
    request = HellscapeRequest.of(**wish.request)
    with InputFiles() as inputs:
        source = inputs.open(wish.source) if wish.source else None
        sound = inputs.open(wish.sound) if wish.sound else None
        recipe = inputs.recipe(wish.recipe) if wish.recipe else None
        require_writable(wish.output, inputs.paths, force=wish.force)
        wish = replace(wish, source=source, sound=sound)
        if recipe is None and source is None:
            # A mistake in the request is reported before the device takes its seconds to start.
            _resolve_hellscape(request, None, None, wish.max_pixels or MAX_HELLSCAPE_SIDE**2)
        asyncio.run(_run_hellscape(wish, request, recipe))


async def _run_hellscape(
    wish: HellscapeOptions, request: HellscapeRequest, named: RecipeSource | None
) -> None:
    source, sound = wish.source, wish.sound
    async with cli_context(wish.device) as shop:
        if named:
            recipe = _check_hellscape_recipe(await named.read(shop.codecs), source)
        else:
            facts = heard = None
            if source:
                probe = await shop.codecs.probe(source)
                facts = SourceFacts(probe.width, probe.height, probe.masking)
            if sound:
                heard = await measure_sound(shop.codecs, sound, request, MAX_SOUND_SECONDS)
            recipe = _resolve_hellscape(request, facts, heard, wish.max_pixels or shop.settings.max_pixels)
            recipe = await shop.best(recipe)
        starts_from_picture = recipe.hellscape and recipe.hellscape.start == "picture"
        video = await shop.run(
            recipe,
            wish.output,
            source=source if starts_from_picture else None,
            sound=sound,
            limit=int(wish.limit * _MEGABYTE) if wish.limit else None,
        )
        print_status(
            f"{wish.output}: {recipe.in_words()}, {recipe.frames} frames of {recipe.width}×{recipe.height}, "
            f"{video.size / _MEGABYTE:.1f} MB, {video.seconds:.1f} s"
        )


def _resolve_hellscape(
    request: HellscapeRequest, facts: SourceFacts | None, sound: SoundFacts | None, max_pixels: int
) -> Recipe:
    return resolve_hellscape(
        request,
        facts,
        seed=secrets.randbits(32),
        models=find_model,
        precision="fp32",
        max_pixels=max_pixels,
        sound=sound,
    )


def _check_hellscape_recipe(recipe: Recipe, source: Path | None) -> Recipe:
    """Checks that everything a recipe needs is there, and returns the recipe."""
    if recipe.hellscape is None:
        raise UserError("cli-recipe-not-hellscape")
    if recipe.hellscape.start == "picture" and source is None:
        raise UserError("cli-hellscape-needs-picture")
    return recipe


@dataclass(frozen=True)
class SummonOptions:
    """Options of `dreambot summon`.

    Attributes:
        request: The request; None where a recipe is repeated.
        recipe: A file or a text to repeat.
        output: The file to write.
        into: A picture to summon into.
        device: Where to compute.
        max_pixels: Larger pictures are dreamed at this many pixels; None is the setting.
        force: Whether files that are read may be overwritten.
    """

    request: SummonRequest | None
    recipe: str | None
    output: Path
    into: Path | None
    device: DeviceChoice
    max_pixels: int | None
    force: bool


def run_summon(wish: SummonOptions) -> None:
    """Summons and writes the result.

    Args:
        wish: The options.

    Raises:
        UserError: It cannot be made; nothing is written.
    """
    _require_picture_or_video_path(wish.output)
    with InputFiles() as inputs:
        into = inputs.open(wish.into) if wish.into else None
        recipe = inputs.recipe(wish.recipe) if wish.recipe else None
        require_writable(wish.output, inputs.paths, force=wish.force)
        asyncio.run(_run_summon(wish, into, recipe))


async def _run_summon(wish: SummonOptions, into: Path | None, named: RecipeSource | None) -> None:
    async with cli_context(wish.device) as shop:
        facts = None
        if into:
            probe = await shop.codecs.probe(into)
            facts = SourceFacts(probe.width, probe.height, probe.masking)
        if wish.request:
            recipe = resolve_summon(
                wish.request,
                facts,
                seed=secrets.randbits(32),
                models=find_model,
                precision="fp32",
                max_pixels=wish.max_pixels or shop.settings.max_pixels,
            )
            recipe = await shop.best(recipe)
        elif named:
            recipe = await named.read(shop.codecs)
            _check_summon_recipe(recipe, wish)
        else:
            raise UserError("cli-summon-nothing")
        recipe = _in_format_of(recipe, wish.output)
        dream = await shop.run(recipe, wish.output, source=into, what="Summoning")
        print_status(
            f"{wish.output}: {format_classes(recipe.layers)}, {recipe.width}×{recipe.height}, "
            f"seed:{recipe.seed}, {dream.seconds:.1f} s"
        )


def _check_summon_recipe(recipe: Recipe, wish: SummonOptions) -> None:
    out_of_nothing = recipe.parametrisation == "fourier"
    if recipe.hellscape or recipe.moving or (not out_of_nothing and wish.into is None):
        raise UserError("cli-recipe-not-summon")
