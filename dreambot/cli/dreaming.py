"""Dreams from file to file, with a progress bar."""

import asyncio
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dreambot.cli import filming
from dreambot.cli.console import say
from dreambot.cli.reading import STANDARD_INPUT, Inputs, NamedRecipe
from dreambot.cli.workshop import Device, Workshop, workshop
from dreambot.cli.writing import (
    STILLS,
    VIDEOS,
    is_folder,
    is_video,
    make_folder,
    require_target,
    still_format,
    write_file,
)
from dreambot.errors import UserError
from dreambot.executor.types import ExecutorUnfit
from dreambot.media.digest import file_sha256
from dreambot.media.footage import FORMER_MAX_FPS, MAX_FPS
from dreambot.media.inputs import Inputs as Pictures
from dreambot.media.picture import Picture
from dreambot.media.probe import Probe
from dreambot.recipe import DreamRequest, Guide, Recipe, SourceFacts, resolve
from dreambot.zoo.errors import WeightsError
from dreambot.zoo.known import trained

_SOME_SHA256 = "0" * 64


@dataclass(frozen=True)
class Wish:
    """What the command line asked for.

    sources: One or more pictures or videos. output: A file or a folder; None is beside each source. request:
    Fields of a DreamRequest. recipe: A file or a text to repeat; then `request` asks for nothing. force:
    Files that are read may be overwritten.
    """

    sources: Sequence[Path]
    output: str | None
    request: dict[str, Any]
    guide: Path | None
    caricature: bool
    mask: Path | None
    recipe: str | None
    device: Device
    max_pixels: int | None
    force: bool


def dream_files(wish: Wish) -> int:
    """Dreams on each source and writes the results.

    A source that fails does not keep the others from being dreamed; the failed ones are named.

    Returns:
        The exit code: 0, 1 where some sources failed, 2 where all of several did.

    Raises:
        UserError: The request cannot be followed for any source, or the only source failed.
    """
    if wish.recipe and any(wish.request.values()):
        raise UserError("A recipe already says the layer, intensity, preset, seed and so on: leave them out.")
    sources = list(dict.fromkeys(wish.sources))
    with Inputs() as inputs:
        shared = _Shared(
            wish,
            inputs,
            inputs.open(wish.guide) if wish.guide else None,
            inputs.open(wish.mask) if wish.mask else None,
            inputs.recipe(wish.recipe) if wish.recipe else None,
        )
        shared.check()
        outputs = _Outputs(wish.output, sources)
        failed: list[Path] = []
        opened: list[tuple[Path, Path]] = []
        for source in sources:
            try:
                opened.append((source, inputs.open(source)))
            except UserError as error:
                if len(sources) == 1:
                    raise
                say(f"{source}: {error}")
                failed.append(source)
        if opened:
            if outputs.file:
                require_target(outputs.file, inputs.paths, force=wish.force)
            failed += asyncio.run(_dream_all(shared, opened, outputs, alone=len(sources) == 1))
    if failed:
        say(f"{len(failed)} of {len(sources)} could not be dreamed: {', '.join(map(str, failed))}.")
        return 2 if len(failed) == len(sources) else 1
    return 0


@dataclass(frozen=True)
class _Shared:
    """What all sources have in common; guide and mask as they can be read."""

    wish: Wish
    inputs: Inputs
    guide: Path | None
    mask: Path | None
    recipe: NamedRecipe | None

    def check(self) -> None:
        """Raises UserError for a request that cannot be followed for any source."""
        if self.recipe is None:
            self.resolved(None, SourceFacts(512, 512), 65_536)

    def resolved(self, source: Path | None, facts: SourceFacts, max_pixels: int) -> Recipe:
        """The recipe for a source. Raises UserError."""
        wish = self.wish
        guide = None
        if wish.guide or wish.caricature:
            of = self.guide or source
            sha256 = file_sha256(of) if of else _SOME_SHA256
            guide = Guide(sha256=sha256, kind="caricature" if wish.caricature else "match")
        mask = file_sha256(self.mask) if self.mask else None
        return resolve(
            DreamRequest.of(**wish.request, guide=guide, mask=mask),
            facts,
            seed=secrets.randbits(32),
            models=trained,
            precision="fp32",
            max_pixels=wish.max_pixels or max_pixels,
        )


class _Outputs:
    """Where the dream of each source goes."""

    def __init__(self, given: str | None, sources: Sequence[Path]) -> None:
        """file: the one file that was named. Raises UserError for what cannot take all sources' dreams."""
        self.file: Path | None = None
        self._folder: Path | None = None
        self._written: dict[Path, Path] = {}
        if given is not None:
            path = Path(given)
            if given.endswith("/") or is_folder(path):
                self._folder = path
            elif len(sources) == 1:
                self.file = path
                if not still_format(path) and not is_video(path):
                    raise UserError(
                        f"{path} should end in {', '.join(STILLS)}, for a video in {', '.join(VIDEOS)}."
                    )
            elif still_format(path) or is_video(path):
                raise UserError(f"-o {path} is one file; for {len(sources)} sources name a folder.")
            else:
                self._folder = path
        if self.file is None and STANDARD_INPUT in sources:
            raise UserError("A picture from standard input has no name; say with -o which file to write.")
        if self._folder:
            make_folder(self._folder)
        self._sharing = Counter(self._place(source, source.stem) for source in sources)

    def __call__(self, source: Path, *, moves: bool) -> Path:
        """The file for a source. moves: whether its dream is a video where nothing else was asked for."""
        if self.file:
            return self.file
        alone = self._sharing[self._place(source, source.stem)] == 1
        name = source.stem if alone else source.name
        path = self._place(source, f"{name}.dream{filming.usual_suffix() if moves else '.png'}")
        if path in self._written:
            raise UserError(f"{path} is the dream of {self._written[path]} already.")
        self._written[path] = source
        return path

    def _place(self, source: Path, name: str) -> Path:
        return (self._folder or source.parent) / name


async def _dream_all(
    shared: _Shared, sources: Sequence[tuple[Path, Path]], outputs: _Outputs, *, alone: bool
) -> list[Path]:
    """Dreams on the sources, given as what was named and what can be read; returns those that failed."""
    failed = []
    async with workshop(shared.wish.device) as shop:
        given = await shared.recipe.read(shop.codecs) if shared.recipe else None
        for number, (source, path) in enumerate(sources, 1):
            what = "Dreaming" if alone else f"{number} of {len(sources)}"
            try:
                await _dream(shop, shared, given, source, path, outputs, what)
            except (ExecutorUnfit, WeightsError):
                raise
            except UserError as error:
                if alone:
                    raise
                say(f"{source}: {error}")
                failed.append(source)
    return failed


async def _dream(
    shop: Workshop,
    shared: _Shared,
    given: Recipe | None,
    source: Path,
    path: Path,
    outputs: _Outputs,
    what: str,
) -> None:
    probe = await shop.codecs.probe(path)
    output = outputs(source, moves=probe.moves and (given is None or given.moving is not None))
    require_target(output, shared.inputs.paths, force=shared.wish.force)
    if given:
        recipe = _supplied(given, shared, path, output, probe)
    else:
        facts = _facts(probe, output)
        recipe = await shop.best(shared.resolved(path, facts, shop.settings.max_pixels))
    data, seconds = await _dreamed(shop, shared, recipe, path, output, what)
    write_file(output, data)
    say(f"{output}: {recipe.in_words()}, {recipe.width}×{recipe.height}, {seconds:.1f} s")


def _facts(probe: Probe, output: Path) -> SourceFacts:
    """A moving source is dreamed as a video where a video is asked for, else its first frame is."""
    if not probe.moves and not still_format(output):
        raise UserError(f"{output} would be a video, but the picture does not move; name a .png.")
    video = probe.moves and is_video(output)
    if video:
        filming.require_video(output)
    return SourceFacts(probe.width, probe.height, probe.masking, probe.frames if video else 1, MAX_FPS)


def _supplied(recipe: Recipe, shared: _Shared, source: Path, output: Path, probe: Probe) -> Recipe:
    """The recipe, after a look whether everything it needs is there."""
    for what, needed, path in (
        ("guide", recipe.guide.sha256 if recipe.guide else None, shared.guide or source),
        ("mask", recipe.mask, shared.mask),
    ):
        if needed and (path is None or file_sha256(path) != needed):
            raise UserError(f"That recipe needs the very {what} it was made with: name it with --{what}.")
    if recipe.parametrisation == "fourier":
        raise UserError("That is a summoning's recipe; repeat it with `dreambot summon --recipe`.")
    if recipe.hellscape:
        raise UserError("That is a hellscape's recipe; repeat it with `dreambot hellscape --recipe`.")
    if recipe.moving and not (probe.moves and is_video(output)):
        raise UserError("That recipe is for a video: name one, and a .mp4, .webp or .gif to write.")
    if not recipe.moving and not still_format(output):
        raise UserError("That recipe is for one picture: name a .png or .jpg to write.")
    return recipe


async def _dreamed(
    shop: Workshop, shared: _Shared, recipe: Recipe, source: Path, output: Path, what: str
) -> tuple[bytes, float]:
    """The file, and the seconds that dreaming it took."""
    size = (recipe.width, recipe.height)
    guide = mask = None
    if recipe.guide:
        # In its own shape: the engine crops it where it must lie on the picture.
        path = shared.guide or source
        guide = (await shop.codecs.decode(path, max_pixels=recipe.width * recipe.height)).rgb
    if recipe.mask and shared.mask:
        mask = (await shop.codecs.decode(shared.mask, size=size)).rgb.mean(axis=2).round().astype("uint8")
    if recipe.moving:
        footage = await shop.codecs.frames(
            source,
            size=size,
            max_frames=recipe.moving.frames,
            max_fps=recipe.moving.fps or FORMER_MAX_FPS,
        )
        recipe = recipe.model_copy(
            update={"moving": recipe.moving.model_copy(update={"frames": len(footage.rgb)})}
        )
        shop.say_missing(footage.missing)
        if not footage.complete:
            say(f"Only the first {len(footage.rgb)} frames are dreamed.")
        reel = filming.reel(shop.codecs, recipe, output, footage.durations, loops=footage.loops)
        async with reel:
            done = await shop.dream(recipe, Pictures(footage.rgb, guide, mask), reel.add, what=what)
            return (await reel.finish()).data, done.seconds
    picture = await shop.picture(source, size)
    done = await shop.dream(recipe, Pictures(picture.rgb, guide, mask), what=what)
    encoded = await shop.codecs.encode(
        Picture(done.rgb, picture.alpha), recipe_json=recipe.to_json(), format=still_format(output)
    )
    return encoded.data, done.seconds
