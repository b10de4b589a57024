"""The gallery's web application, which the bot's server answers under /gallery.

Every answer forbids all content of other origins. Files of shared dreams are found through their row in the
database at every request, so that a withdrawn dream is gone at once.
"""

import hashlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from aiohttp import web

from dreambot.config import Settings
from dreambot.errors import UserError
from dreambot.gallery.assets import CONTENT_TYPES, load_asset
from dreambot.gallery.dashboard import is_valid_link, read_dashboard
from dreambot.gallery.pages import GalleryPages, RecipeTexts
from dreambot.jobs.gallery import GalleryOrder, GalleryStore
from dreambot.jobs.key_value import KeyValueStore
from dreambot.jobs.statistics import JobStatistics
from dreambot.web import BotStatus

log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

PREFIX = "/gallery"
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "media-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # What a search engine has copied could not be withdrawn.
    "X-Robots-Tag": "noindex, noimageindex",
}
# Shared caches must not keep what can be withdrawn.
_MEDIA_CACHE = "private, max-age=86400, immutable"
_PAGE_CACHE = "private, no-cache"
_ASSET_CACHE = "public, max-age=31536000, immutable"
_ID = r"{id:[\w-]{22}}"
_NAME = r"{name:[\w.-]{1,80}}"


@dataclass(frozen=True)
class GalleryParts:
    """What the gallery works with.

    Attributes:
        settings: The settings.
        store: The shared dreams.
        statistics: Counts jobs.
        key_values: Where the secret of the dashboard's links is stored.
        status: The state of this process.
        texts: What a recipe is called.
    """

    settings: Settings
    store: GalleryStore
    statistics: JobStatistics
    key_values: KeyValueStore
    status: BotStatus
    texts: RecipeTexts


def create_gallery(parts: GalleryParts) -> web.Application:
    """Creates the application.

    Args:
        parts: What it works with.
    """
    handlers = _Handlers(parts)
    app = web.Application(middlewares=[handlers.add_headers])
    app.router.add_get("/", handlers.list_of("newest"))
    app.router.add_get("/starred", handlers.list_of("starred"))
    app.router.add_get(f"/dream/{_ID}", handlers.dream)
    app.router.add_get(f"/media/{_ID}/{_NAME}", handlers.media)
    app.router.add_get("/layers", handlers.layers)
    app.router.add_get(r"/layers/{model:\w{1,40}}", handlers.layers)
    app.router.add_get("/presets", handlers.presets)
    app.router.add_get("/dashboard", handlers.dashboard)
    app.router.add_get(rf"/static/{{tag:\w{{1,64}}}}/{_NAME}", handlers.static)
    return app


class _Handlers:
    """Answers requests."""

    def __init__(self, parts: GalleryParts) -> None:
        self._parts = parts
        url = parts.settings.gallery_url
        self._pages = GalleryPages(urlsplit(url).path if url else PREFIX, parts.store, parts.texts)

    @web.middleware
    async def add_headers(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Adds the headers of every answer, and makes errors pages."""
        try:
            response = await handler(request)
        except web.HTTPException as error:
            response = self._error(request, error.status) if error.status >= 400 else error
            if isinstance(error, web.HTTPMethodNotAllowed):
                response.headers["Allow"] = error.headers["Allow"]
        except UserError as error:
            log.warning("a page of the gallery could not be made: %s", error)
            response = self._error(request, 503)
        except Exception:
            log.exception("a page of the gallery could not be made")
            response = self._error(request, 500)
        response.headers.update(_HEADERS)
        return response

    def list_of(self, order: GalleryOrder) -> Handler:
        """Makes the handler of a list of dreams."""

        async def handle(request: web.Request) -> web.Response:
            page = request.query.get("page", "1")
            if not (page.isascii() and page.isdecimal() and len(page) <= 6):
                raise web.HTTPNotFound
            return self._page(request, await self._pages.dreams(self._locale(request), order, int(page)))

        return handle

    async def dream(self, request: web.Request) -> web.Response:
        """Shows a dream."""
        text = await self._pages.dream(self._locale(request), request.match_info["id"])
        return self._page(request, text)

    async def layers(self, request: web.Request) -> web.Response:
        """Shows the layers of a network."""
        text = self._pages.layers(self._locale(request), request.match_info.get("model"))
        return self._page(request, text)

    async def presets(self, request: web.Request) -> web.Response:
        """Shows the presets."""
        return self._page(request, self._pages.presets(self._locale(request)))

    async def dashboard(self, request: web.Request) -> web.Response:
        """Shows the operator's dashboard to those who have a signed link."""
        until, key = request.query.get("until", ""), request.query.get("key", "")
        if not await is_valid_link(self._parts.key_values, until, key):
            raise web.HTTPForbidden
        found = await read_dashboard(self._parts.status, self._parts.statistics)
        response = _html(self._pages.dashboard(found))
        response.headers["Cache-Control"] = "no-store"
        return response

    async def media(self, request: web.Request) -> web.StreamResponse:
        """Sends a file of a dream that is in the gallery now, or a part of it."""
        dream, name = request.match_info["id"], request.match_info["name"]
        found = await self._parts.store.get(dream)
        if found is None or name not in {file.name for file in found.files}:
            raise web.HTTPNotFound
        try:
            path = await self._parts.store.files.path(dream, name)
        except OSError as error:
            log.warning("a file of the gallery cannot be read: %s", error)
            raise web.HTTPNotFound from error
        kind = CONTENT_TYPES[name.rpartition(".")[2]]
        headers = {"Content-Type": kind, "Cache-Control": _MEDIA_CACHE}
        return web.FileResponse(path, headers=headers)

    async def static(self, request: web.Request) -> web.Response:
        """Sends a file of the package."""
        name = request.match_info["name"]
        asset = load_asset(name)
        if asset is None or asset.tag != request.match_info["tag"]:
            raise web.HTTPNotFound
        headers = {"Content-Type": CONTENT_TYPES[name.rpartition(".")[2]], "Cache-Control": _ASSET_CACHE}
        return web.Response(body=asset.data, headers=headers)

    def _page(self, request: web.Request, text: str | None) -> web.Response:
        if text is None:
            raise web.HTTPNotFound
        tag = hashlib.sha256(text.encode()).hexdigest()[:32]
        known = {etag.value for etag in request.if_none_match or ()}
        response = web.Response(status=304) if tag in known else _html(text)
        response.etag = tag
        response.headers.update({"Cache-Control": _PAGE_CACHE, "Vary": "Accept-Language"})
        return response

    def _error(self, request: web.Request, status: int) -> web.Response:
        response = _html(self._pages.error(self._locale(request), status), status)
        response.headers.update({"Cache-Control": "no-store", "Vary": "Accept-Language"})
        return response

    def _locale(self, request: web.Request) -> str:
        return self._pages.preferred_locale(request.headers.get("Accept-Language", ""))


def _html(text: str, status: int = 200) -> web.Response:
    return web.Response(text=text, status=status, content_type="text/html")
