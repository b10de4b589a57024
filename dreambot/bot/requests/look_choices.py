"""The names of saved looks: checks new ones, and offers them beside presets in autocompletion and menus."""

import asyncio
import logging
from collections.abc import Iterable, Mapping
from typing import get_args

from dreambot.bot.context import Interaction
from dreambot.bot.requests.completion import ChoicePairs, fit_choices
from dreambot.bot.requests.free_text import is_taken_word
from dreambot.errors import UserError
from dreambot.guilds.autodream import AutoDreamLook
from dreambot.guilds.looks import LookName, clean_name, name_key
from dreambot.i18n import Translator, translator_for
from dreambot.jobs.database import DatabaseError
from dreambot.recipe.journeys import HELLSCAPE_PRESETS, HellscapePreset
from dreambot.recipe.presets import Preset

_MAX_FIRST = 12
"""How many looks are offered before the presets while nothing is typed."""
_NAMES_TIMEOUT_S = 1.5

log = logging.getLogger(__name__)


def checked_name(text: str) -> str:
    """Returns the name for a new look.

    Args:
        text: What a person typed.

    Raises:
        UserError: It cannot be a name, or means something else already: a preset, a layer, an option.
    """
    name = clean_name(text)
    if is_taken_word(name) or name.lower() in {*HELLSCAPE_PRESETS, *get_args(AutoDreamLook)}:
        raise UserError("looks-name-taken", name=name)
    return name


async def usable_looks(interaction: Interaction) -> list[LookName]:
    """Returns the names of the looks that the user can use here; none while the database does not answer.

    Args:
        interaction: The interaction to answer, within three seconds.
    """
    store = interaction.client.services.guild_store.looks
    try:
        async with asyncio.timeout(_NAMES_TIMEOUT_S):
            return await store.names(interaction.user.id, interaction.guild_id)
    except (TimeoutError, DatabaseError) as error:
        log.info("the saved looks are not offered: %s", error)
        return []


async def complete_look(
    interaction: Interaction,
    typed: str,
    presets: Mapping[str, Preset | HellscapePreset],
    *,
    videos: bool = False,
) -> ChoicePairs:
    """Completes the name of a preset or a saved look. The first of the user's own come before the presets.

    Args:
        interaction: The interaction to answer.
        typed: The text so far.
        presets: The presets that fit the command.
        videos: Whether the looks of hellscapes fit, too.
    """
    translate, typed = translator_for(interaction.locale.value), name_key(typed)
    usable = [one for one in await usable_looks(interaction) if videos or not one.video]
    looks = look_pairs(usable, translate)
    described = [(name, preset.description.text(translate)) for name, preset in presets.items()]
    built_in = [
        (f"{name}: {text}", name) for name, text in described if typed in name or typed in text.casefold()
    ]
    matching = [pair for pair in looks if typed in name_key(pair[1])]
    if not typed:
        matching = matching[:_MAX_FIRST]
    return fit_choices([*matching, *built_in])


def look_pairs(looks: Iterable[LookName], translate: Translator) -> ChoicePairs:
    """Returns the choices for saved looks: whose they are, and their names.

    Args:
        looks: The names.
        translate: The translator of the user's language.
    """
    return [(f"{one.name} · {translate(f'looks-of-{one.scope}')}", one.name) for one in looks]


def look_names(names: Iterable[LookName]) -> list[str]:
    """Returns the names alone, each once.

    Args:
        names: Names with their owners.
    """
    return list(dict.fromkeys(one.name for one in names))
