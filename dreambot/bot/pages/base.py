"""Stateless pages of components: a control's custom id holds what it changes, so old pages keep working."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

import discord

from dreambot.bot.commands import send_error
from dreambot.bot.context import Interaction

CONTROL_ID_PATTERN = r":(?P<action>[a-z-]{1,20})(?::(?P<about>[\w-]{1,40}))?"
"""The custom id of a control after the page's name, as a template."""
MAX_OPTIONS = 25


CHANNEL_TYPES = (
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.forum,
    discord.ChannelType.voice,
    discord.ChannelType.stage_voice,
)
"""The channels in which users can post images."""


class PageControl(discord.ui.DynamicItem[discord.ui.Item[Any]], template=r"(?!)"):
    """A button or select menu of a page.

    Each page has a subclass with its own `handle`; the template is the page's name and `CONTROL_ID_PATTERN`.
    """

    page: ClassVar[str]

    def __init__(self, item: discord.ui.Item[Any], action: str, target: str | None = None) -> None:
        """Wraps one of discord.py's items.

        Args:
            item: The button or menu.
            action: What the control does, part of the custom id.
            target: What it does it to, part of the custom id.
        """
        super().__init__(item)
        self.action = action
        self.target = target

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Builds the control from the custom id of a press. The id may be forged.

        Args:
            interaction: The interaction to answer.
            item: The item with that custom id.
            match: The match of the template.
        """
        return cls(item, match["action"], match["about"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Handles the use of the control and reports its errors.

        Args:
            interaction: The press or choice.
        """
        try:
            await self.handle(interaction)
        except Exception as error:
            await send_error(interaction, error)

    async def handle(self, interaction: Interaction) -> None:
        """Does what the control is for.

        Args:
            interaction: The press or choice.

        Raises:
            UserError: It cannot be done, or the user may not do it.
        """
        raise NotImplementedError

    @classmethod
    def button(
        cls,
        label: str,
        action: str,
        target: str | None = None,
        *,
        style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    ) -> Self:
        """Builds a button of the page.

        Args:
            label: The label, cut at 80 characters.
            action: What the button does.
            target: What it does it to.
            style: The colour.
        """
        item = discord.ui.Button[Any](label=label[:80], custom_id=cls._custom_id(action, target), style=style)
        return cls(item, action, target)

    @classmethod
    def select(
        cls,
        action: str,
        options: Sequence[tuple[str, str]],
        selected: str | None = None,
        *,
        placeholder: str | None = None,
    ) -> discord.ui.ActionRow[Any]:
        """Builds a menu of the page with one value to choose.

        Args:
            action: What a choice does.
            options: Pairs of value and label; only the first 25 are shown.
            selected: The value that is selected now.
            placeholder: The text that is shown while nothing is selected.
        """
        shown = [
            discord.SelectOption(label=label[:100], value=value, default=value == selected)
            for value, label in options[:MAX_OPTIONS]
        ]
        item = discord.ui.Select[Any](
            custom_id=cls._custom_id(action), options=shown, placeholder=placeholder
        )
        return discord.ui.ActionRow(cls(item, action))

    @classmethod
    def channel_select(
        cls,
        action: str,
        selected: Sequence[discord.abc.GuildChannel],
        *,
        max_values: int,
        placeholder: str,
        types: Sequence[discord.ChannelType] = CHANNEL_TYPES,
    ) -> discord.ui.ActionRow[Any]:
        """Builds a menu of the server's channels; nothing has to be selected.

        Args:
            action: What a choice does.
            selected: The channels that are selected now.
            max_values: How many channels may be selected.
            placeholder: The text that is shown while nothing is selected.
            types: The types of channels to choose from.
        """
        item = discord.ui.ChannelSelect[Any](
            custom_id=cls._custom_id(action),
            channel_types=list(types),
            placeholder=placeholder,
            min_values=0,
            max_values=max_values,
            default_values=list(selected[:max_values]),
        )
        return discord.ui.ActionRow(cls(item, action))

    @classmethod
    def role_select(cls, action: str, *, placeholder: str) -> discord.ui.ActionRow[Any]:
        """Builds a menu of the server's roles.

        Args:
            action: What a choice does.
            placeholder: The text that is shown while nothing is selected.
        """
        item = discord.ui.RoleSelect[Any](custom_id=cls._custom_id(action), placeholder=placeholder)
        return discord.ui.ActionRow(cls(item, action))

    @classmethod
    def _custom_id(cls, action: str, target: str | None = None) -> str:
        return ":".join(filter(None, (cls.page, action, target)))


def selected_values(interaction: Interaction) -> list[str]:
    """Reads the values that were selected in a menu; ids as decimal texts.

    Args:
        interaction: The choice.
    """
    data: Mapping[str, Any] = interaction.data or {}
    return [str(value) for value in data.get("values", ())]


def in_container(*items: discord.ui.Item[Any]) -> discord.ui.LayoutView:
    """Builds a page with all items in one frame.

    Args:
        *items: The items from top to bottom.
    """
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(discord.ui.Container(*items))
    return view
