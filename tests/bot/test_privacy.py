"""/privacy: the page, its switches, the export, and the deletion."""

import json
from pathlib import Path

from sqlalchemy import select

from dreambot.jobs.schema import jobs
from dreambot.sandbox.driver.channels import MessageHandle
from tests.bot.support import MODERATOR, BotEnvironment, RunningBot, is_dream, noise_png
from tests.support.fake_engine import hold


async def _page(env: BotEnvironment) -> MessageHandle:
    page = await (await env.ann.slash("privacy", channel=env.channel)).result()
    assert page.ephemeral
    return page


async def _dream(env: BotEnvironment) -> MessageHandle:
    interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png())
    return await env.dreamed(await interaction.response())


async def _words_kept(bot: RunningBot) -> str:
    async with bot.services.store.database.engine.connect() as connection:
        return str([tuple(map(str, row)) for row in await connection.execute(select(jobs))])


async def test_the_page_lists_stored_data_and_retention(env: BotEnvironment) -> None:
    async with env.bot(keep_sources_hours=5, keep_results_days=3):
        page = await _page(env)
    assert "5 hours" in page.content
    assert "3 days" in page.content
    assert len(page.buttons) == 5


async def test_switches_are_stored(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        page = await _page(env)
        for setting in ("untouchable", "previews", "ping"):
            before = set(page.buttons)
            await env.ann.press(page, f"privacy:{setting}")
            await page.until(lambda now, before=before: set(now.buttons) != before)
        own = await bot.services.guild_store.person(env.ann.id)
        assert (own.untouchable, own.previews) == (True, False)
    async with env.bot() as bot:
        await env.ann.press(page, "privacy:untouchable")
        await page.until(lambda now: "Let no one else dream my pictures" in now.buttons)
        own = await bot.services.guild_store.person(env.ann.id)
        assert (own.untouchable, own.previews, own.ping) == (False, False, True)


async def test_the_export_contains_the_users_data_only(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        await _dream(env)
        interaction = await env.bob.slash("dream", channel=env.channel, image=noise_png())
        await env.dreamed(await interaction.response())
        await bot.idle()
        reply = await (await env.ann.press(await _page(env), "Save my data")).result()
    assert reply.ephemeral
    [file] = reply.attachments
    assert file.filename.endswith(".json")
    kept = json.loads(file.data)
    assert [dream["owner"] for dream in kept["dreams"]] == [str(env.ann.id)]
    assert str(env.bob.id) not in file.data.decode()


async def test_nothing_is_deleted_without_confirmation(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        dream = await _dream(env)
        await bot.idle()
        page = await _page(env)
        await env.ann.press(page, "Delete my data…")
        await page.until(lambda now: "Keep everything" in now.buttons)
        await env.ann.press(page, "Keep everything")
        await page.until(lambda now: "Delete my data…" in now.buttons)
        assert str(env.ann.id) in await _words_kept(bot)
    assert not dream.deleted


async def test_deletion_leaves_only_recipes(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        dream = await _dream(env)
        await bot.idle()
        page = await _page(env)
        await env.ann.press(page, "privacy:delete")
        await page.until(lambda now: "Delete my data" in now.buttons)
        await env.ann.press(page, "Delete my data")
        await page.until(lambda now: "deleted one dream" in now.content and not now.buttons)
        kept = await _words_kept(bot)
    assert not dream.deleted
    for gone in (env.ann.id, env.guild.id, env.channel.id, dream.id):
        assert str(gone) not in kept
    assert "mixed" in kept


async def test_posted_dreams_can_be_deleted_too(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        dream = await _dream(env)
        others = await env.bob.slash("dream", channel=env.channel, image=noise_png())
        kept = await env.dreamed(await others.response())
        lost = await _dream(env)
        moderator = env.guild.add_member("mod", permissions=MODERATOR)
        await moderator.delete(lost)
        await bot.idle()
        page = await _page(env)
        await env.ann.press(page, "privacy:delete")
        await page.until(lambda now: "Delete my data and my 2 dreams in channels" in now.buttons)
        await env.ann.press(page, "privacy:erase-posted")
        await page.until(lambda now: "2 dreams were deleted" in now.content)
    assert dream.deleted
    assert not kept.deleted


async def test_running_jobs_end_before_the_data_is_deleted(env: BotEnvironment, tmp_path: Path) -> None:
    hold(tmp_path)
    async with env.bot() as bot:
        interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png(), intensity=11)
        await (await interaction.result()).until(lambda now: "Cancel" in now.buttons)
        page = await _page(env)
        await env.ann.press(page, "privacy:delete")
        await page.until(lambda now: "Keep everything" in now.buttons)
        await env.ann.press(page, "privacy:erase")
        await page.until(lambda now: "deleted one dream" in now.content)
        assert await bot.services.store.unfinished() == []
        assert not [path for path in (bot.services.settings.data_dir / "files").rglob("*") if path.is_file()]
    assert not [one for one in env.channel.messages if is_dream(one)]
