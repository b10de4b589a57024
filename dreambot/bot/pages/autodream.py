"""The page of `/settings` about the auto-dream of a channel, and applying its changes."""

from collections.abc import Collection, Sequence
from typing import Any

import discord
from pydantic import ValidationError

from dreambot.bot.pages.base import MAX_OPTIONS, PageControl, in_container
from dreambot.bot.requests.look_choices import look_pairs
from dreambot.errors import UserError
from dreambot.guilds.autodream import AutoDreamSettings
from dreambot.guilds.looks import LookName, name_key
from dreambot.i18n import Translator
from dreambot.recipe.presets import OFFERED_PRESETS, PRESETS

_MAX_SAVED_LOOKS = 10
_DRAWN_LOOKS = ("surprise", "roulette")
CHANCES_PERCENT = (0, 5, 10, 25, 50, 75, 100)
COOLDOWNS_S = (0, 30, 60, 300, 900, 3600, 21_600, 86_400)
"""In seconds."""
HOURLY_LIMITS = (1, 2, 5, 10, 20, 50, 100, 500, 1000)
HOURLY_MAXIMUM = "most"
"""Menu value for the highest rate that the operator allows."""


def autodream_page(
    control: type[PageControl],
    channel: int,
    rules: AutoDreamSettings,
    translate: Translator,
    *,
    most_per_hour: int,
    looks: Sequence[LookName] = (),
    lacking: Sequence[str] = (),
    back: bool,
) -> discord.ui.LayoutView:
    """Builds the page of a channel's auto-dream settings.

    Args:
        control: The control class of the page.
        channel: The id of the channel.
        rules: The auto-dream settings.
        translate: The translator of the user's language.
        most_per_hour: The highest number of dreams per hour that the operator allows.
        looks: The saved looks of the server; only the first of them fit beside the presets.
        lacking: Reasons why auto-dream would not work, as sentences.
        back: Whether the page has a button that leads back to the server's settings.
    """
    title = translate(
        "moderating-auto-title", channel=f"<#{channel}>", state=autodream_summary(rules, translate)
    )
    percent = round(rules.chance * 100)
    lines = [f"### {title}", *(f"⚠️ {line}" for line in lacking)]
    return in_container(
        discord.ui.TextDisplay("\n".join(lines)),
        control.select(
            "auto-chance",
            [(str(one), _chance_label(one, translate)) for one in sorted({*CHANCES_PERCENT, percent})],
            str(percent),
        ),
        control.select(
            "auto-trigger",
            [(one, translate(f"moderating-trigger-{one}")) for one in ("post", "reaction")],
            rules.trigger,
        ),
        control.select(
            "auto-look",
            _look_options(rules, looks, translate),
            rules.preset if rules.look == "fixed" else rules.look,
        ),
        control.select(
            "auto-cooldown",
            [(str(one), _cooldown_label(one, translate)) for one in sorted({*COOLDOWNS_S, rules.cooldown})],
            str(rules.cooldown),
        ),
        control.select(
            "auto-hourly",
            [
                (HOURLY_MAXIMUM, translate("moderating-hourly-most", count=most_per_hour)),
                *(
                    (str(one), translate("moderating-hourly", count=one))
                    for one in _hourly_limits(rules, most_per_hour)
                ),
            ],
            HOURLY_MAXIMUM if rules.hourly is None else str(min(rules.hourly, most_per_hour)),
        ),
        *([discord.ui.ActionRow[Any](control.button(translate("moderating-back"), "back"))] if back else []),
    )


def _chance_label(percent: int, translate: Translator) -> str:
    return (
        translate("moderating-chance", fraction=percent / 100)
        if percent
        else translate("moderating-chance-off")
    )


def _cooldown_label(seconds: int, translate: Translator) -> str:
    if not seconds:
        return translate("moderating-cooldown-none")
    if seconds < 60 or seconds % 60:
        return translate("moderating-cooldown-seconds", count=seconds)
    if seconds < 3600 or seconds % 3600:
        return translate("moderating-cooldown-minutes", count=seconds // 60)
    return translate("moderating-cooldown-hours", count=seconds // 3600)


def _hourly_limits(rules: AutoDreamSettings, most_per_hour: int) -> list[int]:
    own = {min(rules.hourly, most_per_hour)} if rules.hourly else set()
    return sorted({one for one in HOURLY_LIMITS if one <= most_per_hour} | own)


def _look_options(
    rules: AutoDreamSettings, looks: Sequence[LookName], translate: Translator
) -> list[tuple[str, str]]:
    # What is selected now comes first of them, so that it is shown.
    saved = sorted(looks, key=lambda look: name_key(look.name) != rules.preset)[:_MAX_SAVED_LOOKS]
    saved_looks = [
        (name_key(look.name), label)
        for look, (label, _) in zip(saved, look_pairs(saved, translate), strict=True)
    ]
    drawn = [(look, translate(f"moderating-look-{look}")) for look in _DRAWN_LOOKS]
    presets = [
        (name, f"{name}: {preset.description.text(translate)}") for name, preset in OFFERED_PRESETS.items()
    ]
    return [*drawn, *saved_looks, *presets][:MAX_OPTIONS]


def autodream_summary(rules: AutoDreamSettings, translate: Translator) -> str:
    """Summarises the auto-dream settings of a channel.

    Args:
        rules: The auto-dream settings.
        translate: The translator of the user's language.
    """
    if not rules.chance:
        return translate("moderating-auto-off")
    if rules.trigger == "reaction":
        return translate("moderating-auto-reaction")
    return translate("moderating-auto-post", fraction=rules.chance)


def apply_autodream_setting(
    rules: AutoDreamSettings, what: str, value: str, looks: Collection[LookName] = ()
) -> AutoDreamSettings:
    """Changes one auto-dream setting of a channel.

    Args:
        rules: The settings before.
        what: The name of the control that was used.
        value: The selected value.
        looks: The saved looks of the server.

    Returns:
        The settings after.

    Raises:
        UserError: The control or the value is unknown: the page is of an earlier version, or the id was
            forged.
    """
    fixed = {*PRESETS, *(name_key(look.name) for look in looks)}
    try:
        return AutoDreamSettings.model_validate(rules.model_dump() | _changed_rule(what, value, fixed))
    except (ValidationError, ValueError, LookupError) as error:
        raise UserError("moderating-stale") from error


def _changed_rule(what: str, value: str, fixed_looks: Collection[str]) -> dict[str, Any]:
    match what:
        case "chance":
            return {"chance": int(value) / 100}
        case "trigger":
            return {"trigger": value}
        case "look" if value in fixed_looks:
            return {"look": "fixed", "preset": value}
        case "look":
            return {"look": value, "preset": None}
        case "cooldown":
            return {"cooldown": int(value)}
        case "hourly":
            return {"hourly": None if value == HOURLY_MAXIMUM else int(value)}
    raise LookupError(what)
