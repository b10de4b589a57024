"""The operator's dashboard: a link that is signed and expires, and what the page shows."""

import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from platform import python_version

from dreambot.config import Settings
from dreambot.jobs.key_value import KeyValueStore
from dreambot.jobs.models import JobState
from dreambot.jobs.statistics import JobStatistics
from dreambot.web import BotStatus, DeviceStatus, check_parts, query_or_default

DASHBOARD_LIFETIME_HOURS = 12
_SECRET_KEY = "dashboard secret"
_PURPOSE = b"dreambot dashboard"
_ALL_ADDRESSES = ("0.0.0.0", "::")
_PACKAGES = ("dreambot", "discord.py", "aiohttp", "sqlalchemy", "torch")
_PERIODS = (("hour", timedelta(hours=1)), ("day", timedelta(days=1)), ("week", timedelta(days=7)))


async def dashboard_link(key_values: KeyValueStore, settings: Settings) -> str:
    """Returns a link to the dashboard, which is valid for twelve hours.

    Args:
        key_values: Where the secret is stored.
        settings: The settings.
    """
    until = int(time.time()) + DASHBOARD_LIFETIME_HOURS * 3600
    host = "127.0.0.1" if settings.http_host in _ALL_ADDRESSES else settings.http_host
    base = settings.gallery_url or f"http://{host}:{settings.http_port}/gallery"
    return f"{base}/dashboard?until={until}&key={_sign(await _secret(key_values), until)}"


async def is_valid_link(key_values: KeyValueStore, until: str, key: str) -> bool:
    """Checks the two values of a link.

    Args:
        key_values: Where the secret is stored.
        until: When it expires, in seconds since 1970.
        key: The signature.
    """
    if not (until.isascii() and until.isdecimal() and len(until) <= 12) or int(until) < time.time():
        return False
    expected = _sign(await _secret(key_values), int(until))
    return hmac.compare_digest(expected.encode(), key.encode(errors="replace"))


async def _secret(key_values: KeyValueStore) -> bytes:
    stored = await key_values.get(_SECRET_KEY)
    if stored is None:
        await key_values.put(_SECRET_KEY, secrets.token_hex(32))
        # Another process may have stored its own in the meantime.
        stored = await key_values.get(_SECRET_KEY)
    return bytes.fromhex(stored or "")


def _sign(secret: bytes, until: int) -> str:
    key = hmac.digest(secret, _PURPOSE, hashlib.sha256)
    return hmac.new(key, str(until).encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class Dashboard:
    """What the page shows.

    Attributes:
        parts: Whether each part of this process works, by name.
        waiting: How many jobs wait for a device of this process.
        oldest: For how many seconds the first of them has waited.
        devices: The devices of this process.
        unfinished: Unfinished jobs of all processes, by state; None if the database does not answer.
        periods: Name → jobs that were requested in the last hour, day and week, by state.
        failures: The code of each error of the last day, and how many jobs failed with it.
        versions: Package → version.
        time: When this was read.
    """

    parts: Mapping[str, bool]
    waiting: int
    oldest: float
    devices: Sequence[DeviceStatus]
    unfinished: Mapping[JobState, int] | None
    periods: Mapping[str, Mapping[JobState, int]]
    failures: Sequence[tuple[str, int]]
    versions: Mapping[str, str]
    time: datetime


async def read_dashboard(status: BotStatus, statistics: JobStatistics) -> Dashboard:
    """Reads what the page shows.

    Args:
        status: The state of this process.
        statistics: Counts jobs.
    """
    now = datetime.now(UTC)
    waiting, oldest = status.queue()
    periods = {}
    for name, length in _PERIODS:
        states: Mapping[JobState, int] = {}
        periods[name] = await query_or_default(partial(statistics.states, now - length), states)
    return Dashboard(
        parts=await check_parts(status),
        waiting=waiting,
        oldest=oldest,
        devices=status.devices(),
        unfinished=await query_or_default(status.unfinished, None),
        periods=periods,
        failures=await query_or_default(partial(statistics.failures, now - timedelta(days=1)), ()),
        versions={"Python": python_version()} | {name: _version(name) for name in _PACKAGES},
        time=now,
    )


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "—"
