"""Which limits apply to which roles."""

from dreambot.guilds.settings import GuildSettings, RoleLimits

MEMBER, FAN, STAFF = 1, 2, 3


def test_the_most_generous_role_wins_and_everyones_limits_are_for_those_without() -> None:
    settings = GuildSettings(
        everyone=RoleLimits(pictures_a_day=1),
        roles={
            MEMBER: RoleLimits(pictures_a_day=5, seconds=0),
            FAN: RoleLimits(pictures_a_day=3, seconds=8),
            STAFF: RoleLimits(),
        },
    )
    assert settings.limits([]) == RoleLimits(pictures_a_day=1)
    assert settings.limits([99]) == RoleLimits(pictures_a_day=1)
    assert settings.limits([MEMBER, FAN]) == RoleLimits(pictures_a_day=5, seconds=8)
    assert settings.limits([MEMBER, STAFF]) == RoleLimits()
