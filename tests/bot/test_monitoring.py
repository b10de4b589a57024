"""Health and metrics of the running bot, after real dreams over real sockets."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from dreambot.logs import RedactingFormatter
from tests.bot.support import BotEnvironment, noise_png
from tests.support.fake_engine import hold, release

CALLBACK = "/interactions/{id}/{token}/callback"


class Watcher:
    """Queries a bot, as Prometheus and Docker do."""

    def __init__(self, port: int) -> None:
        self._base = f"http://127.0.0.1:{port}"

    async def get(self, path: str) -> tuple[int, str]:
        async with aiohttp.ClientSession() as session, session.get(self._base + path) as answer:
            return answer.status, await answer.text()

    async def parts(self) -> dict[str, bool]:
        """Which parts work."""
        _, text = await self.get("/healthz/ready")
        parts: dict[str, bool] = json.loads(text)["parts"]
        return parts

    async def value(self, name: str, **labels: str) -> float:
        """The sum of the samples of that name that have those labels."""
        _, text = await self.get("/metrics")
        return sum(
            sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
            if sample.name == name and labels.items() <= sample.labels.items()
        )


async def _until(true: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(100):
        while not await true():  # noqa: ASYNC110 - it answers only when it is asked
            await asyncio.sleep(0.05)


async def test_a_dream_is_found_in_the_metrics(env: BotEnvironment, unused_tcp_port: int) -> None:
    async with env.bot(http_port=unused_tcp_port) as bot:
        interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png(), intensity=1)
        await env.dreamed(await interaction.response())
        await bot.idle()
        watcher = Watcher(unused_tcp_port)
        for state in ("received", "queued", "running", "delivering", "done"):
            assert await watcher.value("dreambot_jobs_total", kind="dream", state=state) == 1, state
        assert await watcher.value("dreambot_jobs_unfinished") == 0
        assert await watcher.value("dreambot_queue_wait_seconds_count") == 1
        assert await watcher.value("dreambot_dream_seconds_count", model="inception_v3") == 1
        assert await watcher.value("dreambot_device_busy_seconds_total") > 0
        assert await watcher.value("dreambot_deliveries_total", way="edit") == 1
        assert await watcher.value("dreambot_delivery_failures_total") == 0
        assert await watcher.value("dreambot_discord_requests_total", route=CALLBACK, status="200") == 1
        acknowledged = "dreambot_acknowledgement_seconds"
        assert await watcher.value(f"{acknowledged}_count", kind="application_command") == 1
        assert 0 < await watcher.value(f"{acknowledged}_sum") < 3
        assert await watcher.value("dreambot_store_up") == 1


async def test_metrics_contain_no_user_data_and_no_secrets(env: BotEnvironment, unused_tcp_port: int) -> None:
    async with env.bot(http_port=unused_tcp_port) as bot:
        interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png(), intensity=1)
        await env.dreamed(await interaction.response())
        await bot.idle()
        _, text = await Watcher(unused_tcp_port).get("/metrics")
    ids = (env.ann.id, env.guild.id, env.channel.id, env.sandbox.bot_id)
    tokens = (env.sandbox.bot_token, *(one.token for one in env.sandbox.interactions))
    assert not [secret for secret in map(str, (*ids, *tokens)) if secret in text]
    routes = {line.split('route="')[1].split('"')[0] for line in text.splitlines() if 'route="' in line}
    assert CALLBACK in routes
    assert not [route for route in routes if "{word}" in route]


async def test_health_reports_each_part(env: BotEnvironment, unused_tcp_port: int) -> None:
    async with env.bot(http_port=unused_tcp_port, shard_count=2) as bot:
        watcher = Watcher(unused_tcp_port)

        async def ready() -> bool:
            return (await watcher.get("/healthz/ready"))[0] == 200

        await _until(ready)
        every = {"jobs": True, "store": True, "shard 0": True, "shard 1": True, "worker cpu": True}
        assert await watcher.parts() == every

        for connection in tuple(env.sandbox.gateway.connections):
            connection.close(4000, "Unknown error.")
        await _until(ready)

        async def counted() -> bool:
            return await watcher.value("dreambot_gateway_reconnects_total") == 2

        await _until(counted)
        await bot.services.store.close()
        assert not (await watcher.parts())["store"]
        assert (await watcher.get("/healthz"))[0] == 200
        await bot.services.store.open()


async def test_health_reports_draining(env: BotEnvironment, unused_tcp_port: int, tmp_path: Path) -> None:
    hold(tmp_path)
    async with env.bot(http_port=unused_tcp_port) as bot:
        interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png())
        shown = await interaction.response()
        await shown.until(lambda now: "%" in now.content, 20)
        bot.stop.set()
        watcher = Watcher(unused_tcp_port)

        async def draining() -> bool:
            return not (await watcher.parts())["jobs"]

        await _until(draining)
        assert (await watcher.get("/healthz"))[0] == 200
        release(tmp_path)


async def test_a_dream_that_cannot_be_delivered_is_counted_with_the_reason(
    env: BotEnvironment, unused_tcp_port: int
) -> None:
    async with env.bot(http_port=unused_tcp_port) as bot:
        interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png(), intensity=1)
        env.sandbox.set_upload_limit(10)
        await interaction.follow_up()
        await bot.idle()
        watcher = Watcher(unused_tcp_port)
        assert await watcher.value("dreambot_delivery_failures_total", reason="too_large") == 1
        assert await watcher.value("dreambot_jobs_total", kind="dream", state="failed") == 1
        assert await watcher.value("dreambot_deliveries_total") == 0


async def test_every_line_about_a_job_names_it(env: BotEnvironment, caplog: pytest.LogCaptureFixture) -> None:
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    keep = Keep()
    keep.setFormatter(RedactingFormatter())
    logging.getLogger().addHandler(keep)
    try:
        with caplog.at_level("DEBUG", "discord"):
            async with env.bot():
                interaction = await env.ann.slash(
                    "dream", channel=env.channel, image=noise_png(), intensity=1
                )
                await env.dreamed(await interaction.response())
    finally:
        logging.getLogger().removeHandler(keep)
    sent = [line for line in lines if "with PATCH" in line]
    assert sent
    assert all("[job " in line for line in sent)
