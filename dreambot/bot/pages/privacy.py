"""The page of `/privacy`: what is stored about a user, and buttons to change, export or delete it."""

import re
from collections.abc import Sequence
from typing import Any, Literal, Protocol, Self, cast, get_args

import discord
from discord.ext import commands

from dreambot.bot.commands import send_error
from dreambot.config import Settings
from dreambot.guilds.settings import PersonSettings
from dreambot.i18n import Translator

PrivacyAction = Literal[
    "untouchable", "previews", "ping", "export", "delete", "erase", "erase-posted", "keep"
]
TOGGLES = ("untouchable", "previews", "ping")


class PrivacyHandler(Protocol):
    """What answers presses on the page."""

    async def press(self, interaction: discord.Interaction[Any], action: PrivacyAction) -> None:
        """Does what a button says."""


class PrivacyButton(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]],
    template=rf"privacy:(?P<action>{'|'.join(get_args(PrivacyAction))})",
):
    """A button on the page, which only one person sees: whoever presses it is meant."""

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
        """The button behind an id that somebody pressed, or forged."""
        return cls(cast(PrivacyAction, match["action"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Answers a press, whatever comes of it."""
        try:
            cog = cast(commands.Bot, interaction.client).get_cog("Privacy")
            await cast(PrivacyHandler, cog).press(interaction, self.action)
        except Exception as error:
            await send_error(interaction, error)


def privacy_text(words: Translator, settings: Settings) -> str:
    """What is kept, and for how long."""
    return "\n".join(
        (
            words("operating-privacy-title"),
            words("operating-privacy-source", hours=round(settings.keep_sources_hours)),
            words("operating-privacy-result", days=round(settings.keep_results_days)),
            words("operating-privacy-job"),
            words("operating-privacy-settings"),
            words("operating-privacy-never"),
        )
    )


def privacy_view(words: Translator, own: PersonSettings) -> discord.ui.View:
    """A switch for each setting, and the ways to see and to remove what is kept."""
    switches = [_switch(words, action, bool(getattr(own, action)), row) for row, action in enumerate(TOGGLES)]
    last = len(TOGGLES)
    return _view(
        (
            *switches,
            PrivacyButton("export", words("operating-privacy-export"), row=last),
            PrivacyButton("delete", words("operating-privacy-delete"), discord.ButtonStyle.danger, row=last),
        )
    )


def confirm_erase_view(words: Translator, posted: int) -> discord.ui.View:
    """Asks once more. posted: how many dreams in channels could be deleted too."""
    danger = discord.ButtonStyle.danger
    ways = [PrivacyButton("keep", words("operating-privacy-keep"), row=0)]
    ways.append(PrivacyButton("erase", words("operating-privacy-erase"), danger, row=1))
    if posted:
        label = words("operating-privacy-erase-posted", count=posted)
        ways.append(PrivacyButton("erase-posted", label, danger, row=2))
    return _view(ways)


def _switch(words: Translator, action: Any, on: bool, row: int) -> PrivacyButton:
    style = discord.ButtonStyle.success if on else discord.ButtonStyle.secondary
    return PrivacyButton(action, words(f"operating-privacy-{action}", on="yes" if on else "no"), style, row)


def _view(buttons: Sequence[PrivacyButton]) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    for button in buttons:
        view.add_item(button)
    return view
