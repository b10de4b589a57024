"""The settings of a server, the limits of its roles, and the settings of a person."""

from collections.abc import Collection
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

DeletePermission = Literal["asker", "everyone"]


class RoleLimits(BaseModel):
    """The limits of a role; None is no limit of the server's.

    Attributes:
        pictures_a_day: Dreams in 24 hours.
        seconds: Length of a video.
        side: Side in pixels of a square as large as the largest picture.
        queue: Dreams waiting at a time.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    pictures_a_day: Annotated[int, Field(ge=0, le=10_000)] | None = None
    seconds: Annotated[float, Field(ge=0, le=60)] | None = None
    side: Annotated[int, Field(ge=256, le=4096)] | None = None
    queue: Annotated[int, Field(ge=1, le=100)] | None = None

    def most_generous(self, other: "RoleLimits") -> "RoleLimits":
        """Returns the more generous of two, limit by limit.

        Args:
            other: The other role's limits.
        """
        pairs = ((getattr(self, name), getattr(other, name)) for name in RoleLimits.model_fields)
        most = [None if None in pair else max(pair) for pair in pairs]
        return RoleLimits(**dict(zip(RoleLimits.model_fields, most, strict=True)))


class GuildSettings(BaseModel):
    """The settings of a server.

    Attributes:
        channels: Where the bot may be used; empty is everywhere.
        everyone: The limits of those whose roles have none of their own.
        roles: Limits by role; with several such roles, the most generous of each holds.
        intensity: The highest intensity.
        captions: Whether captions are corrupted.
        previews: Whether previews are shown.
        language: A locale; None is the user's.
        deleters: Who may delete a result besides moderators.
        log_channel: Where moderators' actions are reported.
        hall: The channel of the hall of fame; None is off.
        stars: How many people must give a dream a star to have it forwarded there.
        gallery: Whether members can share dreams from here in the gallery, where the operator has one.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    channels: tuple[int, ...] = ()
    everyone: RoleLimits = RoleLimits()
    roles: dict[int, RoleLimits] = {}
    intensity: Annotated[int, Field(ge=1, le=11)] = 11
    captions: bool = True
    previews: bool = True
    language: str | None = None
    deleters: DeletePermission = "asker"
    log_channel: int | None = None
    hall: int | None = None
    stars: Annotated[int, Field(ge=1, le=50)] = 5
    gallery: bool = True

    def allows(self, channel: int, parent: int | None) -> bool:
        """Checks whether the bot may be used in a channel.

        Args:
            channel: The channel's id.
            parent: The parent's id of a thread.
        """
        return not self.channels or not {channel, parent}.isdisjoint(self.channels)

    def limits(self, roles: Collection[int]) -> RoleLimits:
        """Returns the limits of a user: of those roles that have limits, or everyone's.

        Args:
            roles: The user's roles.
        """
        own = [limits for role, limits in self.roles.items() if role in roles]
        if not own:
            return self.everyone
        most = own[0]
        for limits in own[1:]:
            most = most.most_generous(limits)
        return most


class PersonSettings(BaseModel):
    """The settings of a user.

    Attributes:
        untouchable: Whether only they may dream their pictures.
        previews: Whether previews are shown, which cost data.
        ping: Whether to mention them when a dream that took long is done.
        look: The name of a preset or saved look for their dreams that name none.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    untouchable: bool = False
    previews: bool = True
    ping: bool = False
    look: str | None = None
