"""A hellscape from a shell: frames go into the file as they are dreamed."""

import asyncio
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dreambot.cli import filming
from dreambot.cli.console import say
from dreambot.cli.reading import Inputs, NamedRecipe
from dreambot.cli.workshop import Device, Workshop, workshop
from dreambot.cli.writing import require_target, write_file
from dreambot.errors import UserError
from dreambot.media.inputs import Inputs as Pictures
from dreambot.recipe import Recipe, SourceFacts
from dreambot.recipe.hellscape import HellscapeRequest, resolve_hellscape
from dreambot.recipe.hellscape_request import LARGEST
from dreambot.zoo.known import trained

_MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Wish:
    """What the command line asked for. `request` are fields of a HellscapeRequest. `limit`: megabytes."""

    output: Path
    source: Path | None
    request: dict[str, Any]
    limit: float | None
    recipe: str | None
    device: Device
    max_pixels: int | None
    force: bool


def film_file(wish: Wish) -> None:
    """Dreams the video and writes it, or raises UserError and writes nothing."""
    filming.require_video(wish.output)
    if wish.recipe and any(wish.request.values()):
        raise UserError("A recipe already says the layers, frames, seed and so on: leave them out.")
    request = HellscapeRequest.of(**wish.request)
    with Inputs() as inputs:
        source = inputs.open(wish.source) if wish.source else None
        recipe = inputs.recipe(wish.recipe) if wish.recipe else None
        require_target(wish.output, inputs.paths, force=wish.force)
        if recipe is None and source is None:
            # A mistake in the request is reported before the device takes its seconds to start.
            _resolved(request, None, wish.max_pixels or LARGEST**2)
        asyncio.run(_film(wish, request, source, recipe))


async def _film(
    wish: Wish, request: HellscapeRequest, source: Path | None, named: NamedRecipe | None
) -> None:
    async with workshop(wish.device) as shop:
        if named:
            recipe = _supplied(await named.read(shop.codecs), source)
        else:
            facts = None
            if source:
                probe = await shop.codecs.probe(source)
                facts = SourceFacts(probe.width, probe.height, probe.masking)
            recipe = _resolved(request, facts, wish.max_pixels or shop.settings.max_pixels)
            recipe = await shop.best(recipe)
        data, seconds = await _filmed(shop, recipe, source, wish)
        write_file(wish.output, data)
        say(
            f"{wish.output}: {recipe.in_words()}, {recipe.frames} frames of {recipe.width}×{recipe.height}, "
            f"{len(data) / _MEGABYTE:.1f} MB, {seconds:.1f} s"
        )


def _resolved(request: HellscapeRequest, facts: SourceFacts | None, max_pixels: int) -> Recipe:
    return resolve_hellscape(
        request,
        facts,
        seed=secrets.randbits(32),
        models=trained,
        precision="fp32",
        max_pixels=max_pixels,
    )


def _supplied(recipe: Recipe, source: Path | None) -> Recipe:
    """The recipe, after a look whether everything it needs is there."""
    if recipe.hellscape is None:
        raise UserError("That recipe is no hellscape's; repeat it with `dreambot dream --recipe`.")
    if recipe.hellscape.start == "picture" and source is None:
        raise UserError("That hellscape starts from a picture: name it, too.")
    return recipe


async def _filmed(shop: Workshop, recipe: Recipe, source: Path | None, wish: Wish) -> tuple[bytes, float]:
    """The file, and the seconds that dreaming it took."""
    picture = None
    if source and recipe.hellscape and recipe.hellscape.start == "picture":
        picture = (await shop.picture(source, (recipe.width, recipe.height))).rgb
    limit = int(wish.limit * _MEGABYTE) if wish.limit else None
    async with filming.reel(shop.codecs, recipe, wish.output, limit=limit) as reel:
        done = await shop.dream(recipe, Pictures(picture), reel.add)
        return (await reel.finish()).data, done.seconds
