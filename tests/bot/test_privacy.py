"""/privacy: the page, its switches, the export, and being forgotten."""

import json

import pytest
from sqlalchemy import select

from dreambot.jobs.schema import jobs
from dreambot.sandbox.driver.channels import MessageHandle
from tests.bot.support import MODERATOR, BotEnvironment, RunningBot, is_dream, noise_png


async def _page(stage: BotEnvironment) -> MessageHandle:
    page = await (await stage.ann.slash("privacy", channel=stage.channel)).result()
    assert page.ephemeral
    return page


async def _dream(stage: BotEnvironment) -> MessageHandle:
    asked = await stage.ann.slash("dream", channel=stage.channel, image=noise_png())
    return await stage.dreamed(await asked.response())


async def _words_kept(life: RunningBot) -> str:
    async with life.services.store.database.engine.connect() as connection:
        return str([tuple(map(str, row)) for row in await connection.execute(select(jobs))])


async def test_it_says_what_is_kept_and_for_how_long(stage: BotEnvironment) -> None:
    async with stage.bot(keep_sources_hours=5, keep_results_days=3):
        page = await _page(stage)
    assert "5 hours" in page.content
    assert "3 days" in page.content
    assert len(page.buttons) == 5


async def test_switches_stay_as_they_were_put(stage: BotEnvironment) -> None:
    async with stage.bot() as life:
        page = await _page(stage)
        for setting in ("untouchable", "previews", "ping"):
            before = set(page.buttons)
            await stage.ann.press(page, f"privacy:{setting}")
            await page.until(lambda now, before=before: set(now.buttons) != before)
        own = await life.services.guild_store.person(stage.ann.id)
        assert (own.untouchable, own.previews) == (True, False)
    async with stage.bot() as life:
        await stage.ann.press(page, "privacy:untouchable")
        await page.until(lambda now: "Let no one else dream my pictures" in now.buttons)
        own = await life.services.guild_store.person(stage.ann.id)
        assert (own.untouchable, own.previews, own.ping) == (False, False, True)


async def test_the_export_is_a_file_of_ones_own(stage: BotEnvironment) -> None:
    async with stage.bot() as life:
        await _dream(stage)
        asked = await stage.bob.slash("dream", channel=stage.channel, image=noise_png())
        await stage.dreamed(await asked.response())
        await life.idle()
        told = await (await stage.ann.press(await _page(stage), "Save my data")).result()
    assert told.ephemeral
    [file] = told.attachments
    assert file.filename.endswith(".json")
    kept = json.loads(file.data)
    assert [dream["owner"] for dream in kept["dreams"]] == [str(stage.ann.id)]
    assert str(stage.bob.id) not in file.data.decode()


async def test_nothing_goes_before_it_was_asked_twice(stage: BotEnvironment) -> None:
    async with stage.bot() as life:
        dream = await _dream(stage)
        await life.idle()
        page = await _page(stage)
        await stage.ann.press(page, "Delete my data…")
        await page.until(lambda now: "Keep everything" in now.buttons)
        await stage.ann.press(page, "Keep everything")
        await page.until(lambda now: "Delete my data…" in now.buttons)
        assert str(stage.ann.id) in await _words_kept(life)
    assert not dream.deleted


async def test_who_is_forgotten_leaves_only_recipes(stage: BotEnvironment) -> None:
    async with stage.bot() as life:
        dream = await _dream(stage)
        await life.idle()
        page = await _page(stage)
        await stage.ann.press(page, "privacy:delete")
        await page.until(lambda now: "Delete my data" in now.buttons)
        await stage.ann.press(page, "Delete my data")
        await page.until(lambda now: "forgotten one dream" in now.content and not now.buttons)
        kept = await _words_kept(life)
    assert not dream.deleted
    for gone in (stage.ann.id, stage.guild.id, stage.channel.id, dream.id):
        assert str(gone) not in kept
    assert "mixed" in kept


async def test_dreams_in_channels_go_too_if_one_likes(stage: BotEnvironment) -> None:
    async with stage.bot() as life:
        dream = await _dream(stage)
        others = await stage.bob.slash("dream", channel=stage.channel, image=noise_png())
        kept = await stage.dreamed(await others.response())
        lost = await _dream(stage)
        moderator = stage.guild.add_member("mod", permissions=MODERATOR)
        await moderator.delete(lost)
        await life.idle()
        page = await _page(stage)
        await stage.ann.press(page, "privacy:delete")
        await page.until(lambda now: "Delete my data and my 2 dreams in channels" in now.buttons)
        await stage.ann.press(page, "privacy:erase-posted")
        await page.until(lambda now: "2 dreams were deleted" in now.content)
    assert dream.deleted
    assert not kept.deleted


async def test_what_is_being_dreamed_ends_first(
    stage: BotEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_ENGINE_STEP", "0.2")
    async with stage.bot() as life:
        asked = await stage.ann.slash("dream", channel=stage.channel, image=noise_png(), intensity=11)
        await (await asked.result()).until(lambda now: "Cancel" in now.buttons)
        page = await _page(stage)
        await stage.ann.press(page, "privacy:delete")
        await page.until(lambda now: "Keep everything" in now.buttons)
        await stage.ann.press(page, "privacy:erase")
        await page.until(lambda now: "forgotten one dream" in now.content)
        assert await life.services.store.unfinished() == []
        assert not [path for path in (life.services.settings.data_dir / "files").rglob("*") if path.is_file()]
    assert not [one for one in stage.channel.messages if is_dream(one)]
