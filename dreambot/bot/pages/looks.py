"""The pages of `/look list`: the saved looks of the user and of the server, and the defaults."""

from collections.abc import Sequence
from typing import Any

import discord
from discord.ui import ActionRow, Item, LayoutView, TextDisplay

from dreambot.bot.captions import describe_look
from dreambot.bot.pages.base import PageControl, in_container
from dreambot.guilds.looks import SavedLook
from dreambot.i18n import Translator

PAGE_SIZE = 10
_MAX_LOOK_LENGTH = 120


def looks_page(
    control: type[PageControl],
    saved: Sequence[SavedLook],
    defaults: tuple[str | None, str | None],
    translate: Translator,
    page: int,
) -> LayoutView:
    """Builds the page with some of the looks that a user can use.

    Args:
        control: The control class of the page.
        saved: All looks, the user's own first.
        defaults: The names of the user's default and of the channel's, if there are any.
        translate: The translator of the user's language.
        page: The page, from 0; beyond the last, the last one is used.
    """
    pages = max(1, -(-len(saved) // PAGE_SIZE))
    page = min(max(0, page), pages - 1)
    lines = [f"### {translate('looks-title')}", *_default_lines(defaults, translate)]
    if not saved:
        lines.append(translate("looks-none"))
    scope = None
    for look in saved[page * PAGE_SIZE : (page + 1) * PAGE_SIZE]:
        if look.scope != scope:
            scope = look.scope
            lines.append(f"**{translate(f'looks-list-{scope}')}**")
        lines.append(_look_line(look, translate))
    items: list[Item[Any]] = [TextDisplay("\n".join(lines))]
    if pages > 1:
        items.append(TextDisplay(f"-# {translate('results-history-page', page=page + 1, pages=pages)}"))
        items.append(ActionRow[Any](*_page_buttons(control, page, pages)))
    return in_container(*items)


def _default_lines(defaults: tuple[str | None, str | None], translate: Translator) -> list[str]:
    kinds = zip(("person", "channel"), defaults, strict=True)
    return [f"-# {translate(f'looks-default-{kind}', name=_plain(name))}" for kind, name in kinds if name]


def _look_line(look: SavedLook, translate: Translator) -> str:
    if look.recipe is None:
        return f"- {_plain(look.name)}"
    shows = describe_look(translate, look.recipe)
    shows = shows if len(shows) <= _MAX_LOOK_LENGTH else f"{shows[: _MAX_LOOK_LENGTH - 1]}…"
    if look.recipe.intensity:
        shows = translate("results-history-what", look=shows, intensity=look.recipe.intensity)
    video = "🎞️ " if look.recipe.hellscape else ""
    return f"- {_plain(look.name)}\n-# {video}{shows}"


def _plain(name: str) -> str:
    return discord.utils.escape_markdown(name)


def _page_buttons(control: type[PageControl], page: int, pages: int) -> list[PageControl]:
    buttons = []
    if page > 0:
        buttons.append(control.button("◀", "page", str(page - 1)))
    if page < pages - 1:
        buttons.append(control.button("▶", "page", str(page + 1)))
    return buttons
