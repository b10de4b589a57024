"""A summoning from a shell."""

import asyncio
import secrets
from dataclasses import dataclass
from pathlib import Path

from dreambot.cli.console import say
from dreambot.cli.reading import Inputs, NamedRecipe
from dreambot.cli.workshop import Device, workshop
from dreambot.cli.writing import STILLS, require_target, still_format, write_file
from dreambot.errors import UserError
from dreambot.media.inputs import Inputs as Pictures
from dreambot.media.picture import Picture
from dreambot.recipe import Recipe, SourceFacts
from dreambot.recipe.summon import SummonRequest, format_classes, resolve_summon
from dreambot.zoo.known import trained


@dataclass(frozen=True)
class Wish:
    """What the command line asked for, or a recipe to repeat. `into`: a picture to summon into."""

    request: SummonRequest | None
    recipe: str | None
    output: Path
    into: Path | None
    device: Device
    max_pixels: int | None
    force: bool


def summon_file(wish: Wish) -> None:
    """Summons and writes the result, or raises UserError and writes nothing."""
    if still_format(wish.output) is None:
        raise UserError(f"{wish.output} should end in {', '.join(STILLS)}.")
    with Inputs() as inputs:
        into = inputs.open(wish.into) if wish.into else None
        recipe = inputs.recipe(wish.recipe) if wish.recipe else None
        require_target(wish.output, inputs.paths, force=wish.force)
        asyncio.run(_summon(wish, into, recipe))


async def _summon(wish: Wish, into: Path | None, named: NamedRecipe | None) -> None:
    async with workshop(wish.device) as shop:
        facts = alpha = source = None
        if into:
            probe = await shop.codecs.probe(into)
            facts = SourceFacts(probe.width, probe.height, probe.masking)
        if wish.request:
            recipe = resolve_summon(
                wish.request,
                facts,
                seed=secrets.randbits(32),
                models=trained,
                precision="fp32",
                max_pixels=wish.max_pixels or shop.settings.max_pixels,
            )
            recipe = await shop.best(recipe)
        elif named:
            recipe = await named.read(shop.codecs)
            _require_summoning(recipe, wish)
        else:
            raise UserError("Say what to summon, or give a recipe, which says it all.")
        if into:
            picture = await shop.picture(into, (recipe.width, recipe.height))
            source, alpha = picture.rgb, picture.alpha
        done = await shop.dream(recipe, Pictures(source), what="Summoning")
        encoded = await shop.codecs.encode(
            Picture(done.rgb, alpha), recipe_json=recipe.to_json(), format=still_format(wish.output)
        )
        write_file(wish.output, encoded.data)
        say(
            f"{wish.output}: {format_classes(recipe.layers)}, {recipe.width}×{recipe.height}, "
            f"seed:{recipe.seed}, {done.seconds:.1f} s"
        )


def _require_summoning(recipe: Recipe, wish: Wish) -> None:
    out_of_nothing = recipe.parametrisation == "fourier"
    if recipe.hellscape or recipe.moving or (not out_of_nothing and wish.into is None):
        raise UserError(
            "That recipe is no summoning's out of nothing; `dreambot dream --recipe` may know it."
        )
