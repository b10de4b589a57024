"""What a REST handler gets: the world and the request taken apart."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dreambot.sandbox.model import Channel, Guild, Json
from dreambot.sandbox.refusal import Refusal
from dreambot.sandbox.rest.body import Body
from dreambot.sandbox.world import World


@dataclass(frozen=True)
class Call:
    """A request to the API. `path` holds the route's parameters."""

    world: World
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Body

    def id(self, name: str) -> int:
        """A route parameter that is an id. Raises Refusal 50035 where it is none."""
        value = self.path[name]
        if not value.isdecimal() or len(value) > 20:
            error = {"code": "NUMBER_TYPE_COERCE", "message": f'Value "{value}" is not snowflake.'}
            raise Refusal(400, 50035, "Invalid Form Body", {name: {"_errors": [error]}})
        return int(value)

    def number(self, name: str) -> int | None:
        """A query argument that is a number. Raises Refusal 50035 where it is none."""
        value = self.query.get(name)
        if value is None:
            return None
        if not value.isdecimal():
            error = {"code": "NUMBER_TYPE_COERCE", "message": f'Value "{value}" is not int.'}
            raise Refusal(400, 50035, "Invalid Form Body", {name: {"_errors": [error]}})
        return int(value)

    @property
    def json(self) -> Json:
        """The body as an object. Raises Refusal 50035 where it is something else."""
        if self.body.json is None:
            return {}
        if not isinstance(self.body.json, dict):
            error = {"code": "MODEL_TYPE_CONVERT", "message": "Only dictionaries may be used in a ModelType"}
            raise Refusal(400, 50035, "Invalid Form Body", {"_errors": [error]})
        return self.body.json

    @property
    def channel(self) -> Channel:
        """The channel of the route."""
        return self.world.find_channel(self.id("channel_id"))

    @property
    def guild(self) -> Guild:
        """The guild of the route."""
        return self.world.find_guild(self.id("guild_id"))


Handler = Callable[[Call], Awaitable[Any]]
