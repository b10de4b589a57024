"""The bot as a process: signals, exit codes, and modules that it must not import."""

import asyncio
import signal
from pathlib import Path

import psutil
import pytest

from dreambot.sandbox.driver.channels import MessageHandle
from dreambot.zoo.weights import locate
from tests.bot.processes import bot_process
from tests.bot.support import BotEnvironment, noise_png
from tests.support import require
from tests.support.fake_engine import hold, release

ROOT = Path(__file__).parents[2]


async def _dream(env: BotEnvironment) -> MessageHandle:
    interaction = await env.ann.slash(
        "dream", channel=env.channel, image=noise_png(), layer="mixed0", intensity=1
    )
    message = await interaction.response()
    return await message.until(lambda now: now.attachments and "Cancel" not in now.buttons, 120)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_it_cleanly_and_it_never_imported_torch(
    env: BotEnvironment, number: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bot_process(env, "tests.bot.fake_engine_bot") as running:
        await env.sandbox.wait_until_bot_ready(120)
        await _dream(env)
        children = psutil.Process(running.pid).children(recursive=True)
        monkeypatch.setenv("FAKE_ENGINE_STEP", "1")
        running.send_signal(number)
        out, err = await asyncio.wait_for(running.communicate(), 100)
    assert running.returncode == 0, err.decode()
    assert out.decode().strip() == "[]"
    assert env.sandbox.bot_token not in err.decode()
    assert "stopping: nothing new is accepted; press Ctrl+C again to end at once" in err.decode()
    _, alive = psutil.wait_procs(children, timeout=60)
    assert children
    assert not alive


async def test_shutdown_is_logged_and_a_second_signal_ends_it(env: BotEnvironment, tmp_path: Path) -> None:
    hold(tmp_path)
    async with bot_process(env, "tests.bot.fake_engine_bot") as running:
        assert running.stderr
        await env.sandbox.wait_until_bot_ready(120)
        interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png(), layer="mixed0")
        await (await interaction.result()).until(lambda now: "octave" in now.content, 60)
        children = psutil.Process(running.pid).children(recursive=True)
        running.send_signal(signal.SIGINT)
        async with asyncio.timeout(20):
            while b"waiting up to 25 s for 1 dream under way" not in await running.stderr.readline():
                pass
        running.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(running.wait(), 10) == 1
    _, alive = await asyncio.to_thread(psutil.wait_procs, children, timeout=60)
    assert not alive


async def test_killed_it_leaves_no_process_behind(env: BotEnvironment) -> None:
    async with bot_process(env, "tests.bot.fake_engine_bot") as running:
        await env.sandbox.wait_until_bot_ready(120)
        await _dream(env)
        children = psutil.Process(running.pid).children(recursive=True)
        running.kill()
        await running.wait()
    assert len(children) >= 2
    _, alive = await asyncio.to_thread(psutil.wait_procs, children, timeout=60)
    assert not alive


async def test_a_killed_bot_resumes_its_job_after_the_next_start(env: BotEnvironment, tmp_path: Path) -> None:
    hold(tmp_path)
    async with bot_process(env, "tests.bot.fake_engine_bot") as running:
        await env.sandbox.wait_until_bot_ready(120)
        interaction = await env.ann.slash("dream", channel=env.channel, image=noise_png())
        progress = await (await interaction.result()).until(lambda now: "octave" in now.content)
        running.kill()
        await running.wait()
    release(tmp_path)
    async with bot_process(env, "tests.bot.fake_engine_bot"):
        await env.dreamed(progress)


@pytest.mark.weights
@pytest.mark.slow
async def test_dreambot_run_dreams_with_the_real_network(env: BotEnvironment) -> None:
    require("weights", locate("inception_v3") is not None)
    async with bot_process(env, "dreambot", "run") as running:
        await env.sandbox.wait_until_bot_ready(120)
        done = await _dream(env)
        running.send_signal(signal.SIGTERM)
        _, err = await asyncio.wait_for(running.communicate(), 100)
    assert running.returncode == 0, err.decode()
    assert done.attachments[0].width == 384


async def test_mistakes_in_the_settings_are_sentences_and_exit_code_2(env: BotEnvironment) -> None:
    env.settings.data_dir.mkdir(parents=True)
    (env.settings.data_dir.parent / ".env").write_text("DREAMBOT_TOKN=x\nDREAMBOT_QUEUE_SIZE=many\n")
    async with bot_process(env, "dreambot", "run") as running:
        out, err = await asyncio.wait_for(running.communicate(), 100)
    assert running.returncode == 2
    assert "did you mean DREAMBOT_TOKEN?" in err.decode()
    assert "DREAMBOT_QUEUE_SIZE is “many”" in err.decode()
    assert "Traceback" not in err.decode()
    assert out == b""
