"""Answers of the operators' web server."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from dreambot import web
from dreambot.config import ConfigError
from dreambot.jobs.models import JobState
from dreambot.metrics import Metrics
from dreambot.web import web_server
from tests.web.fake_bot import FakeBot, FakeDevice


@dataclass
class Answer:
    status: int
    text: str

    def values(self, name: str) -> dict[tuple[str, ...], float]:
        """Returns the samples of a metric by the values of their labels."""
        return {
            tuple(sample.labels.values()): sample.value
            for family in text_string_to_metric_families(self.text)
            for sample in family.samples
            if sample.name == name
        }


Get = Callable[[str], Awaitable[Answer]]


@asynccontextmanager
async def _serving(bot: FakeBot, metrics: Metrics | None = None) -> AsyncIterator[Get]:
    async with (
        web_server("127.0.0.1", 0, bot.watched, metrics or Metrics()) as port,
        aiohttp.ClientSession() as session,
    ):

        async def get(path: str) -> Answer:
            async with session.get(f"http://127.0.0.1:{port}{path}") as answer:
                return Answer(answer.status, await answer.text())

        yield get


async def test_healthz_fails_when_the_process_cannot_go_on() -> None:
    bot = FakeBot(shards={0: False}, devices=[], lost=True)
    async with _serving(bot) as get:
        assert await get("/healthz") == Answer(200, "ok\n")
        bot.working = False
        assert (await get("/healthz")).status == 503


async def test_the_bot_is_ready_when_every_part_is() -> None:
    async with _serving(FakeBot()) as get:
        answer = await get("/healthz/ready")
    assert answer.status == 200
    parts = {"jobs": True, "store": True, "shard 0": True, "shard 1": True, "worker cpu": True}
    assert json.loads(answer.text) == {"ready": True, "parts": parts}


@pytest.mark.parametrize(
    ("bot", "missing"),
    [
        (FakeBot(taking=False), "jobs"),
        (FakeBot(lost=True), "store"),
        (FakeBot(shards={0: True, 7: False}), "shard 7"),
        (FakeBot(devices=[FakeDevice("cuda:0"), FakeDevice("cuda:1", alive=False)]), "worker cuda:1"),
        (FakeBot(devices=[]), "workers"),
    ],
)
async def test_a_part_that_does_not_work_is_named(bot: FakeBot, missing: str) -> None:
    async with _serving(bot) as get:
        answer = await get("/healthz/ready")
    assert answer.status == 503
    said = json.loads(answer.text)
    assert not said["ready"]
    assert [part for part, good in said["parts"].items() if not good] == [missing]


async def test_a_database_that_does_not_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "DATABASE_TIMEOUT_S", 0.1)

    async def never() -> bool:
        await asyncio.sleep(3600)
        return True

    assert await web.query_or_default(never, None) is None


async def test_metrics_have_counters_and_current_values() -> None:
    busy = FakeDevice("cuda:0", "cuda", True, ("a", "b"), 2, 3, 12.5, "bf16 differs")
    bot = FakeBot(
        shards={0: True, 1: False},
        devices=[busy, FakeDevice("cuda:1", "cuda", alive=False)],
        queue=(5, 7.5),
        codec_deaths={"slow": 2},
        unfinished={JobState.queued: 5, JobState.running: 2},
    )
    metrics = Metrics()
    metrics.job_moved("dream", "done")
    metrics.dreamed("inception_v3", 4.0)
    async with _serving(bot, metrics) as get:
        answer = await get("/metrics")
    assert answer.status == 200
    assert answer.values("dreambot_jobs_total") == {("dream", "done"): 1}
    assert answer.values("dreambot_dream_seconds_sum") == {("inception_v3",): 4}
    assert answer.values("dreambot_jobs_unfinished") == {("queued",): 5, ("running",): 2}
    assert answer.values("dreambot_store_up") == {(): 1}
    assert answer.values("dreambot_queue_length") == {(): 5}
    assert answer.values("dreambot_queue_oldest_seconds") == {(): 7.5}
    assert answer.values("dreambot_worker_up") == {("cuda:0", "cuda"): 1, ("cuda:1", "cuda"): 0}
    assert answer.values("dreambot_device_jobs")["cuda:0", "cuda"] == 2
    assert answer.values("dreambot_device_batch")["cuda:0", "cuda"] == 2
    assert answer.values("dreambot_device_self_check") == {("cuda:0", "cuda"): 0, ("cuda:1", "cuda"): 1}
    assert answer.values("dreambot_device_busy_seconds_total")["cuda:0", "cuda"] == 12.5
    assert answer.values("dreambot_worker_restarts_total")["cuda:0", "cuda"] == 3
    assert answer.values("dreambot_shard_up") == {("0",): 1, ("1",): 0}
    assert answer.values("dreambot_codec_deaths_total") == {("slow",): 2}
    assert answer.values("process_resident_memory_bytes")[()] > 0


async def test_metrics_are_served_without_a_database() -> None:
    async with _serving(FakeBot(lost=True, unfinished={JobState.queued: 1})) as get:
        answer = await get("/metrics")
    assert answer.status == 200
    assert answer.values("dreambot_store_up") == {(): 0}
    assert answer.values("dreambot_jobs_unfinished") == {}


async def test_two_bots_in_one_process_have_separate_metrics() -> None:
    one, other = Metrics(), Metrics()
    one.delivered("edit")
    async with _serving(FakeBot(), one) as get_one, _serving(FakeBot(), other) as get_other:
        assert (await get_one("/metrics")).values("dreambot_deliveries_total") == {("edit",): 1}
        assert (await get_other("/metrics")).values("dreambot_deliveries_total") == {}


async def test_batches_and_loop_delay_are_sampled() -> None:
    metrics = Metrics()
    async with _serving(FakeBot(devices=[FakeDevice(batch=3), FakeDevice(batch=0)]), metrics) as get:
        for _ in range(2000):
            answer = await get("/metrics")
            if answer.values("dreambot_loop_delay_seconds_count")[()]:
                break
            await asyncio.sleep(0.02)
    samples = answer.values("dreambot_loop_delay_seconds_count")[()]
    assert samples
    assert answer.values("dreambot_batch_size_sum")[()] == 3 * samples


async def test_without_a_port_nothing_is_served() -> None:
    async with web_server("127.0.0.1", None, FakeBot().watched, Metrics()) as port:
        assert port is None


async def test_a_port_in_use_raises_a_config_error() -> None:
    async with web_server("127.0.0.1", 0, FakeBot().watched, Metrics()) as taken:
        with pytest.raises(ConfigError, match=f"DREAMBOT_HTTP_PORT {taken} cannot be used"):
            async with web_server("127.0.0.1", taken, FakeBot().watched, Metrics()):
                pass
