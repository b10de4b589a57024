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
from dreambot.sandbox.switches import Switches
from dreambot.sandbox.wire import WireLog
from dreambot.sandbox.wire_api import WireApi
from dreambot.sandbox.world import UPLOAD_LIMIT, World

NextHandler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def trusted_host_middleware(hosts: Callable[[], Set[str]]) -> Any:
    """Returns a middleware that answers 403 to requests from other sites.

    It checks the `Host` header, which a page that rebinds its DNS name to this address would send, and the
    `Origin` header.

    Args:
        hosts: Returns the allowed `host:port` values, in lower case.
    """

    @web.middleware
    async def guard(request: web.Request, handler: NextHandler) -> web.StreamResponse:
        allowed = hosts()
        origin = request.headers.get("Origin")
        if request.headers.get("Host", "").lower() not in allowed:
            return web.Response(status=403, text="This server only responds to its own address.\n")
        if origin is not None and origin.lower().removeprefix("http://") not in allowed:
            return web.Response(status=403, text="Requests from other sites are refused.\n")
        return await handler(request)

    return guard


class Sandbox:
    """A stand-in for Discord on one port. Use it as `async with Sandbox() as sandbox`.

    Args:
        host: The address to listen on.
        port: The port; 0 takes a free one.
        bot_name: The name of the bot's account and application.
        rate_limits: Whether requests above the rate limits are refused. The headers are sent in any case.
        upload_limit: Bytes per file.
        heartbeat: The gateway's heartbeat interval in seconds.
        shards: The number of shards that /gateway/bot recommends; None derives it from the number of guilds.
        identify_concurrency: How many shards may identify every five seconds; None sets no limit.
        keep_requests: How many requests `requests` keeps, bodies included.
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
        self.wire = WireLog(lambda: self.bot_token)
        self.gateway = Gateway(self.world, self.wire, heartbeat=heartbeat)
        self.faults = Faults()
        self.switches = Switches(self.gateway, self.faults, self.wire)
        self._rest = RestApi(
            self.world,
            self.faults,
            limits=RateLimits(enabled=rate_limits),
            keep=keep_requests,
            wire=self.wire,
        )
        self._host, self._port = host, port
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """The address it listens on, without a slash at the end."""
        return self.world.links.base

    @property
    def api(self) -> str:
        """The base URL of the REST API, for `DREAMBOT_DISCORD_API` and `discord.http.Route.BASE`."""
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
        """The clock behind the limits of 3 s, 15 min and 24 h; `clock.advance(seconds)` moves it."""
        return self.world.clock

    @property
    def requests(self) -> RequestLog:
        """The record of the bot's requests."""
        return self._rest.requests

    @property
    def interactions(self) -> list[Interaction]:
        """All interactions, oldest first, each with the latency of its response."""
        return list(self.world.interactions.values())

    def add_guild(
        self,
        name: str = "the meme channel",
        *,
        bot_permissions: Permission = DEFAULT_BOT_PERMISSIONS,
        bot: bool = True,
    ) -> GuildHandle:
        """Adds a guild.

        Args:
            name: The guild's name.
            bot_permissions: The permissions of the bot's own role.
            bot: Whether the bot is a member.
        """
        permissions = bot_permissions if bot else None
        return GuildHandle(self.world, self.world.add_guild(name, bot_permissions=permissions))

    def add_private_channel(self, one: UserHandle, other: UserHandle) -> ChannelHandle:
        """Adds a direct conversation of two users, without the bot.

        Args:
            one: The first user.
            other: The second user.
        """
        return ChannelHandle(self.world, self.world.dm_channel(one.model, other.model))

    @property
    def operator(self) -> UserHandle:
        """The owner of the application and of every guild."""
        return UserHandle(self.world, self.world.application.owner)

    def add_user(self, name: str) -> UserHandle:
        """Adds a user who is in no guild yet.

        Args:
            name: The display name.
        """
        return UserHandle(self.world, self.world.add_user(name))

    def grant_message_content(self, granted: bool = True) -> None:
        """Grants or withdraws the application's message content intent.

        Args:
            granted: Whether the application has the intent.
        """
        application = self.world.application
        if granted:
            application.intents |= MESSAGE_CONTENT
        else:
            application.intents &= ~MESSAGE_CONTENT

    def revoke_bot_token(self) -> None:
        """Replaces the bot's token.

        Requests with the old one get 401, and gateway connections close with code 4004.
        """
        self.world.application.token = self.world.new_token()
        self.gateway.close(4004, "Authentication failed.")

    def set_upload_limit(self, limit: int) -> None:
        """Sets the upload limit of direct messages and of all guilds.

        Args:
            limit: Bytes per file.
        """
        self.world.upload_limit = limit
        for guild in self.world.guilds.values():
            guild.upload_limit = limit
            self.world.events.publish(Event("GUILD_UPDATE", guild=guild))

    async def wait_until_bot_ready(self, timeout: float = 60.0, *, shards: int = 1) -> None:
        """Waits until shards of the bot have identified.

        Args:
            timeout: Seconds to wait.
            shards: The number of shards to wait for.

        Raises:
            TimeoutError: They did not identify in time.
        """
        await self.world.events.wait_for(
            lambda: len(self.gateway.ready_shards) >= shards, timeout, f"a bot with {shards} shard(s)"
        )

    async def start(self) -> None:
        """Starts listening.

        Raises:
            CannotListen: The port is taken or not allowed.
        """
        # Ten files at the limit, and the other fields of the form.
        max_body = 11 * max(self.world.upload_limit, UPLOAD_LIMIT)
        app = web.Application(client_max_size=max_body, middlewares=[trusted_host_middleware(self._hosts)])
        app.router.add_get("/gateway", self.gateway.handle)
        app.router.add_get("/gateway/", self.gateway.handle)
        self._rest.register(app)
        Cdn(self.world, self.faults, self.wire).register(app)
        PageApi(self.world, Path(__file__).parent / "page").register(app)
        WireApi(self.wire, self.switches).register(app)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._port)
        try:
            await site.start()
        except OSError as error:
            await self._runner.cleanup()
            raise CannotListen(self._host, self._port) from error
        self._port = self._runner.addresses[0][1]
        self.world.links.base = f"http://{self._link_host}:{self._port}"

    async def stop(self) -> None:
        """Closes all connections and stops listening."""
        for connection in tuple(self.gateway.connections):
            await connection.shut_down()
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
    def _link_host(self) -> str:
        """The host name in links; a server that listens on all addresses uses 127.0.0.1."""
        if self._host in ("", "0.0.0.0", "::"):
            return "127.0.0.1"
        return f"[{self._host}]" if ":" in self._host else self._host

    def _hosts(self) -> set[str]:
        names = {"127.0.0.1", "localhost", "[::1]", self._link_host}
        return {f"{name}:{self._port}" for name in names}
