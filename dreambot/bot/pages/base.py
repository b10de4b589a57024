"""Stateless pages of components: each control's custom id holds what it changes, so old pages keep
working."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

import discord

from dreambot.bot.commands import send_error
from dreambot.bot.context import Interaction

CONTROL_ID_PATTERN = r":(?P<action>[a-z-]{1,20})(?::(?P<about>[\w-]{1,40}))?"
"""How a control's id goes on after its page's name, as a template."""
MAX_OPTIONS = 25


class PageControl(discord.ui.DynamicItem[discord.ui.Item[Any]], template=r"(?!)"):
    """A button or a select. A page has a class of its own that says in `used` what they do; its template is
    the page's name and REST."""

    page: ClassVar[str]

    def __init__(self, item: discord.ui.Item[Any], action: str, target: str | None = None) -> None:
        super().__init__(item)
        self.action = action
        self.target = target

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """The control behind an id that somebody used, or forged."""
        return cls(item, match["action"], match["about"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Answers, whatever comes of it."""
        try:
            await self.handle(interaction)
        except Exception as error:
            await send_error(interaction, error)

    async def handle(self, interaction: Interaction) -> None:
        """Does what the control is there for. Raises UserError."""
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
        """A button of the page."""
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
        """A menu of (value, label), of which one is chosen now; at most MOST_OPTIONS are shown."""
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
        cls, action: str, selected: Sequence[discord.abc.GuildChannel], *, max_values: int, placeholder: str
    ) -> discord.ui.ActionRow[Any]:
        """A menu of the server's channels, of which none has to be chosen."""
        item = discord.ui.ChannelSelect[Any](
            custom_id=cls._custom_id(action),
            channel_types=list(CHANNEL_TYPES),
            placeholder=placeholder,
            min_values=0,
            max_values=max_values,
            default_values=list(selected[:max_values]),
        )
        return discord.ui.ActionRow(cls(item, action))

    @classmethod
    def role_select(cls, action: str, *, placeholder: str) -> discord.ui.ActionRow[Any]:
        """A menu of the server's roles."""
        item = discord.ui.RoleSelect[Any](custom_id=cls._custom_id(action), placeholder=placeholder)
        return discord.ui.ActionRow(cls(item, action))

    @classmethod
    def _custom_id(cls, action: str, target: str | None = None) -> str:
        return ":".join(filter(None, (cls.page, action, target)))


CHANNEL_TYPES = (
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.forum,
    discord.ChannelType.voice,
    discord.ChannelType.stage_voice,
)
"""Where people can post pictures."""


def selected_values(interaction: Interaction) -> list[str]:
    """What was chosen in a select; ids as Discord writes them."""
    data: Mapping[str, Any] = interaction.data or {}
    return [str(value) for value in data.get("values", ())]


def in_container(*items: discord.ui.Item[Any]) -> discord.ui.LayoutView:
    """A page: all of it in one frame."""
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(discord.ui.Container(*items))
    return view
