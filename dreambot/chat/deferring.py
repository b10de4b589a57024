"""Telling Discord within three seconds that we heard."""

import logging
from typing import Any

import aiohttp
import discord

log = logging.getLogger(__name__)

_ALREADY = 40060


async def deferring(
    interaction: discord.Interaction[Any], *, private: bool
) -> discord.InteractionCallbackResponse[Any] | None:
    """Acknowledges an interaction, to be answered later; once more where the line broke and nobody knows
    whether Discord heard it. private: for the asker's eyes only. Returns None where it had. Raises what
    Discord says otherwise."""
    try:
        return await interaction.response.defer(thinking=True, ephemeral=private)
    except (aiohttp.ClientError, OSError) as error:
        log.warning("the acknowledgement was lost on its way (%s), trying again", error)
    try:
        return await interaction.response.defer(thinking=True, ephemeral=private)
    except discord.HTTPException as error:
        if error.code != _ALREADY:
            raise
        return None
