"""Hellscapes to a sound, over the wire: audio files, videos and voice messages."""

from datetime import timedelta
from pathlib import Path

import pytest

from dreambot.bot.sources import refetch
from dreambot.guilds.settings import PersonSettings
from dreambot.jobs.models import Job
from dreambot.jobs.personal_data import PersonalData
from dreambot.media.sound import read_sound
from dreambot.recipe import DreamRequest, Recipe
from dreambot.recipe.text import format_recipe
from dreambot.sandbox.driver.channels import ChannelHandle, MessageHandle
from tests.bot.processes import bot_process
from tests.bot.support import BotEnvironment, RunningBot, is_dream, noise_png
from tests.media.sounds import beeps, onsets, packets_of, write_sound, write_video_with_sound
from tests.support.fake_engine import hold, release

BEEPS = (0.25, 0.75)


@pytest.fixture
def wav(tmp_path: Path) -> bytes:
    return write_sound(tmp_path / "a.wav", beeps(1.0, BEEPS), "pcm_s16le").read_bytes()


@pytest.fixture
def ogg(tmp_path: Path) -> bytes:
    return write_sound(tmp_path / "a.ogg", beeps(1.0, BEEPS), "libopus").read_bytes()


async def answered(channel: ChannelHandle, message: MessageHandle) -> MessageHandle:
    """Waits for the reply to a message to be a dream."""
    return await channel.wait_for_message(lambda one: one.replies_to == message.id and is_dream(one), 100)


async def job_of(bot: RunningBot, dream: MessageHandle) -> Job:
    await bot.idle()
    job = await bot.services.job_history.find_by_result(dream.id)
    assert job
    return job


def beeps_in(dream: MessageHandle, tmp_path: Path) -> list[float]:
    path = tmp_path / "dream.mp4"
    path.write_bytes(dream.attachments[0].data)
    return onsets(read_sound(path, 30))


def loudness_of(recipe: Recipe | None) -> str:
    assert recipe
    assert recipe.hellscape
    return recipe.hellscape.loudness


async def test_an_audio_file_drives_a_hellscape_and_is_heard(
    env: BotEnvironment, wav: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with env.bot() as bot:
        asked = await env.ann.slash("hellscape", channel=env.channel, sound=wav, intensity=1, seed=3)
        first = await env.dreamed(await asked.response())
        job = await job_of(bot, first)
        assert beeps_in(first, tmp_path) == pytest.approx(BEEPS, abs=0.04)
        curve = loudness_of(job.recipe)
        assert job.recipe
        assert (job.recipe.frames, len(curve)) == (24, 13)
        assert curve[1] == "A" != curve[4]
        assert "The sound is longer" not in first.content

        again = await env.dreamed(await (await env.bob.press(first, "Again")).response())
        assert loudness_of((await job_of(bot, again)).recipe) == curve
        assert beeps_in(again, tmp_path) == pytest.approx(BEEPS, abs=0.04)

        # A recipe has the curve, but not the sound.
        pasted = await env.ann.slash("dream", channel=env.channel, recipe=format_recipe(job.recipe))
        silent = await env.dreamed(await pasted.response())
        assert (await job_of(bot, silent)).recipe == job.recipe
        assert not packets_or_nothing(silent, tmp_path)

        monkeypatch.setattr(refetch, "_MARGIN", timedelta(days=2))
        reply = await (await env.bob.press(first, "Again")).follow_up()
        assert "sound of this video is no longer available" in reply.content


def packets_or_nothing(dream: MessageHandle, tmp_path: Path) -> list[bytes]:
    path = tmp_path / "dream.mp4"
    path.write_bytes(dream.attachments[0].data)
    try:
        return packets_of(path)
    except IndexError:
        return []


async def test_longer_sounds_are_cut_with_a_note(env: BotEnvironment, tmp_path: Path) -> None:
    long = write_sound(tmp_path / "a.mp3", beeps(3.0, (0.25, 2.0)), "libmp3lame").read_bytes()
    async with env.bot(max_film_seconds=1.0):
        asked = await env.ann.slash("hellscape", channel=env.channel, sound=long, image=noise_png())
        dream = await env.dreamed(await asked.response())
        assert "The sound is longer. I used its first 1 s." in dream.content
        assert beeps_in(dream, tmp_path) == pytest.approx([0.25], abs=0.05)


async def test_voice_messages_become_hellscapes(env: BotEnvironment, ogg: bytes, tmp_path: Path) -> None:
    async with env.bot() as bot:
        spoken = await env.bob.speak(env.channel, ogg, 1.0)
        dream = await env.dreamed(await (await env.ann.menu("Hellscape this", spoken)).response())
        job = await job_of(bot, dream)
        assert job.recipe
        assert job.recipe.hellscape
        assert job.recipe.hellscape.start == "smooth"
        assert beeps_in(dream, tmp_path) == pytest.approx(BEEPS, abs=0.04)
        personal = PersonalData(bot.services.store.database, bot.services.files)
        stored = await personal.export(env.bob.id)
        assert [one["id"] for one in stored["dreamed_by_others"]] == [job.id]

        asked = await env.ann.post(env.channel, f"<@{env.sandbox.bot_id}> hellscape", reply_to=spoken)
        mentioned = await answered(env.channel, asked)
        assert loudness_of((await job_of(bot, mentioned)).recipe)

        direct = env.ann.dm_channel()
        answer = await answered(direct, await env.ann.speak(direct, ogg, 1.0))
        assert loudness_of((await job_of(bot, answer)).recipe)

        await bot.services.guild_store.set_person(env.bob.id, PersonSettings(untouchable=True))
        reply = await (await env.ann.menu("Hellscape this", spoken)).follow_up()
        assert "does not want others" in reply.content
        await personal.erase(env.bob.id)
        assert (await job_of(bot, dream)).spec.sound is None


async def test_files_without_sound_and_loops_are_refused(env: BotEnvironment, wav: bytes) -> None:
    async with env.bot():
        asked = await env.ann.slash("hellscape", channel=env.channel, sound=noise_png())
        assert "no sound in that file" in (await asked.follow_up()).content
        asked = await env.ann.slash("hellscape", channel=env.channel, sound=wav, loop=True)
        assert "cannot be a loop" in (await asked.follow_up()).content


async def test_a_dreamed_video_keeps_its_sound(env: BotEnvironment, tmp_path: Path) -> None:
    source = write_video_with_sound(tmp_path / "a.mp4", beeps(1.0, BEEPS))
    async with env.bot() as bot:
        asked = await env.ann.slash("dream", channel=env.channel, image=source, intensity=1)
        dream = await env.dreamed(await asked.response())
        assert isinstance((await job_of(bot, dream)).spec.request, DreamRequest)
    assert packets_or_nothing(dream, tmp_path) == packets_of(source)


async def test_a_killed_bot_resumes_a_hellscape_with_its_sound(
    env: BotEnvironment, wav: bytes, tmp_path: Path
) -> None:
    hold(tmp_path)
    async with bot_process(env, "tests.bot.fake_engine_bot") as running:
        await env.sandbox.wait_until_bot_ready(120)
        interaction = await env.ann.slash("hellscape", channel=env.channel, sound=wav, intensity=1)
        progress = await (await interaction.result()).until(lambda now: "%" in now.content)
        running.kill()
        await running.wait()
    release(tmp_path)
    async with bot_process(env, "tests.bot.fake_engine_bot"):
        dream = await env.dreamed(progress)
    assert beeps_in(dream, tmp_path) == pytest.approx(BEEPS, abs=0.04)
