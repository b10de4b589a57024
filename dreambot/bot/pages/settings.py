"""The pages of `/settings`: server settings, auto-dream of a channel, limits of a role, and applying
changes."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

import discord
from pydantic import ValidationError

from dreambot.bot import permissions
from dreambot.bot.commands import send_error
from dreambot.bot.moderation import NEEDED_TO_LOG
from dreambot.bot.pages.base import MAX_OPTIONS, PageControl, in_container
from dreambot.errors import UserError
from dreambot.guilds.autodream import AutoDreamSettings
from dreambot.guilds.settings import GuildSettings, RoleLimits
from dreambot.i18n import LOCALES, Translator
from dreambot.recipe.presets import PRESETS

USER_LANGUAGE = "asked"
"""The language of whoever asks, in the menu."""
MAX_CHANNELS = 25
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
    say: Translator,
) -> discord.ui.LayoutView:
    """All that can be settled, and what the bot lacks for it. here: of the channel where the page is."""
    text = discord.ui.TextDisplay[discord.ui.LayoutView]
    log = [settings.log_channel] if settings.log_channel else []
    return in_container(
        text("\n".join([f"### {say('moderating-page-title')}", *_permission_warnings(guild, settings, say)])),
        text(say("moderating-page-channels")),
        control.channels(
            "channels",
            _existing_channels(guild, settings.channels),
            most=MAX_CHANNELS,
            placeholder=say("moderating-page-everywhere"),
        ),
        discord.ui.Section(
            say("moderating-page-autodream", state=autodream_summary(here, say)),
            accessory=control.button(say("moderating-page-change"), "auto"),
        ),
        discord.ui.Section(
            "\n".join([say("moderating-page-limits"), *_limit_lines(guild, settings, say)]),
            accessory=control.button(say("moderating-page-everyone"), "limits", str(guild.id)),
        ),
        control.roles("role", placeholder=say("moderating-page-role")),
        *_remove_limits_menu(control, guild, settings, say),
        control.select(
            "intensity",
            [(str(notch), say("moderating-page-intensity", most=notch)) for notch in range(11, 0, -1)],
            str(settings.intensity),
        ),
        control.select(
            "language",
            [
                (USER_LANGUAGE, say("moderating-page-language-asked")),
                *((one, say("moderating-page-language", language=_LANGUAGES[one])) for one in LOCALES),
            ],
            settings.language or USER_LANGUAGE,
        ),
        control.select(
            "deleters",
            [(who, say(f"moderating-page-delete-{who}")) for who in ("asker", "everyone")],
            settings.deleters,
        ),
        discord.ui.ActionRow(
            _toggle_button(control, say, "captions", settings.captions),
            _toggle_button(control, say, "previews", settings.previews),
        ),
        text(say("moderating-page-log")),
        control.channels(
            "log", _existing_channels(guild, log), most=1, placeholder=say("moderating-page-log-none")
        ),
    )


def autodream_summary(rules: AutoDreamSettings, say: Translator) -> str:
    """Whether and how pictures are dreamed unasked, in a few words."""
    if not rules.chance:
        return say("moderating-auto-off")
    if rules.trigger == "reaction":
        return say("moderating-auto-reaction")
    return say("moderating-auto-post", fraction=rules.chance)


def limits_summary(limits: RoleLimits, say: Translator) -> str:
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


def _toggle_button(control: type[PageControl], say: Translator, what: str, on: bool) -> PageControl:
    style = discord.ButtonStyle.success if on else discord.ButtonStyle.secondary
    label = say(f"moderating-page-{what}", state="on" if on else "off")
    return control.button(label, what, "off" if on else "on", style=style)


def _existing_channels(guild: discord.Guild, ids: Iterable[int]) -> Sequence[discord.abc.GuildChannel]:
    """Those channels that still are: Discord refuses a page that names others."""
    return [channel for channel in map(guild.get_channel, ids) if channel]


def _limit_lines(guild: discord.Guild, settings: GuildSettings, say: Translator) -> list[str]:
    lines = [("@everyone", settings.everyone)]
    lines += [(f"<@&{role}>", limits) for role, limits in settings.roles.items() if guild.get_role(role)]
    return [f"-# {who}: {limits_summary(limits, say)}" for who, limits in lines[:_MAX_SHOWN_ROLES]]


def _remove_limits_menu(
    control: type[PageControl], guild: discord.Guild, settings: GuildSettings, say: Translator
) -> list[discord.ui.ActionRow[discord.ui.LayoutView]]:
    """The menu that takes a role's limits away, where there are any."""
    named = [(str(role), guild.get_role(role)) for role in settings.roles]
    options = [(key, say("moderating-page-remove", role=role.name if role else key)) for key, role in named]
    if not options:
        return []
    return [control.select("remove", options, placeholder=say("moderating-page-remove-which"))]


def _permission_warnings(guild: discord.Guild, settings: GuildSettings, say: Translator) -> list[str]:
    """What the bot may not do where it was told to be."""
    found = []
    for channel in _existing_channels(guild, settings.channels):
        found.append((channel, permissions.needed_to_reply(channel)))
    for channel in _existing_channels(guild, [settings.log_channel] if settings.log_channel else []):
        found.append((channel, NEEDED_TO_LOG))
    lines = []
    for channel, needed in found:
        missing = permissions.find_missing(channel.permissions_for(guild.me), needed)
        if missing:
            named = permissions.format_names(missing, say)
            lines.append("⚠️ " + say("moderating-page-lacking", channel=channel.mention, permissions=named))
    return lines[:_MAX_WARNINGS]


CHANCES_PERCENT = (0, 5, 10, 25, 50, 75, 100)
COOLDOWNS_S = (0, 30, 60, 300, 900, 3600, 21_600, 86_400)
"""Seconds."""
HOURLY_LIMITS = (1, 2, 5, 10, 20, 50, 100, 500, 1000)
HOURLY_MAXIMUM = "most"
"""As many an hour as the operator allows, in the menu."""


def autodream_page(
    control: type[PageControl],
    channel: int,
    rules: AutoDreamSettings,
    say: Translator,
    *,
    most: int,
    lacking: Sequence[str] = (),
    back: bool,
) -> discord.ui.LayoutView:
    """How pictures are dreamed there unasked. most: an hour, by the operator's word. lacking: what stands in
    the way. back: whether there is a way back to the first page."""
    title = say("moderating-auto-title", channel=f"<#{channel}>", state=autodream_summary(rules, say))
    percent = round(rules.chance * 100)
    lines = [f"### {title}", *(f"⚠️ {line}" for line in lacking)]
    return in_container(
        discord.ui.TextDisplay("\n".join(lines)),
        control.select(
            "auto-chance",
            [(str(one), _chance_label(one, say)) for one in sorted({*CHANCES_PERCENT, percent})],
            str(percent),
        ),
        control.select(
            "auto-trigger",
            [(one, say(f"moderating-trigger-{one}")) for one in ("post", "reaction")],
            rules.trigger,
        ),
        control.select(
            "auto-look", _look_options(say), rules.preset if rules.look == "fixed" else rules.look
        ),
        control.select(
            "auto-cooldown",
            [(str(one), _cooldown_label(one, say)) for one in sorted({*COOLDOWNS_S, rules.cooldown})],
            str(rules.cooldown),
        ),
        control.select(
            "auto-hourly",
            [
                (HOURLY_MAXIMUM, say("moderating-hourly-most", count=most)),
                *((str(one), say("moderating-hourly", count=one)) for one in _hourly_limits(rules, most)),
            ],
            HOURLY_MAXIMUM if rules.hourly is None else str(min(rules.hourly, most)),
        ),
        *([discord.ui.ActionRow[Any](control.button(say("moderating-back"), "back"))] if back else []),
    )


def _chance_label(percent: int, say: Translator) -> str:
    return say("moderating-chance", fraction=percent / 100) if percent else say("moderating-chance-off")


def _cooldown_label(seconds: int, say: Translator) -> str:
    if not seconds:
        return say("moderating-cooldown-none")
    if seconds < 60 or seconds % 60:
        return say("moderating-cooldown-seconds", count=seconds)
    if seconds < 3600 or seconds % 3600:
        return say("moderating-cooldown-minutes", count=seconds // 60)
    return say("moderating-cooldown-hours", count=seconds // 3600)


def _hourly_limits(rules: AutoDreamSettings, most: int) -> list[int]:
    own = {min(rules.hourly, most)} if rules.hourly else set()
    return sorted({one for one in HOURLY_LIMITS if one <= most} | own)


def _look_options(say: Translator) -> list[tuple[str, str]]:
    drawn = [(look, say(f"moderating-look-{look}")) for look in ("surprise", "roulette")]
    presets = [(name, f"{name}: {preset.description.text(say)}") for name, preset in PRESETS.items()]
    return [*drawn, *presets][:MAX_OPTIONS]


LIMIT_FIELDS = {"pictures_a_day": "pictures", "seconds": "seconds", "side": "side", "queue": "queue"}
"""The limits, and their part of a word's key."""

SaveLimits = Callable[[discord.Interaction[Any], RoleLimits], Awaitable[None]]


class LimitsModal(discord.ui.Modal):
    """Four numbers, each of which may be left out for no limit."""

    def __init__(self, role: str, limits: RoleLimits, say: Translator, save: SaveLimits) -> None:
        super().__init__(title=say("moderating-form-title", role=role)[:45], timeout=900)
        self._save = save
        self._inputs: dict[str, discord.ui.TextInput[Any]] = {}
        for name, key in LIMIT_FIELDS.items():
            value = getattr(limits, name)
            given = discord.ui.TextInput[Any](
                custom_id=name,
                required=False,
                max_length=8,
                default=None if value is None else f"{value:g}",
                placeholder=say("moderating-form-none")[:100],
            )
            self._inputs[name] = given
            self.add_item(
                discord.ui.Label(
                    text=say(f"moderating-form-{key}")[:45],
                    description=say(f"moderating-form-{key}-how")[:100],
                    component=given,
                )
            )

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        """Takes what was typed."""
        await self._save(interaction, parse_limits({name: one.value for name, one in self._inputs.items()}))

    async def on_error(  # type: ignore[override]  # a modal's differs from a view's in discord.py itself
        self, interaction: discord.Interaction[Any], error: Exception, /
    ) -> None:
        """Says what is wrong."""
        await send_error(interaction, error)


def parse_limits(typed: dict[str, str]) -> RoleLimits:
    """What somebody typed into the form's fields; an empty one is no limit. Raises Told."""
    numbers = {name: text.strip().replace(",", ".") for name, text in typed.items()}
    try:
        return RoleLimits.model_validate({name: text for name, text in numbers.items() if text})
    except ValidationError as error:
        field = str(error.errors()[0]["loc"][0])
        raise UserError(f"moderating-form-{LIMIT_FIELDS[field]}-wrong") from error


MAX_ROLES = 25
"""With limits of their own: as many as a menu can show."""


def apply_setting(settings: GuildSettings, what: str, values: list[str]) -> GuildSettings:
    """A server's settings after `what` was set to `values`. Raises Told for what no page of ours
    sends now."""
    try:
        fields = settings.model_dump() | _changed_fields(settings, what, values)
        return GuildSettings.model_validate(fields)
    except (ValidationError, ValueError, LookupError) as error:
        raise UserError("moderating-stale") from error


def set_role_limits(
    settings: GuildSettings, role: int, limits: RoleLimits, *, everyone: bool
) -> GuildSettings:
    """A server's settings with a role's limits, or everyone's. Raises Told where there are too many roles."""
    if everyone:
        return settings.model_copy(update={"everyone": limits})
    roles = {**settings.roles, role: limits}
    if len(roles) > MAX_ROLES:
        raise UserError("moderating-too-many-roles", most=MAX_ROLES)
    return settings.model_copy(update={"roles": roles})


def apply_autodream_setting(rules: AutoDreamSettings, what: str, value: str) -> AutoDreamSettings:
    """A channel's rules after `what` was set to `value`. Raises Told for what no page of ours sends now."""
    try:
        return AutoDreamSettings.model_validate(rules.model_dump() | _changed_rule(what, value))
    except (ValidationError, ValueError, LookupError) as error:
        raise UserError("moderating-stale") from error


def _changed_fields(settings: GuildSettings, what: str, values: list[str]) -> dict[str, Any]:
    match what:
        case "channels":
            return {"channels": tuple(map(int, values))}
        case "log":
            return {"log_channel": int(values[0]) if values else None}
        case "intensity":
            return {"intensity": int(values[0])}
        case "deleters":
            return {"deleters": values[0]}
        case "captions" | "previews":
            return {what: values[0] == "on"}
        case "language":
            return {"language": None if values[0] == USER_LANGUAGE else LOCALES[LOCALES.index(values[0])]}
        case "remove":
            return {"roles": {role: has for role, has in settings.roles.items() if role != int(values[0])}}
    raise LookupError(what)


def _changed_rule(what: str, value: str) -> dict[str, Any]:
    match what:
        case "chance":
            return {"chance": int(value) / 100}
        case "trigger":
            return {"trigger": value}
        case "look" if value in PRESETS:
            return {"look": "fixed", "preset": value}
        case "look":
            return {"look": value, "preset": None}
        case "cooldown":
            return {"cooldown": int(value)}
        case "hourly":
            return {"hourly": None if value == HOURLY_MAXIMUM else int(value)}
    raise LookupError(what)
