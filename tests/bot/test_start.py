"""How the bot starts, and what it reports when it cannot."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from pydantic import SecretStr

from dreambot.bot import client
from dreambot.bot.gateway import ConnectError
from dreambot.config import ConfigError
from dreambot.jobs.models import JobRequest
from dreambot.logs import RedactingFormatter
from dreambot.recipe import DreamRequest
from tests.bot.support import BotEnvironment, is_dream, noise_png
from tests.support.fake_engine import hold, release


async def test_commands_are_published_only_when_they_changed(env: BotEnvironment) -> None:
    async with env.bot():
        pass
    [first] = env.sandbox.requests.matching("PUT", "/commands$")
    named = {command["name"]: command for command in first.json}
    assert {"dream", "Dream this", "help"} <= set(named)
    # A phone's file picker offers pictures and videos where nothing else can be used.
    files = {option["name"]: option.get("file_types", []) for option in named["dream"]["options"]}
    assert {"image", "video"} <= set(files["image"]) & set(files["guide"])
    assert not files["layer"]
    sound = next(option for option in named["hellscape"]["options"] if option["name"] == "sound")
    assert "audio" in sound["file_types"]
    async with env.bot():
        pass
    assert len(env.sandbox.requests.matching("PUT", "/commands$")) == 1
    env.sandbox.world.application.commands.clear()
    async with env.bot():
        pass
    assert len(env.sandbox.requests.matching("PUT", "/commands$")) == 2


async def test_a_wrong_token_has_its_own_exit_code(
    env: BotEnvironment, caplog: pytest.LogCaptureFixture
) -> None:
    env.settings = env.settings.model_copy(update={"token": SecretStr("not-it")})
    async with env.bot() as bot:
        assert await bot.task == client.ExitCode.token
    assert "does not know this token" in caplog.text
    assert "not-it" not in caplog.text


async def test_no_token_is_a_sentence(env: BotEnvironment) -> None:
    with pytest.raises(ConfigError, match="DREAMBOT_TOKEN"):
        async with env.bot(token=None):
            pass


async def test_a_revoked_token_ends_the_bot_without_a_loop(
    env: BotEnvironment, caplog: pytest.LogCaptureFixture
) -> None:
    async with env.bot() as bot:
        for connection in tuple(env.sandbox.gateway.connections):
            connection.close(4004, "Authentication failed.")
        assert await asyncio.wait_for(bot.task, 100) == client.ExitCode.token
    assert "token was revoked" in caplog.text


async def test_a_revoked_intent_ends_the_bot_without_a_loop(
    env: BotEnvironment, caplog: pytest.LogCaptureFixture
) -> None:
    async with env.bot() as bot:
        for connection in tuple(env.sandbox.gateway.connections):
            connection.close(4014, "Disallowed intent(s).")
        assert await asyncio.wait_for(bot.task, 100) == client.ExitCode.intent
    assert "message content intent" in caplog.text


async def test_the_cost_of_the_missing_intent_is_logged(
    env: BotEnvironment, caplog: pytest.LogCaptureFixture
) -> None:
    env.sandbox.grant_message_content(False)
    async with env.bot():
        pass
    assert "message content intent is off" in caplog.text


async def test_a_dropped_connection_is_resumed(env: BotEnvironment) -> None:
    async with env.bot():
        gateway = env.sandbox.gateway
        closed = set(gateway.connections)
        for connection in closed:
            connection.close(4000, "Unknown error.")
        hub = env.sandbox.world.events
        await hub.wait_for(lambda: not closed & set(gateway.connections), 60, "the end of the connection")
        await env.sandbox.wait_until_bot_ready()
        interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png())
        assert await env.dreamed(await interaction.response())


async def test_explicit_shards_use_the_apis_own_gateway(env: BotEnvironment) -> None:
    async with env.bot(shard_count=2):
        interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png())
        assert await env.dreamed(await interaction.response())
        assert len(env.sandbox.gateway.ready_shards) == 2


async def test_a_local_api_with_a_remote_gateway_is_refused(
    env: BotEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def far(_: object) -> dict[str, str]:
        return {"url": "wss://gateway.discord.gg"}

    monkeypatch.setattr("dreambot.sandbox.rest.users.get_gateway", far)
    with pytest.raises(ConnectError, match="is on this machine, but its gateway"):
        async with env.bot():
            pass


async def test_an_unreachable_api_is_reported_and_worth_a_restart(
    env: BotEnvironment, caplog: pytest.LogCaptureFixture
) -> None:
    async with env.bot(discord_api="http://127.0.0.1:9/api/v10") as bot:
        assert await bot.task == client.ExitCode.failed
    assert "cannot be reached" in caplog.text


async def test_a_foreign_cogs_package_is_refused(
    env: BotEnvironment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cogs").mkdir()
    (tmp_path / "cogs" / "__init__.py").write_text("raise SystemExit('loaded')")
    for name in [name for name in sys.modules if name.split(".")[0] == "cogs"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ConfigError, match="“cogs” would be loaded from"):
        client.require_own_cogs()


async def test_jobs_without_a_source_after_a_restart_are_reported_once(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        for owner in (env.ann, env.bob):
            await bot.services.store.create(
                JobRequest(
                    owner=owner.id,
                    request=DreamRequest(),
                    reply_target=env.reply_target(None if owner is env.ann else 404),
                )
            )
    for _ in range(2):
        async with env.bot() as bot:
            await bot.idle()
    [apology] = env.channel.messages
    assert apology.content.startswith(f"<@{env.ann.id}> I was restarted")
    [sent] = env.sandbox.requests.matching("POST", f"/channels/{env.channel.id}/messages")
    assert sent.json["enforce_nonce"] is True


async def test_stopping_finishes_running_jobs_and_releases_the_others(
    env: BotEnvironment, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "dreambot")
    hold(tmp_path)
    async with env.bot() as bot:
        first = await env.ann.slash("dream", channel=env.channel, image=noise_png())
        started = await (await first.result()).until(lambda now: "octave" in now.content)
        second = await env.bob.slash("dream", channel=env.channel, image=noise_png())
        waits = await (await second.result()).until(lambda now: "1st" in now.content)
        ending = asyncio.create_task(bot.end())
        async with asyncio.timeout(100):
            while "waiting up to" not in caplog.text:  # noqa: ASYNC110 - a log sends no events
                await asyncio.sleep(0.01)
        third = await env.ann.slash("dream", channel=env.channel, image=noise_png())
        assert "try again" in (await third.follow_up()).content
        release(tmp_path)
        assert await ending == client.ExitCode.clean
        assert is_dream(started)
        assert "goes on afterwards" in waits.content
    async with env.bot() as bot:
        assert await env.dreamed(waits)
        await bot.idle()
    assert len([one for one in env.channel.messages if is_dream(one)]) == 2


async def test_stopping_without_time_releases_running_jobs_too(env: BotEnvironment, tmp_path: Path) -> None:
    hold(tmp_path)
    async with env.bot(drain_seconds=0) as bot:
        interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png())
        started = await (await interaction.result()).until(lambda now: "octave" in now.content)
        assert await bot.end() == client.ExitCode.clean
        assert "goes on afterwards" in started.content
    release(tmp_path)
    async with env.bot() as bot:
        assert await env.dreamed(started)
        await bot.idle()


async def test_health_is_answered_while_it_runs(env: BotEnvironment, unused_tcp_port: int) -> None:
    async with env.bot(http_port=unused_tcp_port), aiohttp.ClientSession() as session:
        for _ in range(2000):
            async with session.get(f"http://127.0.0.1:{unused_tcp_port}/healthz") as answer:
                if answer.status == 200:
                    break
            await asyncio.sleep(0.05)
        assert answer.status == 200


async def test_a_port_in_use_is_reported_in_a_sentence(env: BotEnvironment) -> None:
    taken = int(env.sandbox.url.rpartition(":")[2])
    with pytest.raises(ConfigError, match=f"DREAMBOT_HTTP_PORT {taken} cannot be used"):
        async with env.bot(http_port=taken):
            pass


async def test_a_stop_during_the_start_takes_effect_at_once(env: BotEnvironment) -> None:
    closed = asyncio.Event()

    @asynccontextmanager
    async def slow() -> AsyncIterator[object]:
        try:
            await asyncio.sleep(3600)
            yield env.settings
        finally:
            closed.set()

    stop = asyncio.Event()
    task = asyncio.create_task(client.serve_bot(env.settings, slow(), stop))
    await asyncio.sleep(0.5)
    stop.set()
    assert await asyncio.wait_for(task, 100) == client.ExitCode.clean
    assert closed.is_set()


async def test_the_log_contains_no_secrets(env: BotEnvironment, caplog: pytest.LogCaptureFixture) -> None:
    token = env.sandbox.bot_token
    formatter = RedactingFormatter((token,))
    with caplog.at_level("DEBUG"):
        async with env.bot():
            interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png())
            await env.dreamed(await interaction.response())
    text = "\n".join(formatter.format(record) for record in caplog.records)
    assert token not in text
    assert not [one.token for one in env.sandbox.interactions if f"/{one.token}" in text]
