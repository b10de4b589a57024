"""Errors of the machine that are found at the start: each is reported in one sentence."""

from pathlib import Path

import pytest

from dreambot.bot.services import start_services
from dreambot.config import ConfigError, Settings
from dreambot.errors import UserError
from dreambot.jobs.store import JobStore


async def _started(**changes: object) -> None:
    async with start_services(Settings().model_copy(update={"device": "cpu", **changes})):
        pytest.fail("it started")


async def test_a_data_folder_that_cannot_be_created() -> None:
    with pytest.raises(ConfigError, match=r"/proc/dreambot cannot be made.*DREAMBOT_DATA_DIR"):
        await _started(data_dir=Path("/proc/dreambot"))


async def test_a_read_only_data_folder() -> None:
    # Not even root can create a file here.
    with pytest.raises(UserError, match=r"/proc/sys is not writable.*DREAMBOT_DATA_DIR"):
        await _started(data_dir=Path("/proc/sys"))


async def test_a_data_folder_in_use_by_another_bot(tmp_path: Path) -> None:
    first = JobStore(Settings(data_dir=tmp_path).database)
    await first.open()
    with pytest.raises(UserError, match="Another dreambot is using"):
        await _started(data_dir=tmp_path)
    await first.close()
