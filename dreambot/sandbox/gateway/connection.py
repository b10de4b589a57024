"""One WebSocket of a bot: reads and writes frames, compresses them if asked, checks heartbeats."""

import asyncio
import contextlib
import json
import time
import zlib
from collections import deque
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

from dreambot.sandbox.events import Event
from dreambot.sandbox.gateway.session import Session
from dreambot.sandbox.models import Json
from dreambot.sandbox.wire import WireLog
from dreambot.sandbox.world import World

MAX_FRAMES_PER_MINUTE = 120


class GatewayClose(Exception):
    """Closes the connection with one of Discord's close codes.

    Args:
        code: The close code.
        reason: The text of the close frame.
    """

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code} {reason}")
        self.code = code
        self.reason = reason


class Connection:
    """Reads and writes the frames of one socket. The gateway interprets them.

    Args:
        world: The sandbox's state.
        socket: The WebSocket.
        transport: Its transport, to drop the connection.
        compress: Whether frames are compressed as one zlib stream.
        wire: The log for the wire view.
    """

    def __init__(
        self,
        world: World,
        socket: web.WebSocketResponse,
        transport: asyncio.Transport | None,
        *,
        compress: bool,
        wire: WireLog,
    ) -> None:
        self.world = world
        self._wire = wire
        self.socket = socket
        self._transport = transport
        self.session: Session | None = None
        # The close code that the bot sent; 1000 and 1001 end its session.
        self.client_close_code: int | None = None
        self.last_heartbeat = time.monotonic()
        # The sequence number of the last event that the bot had received when it sent its last heartbeat.
        self.received_sequence = 0
        self._deflate = zlib.compressobj() if compress else None
        self._outgoing: asyncio.Queue[Json | GatewayClose] = asyncio.Queue()
        self._received: deque[float] = deque()

    def send(self, frame: Json) -> None:
        """Queues a frame.

        Args:
            frame: The frame.
        """
        self._outgoing.put_nowait(frame)

    def close(self, code: int, reason: str) -> None:
        """Closes the connection after the queued frames.

        Args:
            code: The close code.
            reason: The text of the close frame.
        """
        self._outgoing.put_nowait(GatewayClose(code, reason))

    def drop(self) -> None:
        """Drops the connection without a close frame."""
        if self._transport is not None:
            self._transport.abort()

    def dispatch(self, event: Event) -> None:
        """Sends an event if the session receives it.

        Args:
            event: The event.
        """
        if self.session is not None and (frame := self.session.encode(event)) is not None:
            if event.interaction is not None:
                event.interaction.sent_at = time.perf_counter()
            self.send(frame)

    async def write(self) -> None:
        """Writes queued frames until the connection is closed."""
        while True:
            frame = await self._outgoing.get()
            if isinstance(frame, GatewayClose):
                await self.socket.close(code=frame.code, message=frame.reason.encode())
                return
            text = json.dumps(frame, separators=(",", ":"))
            lost = True
            # Frames that cannot be sent are kept in the session.
            with contextlib.suppress(ConnectionError):
                if self._deflate is None:
                    await self.socket.send_str(text)
                else:
                    data = self._deflate.compress(text.encode()) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
                    await self.socket.send_bytes(data)
                lost = False
            self._wire.add_frame(frame, to="bot", lost=lost)

    async def read(self) -> Json | None:
        """Returns the next frame of the bot, or None after it closed the connection.

        Raises:
            GatewayClose: 4002 for data that is not a frame, 4008 above 120 frames per minute.
        """
        message = await self.socket.receive()
        if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
            self.client_close_code = message.data if message.type is WSMsgType.CLOSE else None
            return None
        self._check_frame_rate()
        raw: str | bytes = message.data
        if len(raw) > 4096:
            raise GatewayClose(4002, "Error while decoding payload.")
        try:
            frame: Any = json.loads(raw)
        except (ValueError, RecursionError):
            raise GatewayClose(4002, "Error while decoding payload.") from None
        if not isinstance(frame, dict) or not isinstance(frame.get("op"), int):
            raise GatewayClose(4002, "Error while decoding payload.")
        self._wire.add_frame(frame, to="discord")
        return frame

    async def watch_heartbeats(self, interval: float) -> None:
        """Closes the connection with 4009 when heartbeats stop.

        Args:
            interval: The heartbeat interval in seconds.
        """
        while True:
            left = self.last_heartbeat + interval * 1.5 - time.monotonic()
            if left <= 0:
                break
            await asyncio.sleep(left)
        await self.socket.close(code=4009, message=b"Session timed out.")

    async def shut_down(self) -> None:
        """Closes the socket because the server stops."""
        await self.socket.close(code=WSCloseCode.GOING_AWAY)

    def _check_frame_rate(self) -> None:
        now = time.monotonic()
        self._received.append(now)
        while self._received[0] < now - 60:
            self._received.popleft()
        if len(self._received) > MAX_FRAMES_PER_MINUTE:
            raise GatewayClose(4008, "You are being rate limited.")
