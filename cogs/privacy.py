"""`/privacy`: shows, exports and deletes what is stored about a user."""

import asyncio
import io
import json
import zipfile
from datetime import UTC, datetime
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from dreambot.bot import errors
from dreambot.bot.client import DreamBot
from dreambot.bot.commands import usable_everywhere
from dreambot.bot.job_manager import DEFAULT_FILE_LIMIT
from dreambot.bot.moderation import EraseResult, erase_person
from dreambot.bot.pages.privacy import (
    TOGGLES,
    PrivacyAction,
    PrivacyButton,
    confirm_erase_view,
    privacy_text,
    privacy_view,
)
from dreambot.i18n import Translator, translator_for
from dreambot.jobs.personal_data import PersonalData


class Privacy(commands.Cog):
    """Shows, exports and removes what is kept of whoever asks."""

    def __init__(self, bot: DreamBot) -> None:
        self.bot = bot
        self._personal = PersonalData(bot.services.store.database, bot.services.files)
        self._erasing: set[int] = set()

    async def cog_load(self) -> None:
        """Has presses on the page answered here."""
        self.bot.add_dynamic_items(PrivacyButton)

    @app_commands.command(name="privacy", description="See, save or delete what I keep about you")
    @usable_everywhere
    async def privacy(self, interaction: discord.Interaction[DreamBot]) -> None:
        """Answers /privacy."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._show_page(interaction)

    async def press(self, interaction: discord.Interaction[Any], action: PrivacyAction) -> None:
        """See `Presses`."""
        if action == "export":
            await self._export(interaction)
            return
        await interaction.response.defer()
        if action == "delete":
            await self._ask_for_confirmation(interaction)
        elif action in ("erase", "erase-posted"):
            await self._erase(interaction, posted=action == "erase-posted")
        else:
            if action in TOGGLES:
                await self._toggle(interaction.user.id, action)
            await self._show_page(interaction)

    async def _show_page(self, interaction: discord.Interaction[Any]) -> None:
        words, services = translator_for(interaction.locale.value), self.bot.services
        own = await services.guild_store.person(interaction.user.id)
        await interaction.edit_original_response(
            content=privacy_text(words, services.settings), view=privacy_view(words, own)
        )

    async def _toggle(self, person: int, setting: str) -> None:
        guild_store = self.bot.services.guild_store
        own = await guild_store.person(person)
        await guild_store.set_person(person, own.model_copy(update={setting: not getattr(own, setting)}))

    async def _export(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        words = translator_for(interaction.locale.value)
        told = await self._personal.export(interaction.user.id)
        limit = interaction.filesize_limit or DEFAULT_FILE_LIMIT
        name, data = await asyncio.to_thread(_export_file, told, limit)
        await interaction.edit_original_response(
            content=words("operating-privacy-exported", count=len(told["dreams"])),
            attachments=[discord.File(io.BytesIO(data), name)],
        )

    async def _ask_for_confirmation(self, interaction: discord.Interaction[Any]) -> None:
        words = translator_for(interaction.locale.value)
        posted = await self._personal.posted(interaction.user.id)
        await interaction.edit_original_response(
            content=words("operating-privacy-sure"), view=confirm_erase_view(words, len(posted))
        )

    async def _erase(self, interaction: discord.Interaction[Any], *, posted: bool) -> None:
        person, words = interaction.user.id, translator_for(interaction.locale.value)
        if person in self._erasing:
            return
        self._erasing.add(person)
        try:
            await interaction.edit_original_response(content=words("operating-privacy-erasing"), view=None)
            done = await erase_person(self.bot, self.bot.dreamer, self._personal, person, posted=posted)
        finally:
            self._erasing.discard(person)
        try:
            await interaction.edit_original_response(content=_erased_text(words, done), view=None)
        except discord.HTTPException as error:
            # So many messages may take longer to delete than an interaction lives.
            if not errors.is_interaction_expired(error):
                raise


def _erased_text(words: Translator, done: EraseResult) -> str:
    lines = [words("operating-privacy-erased", count=done.dreams)]
    if done.deleted:
        lines.append(words("operating-privacy-deleted", count=done.deleted))
    if done.left:
        lines.append(words("operating-privacy-left", count=done.left))
    return "\n".join(lines)


def _export_file(told: dict[str, Any], limit: int) -> tuple[str, bytes]:
    """A name, and the export as JSON; packed where it would be too large to send."""
    name = f"dreambot-{datetime.now(UTC):%Y-%m-%d}"
    text = json.dumps(told, ensure_ascii=False, indent=1).encode()
    if len(text) <= limit:
        return f"{name}.json", text
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{name}.json", text)
    return f"{name}.zip", packed.getvalue()


async def setup(bot: DreamBot) -> None:
    """Called by discord.py when the extension is loaded."""
    await bot.add_cog(Privacy(bot))
