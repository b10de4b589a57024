"""`dreambot doctor` and `dreambot invite`, against the sandbox and this machine."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from dreambot.bot.invite import REQUIRED_PERMISSIONS
from dreambot.cli import doctor_checks
from dreambot.cli.doctor_checks import CheckResult
from dreambot.config import Settings
from dreambot.jobs.store import JobStore
from dreambot.sandbox.faults import Fault
from dreambot.sandbox.permissions import Permission
from dreambot.sandbox.sandbox import Sandbox
from tests.support.full_disk import limit_file_size


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as it:
        yield it


def _settings(sandbox: Sandbox, **more: Any) -> Settings:
    return Settings(discord_api=sandbox.api, token=SecretStr(sandbox.bot_token)).model_copy(update=more)


async def _check_account(settings: Settings) -> list[CheckResult]:
    return [finding async for finding in doctor_checks.check_discord(settings)]


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


async def test_quotes_around_a_token_are_noticed(sandbox: Sandbox) -> None:
    quoted = SecretStr(f'"{sandbox.bot_token}"')
    assert "quotes" in (await _find_result(_settings(sandbox, token=quoted), "token")).what


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
    read = doctor_checks.parsedate_to_datetime
    # If our clock is ahead, Discord's is behind.
    monkeypatch.setattr(
        doctor_checks, "parsedate_to_datetime", lambda text: read(text) - timedelta(seconds=ahead)
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


def test_a_port_in_use() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        assert doctor_checks.check_port("127.0.0.1", number).state == "warning"
    assert doctor_checks.check_port("127.0.0.1", number).state == "ok"


def test_missing_or_damaged_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert "MB" in doctor_checks.check_weights(Settings()).what
    (tmp_path / "inception_v3.safetensors").write_bytes(b"half")
    finding = doctor_checks.check_weights(Settings(weights_dir=tmp_path))
    assert finding.state == "warning"


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
