"""A summoning from a shell."""

import secrets
from dataclasses import dataclass
from pathlib import Path

from dreambot.cli.dreaming import FORMATS
from dreambot.cli.reading import read_recipe, require_file, require_target, write_whole
from dreambot.cli.workshop import Device, require_precision, workshop
from dreambot.errors import UserError
from dreambot.media.inputs import Inputs
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


async def summon_file(wish: Wish) -> None:
    """Summons and writes the result, or raises UserError and writes nothing."""
    if wish.into:
        require_file(wish.into)
    require_target(wish.output)
    require_precision(wish.device.precision)
    format = FORMATS.get(wish.output.suffix.lower())
    if format is None:
        raise UserError(f"{wish.output.name} should end in {', '.join(FORMATS)}.")
    async with workshop(wish.device) as shop:
        facts = alpha = source = None
        if wish.into:
            probe = await shop.codecs.probe(wish.into)
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
        else:
            recipe = await read_recipe(shop.codecs, wish.recipe or "")
            _require_summoning(recipe, wish)
        if wish.into:
            picture = await shop.picture(wish.into, (recipe.width, recipe.height))
            source, alpha = picture.rgb, picture.alpha
        done = await shop.dream(recipe, Inputs(source))
        encoded = await shop.codecs.encode(
            Picture(done.rgb, alpha), recipe_json=recipe.to_json(), format=format
        )
        write_whole(wish.output, encoded.data)
        shop.console.print(
            f"{wish.output}: {format_classes(recipe.layers)}, {recipe.width}×{recipe.height}, "
            f"seed:{recipe.seed}, {done.seconds:.1f} s",
            highlight=False,
        )


def _require_summoning(recipe: Recipe, wish: Wish) -> None:
    out_of_nothing = recipe.parametrisation == "fourier"
    if recipe.hellscape or recipe.moving or (not out_of_nothing and wish.into is None):
        raise UserError(
            "That recipe is no summoning's out of nothing; `dreambot dream --recipe` may know it."
        )
