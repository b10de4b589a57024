"""This machine's clock jumps while a job runs."""

from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Self

import pytest

from tests.bot.support import BotEnvironment, is_dream, noise_png
from tests.support.fake_engine import hold, release

MODULES = (
    "dreambot.bot.replies",
    "dreambot.bot.job_manager",
    "dreambot.jobs.database",
    "dreambot.jobs.store",
)


def _jump(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    class Jumped(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            moment = datetime.now(tz) + by
            return cls.fromtimestamp(moment.timestamp(), tz)

    for module in MODULES:
        monkeypatch.setattr(f"{module}.datetime", Jumped)


@pytest.mark.parametrize("hours", [5, -5])
async def test_earlier_requests_are_delivered_once(
    env: BotEnvironment, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, hours: int
) -> None:
    hold(tmp_path)
    async with env.bot() as bot:
        interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png())
        await (await interaction.result()).until(lambda now: "octave" in now.content)
        _jump(monkeypatch, timedelta(hours=hours))
        # As recovery does every ten seconds: by this clock, tokens may have expired.
        await bot.services.store.renew()
        release(tmp_path)
        await env.channel.wait_for_message(is_dream, 100)
        await bot.idle()
    assert len([one for one in env.channel.messages if is_dream(one)]) == 1


async def test_jobs_of_an_earlier_process_are_found_after_the_clock_went_back(
    env: BotEnvironment, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hold(tmp_path)
    async with env.bot(drain_seconds=0):
        interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png())
        started = await (await interaction.result()).until(lambda now: "octave" in now.content)
    _jump(monkeypatch, timedelta(days=-2))
    release(tmp_path)
    async with env.bot() as bot:
        await env.dreamed(started)
        await bot.idle()
