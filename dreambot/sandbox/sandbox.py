"""The sandbox server: REST API, gateway, CDN and chat page on one port, and the entry point for tests."""

import asyncio
from collections.abc import Awaitable, Callable, Set
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from dreambot.sandbox.cdn import Cdn
from dreambot.sandbox.clock import Clock
from dreambot.sandbox.driver.channels import ChannelHandle
from dreambot.sandbox.driver.guilds import GuildHandle
from dreambot.sandbox.driver.users import UserHandle
from dreambot.sandbox.errors import CannotListen
from dreambot.sandbox.events import Event
from dreambot.sandbox.faults import Faults
from dreambot.sandbox.gateway.server import Gateway
from dreambot.sandbox.models import Interaction
from dreambot.sandbox.page_api import PageApi
from dreambot.sandbox.payload.users import MESSAGE_CONTENT
from dreambot.sandbox.permissions import DEFAULT_BOT_PERMISSIONS, Permission
from dreambot.sandbox.requests import RequestLog
from dreambot.sandbox.rest.rate_limits import RateLimits
from dreambot.sandbox.rest.server import API_PREFIX, RestApi
from dreambot.sandbox.world import UPLOAD_LIMIT, World

NextHandler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def trusted_host_middleware(hosts: Callable[[], Set[str]]) -> Any:
    """A middleware that refuses (403) requests whose `Host` is not among `hosts()`, which a page elsewhere
    rebinding its name would send, and whose `Origin` is another site's."""

    @web.middleware
    async def guard(request: web.Request, handler: NextHandler) -> web.StreamResponse:
        allowed = hosts()
        origin = request.headers.get("Origin")
        if request.headers.get("Host", "").lower() not in allowed:
            return web.Response(status=403, text="This server answers to its own address only.\n")
        if origin is not None and origin.lower().removeprefix("http://") not in allowed:
            return web.Response(status=403, text="Requests from other sites are refused.\n")
        return await handler(request)

    return guard


class Sandbox:
    """A stand-in for Discord on one port. Use as `async with Sandbox() as sandbox`.

    `port` 0 picks a free one. `rate_limits` False sends the headers and never refuses. `upload_limit` is in
    bytes per file. `heartbeat` is the gateway's interval in seconds. `shards` is what /gateway/bot
    recommends; `identify_concurrency` of them may identify every five seconds (None: as many as like to).
    `keep_requests` is how many requests `requests` remembers, bodies included; `faults` plans failures on
    purpose.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        bot_name: str = "dreambot",
        rate_limits: bool = True,
        upload_limit: int = UPLOAD_LIMIT,
        heartbeat: float = 41.25,
        shards: int | None = None,
        identify_concurrency: int | None = None,
        keep_requests: int = 100_000,
    ) -> None:
        self.world = World(bot_name=bot_name, upload_limit=upload_limit)
        self.world.shards = shards
        self.world.identify_concurrency = identify_concurrency
        self.gateway = Gateway(self.world, heartbeat=heartbeat)
        self.faults = Faults()
        self._rest = RestApi(
            self.world, self.faults, limits=RateLimits(enabled=rate_limits), keep=keep_requests
        )
        self._host, self._port = host, port
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """Where it listens, without a slash at the end."""
        return self.world.links.base

    @property
    def api(self) -> str:
        """The base of the REST API, for `DREAMBOT_DISCORD_API` and `discord.http.Route.BASE`."""
        return self.url + API_PREFIX

    @property
    def bot_token(self) -> str:
        """The token the bot logs in with."""
        return self.world.application.token

    @property
    def bot_id(self) -> int:
        """The id of the bot's account and of its application."""
        return self.world.application.id

    @property
    def clock(self) -> Clock:
        """The clock behind the 3 s, 15 min and link limits; `clock.advance(seconds)` moves it."""
        return self.world.clock

    @property
    def requests(self) -> RequestLog:
        """The requests the bot made."""
        return self._rest.requests

    @property
    def interactions(self) -> list[Interaction]:
        """Every interaction so far, oldest first, with the latency of its answer."""
        return list(self.world.interactions.values())

    def add_guild(
        self,
        name: str = "the meme channel",
        *,
        bot_permissions: Permission = DEFAULT_BOT_PERMISSIONS,
        bot: bool = True,
    ) -> GuildHandle:
        """A new guild, with the bot in it unless `bot` is False."""
        permissions = bot_permissions if bot else None
        return GuildHandle(self.world, self.world.add_guild(name, bot_permissions=permissions))

    def add_private_channel(self, one: UserHandle, other: UserHandle) -> ChannelHandle:
        """A conversation of two people, without the bot."""
        return ChannelHandle(self.world, self.world.direct_channel(one.model, other.model))

    @property
    def operator(self) -> UserHandle:
        """The owner of the application, and of every guild."""
        return UserHandle(self.world, self.world.application.owner)

    def add_user(self, name: str) -> UserHandle:
        """A person who is in no guild yet."""
        return UserHandle(self.world, self.world.add_user(name))

    def grant_message_content(self, granted: bool = True) -> None:
        """Give or take the application's message content intent."""
        application = self.world.application
        if granted:
            application.intents |= MESSAGE_CONTENT
        else:
            application.intents &= ~MESSAGE_CONTENT

    def revoke_bot_token(self) -> None:
        """Give the bot's account a new token: the old one gets 401, and close code 4004 on the gateway."""
        self.world.application.token = self.world.new_token()
        self.gateway.close(4004, "Authentication failed.")

    def set_upload_limit(self, limit: int) -> None:
        """Bytes per file, from now on and everywhere."""
        self.world.upload_limit = limit
        for guild in self.world.guilds.values():
            guild.upload_limit = limit
            self.world.hub.publish(Event("GUILD_UPDATE", guild=guild))

    async def wait_until_bot_ready(self, timeout: float = 60.0, *, shards: int = 1) -> None:
        """Wait until so many shards of the bot have identified."""
        await self.world.hub.wait_for(
            lambda: len(self.gateway.ready_shards) >= shards, timeout, f"a bot with {shards} shard(s)"
        )

    async def start(self) -> None:
        """Listen. Raises CannotListen, where the port is taken, say."""
        # Room for ten files at the limit and the form around them.
        room = 11 * max(self.world.upload_limit, UPLOAD_LIMIT)
        app = web.Application(client_max_size=room, middlewares=[trusted_host_middleware(self._hosts)])
        app.router.add_get("/gateway", self.gateway.handle)
        app.router.add_get("/gateway/", self.gateway.handle)
        self._rest.register(app)
        Cdn(self.world, self.faults).register(app)
        PageApi(self.world, Path(__file__).parent / "page").register(app)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._port)
        try:
            await site.start()
        except OSError as error:
            await self._runner.cleanup()
            raise CannotListen(self._host, self._port) from error
        self._port = self._runner.addresses[0][1]
        self.world.links.base = f"http://{self._shown_host}:{self._port}"

    async def stop(self) -> None:
        """Hang up on everyone and stop listening."""
        for connection in tuple(self.gateway.connections):
            await connection.go_away()
        for task in tuple(self.world.tasks):
            task.cancel()
        await asyncio.gather(*self.world.tasks, return_exceptions=True)
        if self._runner is not None:
            await self._runner.cleanup()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    @property
    def _shown_host(self) -> str:
        """How the sandbox calls itself in links; one that listens everywhere is at least here."""
        if self._host in ("", "0.0.0.0", "::"):
            return "127.0.0.1"
        return f"[{self._host}]" if ":" in self._host else self._host

    def _hosts(self) -> set[str]:
        names = {"127.0.0.1", "localhost", "[::1]", self._shown_host}
        return {f"{name}:{self._port}" for name in names}
