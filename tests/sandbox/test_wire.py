"""The wire log and its API: what is recorded, what is masked, what is bounded."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import discord
import pytest

from dreambot.sandbox import Fault
from dreambot.sandbox.errors import RejectedByClient
from dreambot.sandbox.wire import KEEP_ENTRIES, MAX_BODY_CHARS, WireLog
from tests.sandbox.conftest import PNG, Api, SandboxEnv, StartClient, eventually
from tests.sandbox.test_commands import dream
from tests.sandbox.test_messages import channel_of


def entries(env: SandboxEnv, kind: str, title: str = "") -> list[dict[str, Any]]:
    return [one for one in env.sandbox.wire.after(0) if one["kind"] == kind and title in one["title"]]


@asynccontextmanager
async def watching(api: Api) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    async with api.session.ws_connect(f"{api.env.sandbox.url}/api/page/wire/socket") as socket:
        yield socket


async def use(api: Api, name: str, **form: Any) -> tuple[int, Any]:
    url = f"{api.env.sandbox.url}/api/page/wire/switches/{name}"
    async with api.session.post(url, json=form) as response:
        return response.status, await response.json()


async def test_a_call_with_a_file(env: SandboxEnv, start_client: StartClient) -> None:
    client = await start_client()
    await channel_of(client, env).send("look", file=discord.File(__file__, "cat.png"))
    [call] = entries(env, "rest", "POST /channels")
    assert (call["status"], call["to"], call["failed"], call["fault"]) == (200, "discord", False, None)
    [file] = call["files"]
    assert file["name"] == "cat.png"
    assert file["size"] > 1000
    bodies = {one["title"]: json.loads(one["text"]) for one in call["bodies"]}
    assert bodies["Request"]["content"] == bodies["Response"]["content"] == "look"
    assert int(call["rate_limit"]["remaining"]) < int(call["rate_limit"]["limit"])
    assert call["rate_limit"]["bucket"]
    assert call["ms"] > 0


async def test_gateway_frames_in_both_directions(env: SandboxEnv, start_client: StartClient) -> None:
    await start_client()
    await env.ada.post(env.memes, "hello")
    await eventually(lambda: entries(env, "gateway", "MESSAGE_CREATE"))
    [identify] = entries(env, "gateway", "identify (op 2)")
    assert identify["to"] == "discord"
    [message] = entries(env, "gateway", "MESSAGE_CREATE (op 0, sequence")
    assert message["to"] == "bot"
    assert '"content": "hello"' in message["bodies"][0]["text"]
    env.sandbox.gateway.drop()
    await eventually(lambda: entries(env, "gateway", "RESUMED"))
    assert entries(env, "gateway", "ended (without a close frame)")


async def test_no_token_is_recorded(env: SandboxEnv, api: Api, start_client: StartClient) -> None:
    await start_client(dream)
    interaction = await env.ada.slash("dream", channel=env.memes, image=PNG)
    await interaction.result()
    await api("POST", f"/channels/{env.memes.id}/messages", {"content": f"it is {env.sandbox.bot_token}"})
    recorded = json.dumps(env.sandbox.wire.after(0), ensure_ascii=False)
    secrets = [env.sandbox.bot_token, *env.sandbox.world.interactions]
    assert len(secrets) == 2
    assert not [one for one in secrets if one in recorded]
    # The same token has the same name everywhere, so that the calls of an interaction can be found.
    [created] = entries(env, "gateway", "INTERACTION_CREATE")
    name = json.loads(created["bodies"][0]["text"])["token"]
    [callback] = entries(env, "rest", "/callback")
    assert f"/interactions/{interaction.model.id}/{name}/callback" in callback["title"]
    assert entries(env, "rest", f"{name}/messages/@original")


async def test_memory_is_bounded(env: SandboxEnv, api: Api) -> None:
    await api("POST", f"/channels/{env.memes.id}/messages", {"content": "x", "nonce": "y" * 200_000})
    [call] = entries(env, "rest")
    assert [len(one["text"]) <= MAX_BODY_CHARS + 10 for one in call["bodies"]] == [True, True]
    assert call["bodies"][0]["text"].endswith("… (cut)")
    wire = env.sandbox.wire
    for number in range(KEEP_ENTRIES + 20):
        wire.add_note("gateway", str(number))
    kept = wire.after(0)
    assert len(kept) == KEEP_ENTRIES
    assert kept[-1]["title"] == str(KEEP_ENTRIES + 19)
    assert wire.first_id == kept[0]["id"]


def test_a_token_at_the_cut_is_masked() -> None:
    token = "T0ken" * 12
    for before in range(MAX_BODY_CHARS - 100, MAX_BODY_CHARS + 20, 7):
        wire = WireLog(lambda: token)
        wire.add_frame({"op": 0, "t": "X", "d": {"a": "x" * before + token, "b": "z" * 100}}, to="bot")
        assert "T0ken" not in wire.after(0)[0]["bodies"][0]["text"]


async def test_bodies_that_are_no_json(env: SandboxEnv, api: Api) -> None:
    url = f"{env.sandbox.api}/channels/{env.memes.id}/messages"
    headers = {"Authorization": f"Bot {env.sandbox.bot_token}", "Content-Type": "application/json"}
    deep = [b'{"content":' + b"[" * depth + b"]" * depth + b"}" for depth in (900, 50_000)]
    for body in (b"{", b"\xff" * 10, *deep):
        async with api.session.post(url, data=body, headers=headers) as response:
            assert response.status == 400
    texts = [one["bodies"][0]["text"] for one in entries(env, "rest")]
    assert len(texts) == 4
    assert all("not valid JSON" in one for one in texts)
    env.sandbox.requests.clear()


async def test_downloads_of_the_bot_and_not_of_the_page(env: SandboxEnv, api: Api) -> None:
    message = await env.ada.post(env.memes, files=[PNG])
    url = message.attachments[0].url
    browser = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64)"}
    env.sandbox.faults.plan(Fault.UNAVAILABLE, "GET", "^/attachments/")
    async with api.session.get(url, headers=browser) as response:
        assert response.status == 200
    assert not entries(env, "cdn")
    for status in (503, 200):
        async with api.session.get(url) as response:
            assert response.status == status
    async with api.session.get(url.partition("?")[0]) as response:
        assert response.status == 403
    failed, loaded, refused = entries(env, "cdn")
    assert (failed["status"], failed["fault"]) == (503, Fault.UNAVAILABLE.value)
    assert (loaded["status"], loaded["files"][0]["size"]) == (200, len(PNG))
    assert refused["status"] == 403


async def test_the_socket_sends_what_is_new(env: SandboxEnv, api: Api) -> None:
    env.sandbox.wire.add_note("gateway", "before")
    async with watching(api) as socket:
        update = await socket.receive_json(timeout=60)
        assert [one["title"] for one in update["entries"]] == ["before"]
        assert [one["hits"] for one in update["switches"]] == [0] * 6
        env.sandbox.wire.add_note("gateway", "after")
        update = await socket.receive_json(timeout=60)
        assert [one["title"] for one in update["entries"]] == ["after"]
        async with api.session.delete(f"{env.sandbox.url}/api/page/wire") as response:
            assert response.status == 200
        update = await socket.receive_json(timeout=60)
        assert (update["entries"], update["first"]) == ([], 3)


@pytest.mark.parametrize(
    "headers", [{"Origin": "http://example.com"}, {"Origin": "null"}, {"Host": "example.com"}]
)
async def test_other_sites_are_refused(env: SandboxEnv, api: Api, headers: dict[str, str]) -> None:
    url = f"{env.sandbox.url}/api/page/wire"
    for method, path in (
        ("GET", "/socket"),
        ("DELETE", ""),
        ("POST", "/switches/drop-gateway"),
        ("DELETE", "/switches"),
    ):
        async with api.session.request(method, url + path, headers=headers) as response:
            assert response.status == 403, path
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await api.session.ws_connect(url + "/socket", headers=headers)


async def test_mistakes_with_switches_have_a_reason(env: SandboxEnv, api: Api) -> None:
    for name, form, reason in (
        ("no-such", {}, "no switch"),
        ("kill-worker", {}, "dreambot try"),
        ("drop-gateway", {}, "no gateway connection"),
        ("rate-limit", {"count": 0}, "between 1 and 50"),
        ("rate-limit", {"count": 51}, "between 1 and 50"),
        ("rate-limit", {"count": "many"}, "whole number"),
        ("rate-limit", {"count": True}, "whole number"),
    ):
        status, body = await use(api, name, **form)
        assert status == 400
        assert reason in body["error"], body
    assert not env.sandbox.faults.remaining


async def test_planned_faults_are_counted_and_cancelled(env: SandboxEnv, api: Api) -> None:
    def state(name: str) -> tuple[int, int]:
        [found] = [one for one in env.sandbox.switches.json() if one["name"] == name]
        return found["planned"], found["hits"]

    path = f"/channels/{env.memes.id}/messages"
    await use(api, "rate-limit", count=2)
    await use(api, "server-error", count=3)
    assert [(await api("POST", path, {"content": "x"}))[0] for _ in range(3)] == [429, 429, 500]
    assert state("rate-limit") == (0, 2)
    assert state("server-error") == (2, 1)
    calls = entries(env, "rest")
    assert [one["fault"] for one in calls] == [Fault.RATE_LIMITED.value] * 2 + [Fault.SERVER_ERROR.value]
    assert calls[0]["rate_limit"]["retry_after"] == "1"
    async with api.session.delete(f"{env.sandbox.url}/api/page/wire/switches") as response:
        assert response.status == 200
    assert state("server-error") == (0, 1)
    assert (await api("POST", path, {"content": "x"}))[0] == 200


async def test_the_first_response_is_spared_and_its_token_can_expire(
    env: SandboxEnv, start_client: StartClient
) -> None:
    client = await start_client(dream)
    env.sandbox.switches.use("server-error", 1)
    env.sandbox.switches.use("expire-token")
    interaction = await env.ada.slash("dream", channel=env.memes, image=PNG)
    await eventually(lambda: client.errors)
    assert isinstance(client.errors[0], discord.HTTPException)
    assert interaction.model.answered_at is not None
    assert [one["status"] for one in entries(env, "rest", "/callback")] == [200]
    assert entries(env, "rest", "@original")[-1]["status"] == 401


def test_a_worker_that_is_starting_cannot_be_killed(env: SandboxEnv) -> None:
    killed = [0, 2]
    env.sandbox.switches.kill_worker = lambda: killed.pop(0)
    with pytest.raises(RejectedByClient, match="still starting"):
        env.sandbox.switches.use("kill-worker")
    env.sandbox.switches.use("kill-worker")
    assert [one["hits"] for one in env.sandbox.switches.json() if one["name"] == "kill-worker"] == [2]
