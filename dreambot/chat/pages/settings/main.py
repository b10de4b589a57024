"""The first page: a server's settings."""

from collections.abc import Iterable, Sequence

import discord

from dreambot.chat import permissions
from dreambot.chat.log_channel import TO_LOG
from dreambot.chat.pages.control import Control, framed
from dreambot.chat.words import LOCALES, Words
from dreambot.community import AutoDream, GuildSettings, RoleLimits

AS_ASKED = "asked"
"""The language of whoever asks, in the menu."""
MOST_CHANNELS = 25
_MOST_WARNINGS = 5
_MOST_ROLES = 20

_LANGUAGES = {
    "en": "English",
    "de": "Deutsch",
    "fr": "Français",
    "es": "Español",
    "pt": "Português",
    "ja": "日本語",
}


def main_page(
    control: type[Control], guild: discord.Guild, settings: GuildSettings, here: AutoDream, say: Words
) -> discord.ui.LayoutView:
    """All that can be settled, and what the bot lacks for it. here: of the channel where the page is."""
    text = discord.ui.TextDisplay[discord.ui.LayoutView]
    log = [settings.log_channel] if settings.log_channel else []
    return framed(
        text("\n".join([f"### {say('moderating-page-title')}", *_warnings(guild, settings, say)])),
        text(say("moderating-page-channels")),
        control.channels(
            "channels",
            _there(guild, settings.channels),
            most=MOST_CHANNELS,
            placeholder=say("moderating-page-everywhere"),
        ),
        discord.ui.Section(
            say("moderating-page-autodream", state=autodream_in_words(here, say)),
            accessory=control.button(say("moderating-page-change"), "auto"),
        ),
        discord.ui.Section(
            "\n".join([say("moderating-page-limits"), *_limits(guild, settings, say)]),
            accessory=control.button(say("moderating-page-everyone"), "limits", str(guild.id)),
        ),
        control.roles("role", placeholder=say("moderating-page-role")),
        *_unlimited(control, guild, settings, say),
        control.select(
            "intensity",
            [(str(notch), say("moderating-page-intensity", most=notch)) for notch in range(11, 0, -1)],
            str(settings.intensity),
        ),
        control.select(
            "language",
            [
                (AS_ASKED, say("moderating-page-language-asked")),
                *((one, say("moderating-page-language", language=_LANGUAGES[one])) for one in LOCALES),
            ],
            settings.language or AS_ASKED,
        ),
        control.select(
            "deleters",
            [(who, say(f"moderating-page-delete-{who}")) for who in ("asker", "everyone")],
            settings.deleters,
        ),
        discord.ui.ActionRow(
            _switch(control, say, "captions", settings.captions),
            _switch(control, say, "previews", settings.previews),
        ),
        text(say("moderating-page-log")),
        control.channels("log", _there(guild, log), most=1, placeholder=say("moderating-page-log-none")),
    )


def autodream_in_words(rules: AutoDream, say: Words) -> str:
    """Whether and how pictures are dreamed unasked, in a few words."""
    if not rules.chance:
        return say("moderating-auto-off")
    if rules.trigger == "reaction":
        return say("moderating-auto-reaction")
    return say("moderating-auto-post", fraction=rules.chance)


def limits_in_words(limits: RoleLimits, say: Words) -> str:
    """What those of a role may have."""
    parts = [
        say(f"moderating-limit-{name}", count=value)
        for name, value in (
            ("pictures", limits.pictures_a_day),
            ("seconds", limits.seconds),
            ("side", limits.side),
            ("queue", limits.queue),
        )
        if value is not None
    ]
    return " · ".join(parts) or say("moderating-limit-none")


def _switch(control: type[Control], say: Words, what: str, on: bool) -> Control:
    style = discord.ButtonStyle.success if on else discord.ButtonStyle.secondary
    label = say(f"moderating-page-{what}", state="on" if on else "off")
    return control.button(label, what, "off" if on else "on", style=style)


def _there(guild: discord.Guild, ids: Iterable[int]) -> Sequence[discord.abc.GuildChannel]:
    """Those channels that still are: Discord refuses a page that names others."""
    return [channel for channel in map(guild.get_channel, ids) if channel]


def _limits(guild: discord.Guild, settings: GuildSettings, say: Words) -> list[str]:
    lines = [("@everyone", settings.everyone)]
    lines += [(f"<@&{role}>", limits) for role, limits in settings.roles.items() if guild.get_role(role)]
    return [f"-# {who}: {limits_in_words(limits, say)}" for who, limits in lines[:_MOST_ROLES]]


def _unlimited(
    control: type[Control], guild: discord.Guild, settings: GuildSettings, say: Words
) -> list[discord.ui.ActionRow[discord.ui.LayoutView]]:
    """The menu that takes a role's limits away, where there are any."""
    named = [(str(role), guild.get_role(role)) for role in settings.roles]
    options = [(key, say("moderating-page-remove", role=role.name if role else key)) for key, role in named]
    if not options:
        return []
    return [control.select("remove", options, placeholder=say("moderating-page-remove-which"))]


def _warnings(guild: discord.Guild, settings: GuildSettings, say: Words) -> list[str]:
    """What the bot may not do where it was told to be."""
    found = []
    for channel in _there(guild, settings.channels):
        found.append((channel, permissions.to_reply(channel)))
    for channel in _there(guild, [settings.log_channel] if settings.log_channel else []):
        found.append((channel, TO_LOG))
    lines = []
    for channel, needed in found:
        missing = permissions.lacking(channel.permissions_for(guild.me), needed)
        if missing:
            named = permissions.named(missing, say)
            lines.append("⚠️ " + say("moderating-page-lacking", channel=channel.mention, permissions=named))
    return lines[:_MOST_WARNINGS]
