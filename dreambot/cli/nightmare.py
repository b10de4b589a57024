"""A hellscape from a shell: frames go into the file as they are dreamed."""

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dreambot.cli.filming import reel as film_reel
from dreambot.cli.filming import require_film
from dreambot.cli.reading import read_recipe, require_file, require_target, write_whole
from dreambot.cli.workshop import Device, Workshop, require_precision, workshop
from dreambot.errors import UserError
from dreambot.media.inputs import Inputs
from dreambot.recipe import Recipe, SourceFacts
from dreambot.recipe.hellscape import HellscapeRequest, resolve_hellscape
from dreambot.zoo.known import trained

_MEGABYTE = 1_000_000
_LEAST_LIMIT = 0.05


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


async def film_file(wish: Wish) -> None:
    """Dreams the film and writes it, or raises UserError and writes nothing."""
    if wish.source:
        require_file(wish.source)
    require_film(wish.output)
    require_target(wish.output)
    require_precision(wish.device.precision)
    if wish.limit is not None and not wish.limit >= _LEAST_LIMIT:
        raise UserError(f"--limit is {_LEAST_LIMIT} megabytes or more.")
    if wish.recipe and any(wish.request.values()):
        raise UserError("A recipe already says the layers, frames, seed and so on: leave them out.")
    request = HellscapeRequest.of(**wish.request)
    async with workshop(wish.device) as shop:
        if wish.recipe:
            recipe = _supplied(await read_recipe(shop.codecs, wish.recipe), wish)
        else:
            recipe = await shop.best(await _resolved(shop, request, wish))
        data, seconds = await _filmed(shop, recipe, wish)
        write_whole(wish.output, data)
        shop.console.print(
            f"{wish.output}: {recipe.in_words()}, {recipe.frames} frames of {recipe.width}×{recipe.height}, "
            f"{len(data) / _MEGABYTE:.1f} MB, {seconds:.1f} s",
            highlight=False,
        )


async def _resolved(shop: Workshop, request: HellscapeRequest, wish: Wish) -> Recipe:
    facts = None
    if wish.source:
        probe = await shop.codecs.probe(wish.source)
        facts = SourceFacts(probe.width, probe.height, probe.masking)
    return resolve_hellscape(
        request,
        facts,
        seed=secrets.randbits(32),
        models=trained,
        precision="fp32",
        max_pixels=wish.max_pixels or shop.settings.max_pixels,
    )


def _supplied(recipe: Recipe, wish: Wish) -> Recipe:
    """The recipe, after a look whether everything it needs is there."""
    if recipe.hellscape is None:
        raise UserError("That recipe is no hellscape's; repeat it with `dreambot dream --recipe`.")
    if recipe.hellscape.start == "picture" and wish.source is None:
        raise UserError("That hellscape starts from a picture: name it, too.")
    return recipe


async def _filmed(shop: Workshop, recipe: Recipe, wish: Wish) -> tuple[bytes, float]:
    """The file, and the seconds that dreaming it took."""
    source = None
    if wish.source and recipe.hellscape and recipe.hellscape.start == "picture":
        source = (await shop.picture(wish.source, (recipe.width, recipe.height))).rgb
    limit = int(wish.limit * _MEGABYTE) if wish.limit else None
    async with film_reel(shop.codecs, recipe, wish.output, limit=limit) as reel:
        done = await shop.dream(recipe, Inputs(source), reel.add)
        return (await reel.finish()).data, done.seconds
