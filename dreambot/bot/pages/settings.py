"""The page of `/settings` about a server, the form for the limits of a role, and applying changes."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any

import discord
from pydantic import ValidationError

from dreambot.bot import permissions
from dreambot.bot.commands import send_error
from dreambot.bot.context import Interaction
from dreambot.bot.hall import NEEDED_IN_HALL
from dreambot.bot.moderation import NEEDED_TO_LOG
from dreambot.bot.pages.autodream import autodream_summary
from dreambot.bot.pages.base import PageControl, in_container
from dreambot.errors import UserError
from dreambot.guilds.autodream import AutoDreamSettings
from dreambot.guilds.settings import GuildSettings, RoleLimits
from dreambot.i18n import LOCALES, Translator

USER_LANGUAGE = "asked"
"""Menu value for the language of each user."""
MAX_CHANNELS = 25
STARS = (1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 50)
_MAX_WARNINGS = 5
_MAX_SHOWN_ROLES = 20

_LANGUAGES = {
    "en": "English",
    "de": "Deutsch",
    "fr": "Français",
    "es": "Español",
    "pt": "Português",
    "ja": "日本語",
}


def settings_page(
    control: type[PageControl],
    guild: discord.Guild,
    settings: GuildSettings,
    here: AutoDreamSettings,
    translate: Translator,
    selected: Mapping[int, discord.Permissions] | None = None,
    *,
    gallery: bool = False,
) -> discord.ui.LayoutView:
    """Builds the page with all settings of a server, and with the permissions that the bot lacks for them.

    Args:
        control: The control class of the page.
        guild: The server.
        settings: The settings.
        here: The auto-dream settings of the channel where the page is shown.
        translate: The translator of the user's language.
        selected: The bot's permissions in channels that were just selected, by channel id.
        gallery: Whether the operator has a gallery, so that its setting is shown.
    """
    text = discord.ui.TextDisplay[discord.ui.LayoutView]
    log = [settings.log_channel] if settings.log_channel else []
    return in_container(
        text(
            "\n".join(
                [
                    f"### {translate('moderating-page-title')}",
                    *_permission_warnings(guild, settings, selected or {}, translate),
                ]
            )
        ),
        text(translate("moderating-page-channels")),
        control.channel_select(
            "channels",
            _existing_channels(guild, settings.channels),
            max_values=MAX_CHANNELS,
            placeholder=translate("moderating-page-everywhere"),
        ),
        discord.ui.Section(
            translate("moderating-page-autodream", state=autodream_summary(here, translate)),
            accessory=control.button(translate("moderating-page-change"), "auto"),
        ),
        discord.ui.Section(
            "\n".join([translate("moderating-page-limits"), *_limit_lines(guild, settings, translate)]),
            accessory=control.button(translate("moderating-page-everyone"), "limits", str(guild.id)),
        ),
        control.role_select("role", placeholder=translate("moderating-page-role")),
        *_remove_limits_menu(control, guild, settings, translate),
        control.select(
            "intensity",
            [(str(level), translate("moderating-page-intensity", most=level)) for level in range(11, 0, -1)],
            str(settings.intensity),
        ),
        control.select(
            "language",
            [
                (USER_LANGUAGE, translate("moderating-page-language-asked")),
                *((one, translate("moderating-page-language", language=_LANGUAGES[one])) for one in LOCALES),
            ],
            settings.language or USER_LANGUAGE,
        ),
        control.select(
            "deleters",
            [(who, translate(f"moderating-page-delete-{who}")) for who in ("asker", "everyone")],
            settings.deleters,
        ),
        discord.ui.ActionRow(
            _toggle_button(control, translate, "captions", settings.captions),
            _toggle_button(control, translate, "previews", settings.previews),
        ),
        text(translate("moderating-page-hall")),
        control.channel_select(
            "hall",
            _existing_channels(guild, [settings.hall] if settings.hall else []),
            max_values=1,
            placeholder=translate("moderating-page-hall-none"),
            types=(discord.ChannelType.text, discord.ChannelType.news),
        ),
        control.select(
            "stars",
            [(str(one), translate("moderating-page-stars", count=one)) for one in STARS],
            str(settings.stars),
        ),
        *(
            [
                text(translate("moderating-page-gallery-how")),
                discord.ui.ActionRow[Any](_toggle_button(control, translate, "gallery", settings.gallery)),
            ]
            if gallery
            else []
        ),
        text(translate("moderating-page-log")),
        control.channel_select(
            "log",
            _existing_channels(guild, log),
            max_values=1,
            placeholder=translate("moderating-page-log-none"),
        ),
    )


def limits_summary(limits: RoleLimits, translate: Translator) -> str:
    """Summarises the limits of a role.

    Args:
        limits: The limits.
        translate: The translator of the user's language.
    """
    parts = [
        translate(f"moderating-limit-{name}", count=value)
        for name, value in (
            ("pictures", limits.pictures_a_day),
            ("seconds", limits.seconds),
            ("side", limits.side),
            ("queue", limits.queue),
        )
        if value is not None
    ]
    return " · ".join(parts) or translate("moderating-limit-none")


def _toggle_button(control: type[PageControl], translate: Translator, what: str, on: bool) -> PageControl:
    style = discord.ButtonStyle.success if on else discord.ButtonStyle.secondary
    label = translate(f"moderating-page-{what}", state="on" if on else "off")
    return control.button(label, what, "off" if on else "on", style=style)


def _existing_channels(guild: discord.Guild, ids: Iterable[int]) -> Sequence[discord.abc.GuildChannel]:
    """Lists the channels that still exist: Discord refuses a page that names others."""
    return [channel for channel in map(guild.get_channel, ids) if channel]


def _limit_lines(guild: discord.Guild, settings: GuildSettings, translate: Translator) -> list[str]:
    lines = [("@everyone", settings.everyone)]
    lines += [(f"<@&{role}>", limits) for role, limits in settings.roles.items() if guild.get_role(role)]
    return [f"-# {who}: {limits_summary(limits, translate)}" for who, limits in lines[:_MAX_SHOWN_ROLES]]


def _remove_limits_menu(
    control: type[PageControl], guild: discord.Guild, settings: GuildSettings, translate: Translator
) -> list[discord.ui.ActionRow[discord.ui.LayoutView]]:
    """Builds the menu that removes a role's limits, if there are any."""
    named = [(str(role), guild.get_role(role)) for role in settings.roles]
    options = [
        (key, translate("moderating-page-remove", role=role.name if role else key)) for key, role in named
    ]
    if not options:
        return []
    return [control.select("remove", options, placeholder=translate("moderating-page-remove-which"))]


def _permission_warnings(
    guild: discord.Guild,
    settings: GuildSettings,
    selected: Mapping[int, discord.Permissions],
    translate: Translator,
) -> list[str]:
    """Lists the permissions that the bot lacks in the channels of the settings."""
    found = []
    for channel in _existing_channels(guild, settings.channels):
        found.append((channel, permissions.needed_to_reply(channel)))
    for channel in _existing_channels(guild, [settings.log_channel] if settings.log_channel else []):
        found.append((channel, NEEDED_TO_LOG))
    for channel in _existing_channels(guild, [settings.hall] if settings.hall else []):
        found.append((channel, NEEDED_IN_HALL))
    lines = []
    for channel, needed in found:
        have = selected.get(channel.id, channel.permissions_for(guild.me))
        missing = permissions.find_missing(have, needed)
        if missing:
            named = permissions.format_names(missing, translate)
            lines.append(
                "⚠️ " + translate("moderating-page-lacking", channel=channel.mention, permissions=named)
            )
    return lines[:_MAX_WARNINGS]


LIMIT_FIELDS = {"pictures_a_day": "pictures", "seconds": "seconds", "side": "side", "queue": "queue"}
"""The limits, and the part of the catalogue key that names them."""

SaveLimits = Callable[[Interaction, RoleLimits], Awaitable[None]]


class LimitsModal(discord.ui.Modal):
    """A form for the four limits of a role; an empty field means no limit."""

    def __init__(self, role: str, limits: RoleLimits, translate: Translator, save: SaveLimits) -> None:
        """Builds the form.

        Args:
            role: The role's name.
            limits: The limits now.
            translate: The translator of the user's language.
            save: Stores the new limits.
        """
        super().__init__(title=translate("moderating-form-title", role=role)[:45], timeout=900)
        self._save = save
        self._inputs: dict[str, discord.ui.TextInput[Any]] = {}
        for name, key in LIMIT_FIELDS.items():
            value = getattr(limits, name)
            given = discord.ui.TextInput[Any](
                custom_id=name,
                required=False,
                max_length=8,
                default=None if value is None else f"{value:g}",
                placeholder=translate("moderating-form-none")[:100],
            )
            self._inputs[name] = given
            self.add_item(
                discord.ui.Label(
                    text=translate(f"moderating-form-{key}")[:45],
                    description=translate(f"moderating-form-{key}-how")[:100],
                    component=given,
                )
            )

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Parses and stores the limits.

        Args:
            interaction: The interaction of the submitted form.
        """
        await self._save(interaction, parse_limits({name: one.value for name, one in self._inputs.items()}))

    async def on_error(  # type: ignore[override]  # a modal's differs from a view's in discord.py itself
        self, interaction: discord.Interaction[Any], error: Exception, /
    ) -> None:
        """Reports the error to the user.

        Args:
            interaction: The interaction of the submitted form.
            error: The error.
        """
        await send_error(interaction, error)


def parse_limits(typed: dict[str, str]) -> RoleLimits:
    """Parses the texts of the form's fields.

    Args:
        typed: The texts by field; an empty text means no limit.

    Raises:
        UserError: A text is not a number in the field's range.
    """
    numbers = {name: text.strip().replace(",", ".") for name, text in typed.items()}
    try:
        return RoleLimits.model_validate({name: text for name, text in numbers.items() if text})
    except ValidationError as error:
        field = str(error.errors()[0]["loc"][0])
        raise UserError(f"moderating-form-{LIMIT_FIELDS[field]}-wrong") from error


MAX_ROLES = 25
"""The number of roles with limits: as many as a menu can show."""


def apply_setting(settings: GuildSettings, what: str, values: list[str]) -> GuildSettings:
    """Changes one setting of a server.

    Args:
        settings: The settings before.
        what: The name of the control that was used.
        values: The selected values.

    Returns:
        The settings after.

    Raises:
        UserError: The control or the value is unknown: the page is of an earlier version, or the id was
            forged.
    """
    try:
        fields = settings.model_dump() | _changed_fields(settings, what, values)
        return GuildSettings.model_validate(fields)
    except (ValidationError, ValueError, LookupError) as error:
        raise UserError("moderating-stale") from error


def set_role_limits(
    settings: GuildSettings, role: int, limits: RoleLimits, *, everyone: bool
) -> GuildSettings:
    """Sets the limits of a role, or of everyone.

    Args:
        settings: The settings before.
        role: The id of the role.
        limits: The new limits.
        everyone: Whether the limits are for everyone.

    Returns:
        The settings after.

    Raises:
        UserError: Too many roles have limits.
    """
    if everyone:
        return settings.model_copy(update={"everyone": limits})
    roles = {**settings.roles, role: limits}
    if len(roles) > MAX_ROLES:
        raise UserError("moderating-too-many-roles", most=MAX_ROLES)
    return settings.model_copy(update={"roles": roles})


def _changed_fields(settings: GuildSettings, what: str, values: list[str]) -> dict[str, Any]:
    match what:
        case "channels":
            return {"channels": tuple(map(int, values))}
        case "log":
            return {"log_channel": int(values[0]) if values else None}
        case "hall":
            return {"hall": int(values[0]) if values else None}
        case "intensity" | "stars":
            return {what: int(values[0])}
        case "deleters":
            return {"deleters": values[0]}
        case "captions" | "previews" | "gallery":
            return {what: values[0] == "on"}
        case "language":
            return {"language": None if values[0] == USER_LANGUAGE else LOCALES[LOCALES.index(values[0])]}
        case "remove":
            return {"roles": {role: has for role, has in settings.roles.items() if role != int(values[0])}}
    raise LookupError(what)
