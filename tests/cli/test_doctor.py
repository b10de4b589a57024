"""`dreambot doctor` and `dreambot invite`, against the sandbox and this machine."""

import asyncio
import os
import re
import shutil
import socket
import sys
import tempfile
from collections.abc import AsyncIterator
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from dreambot.bot.invite import REQUIRED_PERMISSIONS
from dreambot.cli import doctor_account, doctor_checks
from dreambot.cli.doctor_checks import CheckResult
from dreambot.config import Settings
from dreambot.jobs.store import JobStore
from dreambot.sandbox.faults import Fault
from dreambot.sandbox.permissions import Permission
from dreambot.sandbox.sandbox import Sandbox
from dreambot.zoo.catalogue import MODELS
from tests.support import require
from tests.support.full_disk import limit_file_size


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as it:
        yield it


def _settings(sandbox: Sandbox, **more: Any) -> Settings:
    return Settings(discord_api=sandbox.api, token=SecretStr(sandbox.bot_token)).model_copy(update=more)


async def _check_account(settings: Settings) -> list[CheckResult]:
    return [finding async for finding in doctor_account.check_discord(settings)]


async def _find_result(settings: Settings, word: str) -> CheckResult:
    found = await _check_account(settings)
    [one] = [finding for finding in found if word in finding.what]
    return one


async def _run(*words: str, cwd: Path, **environment: str) -> tuple[int, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("DREAMBOT_")}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "dreambot", *words),
        cwd=cwd,
        env=kept | environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await asyncio.wait_for(process.communicate(), 120)
    return process.returncode or 0, said.decode()


async def test_everything_is_ok(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.add_guild()
    code, said = await _run(
        "doctor",
        cwd=tmp_path,
        DREAMBOT_DISCORD_API=sandbox.api,
        DREAMBOT_TOKEN=sandbox.bot_token,
        DREAMBOT_DATA_DIR=str(tmp_path / "data"),
        DREAMBOT_DEVICE="cpu",
    )
    assert code == 0, said
    assert "✗" not in said
    for word in (
        "settings",
        "GB free",
        "database",
        "It dreams on cpu",
        "token",
        "intent",
        "1 server",
        "clock",
    ):
        assert word in said
    assert sandbox.bot_token not in said
    assert not (tmp_path / "data").exists()


async def test_problems_are_reported_with_a_fix(sandbox: Sandbox, tmp_path: Path) -> None:
    code, said = await _run(
        "doctor",
        cwd=tmp_path,
        DREAMBOT_DISCORD_API=sandbox.api,
        DREAMBOT_TOKEN="an-old-one",
        DREAMBOT_DATA_DIR=str(tmp_path / "data"),
        DREAMBOT_EXECUTOR="ray",
        RAY_TMPDIR=str(tmp_path),
    )
    assert code == 1
    assert "✗ Discord does not accept the token" in said
    assert "✗ This machine has joined no cluster" in said
    assert said.count("→") >= 2
    assert "an-old-one" not in said


async def test_mistakes_in_the_settings_come_first(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("DREAMBOT_QUEUE_SZE=3\nDREAMBOT_PRECISION=fp64\n")
    code, said = await _run("doctor", cwd=tmp_path)
    assert code == 1
    assert "did you mean DREAMBOT_QUEUE_SIZE" in said
    assert "DREAMBOT_PRECISION" in said


async def test_no_token(sandbox: Sandbox) -> None:
    [finding] = await _check_account(_settings(sandbox, token=None))
    assert finding.state == "error"
    assert "DREAMBOT_TOKEN" in (finding.fix or "")


@pytest.mark.parametrize("written", ['"{}"', "{}\n", "Bot {}", "{}\nx"])
async def test_more_than_a_token_is_noticed(sandbox: Sandbox, written: str) -> None:
    token = SecretStr(written.format(sandbox.bot_token))
    [finding] = await _check_account(_settings(sandbox, token=token))
    assert finding.state == "error"
    assert "quotes, spaces or a second word" in finding.what
    assert sandbox.bot_token not in finding.what


async def test_a_missing_intent_and_no_server_are_warnings(sandbox: Sandbox) -> None:
    sandbox.grant_message_content(False)
    assert (await _find_result(_settings(sandbox), "intent")).state == "warning"
    nowhere = await _find_result(_settings(sandbox), "no server")
    assert nowhere.state == "warning"
    assert f"client_id={sandbox.bot_id}" in (nowhere.fix or "")


async def test_missing_permissions_are_named(sandbox: Sandbox) -> None:
    sandbox.add_guild("ok")
    poor = sandbox.add_guild("poor", bot_permissions=Permission.VIEW_CHANNEL)
    poor.set_everyone_permissions(Permission.VIEW_CHANNEL)
    lacking = await _find_result(_settings(sandbox), "lacks")
    assert "“poor”" in lacking.what
    assert "Attach Files" in lacking.what
    assert "View Channels" not in lacking.what


async def test_an_owners_server_without_the_bot(sandbox: Sandbox) -> None:
    guild = sandbox.add_guild()
    assert (await _find_result(_settings(sandbox, admin_guild=5), "DREAMBOT_ADMIN_GUILD")).state == "warning"
    found = await _check_account(_settings(sandbox, admin_guild=guild.id))
    assert not [finding for finding in found if "ADMIN_GUILD" in finding.what]


@pytest.mark.parametrize(("ahead", "word"), [(300.0, "ahead of"), (-7200.0, "behind")])
async def test_a_clock_that_is_wrong(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, ahead: float, word: str
) -> None:
    assert (await _find_result(_settings(sandbox), "clock")).state == "ok"
    read = doctor_account.parsedate_to_datetime
    # If our clock is ahead, Discord's is behind.
    monkeypatch.setattr(
        doctor_account, "parsedate_to_datetime", lambda text: read(text) - timedelta(seconds=ahead)
    )
    finding = await _find_result(_settings(sandbox), "clock")
    assert finding.state == "warning"
    assert word in finding.what


async def test_discord_out_of_reach_or_out_of_order(sandbox: Sandbox) -> None:
    [finding] = await _check_account(_settings(sandbox, discord_api="http://127.0.0.1:9/api/v10"))
    assert (finding.state, "cannot be reached" in finding.what) == ("error", True)
    sandbox.faults.plan(Fault.UNAVAILABLE, "GET", "/applications/@me")
    assert (await _find_result(_settings(sandbox), "503")).state == "error"


def test_an_impossible_data_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert doctor_checks.check_data_folder(tmp_path / "file" / "data").state == "error"
    assert doctor_checks.check_data_folder(Path("/proc/dreambot")).state == "error"
    with limit_file_size(0):
        assert doctor_checks.check_data_folder(tmp_path).state == "error"
    assert doctor_checks.check_data_folder(tmp_path).state == "ok"


@pytest.mark.parametrize(("free", "state"), [(10**8, "error"), (10**9, "warning"), (10**10, "ok")])
def test_free_space(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, state: str) -> None:
    monkeypatch.setattr(doctor_checks.shutil, "disk_usage", lambda _: _Usage(free))
    assert doctor_checks.check_data_folder(tmp_path).state == state


class _Usage:
    def __init__(self, free: int) -> None:
        self.free = free


async def test_the_database_is_checked_and_not_changed(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    assert "empty" in (await doctor_checks.check_database(settings)).what
    assert not settings.data_dir.exists()
    store = JobStore(settings.database)
    await store.open()
    assert (await doctor_checks.check_database(settings)).state == "ok"
    async with store.database.engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    newer = await doctor_checks.check_database(settings)
    assert (newer.state, "9999" in newer.what) == ("error", True)
    await store.close()
    (settings.data_dir / "dreambot.db").write_bytes(b"this is no database, and long enough" * 100)
    assert (await doctor_checks.check_database(settings)).state == "error"


async def test_a_database_server_is_checked(postgres_url: str) -> None:
    settings = Settings(database_url=SecretStr(postgres_url))
    assert "PostgreSQL) is empty" in (await doctor_checks.check_database(settings)).what
    store = JobStore(settings.database)
    await store.open()
    await store.close()
    assert "PostgreSQL) answers" in (await doctor_checks.check_database(settings)).what


async def test_an_unreachable_database_server() -> None:
    settings = Settings(database_url=SecretStr("postgresql://me:secret@127.0.0.1:9/dreams"))
    finding = await doctor_checks.check_database(settings)
    assert finding.state == "error"
    assert "secret" not in finding.what


@pytest.mark.parametrize(
    ("url", "state", "said"),
    [
        ("sqlite://", "error", "in memory"),
        ("sqlite+aiosqlite:///dreams.db", "warning", "whatever folder the bot starts in"),
        ("sqlite:////dev/null/dreams.db", "error", "not writable"),
    ],
)
async def test_sqlite_files_that_do_not_last(url: str, state: str, said: str) -> None:
    finding = await doctor_checks.check_database(Settings(database_url=SecretStr(url)))
    assert (finding.state, said in finding.what) == (state, True), finding


async def test_processes_cannot_share_an_sqlite_file(tmp_path: Path) -> None:
    finding = await doctor_checks.check_database(Settings(data_dir=tmp_path, shard_count=2, shard_ids="0"))
    assert (finding.state, "DREAMBOT_SHARD_IDS" in finding.what) == ("warning", True)
    finding = await doctor_checks.check_database(Settings(data_dir=tmp_path, shard_count=2, shard_ids="0-1"))
    assert finding.state == "ok"


AS_NOBODY = """
import asyncio, os, sys
from pathlib import Path
from dreambot.cli import doctor_checks
from dreambot.config import Settings

def check():
    settings = Settings(data_dir=Path(sys.argv[1]))
    yield asyncio.run(doctor_checks.check_database(settings)).what
    yield doctor_checks.check_data_folder(settings.data_dir).what
    yield doctor_checks.check_weights(settings).what

# Python's own modules may be in root's folders: this imports them all.
for _ in check():
    pass
os.setuid(65534)
print(*check(), sep="\\n")
"""


@pytest.mark.parametrize("mode", [0o755, 0o700])
async def test_files_of_another_user(mode: int) -> None:
    require("root", os.geteuid() == 0)
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        os.chmod(folder, 0o755)
        data, cache = Path(folder, "data"), Path(folder, "cache")
        store = JobStore(Settings(data_dir=data).database)
        await store.open()
        await store.close()
        for made in (data, cache):
            made.mkdir(exist_ok=True)
            made.chmod(mode)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", AS_NOBODY, data),
            env=os.environ | {"XDG_CACHE_HOME": str(cache)},
            stdout=asyncio.subprocess.PIPE,
        )
        said, _ = await asyncio.wait_for(process.communicate(), 120)
    words = "cannot be|not writable"
    assert [bool(re.search(words, line)) for line in said.decode().splitlines()] == [True] * 3, said


async def test_a_bucket_without_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("AWS_"):
            monkeypatch.delenv(name)
    # Where a machine of AWS would ask for keys.
    monkeypatch.setenv("AWS_METADATA_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setattr(doctor_checks, "_BUCKET_TIMEOUT", timedelta(milliseconds=1))
    finding = await doctor_checks.check_bucket("s3://dreams/files")
    assert finding.state == "error"
    assert "no keys (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY not set)" in finding.what
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "half")
    finding = await doctor_checks.check_bucket("s3://dreams/files")
    assert "no keys (AWS_SECRET_ACCESS_KEY not set)" in finding.what
    assert "no bucket" in (await doctor_checks.check_bucket("http://127.0.0.1/x")).what


def test_a_port_in_use() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        assert doctor_checks.check_port("127.0.0.1", number).state == "warning"
    assert doctor_checks.check_port("127.0.0.1", number).state == "ok"
    # An address of documentation, which no machine has.
    elsewhere = doctor_checks.check_port("192.0.2.1", number)
    assert (elsewhere.state, "192.0.2.1" in elsewhere.what) == ("error", True)


def test_missing_or_damaged_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert "MB" in doctor_checks.check_weights(Settings()).what
    (tmp_path / "inception_v3.safetensors").write_bytes(b"half")
    finding = doctor_checks.check_weights(Settings(weights_dir=tmp_path))
    assert finding.state == "warning"
    assert "damaged" in finding.what


async def test_a_folder_of_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    missing = doctor_checks.check_weights_dir(tmp_path / "missing")
    assert (missing.state, "No such file" in missing.what) == ("error", True)
    assert doctor_checks.check_weights_dir(tmp_path).state == "warning"
    archive = MODELS["inception_v3"].carrier.archive.name
    (tmp_path / archive).write_bytes(b"")
    assert archive in doctor_checks.check_weights_dir(tmp_path).what
    # Not downloaded, as it would be without the folder.
    assert str(tmp_path) in doctor_checks.check_weights(Settings(weights_dir=tmp_path)).what
    monkeypatch.setenv("XDG_CACHE_HOME", "/dev/null")
    assert doctor_checks.check_weights(Settings()).state == "error"


FAKE_DRIVER = """
int cuInit(unsigned flags) { return 0; }
int cuDriverGetVersion(int *version) { *version = 11040; return 0; }
"""


async def test_a_driver_that_is_too_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a driver's library in miniature, of CUDA 11.4, which torch finds like a real one."""
    require("a torch with CUDA", find_spec("nvidia") is not None)
    require("gcc", shutil.which("gcc") is not None)
    (tmp_path / "driver.c").write_text(FAKE_DRIVER)
    compiling = ("gcc", "-shared", "-fPIC", "-o", tmp_path / "libcuda.so.1", tmp_path / "driver.c")
    assert await (await asyncio.create_subprocess_exec(*compiling)).wait() == 0
    monkeypatch.setenv("LD_LIBRARY_PATH", str(tmp_path))
    finding = await asyncio.to_thread(doctor_checks.check_device, "auto")
    assert finding.state == "warning"
    assert "It dreams on cpu" in finding.what
    assert "driver on your system is too old (found version 11040)" in finding.what
    finding = await asyncio.to_thread(doctor_checks.check_device, "cuda")
    assert finding.state == "error"
    assert "too old" in finding.what
    assert (await asyncio.to_thread(doctor_checks.check_device, "cpu")).state == "ok"


async def test_the_link_asks_for_what_is_used_and_no_more(sandbox: Sandbox, tmp_path: Path) -> None:
    code, said = await _run("invite", "123456789", cwd=tmp_path)
    asked = parse_qs(urlsplit(said.strip()).query)
    assert code == 0
    assert asked["client_id"] == ["123456789"]
    assert asked["scope"] == ["bot applications.commands"]
    assert int(asked["permissions"][0]) == sum(REQUIRED_PERMISSIONS.values())
    environment = {"DREAMBOT_TOKEN": sandbox.bot_token, "DREAMBOT_DISCORD_API": sandbox.api}
    code, said = await _run("invite", cwd=tmp_path, **environment)
    assert f"client_id={sandbox.bot_id}&" in said
    code, said = await _run("invite", cwd=tmp_path, **environment | {"DREAMBOT_TOKEN": "an-old-one"})
    assert code == 2
    assert "dreambot doctor" in said
    assert "an-old-one" not in said
