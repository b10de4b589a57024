"""One dream from file to file, with a progress bar."""

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dreambot.cli.filming import is_film, require_same
from dreambot.cli.filming import reel as film_reel
from dreambot.cli.reading import read_recipe, require_file, require_target, write_whole
from dreambot.cli.workshop import Device, Workshop, require_precision, workshop
from dreambot.errors import UserError
from dreambot.media.digest import file_sha256
from dreambot.media.footage import FORMER_MAX_FPS, MAX_FPS
from dreambot.media.inputs import Inputs
from dreambot.media.picture import Picture
from dreambot.media.probe import Probe
from dreambot.recipe import DreamRequest, Guide, Recipe, SourceFacts, resolve
from dreambot.zoo.known import trained

FORMATS = {".png": "PNG", ".webp": "WEBP", ".jpg": "JPEG", ".jpeg": "JPEG"}


@dataclass(frozen=True)
class Wish:
    """What the command line asked for. `request` are fields of a DreamRequest. `recipe` is a file or a text
    to repeat; then `request` asks for nothing."""

    source: Path
    output: Path
    request: dict[str, Any]
    guide: Path | None
    caricature: bool
    mask: Path | None
    recipe: str | None
    device: Device
    max_pixels: int | None


async def dream_file(wish: Wish) -> None:
    """Dreams and writes the result, or raises UserError and writes nothing."""
    for path in (wish.source, wish.guide, wish.mask):
        if path is not None:
            require_file(path)
    require_target(wish.output)
    require_precision(wish.device.precision)
    _require_form(wish.output)
    if wish.recipe and any(wish.request.values()):
        raise UserError("A recipe already says the layer, intensity, preset, seed and so on: leave them out.")
    request = _request(wish)
    async with workshop(wish.device) as shop:
        probe = await shop.codecs.probe(wish.source)
        if wish.recipe:
            recipe = _supplied(await read_recipe(shop.codecs, wish.recipe), wish, probe)
        else:
            recipe = resolve(
                request,
                _facts(probe, wish.output),
                seed=secrets.randbits(32),
                models=trained,
                precision="fp32",
                max_pixels=wish.max_pixels or shop.settings.max_pixels,
            )
            recipe = await shop.best(recipe)
        data, seconds = await _dreamed(shop, wish, recipe)
        write_whole(wish.output, data)
        shop.console.print(
            f"{wish.output}: {recipe.in_words()}, {recipe.width}×{recipe.height}, {seconds:.1f} s",
            highlight=False,
        )


def _require_form(output: Path) -> None:
    suffix = output.suffix.lower()
    if suffix not in FORMATS and not is_film(output):
        raise UserError(f"{output.name} should end in {', '.join(FORMATS)}, of a film in .mp4, .webp, .gif.")


def _request(wish: Wish) -> DreamRequest:
    guide = None
    if wish.guide or wish.caricature:
        sha256 = file_sha256(wish.guide or wish.source)
        guide = Guide(sha256=sha256, kind="caricature" if wish.caricature else "match")
    mask = file_sha256(wish.mask) if wish.mask else None
    return DreamRequest.of(**wish.request, guide=guide, mask=mask)


def _facts(probe: Probe, output: Path) -> SourceFacts:
    """A moving source is dreamed as a film where a film is asked for, else its first frame is."""
    suffix = output.suffix.lower()
    if not probe.moves and suffix not in FORMATS:
        raise UserError(f"{output.name} would be a film, but the picture does not move; name a .png.")
    frames = probe.frames if probe.moves and is_film(output) else 1
    return SourceFacts(probe.width, probe.height, probe.masking, frames, MAX_FPS)


def _supplied(recipe: Recipe, wish: Wish, probe: Probe) -> Recipe:
    """The recipe, after a look whether everything it needs is there."""
    for what, needed, path in (
        ("guide", recipe.guide.sha256 if recipe.guide else None, wish.guide or wish.source),
        ("mask", recipe.mask, wish.mask),
    ):
        if needed and (path is None or file_sha256(path) != needed):
            raise UserError(f"That recipe needs the very {what} it was made with: name it with --{what}.")
    if recipe.parametrisation == "fourier":
        raise UserError("That is a summoning's recipe; repeat it with `dreambot summon --recipe`.")
    if recipe.hellscape:
        raise UserError("That is a hellscape's recipe; repeat it with `dreambot hellscape --recipe`.")
    require_same(recipe.moving is not None, is_film(wish.output) and probe.moves)
    return recipe


async def _dreamed(shop: Workshop, wish: Wish, recipe: Recipe) -> tuple[bytes, float]:
    """The file, and the seconds that dreaming it took."""
    size = (recipe.width, recipe.height)
    guide = mask = None
    if recipe.guide:
        # In its own shape: the engine crops it where it must lie on the picture.
        path = wish.guide or wish.source
        guide = (await shop.codecs.decode(path, max_pixels=recipe.width * recipe.height)).rgb
    if recipe.mask and wish.mask:
        mask = (await shop.codecs.decode(wish.mask, size=size)).rgb.mean(axis=2).round().astype("uint8")
    if recipe.moving:
        footage = await shop.codecs.frames(
            wish.source,
            size=size,
            max_frames=recipe.moving.frames,
            max_fps=recipe.moving.fps or FORMER_MAX_FPS,
        )
        recipe = recipe.model_copy(
            update={"moving": recipe.moving.model_copy(update={"frames": len(footage.rgb)})}
        )
        shop.say_missing(footage.missing)
        if not footage.complete:
            shop.console.print(f"Only the first {len(footage.rgb)} frames are dreamed.")
        async with film_reel(
            shop.codecs, recipe, wish.output, footage.durations, loops=footage.loops
        ) as reel:
            done = await shop.dream(recipe, Inputs(footage.rgb, guide, mask), reel.add)
            return (await reel.finish()).data, done.seconds
    picture = await shop.picture(wish.source, size)
    done = await shop.dream(recipe, Inputs(picture.rgb, guide, mask))
    encoded = await shop.codecs.encode(
        Picture(done.rgb, picture.alpha),
        recipe_json=recipe.to_json(),
        format=FORMATS[wish.output.suffix.lower()],
    )
    return encoded.data, done.seconds
