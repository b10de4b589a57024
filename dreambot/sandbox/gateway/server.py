"""The gateway protocol: HELLO, IDENTIFY and its limit, READY, RESUME, heartbeats, member requests."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from dreambot.sandbox.events import Event
from dreambot.sandbox.gateway.connection import Connection, GatewayClose
from dreambot.sandbox.gateway.session import Session
from dreambot.sandbox.models import Json
from dreambot.sandbox.payload.guilds import guild_create_json
from dreambot.sandbox.payload.users import (
    MEMBERS,
    MESSAGE_CONTENT,
    PRESENCES,
    application_flags,
    member_json,
    own_user_json,
)
from dreambot.sandbox.wire import WireLog
from dreambot.sandbox.world import World, shard_of

IDENTIFY_INTERVAL_S = 5.0


class IdentifyLimiter:
    """Discord's limit on IDENTIFY, if the sandbox is configured to apply it.

    Without it, bots that are started every other second in tests do not have to wait.

    Args:
        world: The sandbox's state.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._last: dict[int, float] = {}

    def allows(self, shard: int) -> bool:
        """Returns whether a shard may identify now, and records the time if it may.

        Args:
            shard: The shard; shards with the same number modulo `identify_concurrency` share a limit.
        """
        if self._world.identify_concurrency is None:
            return True
        bucket, now = shard % self._world.identify_concurrency, time.monotonic()
        if now - self._last.get(bucket, -IDENTIFY_INTERVAL_S) < IDENTIFY_INTERVAL_S:
            return False
        self._last[bucket] = now
        return True


# Seconds for which a disconnected session can be resumed.
RESUME_WINDOW_S = 300.0
_KNOWN_INTENTS = (1 << 26) - 1
_PRIVILEGED = MEMBERS | MESSAGE_CONTENT | PRESENCES

_HEARTBEAT_ACK_DELAY_S = 0.02


class Gateway:
    """All gateway connections of the bot.

    Args:
        world: The sandbox's state.
        wire: The log for the wire view.
        heartbeat: The heartbeat interval in seconds.
    """

    def __init__(self, world: World, wire: WireLog, *, heartbeat: float = 41.25) -> None:
        self.world = world
        self._wire = wire
        self.heartbeat = heartbeat
        self.connections: list[Connection] = []
        self.sessions: dict[str, Session] = {}
        self._identify_limiter = IdentifyLimiter(world)
        self._accepting = asyncio.Event()
        self._accepting.set()
        world.events.listen(self._on_event)

    @property
    def ready_shards(self) -> set[int]:
        """The shards that are connected and identified."""
        return {one.session.shard[0] for one in self.connections if one.session is not None}

    def close(self, code: int, reason: str = "") -> None:
        """Closes all connections with a close code, as when Discord restarts.

        Args:
            code: The close code.
            reason: The text of the close frame.
        """
        for connection in self.connections:
            connection.close(code, reason)

    def drop(self) -> None:
        """Drops all connections without a close frame, as when the network fails."""
        for connection in self.connections:
            connection.drop()

    def reconnect(self, *, invalid: bool | None = None) -> None:
        """Asks all clients to reconnect (op 7), or tells them that their session is invalid (op 9).

        Args:
            invalid: None sends op 7. True sends op 9 for a session that can be resumed, False for one that
                cannot.
        """
        if invalid is False:
            self.invalidate_sessions()
        for connection in self.connections:
            connection.send({"op": 7, "d": None} if invalid is None else {"op": 9, "d": invalid})

    async def wait_until_events_received(self, timeout: float = 60.0) -> None:
        """Waits until the bot has received every event sent so far.

        It asks for heartbeats (op 1): a heartbeat names the last event that the bot received.

        Args:
            timeout: Seconds to wait.

        Raises:
            TimeoutError: A connected shard did not confirm its events in time.
        """
        sent = [(one, one.session.sequence) for one in self.connections if one.session is not None]
        for connection, _ in sent:
            connection.send({"op": 1, "d": None})
        await self.world.events.wait_for(
            lambda: all(one.received_sequence >= sequence for one, sequence in sent),
            timeout,
            "the heartbeat that confirms all events",
        )

    def invalidate_sessions(self) -> None:
        """Removes all sessions, so that none can be resumed."""
        self.sessions.clear()

    @asynccontextmanager
    async def offline(self) -> AsyncIterator[None]:
        """Drops all connections, and accepts no new one inside the context.

        Events are kept for sessions that resume.
        """
        self._accepting.clear()
        cut = set(self.connections)
        self.drop()
        try:
            await self.world.events.wait_for(lambda: not cut & set(self.connections), 5.0, "the cut")
            yield
        finally:
            self._accepting.set()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serves a bot's WebSocket, from HELLO to its end.

        Args:
            request: The request to upgrade.
        """
        socket = web.WebSocketResponse(compress=False, max_msg_size=1 << 20, timeout=2.0)
        await socket.prepare(request)
        compress = request.query.get("compress") == "zlib-stream"
        connection = Connection(self.world, socket, request.transport, compress=compress, wire=self._wire)
        self.connections.append(connection)
        self._wire.add_note("gateway", "The bot opened a gateway connection", to="discord")
        tasks = [
            asyncio.create_task(connection.write()),
            asyncio.create_task(connection.watch_heartbeats(self.heartbeat)),
        ]
        try:
            if request.query.get("v", "10") not in ("9", "10"):
                raise GatewayClose(4012, "Invalid API version.")
            if request.query.get("encoding", "json") != "json":
                raise GatewayClose(4002, "Only encoding=json is spoken here.")
            await self._accepting.wait()
            connection.send({"op": 10, "d": {"heartbeat_interval": int(self.heartbeat * 1000)}})
            while (frame := await connection.read()) is not None:
                self._handle_frame(connection, int(frame["op"]), frame.get("d"))
            if connection.client_close_code in (1000, 1001) and connection.session is not None:
                self.sessions.pop(connection.session.id, None)
        except GatewayClose as close:
            connection.close(close.code, close.reason)
            with contextlib.suppress(ConnectionError):
                await tasks[0]
        finally:
            self.connections.remove(connection)
            self._wire.add_note(
                "gateway", f"The gateway connection ended ({_close_words(socket)})", failed=True
            )
            if connection.session is not None:
                connection.session.disconnected_at = self.world.clock.now()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._publish_presence()
        return socket

    def _on_event(self, event: Event) -> None:
        for connection in self.connections:
            connection.dispatch(event)
        for session in tuple(self.sessions.values()):
            if session.disconnected_at is None:
                continue
            if self.world.clock.now() > session.disconnected_at + RESUME_WINDOW_S:
                del self.sessions[session.id]
            else:
                session.encode(event)

    def _publish_presence(self) -> None:
        self.world.events.publish(Event("SHARDS"))
        online = bool(self.ready_shards)
        if online != self.world.bot_online:
            self.world.bot_online = online
            self.world.events.publish(Event("BOT", data={"online": online}))

    def _handle_frame(self, connection: Connection, op: int, data: Any) -> None:
        if op == 1:
            connection.last_heartbeat = time.monotonic()
            connection.received_sequence = data if isinstance(data, int) else 0
            self.world.events.publish(Event("HEARTBEAT"))
            # discord.py records the time of a heartbeat only after sending it. An immediate acknowledgement
            # would be measured from the previous heartbeat, and discord.py would warn about the latency.
            asyncio.get_running_loop().call_later(
                _HEARTBEAT_ACK_DELAY_S, connection.send, {"op": 11, "d": None}
            )
        elif op in (2, 6):
            if connection.session is not None:
                raise GatewayClose(4005, "Already authenticated.")
            if not isinstance(data, dict):
                raise GatewayClose(4002, "Error while decoding payload.")
            self._identify(connection, data) if op == 2 else self._resume(connection, data)
        elif op not in (3, 4, 8, 31):
            raise GatewayClose(4001, "Unknown opcode.")
        elif connection.session is None:
            raise GatewayClose(4003, "Not authenticated.")
        elif op == 8 and isinstance(data, dict):
            self._send_members(connection, connection.session, data)

    def _identify(self, connection: Connection, data: Json) -> None:
        if data.get("token") not in (self.world.application.token, f"Bot {self.world.application.token}"):
            raise GatewayClose(4004, "Authentication failed.")
        intents, shard = data.get("intents"), data.get("shard", [0, 1])
        if not isinstance(intents, int) or intents & ~_KNOWN_INTENTS or intents < 0:
            raise GatewayClose(4013, "Invalid intent(s).")
        if intents & _PRIVILEGED & ~self.world.application.intents:
            raise GatewayClose(4014, "Disallowed intent(s).")
        if not _is_shard(shard):
            raise GatewayClose(4010, "Invalid shard.")
        if not self._identify_limiter.allows(shard[0]):
            connection.send({"op": 9, "d": False})
            return
        session = Session(self.world, intents, (shard[0], shard[1]))
        self.sessions[session.id] = session
        connection.session = session
        guilds = [one for one in self.world.bot_guilds if shard_of(one.id, shard[1]) == shard[0]]
        ready = {
            "v": 10,
            "user": own_user_json(self.world.bot),
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
            "private_channels": [],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": self.url,
            "shard": shard,
            "application": {
                "id": str(self.world.application.id),
                "flags": application_flags(self.world.application),
            },
        }
        connection.send(session.frame("READY", ready))
        now, all_members = self.world.clock.now(), bool(intents & MEMBERS)
        for guild in guilds if intents & 1 else []:
            body = guild_create_json(guild, self.world.bot, now, all_members=all_members)
            connection.send(session.frame("GUILD_CREATE", body))
        self._publish_presence()

    @property
    def url(self) -> str:
        """The address bots connect to."""
        return self.world.links.base.replace("http", "ws", 1) + "/gateway"

    def _resume(self, connection: Connection, data: Json) -> None:
        if data.get("token") not in (self.world.application.token, f"Bot {self.world.application.token}"):
            raise GatewayClose(4004, "Authentication failed.")
        session = self.sessions.get(str(data.get("session_id")))
        sequence = data.get("seq")
        missed = session.frames_after(sequence) if session is not None and isinstance(sequence, int) else None
        if session is None or missed is None:
            connection.send({"op": 9, "d": False})
            return
        for other in self.connections:
            if other.session is session:
                other.session = None
                other.close(4000, "Resumed elsewhere.")
        session.disconnected_at = None
        connection.session = session
        for frame in missed:
            connection.send(frame)
        connection.send(session.frame("RESUMED", {"_trace": []}))
        self._publish_presence()

    def _send_members(self, connection: Connection, session: Session, data: Json) -> None:
        guild = self.world.guilds.get(int(data.get("guild_id", 0)))
        if guild is None:
            return
        wanted = {int(one) for one in _as_list(data.get("user_ids"))}
        query, limit = str(data.get("query") or "").lower(), int(data.get("limit") or 0)
        if not wanted and not query and limit == 0 and not session.intents & MEMBERS:
            return
        found = [
            member
            for member in guild.members.values()
            if (member.user.id in wanted if wanted else member.user.username.startswith(query))
        ][: limit or None]
        body: Json = {
            "guild_id": str(guild.id),
            "members": [member_json(member, self.world.clock.now()) for member in found],
            "chunk_index": 0,
            "chunk_count": 1,
            "not_found": [str(one) for one in wanted - set(guild.members)],
        }
        if data.get("nonce"):
            body["nonce"] = data["nonce"]
        connection.send(session.frame("GUILD_MEMBERS_CHUNK", body))


def _close_words(socket: web.WebSocketResponse) -> str:
    code = socket.close_code
    return "without a close frame" if code in (None, 1006) else f"close code {code}"


def _is_shard(shard: Any) -> bool:
    return (
        isinstance(shard, list)
        and len(shard) == 2
        and all(isinstance(one, int) for one in shard)
        and 0 <= shard[0] < shard[1]
    )


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
