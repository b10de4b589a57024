"""The page of one channel's auto-dream."""

from collections.abc import Sequence
from typing import Any

import discord

from dreambot.chat.pages.control import MOST_OPTIONS, Control, framed
from dreambot.chat.pages.settings.main import autodream_in_words
from dreambot.chat.words import Words
from dreambot.chat.words.english import from_english
from dreambot.community import AutoDream
from dreambot.recipe.presets import PRESETS

PERCENT = (0, 5, 10, 25, 50, 75, 100)
COOLDOWNS = (0, 30, 60, 300, 900, 3600, 21_600, 86_400)
"""Seconds."""
HOURLY = (1, 2, 5, 10, 20, 50, 100, 500, 1000)
MOST = "most"
"""As many an hour as the operator allows, in the menu."""


def autodream_page(
    control: type[Control],
    channel: int,
    rules: AutoDream,
    say: Words,
    *,
    most: int,
    lacking: Sequence[str] = (),
    back: bool,
) -> discord.ui.LayoutView:
    """How pictures are dreamed there unasked. most: an hour, by the operator's word. lacking: what stands in
    the way. back: whether there is a way back to the first page."""
    title = say("moderating-auto-title", channel=f"<#{channel}>", state=autodream_in_words(rules, say))
    percent = round(rules.chance * 100)
    lines = [f"### {title}", *(f"⚠️ {line}" for line in lacking)]
    return framed(
        discord.ui.TextDisplay("\n".join(lines)),
        control.select(
            "auto-chance",
            [(str(one), _chance(one, say)) for one in sorted({*PERCENT, percent})],
            str(percent),
        ),
        control.select(
            "auto-trigger",
            [(one, say(f"moderating-trigger-{one}")) for one in ("post", "reaction")],
            rules.trigger,
        ),
        control.select("auto-look", _looks(say), rules.preset if rules.look == "fixed" else rules.look),
        control.select(
            "auto-cooldown",
            [(str(one), _cooldown(one, say)) for one in sorted({*COOLDOWNS, rules.cooldown})],
            str(rules.cooldown),
        ),
        control.select(
            "auto-hourly",
            [
                (MOST, say("moderating-hourly-most", count=most)),
                *((str(one), say("moderating-hourly", count=one)) for one in _hourly(rules, most)),
            ],
            MOST if rules.hourly is None else str(min(rules.hourly, most)),
        ),
        *([discord.ui.ActionRow[Any](control.button(say("moderating-back"), "back"))] if back else []),
    )


def _chance(percent: int, say: Words) -> str:
    return say("moderating-chance", fraction=percent / 100) if percent else say("moderating-chance-off")


def _cooldown(seconds: int, say: Words) -> str:
    if not seconds:
        return say("moderating-cooldown-none")
    if seconds < 60 or seconds % 60:
        return say("moderating-cooldown-seconds", count=seconds)
    if seconds < 3600 or seconds % 3600:
        return say("moderating-cooldown-minutes", count=seconds // 60)
    return say("moderating-cooldown-hours", count=seconds // 3600)


def _hourly(rules: AutoDream, most: int) -> list[int]:
    own = {min(rules.hourly, most)} if rules.hourly else set()
    return sorted({one for one in HOURLY if one <= most} | own)


def _looks(say: Words) -> list[tuple[str, str]]:
    drawn = [(look, say(f"moderating-look-{look}")) for look in ("surprise", "roulette")]
    presets = [(name, f"{name}: {from_english(say, preset.shows)}") for name, preset in PRESETS.items()]
    return [*drawn, *presets][:MOST_OPTIONS]
