"""The HTTP API of the wire view: a WebSocket with the entries and the switches, and the actions on them.

It is part of the page's server, which refuses requests from other sites; see `trusted_host_middleware`.
"""

import asyncio
import json

from aiohttp import web

from dreambot.sandbox.errors import RejectedByClient
from dreambot.sandbox.page_api import errors_as_json, json_response, read_form
from dreambot.sandbox.switches import MAX_COUNT, Switches
from dreambot.sandbox.wire import KEEP_ENTRIES, MAX_BODY_CHARS, WireLog


class WireApi:
    """The routes of the wire view.

    Args:
        wire: The log.
        switches: The switches.
    """

    def __init__(self, wire: WireLog, switches: Switches) -> None:
        self._wire = wire
        self._switches = switches
        self._sockets: set[web.WebSocketResponse] = set()

    def register(self, app: web.Application) -> None:
        """Adds the routes.

        Args:
            app: The application.
        """
        app.on_shutdown.append(self.close)
        app.router.add_get("/api/page/wire/socket", self.socket)
        app.router.add_delete("/api/page/wire", errors_as_json(self.clear))
        app.router.add_post("/api/page/wire/switches/{name}", errors_as_json(self.use))
        app.router.add_delete("/api/page/wire/switches", errors_as_json(self.cancel))

    async def socket(self, request: web.Request) -> web.StreamResponse:
        """Serves the WebSocket: all entries and the switches at first, then what is new.

        Args:
            request: The request to upgrade.
        """
        socket = web.WebSocketResponse(heartbeat=30, timeout=0.5)
        await socket.prepare(request)
        self._sockets.add(socket)
        changed = asyncio.Event()

        async def send_changes() -> None:
            # Reads from the log instead of a queue: a page that is slow to receive takes no memory here.
            sent = 0
            while True:
                changed.clear()
                entries = self._wire.after(sent)
                sent = self._wire.last_id
                update = {
                    "entries": entries,
                    "first": self._wire.first_id,
                    "switches": self._switches.json(),
                    "limits": {"entries": KEEP_ENTRIES, "body": MAX_BODY_CHARS, "count": MAX_COUNT},
                }
                await socket.send_str(json.dumps(update))
                await changed.wait()

        unsubscribe = self._wire.listen(changed.set)
        sender = asyncio.create_task(send_changes())
        try:
            async for _ in socket:
                pass
        finally:
            self._sockets.discard(socket)
            unsubscribe()
            sender.cancel()
            await asyncio.gather(sender, return_exceptions=True)
        return socket

    async def clear(self, _request: web.Request) -> web.Response:
        """Removes all entries."""
        self._wire.clear()
        return json_response({"ok": True})

    async def use(self, request: web.Request) -> web.Response:
        """Uses a switch.

        Args:
            request: The request; its form may have `count`.

        Raises:
            RejectedByClient: The count is no number.
        """
        form, _ = await read_form(request)
        count = form.get("count")
        if count is not None and (isinstance(count, bool) or not isinstance(count, int)):
            raise RejectedByClient("The number of times must be a whole number.")
        self._switches.use(request.match_info["name"], count)
        return json_response({"ok": True})

    async def cancel(self, _request: web.Request) -> web.Response:
        """Cancels the planned faults."""
        self._switches.cancel()
        return json_response({"ok": True})

    async def close(self, _: web.Application) -> None:
        """Closes the WebSockets of all open pages, which would otherwise delay the end of the server."""
        await asyncio.gather(*(socket.close(code=1001) for socket in tuple(self._sockets)))
