"""Messages with several pictures: all are dreamed, and answered in one message."""

from pathlib import Path

import pytest

from dreambot.jobs.models import JobState
from dreambot.sandbox.driver.channels import MessageHandle
from dreambot.sandbox.messages import Upload
from tests.bot.support import (
    MANAGER,
    BotEnvironment,
    RunningBot,
    decode_pixels,
    fake_engine_output,
    is_dream,
    noise_png,
    press,
)
from tests.support.fake_engine import HELD

PICTURES = [noise_png(300, 260, seed) for seed in range(4)]
BROKEN = Upload("broken.png", PICTURES[3][:40] + b"no picture at all")


def _shows(message: MessageHandle, *pictures: bytes) -> bool:
    """Checks that a message shows the fake engine's dreams of these pictures, in this order."""
    return [decode_pixels(one.data).tobytes() for one in message.attachments] == [
        fake_engine_output(picture).tobytes() for picture in pictures
    ]


def _finished_steps(folder: Path) -> int:
    """Counts the dreams that the fake engine has finished."""
    times = folder / "times"
    return len(times.read_text().splitlines()) if times.exists() else 0


def _dreams(env: BotEnvironment) -> list[MessageHandle]:
    return [one for one in env.channel.messages if one.author_id == env.sandbox.bot_id and is_dream(one)]


async def _set_daily_limit(env: BotEnvironment, bot: RunningBot, most: int) -> None:
    await bot.services.guild_store.update_guild(
        env.guild.id,
        lambda now: now.model_copy(
            update={"everyone": now.everyone.model_copy(update={"pictures_a_day": most})}
        ),
    )


async def test_all_pictures_of_a_message_arrive_in_one_message(env: BotEnvironment) -> None:
    files = [Upload(f"{name}.png", data) for name, data in zip("abcd", PICTURES, strict=True)]
    files[2] = Upload("SPOILER_c.png", PICTURES[2])
    posted = await env.bob.post(env.channel, files=files)
    async with env.bot() as bot:
        done = await env.dreamed(await (await env.ann.menu("Dream this", posted)).response())
        assert _shows(done, *PICTURES)
        assert [one.spoiler for one in done.attachments] == [False, False, True, False]
        assert len({one.filename for one in done.attachments}) == 4
        for name, one in zip("abcd", done.attachments, strict=True):
            assert f"{name}.png" in (one.description or "")
        assert done.content.count("seed:") == 1
        assert not {"Compare", "Zoom"} & set(done.buttons)
        await bot.idle()
        job = await bot.services.job_history.find_by_result(done.id)
        assert job
        assert len({picture.recipe and picture.recipe.seed for picture in job.album}) == 1

        deeper = await env.dreamed(await (await env.ann.press(done, "Deeper")).response())
        assert _shows(deeper, *(one.data for one in done.attachments))
        again = await env.dreamed(await (await env.ann.press(done, "Again")).response())
        assert _shows(again, *PICTURES)
        await press(env.ann, deeper, "Undo")
        await deeper.until(lambda now: len(now.attachments) == 4 and _shows(now, *PICTURES))
        newest = await env.dreamed(await (await env.ann.slash("dream", channel=env.channel)).response())
        assert len(newest.attachments) == 4
        await bot.idle()
    assert len(_dreams(env)) == 4


async def test_a_picture_that_fails_is_named_and_the_others_arrive(env: BotEnvironment) -> None:
    async with env.bot() as bot:
        files = [PICTURES[0], BROKEN, PICTURES[1]]
        await env.ann.post(env.channel, f"<@{env.sandbox.bot_id}> mixed4 seed:3", files=files)
        done = await env.channel.wait_for_message(is_dream, 100)
        assert _shows(done, PICTURES[0], PICTURES[1])
        assert "Picture 2 (broken.png): " in done.content
        await bot.idle()

        await env.ann.post(env.channel, f"<@{env.sandbox.bot_id}>", files=[BROKEN, BROKEN])
        told = await env.channel.wait_for_message(
            lambda one: (
                "Cancel" not in one.buttons and not one.attachments and one.author_id == done.author_id
            )
        )
        assert told.content


async def test_a_deleted_picture_is_named_when_the_others_are_dreamed_again(env: BotEnvironment) -> None:
    files = [Upload(f"{name}.png", data) for name, data in zip("abc", PICTURES, strict=False)]
    posted = await env.bob.post(env.channel, files=files)
    async with env.bot() as bot:
        done = await env.dreamed(await (await env.ann.menu("Dream this", posted)).response())
        del posted.model.attachments[1]
        again = await env.dreamed(await (await env.ann.press(done, "Again")).response())
        assert _shows(again, PICTURES[0], PICTURES[2])
        assert "Picture 2 (b.png): It was deleted." in again.content
        del posted.model.attachments[0]
        third = await env.dreamed(await (await env.ann.press(again, "Again")).response())
        assert _shows(third, PICTURES[2])
        assert "Picture 1 (a.png): It was deleted." in third.content
        assert "Picture 2 (b.png): It was deleted." in third.content
        del posted.model.attachments[0]
        told = await (await env.ann.press(third, "Again")).follow_up()
        assert "no longer available" in told.content
        await bot.idle()


async def test_pictures_count_towards_the_quota_and_the_rest_is_left_out(env: BotEnvironment) -> None:
    posted = await env.bob.post(env.channel, files=PICTURES)
    async with env.bot() as bot:
        await _set_daily_limit(env, bot, 3)
        done = await env.dreamed(await (await env.ann.menu("Dream this", posted)).response())
        assert _shows(done, *PICTURES[:3])
        assert "Picture 4" in done.content
        refused = await (await env.ann.menu("Dream this", posted)).follow_up()
        assert "3" in refused.content
        # Where the source is searched for, too.
        link = f"https://discord.com/channels/{env.guild.id}/{env.channel.id}/{posted.id}"
        linked = await env.bob.slash("dream", channel=env.channel, url=link)
        assert _shows(await env.dreamed(await linked.response()), *PICTURES[:3])


async def test_auto_dream_counts_each_picture(env: BotEnvironment) -> None:
    manager = env.guild.add_member("mia", permissions=MANAGER)
    async with env.bot(autodream_per_hour=3) as bot:
        await (await manager.slash("autodream on", channel=env.channel)).result()
        for _ in range(2):
            await env.ann.post(env.channel, files=PICTURES[:2])
            await env.events_handled()
        await bot.idle()
        assert sorted(len(one.attachments) for one in _dreams(env)) == [1, 2]


async def test_cancelling_ends_the_whole_album(env: BotEnvironment, tmp_path: Path) -> None:
    async with env.bot() as bot:
        await env.ann.post(env.channel, f"<@{env.sandbox.bot_id}> seed:{HELD}", files=PICTURES[:3])
        progress = await env.channel.wait_for_message(lambda one: "picture 1 of 3" in one.content, 100)
        await progress.until(lambda now: bool(now.attachments))
        await env.ann.press(progress, "Cancel")
        await progress.until(lambda now: "Cancelled" in now.content)
        await bot.idle()
        assert not progress.attachments
    assert _finished_steps(tmp_path) == 0


async def test_an_album_continues_after_a_restart_and_dreams_nothing_twice(
    env: BotEnvironment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_ENGINE_STEP", "0.1")
    posted = await env.bob.post(env.channel, files=PICTURES[:3])
    async with env.bot(drain_seconds=0) as bot:
        interaction = await env.ann.menu("Dream this", posted)
        message = await (await interaction.response()).until(lambda now: "picture 2 of 3" in now.content, 100)
        await bot.end()
    before = _finished_steps(tmp_path)
    assert 1 <= before < 3
    monkeypatch.setenv("FAKE_ENGINE_STEP", "0.005")
    async with env.bot() as bot:
        done = await env.dreamed(message)
        assert _shows(done, *PICTURES[:3])
        await bot.idle()
        job = await bot.services.job_history.find_by_result(done.id)
        assert job
        assert job.state is JobState.done
    assert _finished_steps(tmp_path) == 3
    assert _dreams(env) == [done]


async def test_files_too_large_together_are_sent_smaller(env: BotEnvironment) -> None:
    posted = await env.bob.post(env.channel, files=PICTURES[:2])
    async with env.bot():
        interaction = await env.ann.menu("Dream this", posted)
        message = await interaction.response()
        env.sandbox.set_upload_limit(60_000)
        done = await env.dreamed(message)
    assert len(done.attachments) == 2
    assert all(len(one.data) <= 60_000 for one in done.attachments)


async def test_many_broken_pictures_and_a_long_recipe_fit_into_a_message(env: BotEnvironment) -> None:
    env.guild.set_locale("fr")
    broken = [
        Upload(f"photo-de-nos-longues-vacances-a-la-mer-en-bretagne-numero-{number}.png", BROKEN.data)
        for number in range(9)
    ]
    channels = "[101,102,103,104,105,106,107,108,109,110]"
    layers = "+".join(f"mixed{number}{channels}" for number in range(1, 7))
    bends = "+".join(f"swap@mixed{number}=0.3" for number in range(1, 6))
    wanted = f"layer:{layers}+mixed4*0.25+mixed5*0.25 bend:{bends} intensity:11 seed:3"
    async with env.bot() as bot:
        await env.ann.post(env.channel, f"<@{env.sandbox.bot_id}> {wanted}", files=[PICTURES[0], *broken])
        answer = await env.channel.wait_for_message(
            lambda one: one.author_id == env.sandbox.bot_id and "Annuler" not in one.buttons, 100
        )
        assert _shows(answer, PICTURES[0])
        assert answer.content.count("\n-# Image ") == 9
        await bot.idle()
