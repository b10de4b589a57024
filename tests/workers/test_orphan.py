import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]

# A bot in miniature: it starts a dream, says which processes there are, and waits to be killed.
SCRIPT = """
import asyncio, sys
import numpy as np, psutil
from dreambot.scheduler.executor import LocalExecutor
from dreambot.media.picture import DreamInputs
from dreambot.recipe import DreamRequest, SourceFacts, resolve_dream
from tests.support.fake_engine import ENGINE, HANG
from tests.support.recipes import fake_trained

async def main():
    executor = LocalExecutor(["cpu"], engine=ENGINE)
    await executor.start()
    recipe = resolve_dream(
        DreamRequest(preset="classic"), SourceFacts(300, 300), seed=HANG, models=fake_trained,
        precision="fp32", max_pixels=90_000,
    )
    run = executor.submit("a", recipe, DreamInputs(np.zeros((300, 300, 3), np.uint8)))
    async for event in run.events():
        if event.running:
            break
    print(*(child.pid for child in psutil.Process().children()), flush=True)
    print(*sorted(sys.modules), flush=True)
    await asyncio.sleep(600)

asyncio.run(main())
"""


def _start() -> tuple["subprocess.Popen[str]", list[psutil.Process], set[str]]:
    env = {**os.environ, "PYTHONPATH": str(ROOT), "FAKE_ENGINE_STEP": "0.12"}
    bot = subprocess.Popen([sys.executable, "-c", SCRIPT], stdout=subprocess.PIPE, text=True, env=env)
    assert bot.stdout
    pids, modules = bot.stdout.readline().split(), set(bot.stdout.readline().split())
    return bot, [psutil.Process(int(pid)) for pid in pids], modules


def test_a_killed_bot_leaves_no_worker_and_never_imported_torch() -> None:
    bot, workers, modules = _start()
    assert len(workers) == 1
    bot.send_signal(signal.SIGKILL)
    bot.communicate(timeout=60)
    _, alive = psutil.wait_procs(workers, timeout=60)
    assert alive == []
    assert not modules & {"torch", "torchvision", "discord", "sqlalchemy"}


def test_a_worker_notices_the_end_of_the_pipe_alone() -> None:
    """What counts where the kernel does not tie a child to its parent."""
    code = """
import socket, time
from dreambot.workers.gpu.inbox import PipeInbox
ours, theirs = socket.socketpair()
PipeInbox(theirs.makefile("rb"), theirs.makefile("wb"))
ours.close()
time.sleep(600)
"""
    assert subprocess.run([sys.executable, "-c", code], timeout=60, check=False).returncode == 0
