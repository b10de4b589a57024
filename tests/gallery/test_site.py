"""The gallery's web application: headers, caching, pages, parts of files, hostile requests."""

import io
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import ClientResponse, ClientSession
from PIL import Image
from pydantic import SecretStr

from dreambot.bot import captions
from dreambot.config import Settings
from dreambot.gallery import dashboard
from dreambot.gallery.app import PREFIX, GalleryParts, create_gallery
from dreambot.gallery.pages import PAGE_SIZE, RecipeTexts
from dreambot.jobs.gallery import (
    GalleryFile,
    GalleryFiles,
    GalleryStore,
    SharedDream,
    file_name,
    new_gallery_id,
)
from dreambot.jobs.key_value import KeyValueStore
from dreambot.jobs.models import JobRequest, JobState, ReplyTarget
from dreambot.jobs.statistics import JobStatistics
from dreambot.jobs.storage import LocalStorage
from dreambot.jobs.store import JobStore
from dreambot.metrics import Metrics
from dreambot.recipe import DreamRequest, Recipe, parse_layers
from dreambot.web import web_server
from tests.support.patience import long_query_timeouts
from tests.support.recipes import make_recipe
from tests.web.fake_bot import FakeBot

__all__ = ["long_query_timeouts"]
NOW = datetime.now(UTC)
TARGET = ReplyTarget(12, 11, 13, None, NOW, None, False, 10**6, True)


@dataclass
class Site:
    """A gallery and a client of it."""

    session: ClientSession
    base: str
    store: JobStore
    gallery: GalleryStore
    key_values: KeyValueStore
    settings: Settings

    async def get(self, path: str, method: str = "GET", **headers: str) -> tuple[ClientResponse, bytes]:
        async with self.session.request(
            method, f"{self.base}{path}", headers=headers, allow_redirects=False
        ) as response:
            return response, await response.read()

    async def status(self, path: str, method: str = "GET") -> int:
        return (await self.get(path, method))[0].status

    async def text(self, path: str, **headers: str) -> str:
        response, data = await self.get(path, **headers)
        assert response.status == 200
        return data.decode()

    async def share(
        self, recipe: Recipe | None = None, video: bytes | None = None, shared: datetime = NOW
    ) -> SharedDream:
        """Shares a dream of a new job."""
        job = await self.store.create(JobRequest(5, DreamRequest(), TARGET))
        await self.store.set_state(job.id, JobState.queued, recipe=recipe or make_recipe())
        picture = _png(recipe.seed % 251 if recipe else 9)
        files = {file_name(picture, "png"): picture}
        thumbnail = GalleryFile(next(iter(files)), "image", 30, 20)
        result = thumbnail
        if video is not None:
            files[file_name(video, "mp4")] = video
            result = GalleryFile(file_name(video, "mp4"), "video", 64, 48)
        dream = SharedDream(
            id=new_gallery_id(),
            job=job.id,
            owner=5,
            guild=11,
            channel=12,
            parent=None,
            message=int(job.id[:8], 36),
            source_message=None,
            source_person=5,
            origin_message=None,
            sound_message=None,
            results=(result,),
            before=None,
            thumbnail=thumbnail,
            size=sum(map(len, files.values())),
            stars=0,
            shared=shared,
        )
        return await self.gallery.share(dream, files)

    def media(self, dream: SharedDream, file: GalleryFile | None = None) -> str:
        return f"/gallery/media/{dream.id}/{(file or dream.results[0]).name}"


def _png(shade: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (30, 20), (shade, 80, 160)).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    store = JobStore(f"sqlite+aiosqlite:///{tmp_path}/dreambot.db")
    await store.open()
    settings = Settings(token=SecretStr("x"), gallery=True, http_port=1)
    gallery = GalleryStore(store.database, GalleryFiles(LocalStorage(tmp_path / "gallery")), max_bytes=10**8)
    key_values, watched = KeyValueStore(store.database), FakeBot().watched
    texts = RecipeTexts(captions.describe_look, captions.recipe_command)
    parts = GalleryParts(settings, gallery, JobStatistics(store.database), key_values, watched, texts)
    applications = {PREFIX: create_gallery(parts)}
    async with (
        web_server("127.0.0.1", 0, watched, Metrics(), applications) as port,
        ClientSession() as session,
    ):
        yield Site(session, f"http://127.0.0.1:{port}", store, gallery, key_values, settings)
    await store.close()


PATHS = ("/", "/starred", "/layers", "/layers/vgg16", "/presets", "/dashboard", "/nothing", "/dream/x")


@pytest.mark.parametrize("path", PATHS)
async def test_every_answer_forbids_other_origins(site: Site, path: str) -> None:
    response, text = await site.get(f"/gallery{path}")
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert "*" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response.headers["X-Robots-Tag"]
    assert "Set-Cookie" not in response.headers
    # Neither inline script nor style nor another origin.
    assert re.findall(rb'(?:src|href|srcset|poster)="(?!/gallery/|#)', text) == []
    assert re.findall(rb"<script(?! src)|<style|style=|\son\w+=", text) == []


async def test_pages_are_checked_again_each_time(site: Site) -> None:
    first, text = await site.get("/gallery/")
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert first.headers["Vary"] == "Accept-Language"
    again, nothing = await site.get("/gallery/", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status, nothing) == (304, b"")
    await site.share()
    changed, other = await site.get("/gallery/", **{"If-None-Match": first.headers["ETag"]})
    assert changed.status == 200
    assert other != text


async def test_media_is_immutable_and_gone_at_once(site: Site) -> None:
    dream = await site.share()
    response, data = await site.get(site.media(dream))
    assert data == _png(9)
    assert response.headers["Content-Type"] == "image/png"
    assert response.headers["Cache-Control"] == "private, max-age=86400, immutable"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    await site.gallery.withdraw(job=dream.job)
    tag = {"If-None-Match": response.headers["ETag"]}
    for headers in ({}, tag, {"Range": "bytes=0-9"}):
        gone, _ = await site.get(site.media(dream), **headers)
        assert (gone.status, gone.headers["Cache-Control"]) == (404, "no-store")
    assert await site.status(f"/gallery/dream/{dream.id}") == 404


async def test_a_file_that_is_missing_is_not_found(site: Site, tmp_path: Path) -> None:
    dream = await site.share()
    (tmp_path / "gallery" / dream.id / dream.results[0].name).unlink()
    assert await site.status(site.media(dream)) == 404


async def test_videos_are_sent_in_parts(site: Site) -> None:
    video = bytes(range(256)) * 40
    dream = await site.share(video=video)
    path = site.media(dream)
    head, nothing = await site.get(path, "HEAD")
    assert (head.status, nothing) == (200, b"")
    assert (head.headers["Content-Length"], head.headers["Accept-Ranges"]) == (str(len(video)), "bytes")
    assert head.headers["Content-Type"] == "video/mp4"
    for asked, expected in (("0-9", video[:10]), ("10000-", video[10000:]), ("-5", video[-5:])):
        part, data = await site.get(path, Range=f"bytes={asked}")
        assert (part.status, data) == (206, expected)
        assert part.headers["Content-Security-Policy"]
    for asked in ("bytes=99999999-", "bytes=9-3", "bytes=a-b", "lines=1-2"):
        refused, _ = await site.get(path, Range=asked)
        assert refused.status in (200, 416)
    text = await site.text(f"/gallery/dream/{dream.id}")
    assert f'<video src="{path}"' in text
    assert f'poster="{site.media(dream, dream.thumbnail)}"' in text


async def test_only_the_files_of_the_dream_itself_are_sent(site: Site, tmp_path: Path) -> None:
    dream, other = await site.share(), await site.share(make_recipe(seed=2))
    for name in (other.results[0].name, "..%2f..%2fdreambot.db", "../../dreambot.db", "", "%00", "x" * 300):
        assert await site.status(f"/gallery/media/{dream.id}/{name}") == 404
    for name in ("%2e%2e/app.py", "gallery.css", "x/../../app.py", "0/gallery.css"):
        assert await site.status(f"/gallery/static/{name}") == 404


async def test_lists_have_pages(site: Site) -> None:
    assert "Nobody has shared a dream yet" in await site.text("/gallery/")
    dreams = [await site.share(shared=NOW + timedelta(seconds=number)) for number in range(PAGE_SIZE + 1)]
    first, second = await site.text("/gallery/"), await site.text("/gallery/?page=2")
    assert first.count('class="card"') == PAGE_SIZE
    assert second.count('class="card"') == 1
    assert dreams[-1].id in first
    assert dreams[0].id in second
    assert 'rel="next" href="/gallery/?page=2"' in first
    assert 'rel="prev" href="/gallery/?page=1"' in second
    assert "Page 2 of 2" in second
    await site.gallery.set_stars(dreams[0].id, 3)
    assert dreams[0].id in (await site.text("/gallery/starred"))
    for page in ("0", "3", "-1", "999999", "1e9", "9" * 400, "x", "", "%F0", "1%00", "٢"):
        assert await site.status(f"/gallery/?page={page}") == 404, page


async def test_words_of_people_are_text(site: Site) -> None:
    words = "<script>alert(1)</script>\"'>&amp;"
    dream = await site.share(make_recipe(text=words))
    text = await site.text(f"/gallery/dream/{dream.id}")
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


async def test_a_long_recipe_is_shown(site: Site) -> None:
    channels = ",".join(map(str, range(100, 164)))
    terms = parse_layers(f"mixed4[{channels}]", "inception_v3")
    dream = await site.share(make_recipe(layers=terms, text="W" * 60))
    assert (await site.text(f"/gallery/dream/{dream.id}")).count(channels) == 2


async def test_languages_are_negotiated(site: Site) -> None:
    for accepted, language in (("de-AT,de;q=0.9,en;q=0.8", "de"), ("pt-BR", "pt"), ("xx, ja;q=0.5", "ja")):
        assert f'<html lang="{language}">' in await site.text("/gallery/", **{"Accept-Language": accepted})
    for accepted in ("", "*", "xx", ";;;,,", "q" * 5000):
        assert '<html lang="en">' in await site.text("/gallery/", **{"Accept-Language": accepted})


async def test_layers_and_presets_have_pictures(site: Site) -> None:
    for path in ("/gallery/layers", "/gallery/layers/faces", "/gallery/presets"):
        text = await site.text(path)
        pictures = re.findall(r'img src="(/gallery/static/[^"]+\.jpg)"', text)
        assert len(pictures) >= 5
        response, data = await site.get(pictures[0])
        assert (response.status, data[:2]) == (200, b"\xff\xd8")
        assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert await site.status("/gallery/layers/nothing") == 404


async def test_other_methods_and_the_bare_path(site: Site) -> None:
    response, _ = await site.get("/gallery")
    assert (response.status, response.headers["Location"]) == (302, "gallery/")
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        refused, _ = await site.get("/gallery/", method)
        assert refused.status == 405
        assert refused.headers["Allow"] == "GET,HEAD"
    response, nothing = await site.get("/gallery/", "HEAD")
    assert (response.status, nothing) == (200, b"")
    assert await site.status("/healthz") == 200
    assert await site.status("/metrics") == 200
    assert await site.status("/") == 404


async def test_the_dashboard_needs_a_link_that_is_signed_and_new(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    await site.share()
    link = await dashboard.dashboard_link(site.key_values, site.settings)
    path = f"/gallery{link.partition('/gallery')[2]}"
    response, text = await site.get(path)
    assert response.status == 200
    assert response.headers["Cache-Control"] == "no-store"
    for words in ("worker cpu", "queued, all processes", "Throughput", "dreambot", "torch"):
        assert words in text.decode()
    until = re.findall(r"until=(\d+)", path)[0]
    for forged in (
        path[:-1],
        path[:-1] + "é",
        path.replace(until, str(int(until) + 1)),
        path.replace(until, until + "0" * 20),
        path.replace("until", "x"),
        "/gallery/dashboard?until=&key=",
    ):
        response, text = await site.get(forged)
        assert response.status == 403
        assert b"expired" in text
    monkeypatch.setattr(dashboard.time, "time", lambda: int(until) + 1)
    assert await site.status(path) == 403


async def test_behind_a_proxy_with_another_path(site: Site) -> None:
    settings = site.settings.model_copy(update={"gallery_url": "https://example.org/dreams"})
    texts = RecipeTexts(captions.describe_look, captions.recipe_command)
    statistics = JobStatistics(site.store.database)
    parts = GalleryParts(settings, site.gallery, statistics, site.key_values, FakeBot().watched, texts)
    async with web_server(
        "127.0.0.1", 0, FakeBot().watched, Metrics(), {PREFIX: create_gallery(parts)}
    ) as port:
        text = await replace(site, base=f"http://127.0.0.1:{port}").text("/gallery/")
    assert 'href="/dreams/starred"' in text
    assert 'href="/gallery' not in text
    assert await dashboard.dashboard_link(site.key_values, settings)
