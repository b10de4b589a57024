"""`/privacy`: shows, exports and deletes what is stored about a user."""

import asyncio
import io
import json
import re
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Literal, Self, cast, get_args

import discord
from discord import app_commands
from discord.ext import commands

from dreambot.bot import errors
from dreambot.bot.client import DreamBot
from dreambot.bot.commands import send_error, usable_everywhere
from dreambot.bot.context import Interaction
from dreambot.bot.job_manager import DEFAULT_FILE_LIMIT
from dreambot.bot.moderation import EraseResult, erase_person
from dreambot.config import Settings
from dreambot.guilds.settings import PersonSettings
from dreambot.i18n import Translator, translator_for
from dreambot.jobs.personal_data import PersonalData

PrivacyAction = Literal[
    "untouchable", "previews", "ping", "export", "delete", "erase", "erase-posted", "keep"
]
TOGGLES = ("untouchable", "previews", "ping")


class Privacy(commands.Cog):
    """The command /privacy, and what the buttons of its page do."""

    def __init__(self, bot: DreamBot) -> None:
        self.bot = bot
        self._personal = PersonalData(bot.services.store.database, bot.services.files)
        self._erasing: set[int] = set()

    async def cog_load(self) -> None:
        """Registers the buttons of the page."""
        self.bot.add_dynamic_items(PrivacyButton)

    @app_commands.command(name="privacy", description="See, save or delete what I keep about you")
    @usable_everywhere
    async def privacy(self, interaction: Interaction) -> None:
        """Answers /privacy."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        await self._show_page(interaction)

    async def press(self, interaction: Interaction, action: PrivacyAction) -> None:
        """Does what a button of the page says.

        Args:
            interaction: The press.
            action: The button's action.
        """
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

    async def _show_page(self, interaction: Interaction) -> None:
        translate, services = translator_for(interaction.locale.value), self.bot.services
        own = await services.guild_store.person(interaction.user.id)
        await interaction.edit_original_response(
            content=privacy_text(translate, services.settings), view=privacy_view(translate, own)
        )

    async def _toggle(self, person: int, setting: str) -> None:
        guild_store = self.bot.services.guild_store
        own = await guild_store.person(person)
        if setting == "untouchable" and not own.untouchable:
            await self.bot.services.gallery.withdraw(source_person=person, not_owner=person)
        await guild_store.update_person(person, **{setting: not getattr(own, setting)})

    async def _export(self, interaction: Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        translate = translator_for(interaction.locale.value)
        export = await self._personal.export(interaction.user.id)
        limit = interaction.filesize_limit or DEFAULT_FILE_LIMIT
        name, data = await asyncio.to_thread(_export_file, export, limit)
        await interaction.edit_original_response(
            content=translate("operating-privacy-exported", count=len(export["dreams"])),
            attachments=[discord.File(io.BytesIO(data), name)],
        )

    async def _ask_for_confirmation(self, interaction: Interaction) -> None:
        translate = translator_for(interaction.locale.value)
        posted = await self._personal.posted(interaction.user.id)
        await interaction.edit_original_response(
            content=translate("operating-privacy-sure"), view=confirm_erase_view(translate, len(posted))
        )

    async def _erase(self, interaction: Interaction, *, posted: bool) -> None:
        person, translate = interaction.user.id, translator_for(interaction.locale.value)
        if person in self._erasing:
            return
        self._erasing.add(person)
        try:
            await interaction.edit_original_response(
                content=translate("operating-privacy-erasing"), view=None
            )
            done = await erase_person(self.bot, self._personal, person, posted=posted)
        finally:
            self._erasing.discard(person)
        try:
            await interaction.edit_original_response(content=_erased_text(translate, done), view=None)
        except discord.HTTPException as error:
            # Deleting many messages may take longer than the interaction is valid.
            if not errors.is_interaction_expired(error):
                raise


class PrivacyButton(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]],
    template=rf"privacy:(?P<action>{'|'.join(get_args(PrivacyAction))})",
):
    """A button of the page. The page is ephemeral, so the user who presses it is the one it is about.

    Args:
        action: What the button does.
        label: The label; a pressed button is rebuilt without one.
        style: The colour.
        row: The row on the page.
    """

    def __init__(
        self,
        action: PrivacyAction,
        label: str = "",
        style: discord.ButtonStyle = discord.ButtonStyle.secondary,
        row: int | None = None,
    ) -> None:
        super().__init__(
            discord.ui.Button(label=label, style=style, custom_id=f"privacy:{action}", row=row), row=row
        )
        self.action = action

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Builds the button from the custom id of a press. The id may be forged.

        Args:
            interaction: The interaction to answer.
            item: The item with that custom id.
            match: The match of the template.
        """
        return cls(cast(PrivacyAction, match["action"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Handles a press and reports its errors.

        Args:
            interaction: The press.
        """
        try:
            cog = interaction.client.get_cog(Privacy.__cog_name__)
            assert isinstance(cog, Privacy)
            await cog.press(interaction, self.action)
        except Exception as error:
            await send_error(interaction, error)


def privacy_text(translate: Translator, settings: Settings) -> str:
    """Describes what is stored, and for how long.

    Args:
        translate: The translator of the user's language.
        settings: The settings.
    """
    return "\n".join(
        (
            translate("operating-privacy-title"),
            translate("operating-privacy-source", hours=round(settings.keep_sources_hours)),
            translate("operating-privacy-result", days=round(settings.keep_results_days)),
            translate("operating-privacy-job"),
            translate("operating-privacy-settings"),
            translate("operating-privacy-hall"),
            *([translate("gallery-privacy")] if settings.gallery else []),
            translate("gallery-privacy-never" if settings.gallery else "operating-privacy-never"),
        )
    )


def privacy_view(translate: Translator, own: PersonSettings) -> discord.ui.View:
    """Builds the buttons: a switch for each setting, export and delete.

    Args:
        translate: The translator of the user's language.
        own: The user's settings.
    """
    switches = [
        _switch(translate, action, bool(getattr(own, action)), row) for row, action in enumerate(TOGGLES)
    ]
    last = len(TOGGLES)
    return _view(
        (
            *switches,
            PrivacyButton("export", translate("operating-privacy-export"), row=last),
            PrivacyButton(
                "delete", translate("operating-privacy-delete"), discord.ButtonStyle.danger, row=last
            ),
        )
    )


def confirm_erase_view(translate: Translator, posted: int) -> discord.ui.View:
    """Builds the buttons that confirm the deletion.

    Args:
        translate: The translator of the user's language.
        posted: How many of the user's dreams in channels could be deleted, too.
    """
    danger = discord.ButtonStyle.danger
    ways = [PrivacyButton("keep", translate("operating-privacy-keep"), row=0)]
    ways.append(PrivacyButton("erase", translate("operating-privacy-erase"), danger, row=1))
    if posted:
        label = translate("operating-privacy-erase-posted", count=posted)
        ways.append(PrivacyButton("erase-posted", label, danger, row=2))
    return _view(ways)


def _switch(translate: Translator, action: Any, on: bool, row: int) -> PrivacyButton:
    style = discord.ButtonStyle.success if on else discord.ButtonStyle.secondary
    return PrivacyButton(
        action, translate(f"operating-privacy-{action}", on="yes" if on else "no"), style, row
    )


def _view(buttons: Sequence[PrivacyButton]) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    for button in buttons:
        view.add_item(button)
    return view


def _erased_text(translate: Translator, done: EraseResult) -> str:
    lines = [translate("operating-privacy-erased", count=done.dreams)]
    if done.deleted:
        lines.append(translate("operating-privacy-deleted", count=done.deleted))
    if done.left:
        lines.append(translate("operating-privacy-left", count=done.left))
    return "\n".join(lines)


def _export_file(export: dict[str, Any], limit: int) -> tuple[str, bytes]:
    """Builds the export: a name and the JSON, zipped if it would exceed the upload limit."""
    name = f"dreambot-{datetime.now(UTC):%Y-%m-%d}"
    text = json.dumps(export, ensure_ascii=False, indent=1).encode()
    if len(text) <= limit:
        return f"{name}.json", text
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{name}.json", text)
    return f"{name}.zip", packed.getvalue()


async def setup(bot: DreamBot) -> None:
    """Adds the extension; discord.py calls it."""
    await bot.add_cog(Privacy(bot))
