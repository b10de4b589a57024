"""The CDN: serves attachments by signed links, emoji, stickers and generated avatars."""

import asyncio
import hashlib
import re
import struct
import time
import zlib

from aiohttp import web

from dreambot.sandbox.cdn_links import attachment_path
from dreambot.sandbox.errors import ApiError
from dreambot.sandbox.faults import Fault, Faults
from dreambot.sandbox.rest.server import fault_response
from dreambot.sandbox.sniff import sniff
from dreambot.sandbox.wire import WireLog
from dreambot.sandbox.world import World

AVATAR_CELLS, AVATAR_CELL_PX = 5, 16


def avatar_png(seed: str) -> bytes:
    """Returns an 80×80 PNG that is always the same for a seed.

    Args:
        seed: Any text.
    """
    digest = hashlib.sha256(seed.encode()).digest()
    foreground = bytes(80 + value // 2 for value in digest[:3])
    background = b"\x2b\x2d\x31"
    rows = []
    for row in range(AVATAR_CELLS):
        half = [digest[3 + row * 3 + column] % 2 == 0 for column in range(3)]
        cells = [*half, half[1], half[0]]
        line = b"".join((foreground if on else background) * AVATAR_CELL_PX for on in cells)
        rows += [b"\0" + line] * AVATAR_CELL_PX
    size = AVATAR_CELLS * AVATAR_CELL_PX
    header = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    data = zlib.compress(b"".join(rows))
    return (
        b"\x89PNG\r\n\x1a\n"
        + _png_chunk(b"IHDR", header)
        + _png_chunk(b"IDAT", data)
        + _png_chunk(b"IEND", b"")
    )


def _png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


# Only images and videos are displayed by the browser. Other files are downloaded, so no page is served.
_INLINE_TYPES = (
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "image/avif",
    "image/bmp",
    "image/tiff",
    "video/mp4",
    "video/webm",
)


class Cdn:
    """Serves uploaded files and generated avatars.

    Args:
        world: The sandbox's state.
        faults: Planned faults, which apply to attachments too.
        wire: The log for the wire view.
    """

    def __init__(self, world: World, faults: Faults, wire: WireLog) -> None:
        self.world = world
        self.faults = faults
        self._wire = wire

    def register(self, app: web.Application) -> None:
        """Adds the routes.

        Args:
            app: The application.
        """
        for folder in ("attachments", "ephemeral-attachments"):
            path = f"/{folder}/{{channel_id:\\d+}}/{{attachment_id:\\d+}}/{{filename}}"
            app.router.add_get(path, self.attachment)
        for path in ("/avatars/{user_id:\\d+}/{name}", "/embed/avatars/{name}"):
            app.router.add_get(path, self.avatar)
        app.router.add_get("/emojis/{emoji_id:\\d+}.{format}", self.emoji)
        app.router.add_get("/stickers/{sticker_id:\\d+}.{format}", self.sticker)

    async def attachment(self, request: web.Request) -> web.Response:
        """Serves an uploaded file.

        Args:
            request: The request.

        Raises:
            web.HTTPNotFound: There is no such file.
            web.HTTPForbidden: The link is not signed by this server, or has expired.
        """
        # What a browser displays is not the bot's traffic, and meets no fault that is planned for the bot.
        if "Mozilla/" in request.headers.get("User-Agent", ""):
            return self._file(request)
        started = time.perf_counter()
        fault = self.faults.take(request.method, request.path)
        kind = None if fault is None else fault[0]
        dropped = kind in (Fault.DROP_BEFORE, Fault.DROP_AFTER)
        response: web.Response | web.HTTPException
        try:
            if fault is not None and kind is Fault.SLOW:
                await asyncio.sleep(fault[1])
                response = self._file(request)
            elif fault is not None:
                response = fault_response(*fault) or web.Response(status=500)
            else:
                response = self._file(request)
        except web.HTTPException as error:
            response = error
        if dropped and request.transport is not None:
            request.transport.abort()
        body = response.body
        self._wire.add_download(
            request.path,
            started=started,
            status=None if dropped else response.status,
            size=len(body) if isinstance(body, bytes) and response.status < 300 else 0,
            fault=kind,
        )
        if isinstance(response, web.HTTPException):
            raise response
        return response

    def _file(self, request: web.Request) -> web.Response:
        """Returns the response with an uploaded file."""
        attachment = self.world.uploads.get(int(request.match_info["attachment_id"]))
        if attachment is None or attachment_path(attachment) != request.path:
            raise web.HTTPNotFound(text="")
        if not self.world.links.valid(request.path, request.query):
            raise web.HTTPForbidden(text="This content is no longer available.")
        kind = attachment.content_type or "application/octet-stream"
        shown = kind in _INLINE_TYPES
        status, part, more = _byte_range(attachment.data, request.headers.get("Range", ""))
        return web.Response(
            body=part,
            status=status,
            headers={
                **more,
                "Content-Type": kind,
                "Content-Disposition": "inline" if shown else f'attachment; filename="{attachment.filename}"',
                "X-Content-Type-Options": "nosniff",
                "Cache-Control": "private, max-age=3600",
                "Content-Security-Policy": "sandbox; default-src 'none'",
            },
        )

    async def emoji(self, request: web.Request) -> web.Response:
        """Serves a guild's emoji, in the format of the uploaded image.

        Args:
            request: The request.
        """
        found = self.world.find_emoji(int(request.match_info["emoji_id"]))
        return _image_response(found.data if found else None)

    async def sticker(self, request: web.Request) -> web.Response:
        """Serves a guild's sticker.

        Args:
            request: The request.
        """
        try:
            found, _ = self.world.find_sticker(int(request.match_info["sticker_id"]))
        except ApiError:
            return _image_response(None)
        return _image_response(found.data)

    async def avatar(self, request: web.Request) -> web.Response:
        """Serves a generated image for any account.

        Args:
            request: The request.
        """
        seed = request.match_info.get("user_id", request.match_info["name"])
        headers = {"Cache-Control": "max-age=86400"}
        return web.Response(body=avatar_png(seed), content_type="image/png", headers=headers)


def _byte_range(data: bytes, range_header: str) -> tuple[int, bytes, dict[str, str]]:
    """Returns (status, bytes, headers) for a Range header, which browsers send to seek in videos.

    A request for several ranges gets the whole file.
    """
    found = re.fullmatch(r"bytes=(\d*)-(\d*)", range_header.strip())
    if found is None or not any(found.groups()):
        return 200, data, {"Accept-Ranges": "bytes"}
    size = len(data)
    first = int(found[1]) if found[1] else max(size - int(found[2]), 0)
    last = min(int(found[2]), size - 1) if found[1] and found[2] else size - 1
    if first > last:
        return 416, b"", {"Content-Range": f"bytes */{size}"}
    headers = {"Accept-Ranges": "bytes", "Content-Range": f"bytes {first}-{last}/{size}"}
    return 206, data[first : last + 1], headers


def _image_response(data: bytes | None) -> web.Response:
    if data is None:
        raise web.HTTPNotFound(text="")
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "max-age=86400"}
    kind = sniff(data)[0] or "application/octet-stream"
    return web.Response(body=data, content_type=kind, headers=headers)
