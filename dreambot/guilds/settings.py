"""The settings of a server, the limits of its roles, and the settings of a person."""

from collections.abc import Collection
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

DeletePermission = Literal["asker", "everyone"]


class RoleLimits(BaseModel):
    """What those of a role may have; None is no limit of the server's. pictures_a_day: dreams in 24 hours.
    seconds: of a film. side: pixels of a square as large as the largest picture. queue: dreams waiting at a
    time."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    pictures_a_day: Annotated[int, Field(ge=0, le=10_000)] | None = None
    seconds: Annotated[float, Field(ge=0, le=60)] | None = None
    side: Annotated[int, Field(ge=256, le=4096)] | None = None
    queue: Annotated[int, Field(ge=1, le=100)] | None = None

    def most_generous(self, other: "RoleLimits") -> "RoleLimits":
        """The more generous of the two, limit by limit."""
        pairs = ((getattr(self, name), getattr(other, name)) for name in RoleLimits.model_fields)
        most = [None if None in pair else max(pair) for pair in pairs]
        return RoleLimits(**dict(zip(RoleLimits.model_fields, most, strict=True)))


class GuildSettings(BaseModel):
    """channels: where it may be used; empty is everywhere. everyone, roles: limits; who has several roles
    with limits has the most generous of them. intensity: the largest. captions: whether they are corrupted.
    language: a locale, None for the asker's. deleters: who may delete a result besides moderators.
    log_channel: where moderators are told what happens."""

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

    def allows(self, channel: int, parent: int | None) -> bool:
        """Whether it may be used in a channel. parent: of a thread."""
        return not self.channels or not {channel, parent}.isdisjoint(self.channels)

    def limits(self, roles: Collection[int]) -> RoleLimits:
        """Those of a person with such roles: of the roles that have limits of their own, else everyone's."""
        own = [limits for role, limits in self.roles.items() if role in roles]
        if not own:
            return self.everyone
        most = own[0]
        for limits in own[1:]:
            most = most.most_generous(limits)
        return most


class PersonSettings(BaseModel):
    """untouchable: nobody dreams their pictures but they themselves. previews: pictures of work in progress,
    which cost data. ping: to be mentioned when a dream that took long is done."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    untouchable: bool = False
    previews: bool = True
    ping: bool = False
