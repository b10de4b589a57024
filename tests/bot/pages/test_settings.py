"""What the use of a control on the settings pages changes; forged controls are refused."""

import pytest

from dreambot.bot.pages.autodream import apply_autodream_setting
from dreambot.bot.pages.settings import apply_setting, parse_limits, set_role_limits
from dreambot.errors import UserError
from dreambot.guilds.autodream import AutoDreamSettings
from dreambot.guilds.settings import GuildSettings, RoleLimits


@pytest.mark.parametrize(
    ("what", "values"),
    [
        ("intensity", ["12"]),
        ("intensity", []),
        ("channels", ["everywhere"]),
        ("language", ["xx"]),
        ("deleters", ["nobody"]),
        ("nothing", ["1"]),
    ],
)
def test_unknown_controls_get_an_error_text(what: str, values: list[str]) -> None:
    with pytest.raises(UserError, match="out of date"):
        apply_setting(GuildSettings(), what, values)


@pytest.mark.parametrize(
    ("what", "value"),
    [("chance", "101"), ("trigger", "thought"), ("look", "nice"), ("cooldown", "-1"), ("hourly", "0")],
)
def test_forged_settings_get_an_error_text(what: str, value: str) -> None:
    with pytest.raises(UserError, match="out of date"):
        apply_autodream_setting(AutoDreamSettings(), what, value)


def test_a_preset_is_a_fixed_look_and_is_removed_with_it() -> None:
    fixed = apply_autodream_setting(AutoDreamSettings(), "look", "fur")
    assert (fixed.look, fixed.preset) == ("fixed", "fur")
    drawn = apply_autodream_setting(fixed, "look", "roulette")
    assert (drawn.look, drawn.preset) == ("roulette", None)


def test_every_cancellable_job_can_be_cancelled() -> None:
    settings = GuildSettings(language="de", log_channel=5, channels=(1, 2))
    settings = apply_setting(settings, "language", ["asked"])
    settings = apply_setting(settings, "log", [])
    assert apply_setting(settings, "channels", []) == GuildSettings()


def test_the_number_of_roles_with_limits_is_limited() -> None:
    settings = GuildSettings(roles={role: RoleLimits() for role in range(25)})
    assert set_role_limits(settings, 3, RoleLimits(queue=2), everyone=False).roles[3].queue == 2
    with pytest.raises(UserError, match="25 roles"):
        set_role_limits(settings, 99, RoleLimits(), everyone=False)


def test_spellings_of_numbers() -> None:
    typed = {"pictures_a_day": " 5 ", "seconds": "2,5", "side": "", "queue": ""}
    assert parse_limits(typed) == RoleLimits(pictures_a_day=5, seconds=2.5)


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("pictures_a_day", "-1", "0 to 10000"),
        ("pictures_a_day", "2.5", "0 to 10000"),
        ("seconds", "nan", "0 to 60"),
        ("side", "100", "256 to 4096"),
        ("queue", "0", "1 to 100"),
    ],
)
def test_numbers_out_of_range_are_reported(field: str, text: str, words: str) -> None:
    with pytest.raises(UserError, match=words):
        parse_limits({field: text})
