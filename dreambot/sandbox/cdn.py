"""The CDN: attachments by signed links, avatars for everyone."""

from aiohttp import web

from dreambot.sandbox.avatar import avatar_png
from dreambot.sandbox.links import attachment_path
from dreambot.sandbox.world import World

# Only pictures are shown in the browser; anything else is handed over as a download, never as a page.
_INLINE = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/bmp", "image/tiff")


class Cdn:
    """Serves what was uploaded."""

    def __init__(self, world: World) -> None:
        self.world = world

    def register(self, app: web.Application) -> None:
        """Add the routes."""
        for folder in ("attachments", "ephemeral-attachments"):
            path = f"/{folder}/{{channel_id:\\d+}}/{{attachment_id:\\d+}}/{{filename}}"
            app.router.add_get(path, self.attachment)
        for path in ("/avatars/{user_id:\\d+}/{name}", "/embed/avatars/{name}"):
            app.router.add_get(path, self.avatar)

    async def attachment(self, request: web.Request) -> web.Response:
        """An uploaded file: 404 where there is none, 403 where the link is wrong or expired."""
        attachment = self.world.uploads.get(int(request.match_info["attachment_id"]))
        if attachment is None or attachment_path(attachment) != request.path:
            raise web.HTTPNotFound(text="")
        if not self.world.links.valid(request.path, request.query):
            raise web.HTTPForbidden(text="This content is no longer available.")
        kind = attachment.content_type or "application/octet-stream"
        shown = kind in _INLINE
        return web.Response(
            body=attachment.data,
            headers={
                "Content-Type": kind,
                "Content-Disposition": "inline" if shown else f'attachment; filename="{attachment.filename}"',
                "X-Content-Type-Options": "nosniff",
                "Cache-Control": "private, max-age=3600",
                "Content-Security-Policy": "sandbox; default-src 'none'",
            },
        )

    async def avatar(self, request: web.Request) -> web.Response:
        """A generated picture for any account."""
        seed = request.match_info.get("user_id", request.match_info["name"])
        headers = {"Cache-Control": "max-age=86400"}
        return web.Response(body=avatar_png(seed), content_type="image/png", headers=headers)
