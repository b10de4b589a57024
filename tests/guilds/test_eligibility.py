"""Eligibility while the database is lost."""

import asyncio

import pytest
from sqlalchemy import make_url

from dreambot.guilds.store import GuildStore
from dreambot.jobs.database import DatabaseUnavailable
from dreambot.jobs.store import JobStore
from tests.support.proxy import proxy_to


async def test_nobody_waits_long_for_a_memory_that_is_away(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dreambot.guilds.eligibility._QUERY_TIMEOUT_S", 1.0)
    url = make_url(postgres_url)
    async with proxy_to(url.host or "", url.port or 0) as wire:
        near = url.set(host="127.0.0.1", port=wire.port)
        store = JobStore(near.render_as_string(hide_password=False))
        await store.open()
        guild_store = GuildStore(store.database)
        wire.cut_after(b"blocks", stay_down=True)
        with pytest.raises(DatabaseUnavailable, match="try again"):
            async with asyncio.timeout(20):
                await guild_store.eligibility(1, 2, ())
        wire.down = False
        await store.close()
