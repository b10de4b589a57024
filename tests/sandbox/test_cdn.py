"""Allowed hosts and origins, and the CDN."""

import aiohttp
import discord
import pytest

from dreambot.sandbox import Upload
from tests.sandbox.conftest import PNG, Api, SandboxEnv, StartClient


@pytest.mark.parametrize(
    "path", ["/", "/api/v10/gateway", "/api/page/state", "/gateway", "/embed/avatars/0.png"]
)
async def test_other_hosts_are_refused(env: SandboxEnv, api: Api, path: str) -> None:
    for host in ("evil.example", "evil.example:80", "127.0.0.1", "127.0.0.1:1"):
        async with api.session.get(env.sandbox.url + path, headers={"Host": host}) as response:
            assert response.status == 403


async def test_localhost_is_accepted(env: SandboxEnv, api: Api) -> None:
    url = env.sandbox.url.replace("127.0.0.1", "localhost")
    async with api.session.get(url + "/api/v10/gateway") as response:
        assert response.status == 200


async def test_other_sites_are_refused(env: SandboxEnv, api: Api) -> None:
    url = env.sandbox.url + "/api/page/interactions"
    for origin, status in (("http://evil.example", 403), ("null", 403), (env.sandbox.url, 400)):
        async with api.session.post(url, json={}, headers={"Origin": origin}) as response:
            assert response.status == status


async def test_links_are_signed_and_expire(env: SandboxEnv, api: Api) -> None:
    post = await env.ada.post(env.memes, files=[PNG])
    url = post.attachments[0].url
    async with api.session.get(url) as response:
        assert (response.status, response.content_type, await response.read()) == (200, "image/png", PNG)
        assert response.headers["X-Content-Type-Options"] == "nosniff"
    for wrong, status in ((url.partition("?")[0], 403), (url.replace("hm=", "hm=0"), 403), (url + "x", 200)):
        async with api.session.get(wrong) as response:
            assert response.status == status
    async with api.session.get(url.replace("file.png", "other.png")) as response:
        assert response.status == 404
    env.sandbox.clock.advance(25 * 3600)
    async with api.session.get(url) as response:
        assert response.status == 403
    fresh = post.attachments[0].url
    await env.ada.delete(post)
    async with api.session.get(fresh) as response:
        assert response.status == 404


async def test_the_content_type_comes_from_the_bytes_and_html_is_never_served(
    env: SandboxEnv, api: Api
) -> None:
    page = b"<script>alert(1)</script>"
    post = await env.ada.post(env.memes, files=[Upload("x.png", page), Upload("y.html", PNG)])
    text, picture = post.attachments
    async with api.session.get(text.url) as response:
        assert response.content_type == "text/plain"
        assert response.headers["Content-Disposition"].startswith("attachment")
    async with api.session.get(picture.url) as response:
        assert response.content_type == "image/png"


async def test_avatars_are_served(env: SandboxEnv, start_client: StartClient) -> None:
    client = await start_client()
    user = await client.fetch_user(env.ada.id)
    assert (await user.display_avatar.read()).startswith(b"\x89PNG")
    async with aiohttp.ClientSession() as session:
        async with session.get(user.display_avatar.url) as response:
            assert response.status == 200
    assert isinstance(user, discord.User)
