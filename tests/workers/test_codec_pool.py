"""Codec processes may crash, hang or use too much memory; callers are not affected, and none is left over."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import psutil
import pytest
import pytest_asyncio

from dreambot.media.concurrency import requested_by
from dreambot.media.decode import decode, probe
from dreambot.media.picture import Picture, PictureError
from dreambot.workers.codec_pool import CodecPool, PoolClosed
from tests.media.samples import CAT, ROCKET, half_transparent, png, save_image

linux = pytest.mark.skipif(sys.platform != "linux", reason="limits are best effort elsewhere")

REPLACED = "too much for me|took too long"


@pytest_asyncio.fixture
async def pool() -> AsyncIterator[CodecPool]:
    pool = CodecPool(processes=2, timeout=100)
    yield pool
    await pool.close()


def codecs(parent: int | None = None) -> list[psutil.Process]:
    return [child for child in psutil.Process(parent).children(recursive=True) if _is_codec(child)]


def _is_codec(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):  # It may exit meanwhile; psutil.ZombieProcess is a subclass.
        return "dreambot.workers.codec_worker" in " ".join(process.cmdline())
    return False


async def test_the_pool_does_what_the_functions_do(pool, tmp_path):
    assert await pool.probe(ROCKET) == probe(ROCKET)
    path = save_image(half_transparent(), tmp_path / "half.png")
    picture, expected = await pool.decode(path, max_pixels=500), decode(path, max_pixels=500)
    assert np.array_equal(picture.rgb, expected.rgb)
    assert picture.alpha is not None
    assert expected.alpha is not None
    assert np.array_equal(picture.alpha, expected.alpha)
    picture.rgb[0, 0] = 0

    file = await pool.encode(picture, recipe_json='{"ü": 1}')
    out = tmp_path / f"out.{file.extension}"
    out.write_bytes(file.data)
    assert await pool.read_recipe(out) == '{"ü": 1}'
    assert await pool.read_recipe(CAT) is None
    assert len((await pool.encode(picture, limit=700)).data) <= 700
    assert (await pool.preview(picture.rgb)).startswith(b"\xff\xd8\xff")


async def test_names_of_any_alphabet(pool, tmp_path):
    path = tmp_path / "Кошка 猫 \udcff.png"
    path.write_bytes(CAT.read_bytes())
    assert (await pool.probe(path)).width == 451


async def test_errors_reach_the_caller(pool, tmp_path):
    (tmp_path / "x.png").write_text("hello")
    with pytest.raises(PictureError, match="is text"):
        await pool.probe(tmp_path / "x.png")
    assert len(codecs()) == 1, "a refusal costs no process"


async def test_the_limit_on_pixels():
    pool = CodecPool(max_pixels=1000)
    try:
        with pytest.raises(PictureError, match="too large"):
            await pool.probe(CAT)
        with pytest.raises(PictureError, match="too large"):
            await pool.decode(CAT, max_pixels=10)
    finally:
        await pool.close()


async def test_many_at_once_share_the_processes(pool):
    seen = await asyncio.gather(*(pool.decode(CAT, max_pixels=1000 + n) for n in range(20)))
    assert all(picture.width * picture.height <= 1020 for picture in seen)
    assert len(codecs()) == 2


async def busy(pool: CodecPool) -> tuple[asyncio.Task[object], psutil.Process]:
    """Starts a call that takes seconds; returns it and the process it runs in, once it is working."""
    await pool.preview(np.zeros((4, 4, 3), np.uint8))
    (codec,) = codecs()
    before = codec.cpu_times().user
    noise = np.random.default_rng(0).integers(0, 256, (2000, 2000, 3), np.uint8)
    task = asyncio.create_task(pool.encode(Picture(noise), limit=5_000_000))
    async with asyncio.timeout(100):
        while codec.cpu_times().user < before + 0.2:  # noqa: ASYNC110 - a process cannot be awaited
            await asyncio.sleep(0.005)
    assert not task.done()
    return task, codec


async def another(than: psutil.Process) -> psutil.Process:
    """Waits for the process that replaced another, once it is working."""
    async with asyncio.timeout(100):
        while True:
            for codec in codecs():
                if codec.pid != than.pid and codec.cpu_times().user > 1:
                    return codec
            await asyncio.sleep(0.005)


async def test_a_process_that_dies_at_start_is_retried(pool):
    task = asyncio.create_task(pool.probe(CAT))
    async with asyncio.timeout(100):
        while not (found := codecs()):  # noqa: ASYNC110 - a process cannot be awaited
            await asyncio.sleep(0.005)
    found[0].kill()
    assert (await task).width == 451


async def test_one_crash_is_retried(pool):
    task, codec = await busy(pool)
    codec.kill()
    encoded = await task
    assert len(encoded.data) <= 5_000_000
    assert pool.deaths == {"ended": 1, "slow": 0}


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSEGV, signal.SIGXCPU])
async def test_two_crashes_fail_one_call(pool, how):
    task, codec = await busy(pool)
    codec.send_signal(how)
    second = await another(codec)
    second.send_signal(how)
    with pytest.raises(PictureError, match=REPLACED):
        await task
    assert (await pool.probe(CAT)).width == 451
    assert not {codec.pid, second.pid} & {other.pid for other in codecs()}


async def test_a_process_that_dies_while_idle_fails_nothing(pool):
    await pool.probe(CAT)
    (codec,) = codecs()
    codec.kill()
    await asyncio.sleep(0.3)
    assert (await pool.probe(CAT)).width == 451


async def test_a_hang_fails_one_call():
    pool = CodecPool(processes=1, timeout=5)
    try:
        task, codec = await busy(pool)
        codec.suspend()
        with pytest.raises(PictureError, match="took too long"):
            await task
        assert pool.deaths == {"ended": 0, "slow": 1}
        assert not codec.is_running() or codec.status() == psutil.STATUS_ZOMBIE
        assert (await pool.probe(CAT)).width == 451
    finally:
        await pool.close()


@linux
async def test_a_busy_process_has_a_cpu_limit():
    pool = CodecPool(processes=1, timeout=20)
    try:
        await pool.probe(CAT)
        (codec,) = codecs()
        soft, _ = codec.rlimit(psutil.RLIMIT_CPU)
        assert 40 <= soft <= 45
    finally:
        await pool.close()


@linux
async def test_a_memory_bomb_fails_one_call(tmp_path):
    pool = CodecPool(processes=1, memory_limit=400 * 2**20)
    try:
        (tmp_path / "big.png").write_bytes(png(7000, 7000, pixels=bytes(7001 * 7000)))
        with pytest.raises(PictureError, match=r"too large to unpack|too much for me"):
            await pool.decode(tmp_path / "big.png", max_pixels=10**8)
        assert (await pool.probe(CAT)).width == 451
        (codec,) = codecs()
        assert codec.memory_info().rss < 300 * 2**20
    finally:
        await pool.close()


async def test_a_cancelled_call_frees_its_process(pool):
    task, codec = await busy(pool)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert codec.pid not in [other.pid for other in codecs()]
    assert (await pool.probe(CAT)).width == 451


async def stuck(pool: CodecPool) -> None:
    """Suspends the pool's only process, so that the next call does not return."""
    await pool.probe(CAT)
    (codec,) = codecs()
    codec.suspend()


@pytest.mark.parametrize("kind", ["frames", "decode", "probe", "encode", "preview", "read_recipe"])
async def test_one_person_leaves_a_process_for_others(pool, tmp_path, kind):
    pixels = np.zeros((64, 64, 3), np.uint8)
    calls = {
        "frames": lambda: pool.frames(CAT, size=(64, 64)),
        "decode": lambda: pool.decode(CAT, size=(64, 64)),
        "probe": lambda: pool.probe(CAT),
        "encode": lambda: pool.encode(Picture(pixels)),
        "preview": lambda: pool.preview(pixels),
        "read_recipe": lambda: pool.read_recipe(CAT),
    }
    await stuck(pool)
    with requested_by(1):
        heavy = [asyncio.create_task(calls[kind]()) for _ in range(6)]
    await asyncio.sleep(0)
    async with asyncio.timeout(15):
        with requested_by(2):
            assert (await pool.probe(CAT)).width == 451
        with requested_by(3):
            await asyncio.gather(*(pool.decode(CAT, max_pixels=1000) for _ in range(4)))
    assert not any(task.done() for task in heavy)
    assert len(codecs()) == 2
    await pool.close()
    await asyncio.gather(*heavy, return_exceptions=True)


async def test_long_calls_leave_a_process_for_short_ones(pool):
    await stuck(pool)
    heavy = []
    for person in range(5):
        with requested_by(person):
            heavy.append(asyncio.create_task(pool.frames(CAT, size=(64, 64))))
    await asyncio.sleep(0)
    async with asyncio.timeout(15):
        with requested_by(6):
            assert (await pool.probe(CAT)).width == 451
    assert not any(task.done() for task in heavy)
    await pool.close()
    await asyncio.gather(*heavy, return_exceptions=True)


async def test_close_leaves_nothing_behind():
    pool = CodecPool(processes=2)
    task, _ = await busy(pool)
    await pool.probe(CAT)
    before = codecs()
    assert len(before) == 2
    await pool.close()
    with pytest.raises(PoolClosed):
        await task
    assert codecs() == []
    with pytest.raises(PoolClosed):
        await pool.probe(CAT)
    await pool.close()


async def test_the_loop_stays_responsive(pool):
    waits: list[float] = []
    # On one busy core a call may be almost done before this process gets to look.
    while len(waits) < 40:
        task, _ = await busy(pool)
        while not task.done():
            before = time.perf_counter()
            await asyncio.sleep(0.01)
            waits.append(time.perf_counter() - before)
    assert max(waits) < 0.3 * sum(waits)


async def test_secrets_do_not_reach_the_decoders(pool, monkeypatch):
    monkeypatch.setenv("DREAMBOT_TOKEN", "secret")
    await pool.probe(CAT)
    (codec,) = codecs()
    assert not [name for name in codec.environ() if name.startswith("DREAMBOT")]


@linux
async def test_codecs_cannot_write_files(pool):
    await pool.probe(CAT)
    (codec,) = codecs()
    assert codec.rlimit(psutil.RLIMIT_FSIZE)[0] == 0
    assert codec.rlimit(psutil.RLIMIT_CORE)[0] == 0


def run(script: str, **options: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", script]
    return subprocess.run(command, capture_output=True, text=True, timeout=200, check=True, **options)


def test_what_a_codec_process_imports():
    heavy = {
        "torch",
        "torchvision",
        "discord",
        "sqlalchemy",
        "aiohttp",
        "pydantic",
        "asyncio",
        "av",
        "skimage",
    }
    script = "import json, sys, dreambot.workers.codec_worker; print(json.dumps(sorted(sys.modules)))"
    loaded = set(json.loads(run(script).stdout))
    assert not loaded & heavy


def test_the_main_module_is_not_run_again(tmp_path):
    script = tmp_path / "unguarded.py"
    script.write_text(
        "import asyncio, pathlib, sys\n"
        "from dreambot.workers.codec_pool import CodecPool\n"
        "print('started')\n"
        "async def main():\n"
        "    pool = CodecPool()\n"
        "    print((await pool.probe(pathlib.Path(sys.argv[1]))).width)\n"
        "    await pool.close()\n"
        "asyncio.run(main())\n"
    )
    done = subprocess.run(
        [sys.executable, script, CAT], capture_output=True, text=True, timeout=200, check=True
    )
    assert done.stdout.split() == ["started", "451"]
    assert done.stderr == ""


def test_modules_in_the_current_folder_are_not_loaded(tmp_path):
    for name in ("PIL", "numpy", "dreambot"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('a stranger')")
    script = (
        "import sys; sys.path = [p for p in sys.path if p]\n"
        "import asyncio, pathlib\n"
        "from dreambot.workers.codec_pool import CodecPool\n"
        "async def main():\n"
        "    pool = CodecPool()\n"
        f"    print((await pool.probe(pathlib.Path({str(CAT)!r}))).width)\n"
        "    await pool.close()\n"
        "asyncio.run(main())\n"
    )
    assert run(script, cwd=tmp_path).stdout.strip() == "451"


PARENT = """
import asyncio, sys
import numpy as np
from dreambot.media.picture import Picture
from dreambot.workers.codec_pool import CodecPool

async def main():
    pool = CodecPool(processes=2)
    rgb = np.random.default_rng(0).integers(0, 256, (3000, 3000, 3), np.uint8)
    await asyncio.gather(*(pool.preview(rgb) for _ in range(2)))
    if sys.argv[1] == "busy":
        calls = [asyncio.create_task(pool.encode(Picture(rgb), limit=5_000_000)) for _ in range(2)]
        await asyncio.sleep(0.5)
    print("ready", flush=True)
    await asyncio.sleep(600)

asyncio.run(main())
"""


@pytest.mark.parametrize("state", ["idle", "busy"])
def test_nothing_survives_kill_9_of_the_parent(state):
    parent = subprocess.Popen([sys.executable, "-c", PARENT, state], stdout=subprocess.PIPE, cwd=Path.cwd())
    try:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"ready\n"
        children = codecs(parent.pid)
        assert len(children) == 2
    finally:
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()
    _, alive = psutil.wait_procs(children, timeout=60)
    assert alive == []
