"""The checks of `dreambot doctor`: the Discord account, and this machine."""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

import aiohttp

from dreambot.bot.invite import build_invite_url, find_missing_permissions
from dreambot.config import Settings
from dreambot.errors import UserError
from dreambot.extras import install_hint


@dataclass(frozen=True)
class CheckResult:
    """The result of one check.

    Attributes:
        state: `ok`, `warning` (the bot works, but not fully), or `error` (it cannot work).
        what: A short sentence.
        fix: What to do about it; None if nothing needs to be done.
    """

    state: Literal["ok", "warning", "error"]
    what: str
    fix: str | None = None


def ok_result(what: str) -> CheckResult:
    """Returns the result of a check that found nothing wrong.

    Args:
        what: A short sentence.
    """
    return CheckResult("ok", what)


def warning_result(what: str, fix: str) -> CheckResult:
    """Returns the result of a check that found something that works only in part.

    Args:
        what: A short sentence.
        fix: What to do.
    """
    return CheckResult("warning", what, fix)


def error_result(what: str, fix: str) -> CheckResult:
    """Returns the result of a check that found something with which the bot cannot work.

    Args:
        what: A short sentence.
        fix: What to do.
    """
    return CheckResult("error", what, fix)


API_TIMEOUT_S = 10.0
MAX_CLOCK_DIFFERENCE_S = 5.0
"""The largest accepted difference between the clocks, in seconds."""
_MESSAGE_CONTENT_FLAGS = 1 << 18 | 1 << 19
_LOW_SESSION_STARTS = 20
_USER_INSTALL = "1"
_DEVELOPER_PORTAL = "https://discord.com/developers/applications"


class ApiError(Exception):
    """Discord's API answered with an error status.

    Attributes:
        status: The HTTP status.
    """

    def __init__(self, status: int) -> None:
        """Stores the status.

        Args:
            status: The HTTP status.
        """
        super().__init__(f"HTTP status {status}")
        self.status = status


class DiscordApi:
    """Sends requests to Discord's API as the bot.

    Attributes:
        ahead: Seconds by which this machine's clock is ahead of Discord's; None before the first response.
    """

    def __init__(self, session: aiohttp.ClientSession, base: str, token: str) -> None:
        """Stores the connection's data.

        Args:
            session: An open HTTP session.
            base: The API's address, without a slash at the end.
            token: The bot's token.
        """
        self._session = session
        self._base = base
        self._headers = {"Authorization": f"Bot {token}", "User-Agent": "DiscordBot (dreambot, 1)"}
        self.ahead: float | None = None

    async def get(self, path: str) -> Any:
        """Returns the decoded JSON of a GET request.

        Args:
            path: The path, such as `/gateway/bot`.

        Raises:
            ApiError: The status is not 200.
            aiohttp.ClientError: The connection failed.
            TimeoutError: There was no response in time.
            ValueError: The response is not JSON.
        """
        before = time.time()
        async with self._session.get(self._base + path, headers=self._headers) as answer:
            if "Date" in answer.headers:
                there = parsedate_to_datetime(answer.headers["Date"]).timestamp()
                # Half of the round trip, and half a second, because the header has whole seconds.
                self.ahead = (before + time.time()) / 2 - there - 0.5
            if answer.status != 200:
                raise ApiError(answer.status)
            return await answer.json(content_type=None)


async def check_discord(settings: Settings) -> AsyncIterator[CheckResult]:
    """Checks the bot's account at Discord.

    Args:
        settings: The settings.

    Yields:
        A result for each check.
    """
    if settings.token is None:
        yield error_result(
            "There is no token.", f"Make one at {_DEVELOPER_PORTAL} under Bot, and set DREAMBOT_TOKEN to it."
        )
        return
    token = settings.token.get_secret_value()
    timeout = aiohttp.ClientTimeout(total=API_TIMEOUT_S)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        api = DiscordApi(session, settings.discord_api, token)
        try:
            application = await api.get("/applications/@me")
            yield ok_result(f"The token is that of {application['name']} ({application['id']}).")
            yield _check_intent(application)
            yield _check_user_install(application)
            async for finding in _check_guilds(api, settings, int(application["id"])):
                yield finding
            yield _check_session_starts(await api.get("/gateway/bot"))
        except ApiError as refusal:
            yield _api_error_result(refusal, token)
        except (aiohttp.ClientError, TimeoutError, ValueError, KeyError) as error:
            yield error_result(
                f"{settings.discord_api} cannot be reached, or is not Discord's: {error or 'no answer'}.",
                "Check this machine's network and name resolution, its firewall, and DREAMBOT_DISCORD_API.",
            )
        if api.ahead is not None:
            yield _check_clock(api.ahead)


def _api_error_result(refusal: ApiError, token: str) -> CheckResult:
    if refusal.status == 401:
        odd = token.strip("\"' ") != token or token.startswith("Bot ")
        hint = " It contains quotes, spaces or a second word." if odd else ""
        return error_result(
            f"Discord does not accept the token.{hint}",
            f"Reset it at {_DEVELOPER_PORTAL} under Bot, and copy it.",
        )
    if refusal.status == 429:
        return warning_result(
            "Discord limits the rate of requests at the moment (429).", "Try again in a few minutes."
        )
    return error_result(
        f"Discord answers with an error: {refusal}.", "Try again; discordstatus.com may know."
    )


def _check_intent(application: Any) -> CheckResult:
    if int(application.get("flags") or 0) & _MESSAGE_CONTENT_FLAGS:
        return ok_result("The message content intent is on.")
    return warning_result(
        "The message content intent is off: auto-dream and finding other people's pictures do not work.",
        f"Switch on Message Content Intent at {_DEVELOPER_PORTAL} under Bot, if you want these.",
    )


def _check_user_install(application: Any) -> CheckResult:
    if _USER_INSTALL in application.get("integration_types_config", {_USER_INSTALL: {}}):
        return ok_result("People can use it in any channel (user install).")
    return warning_result(
        "People cannot use it in other servers and conversations: user install is off.",
        f"Switch on User Install at {_DEVELOPER_PORTAL} under Installation, if you want that.",
    )


async def _check_guilds(api: DiscordApi, settings: Settings, application: int) -> AsyncIterator[CheckResult]:
    servers = await api.get("/users/@me/guilds?limit=200")
    if not servers:
        yield warning_result("The bot is in no server yet.", f"Invite it: {build_invite_url(application)}")
    lacking = {server["name"]: find_missing_permissions(int(server["permissions"])) for server in servers}
    lacking = {name: names for name, names in lacking.items() if names}
    if servers and not lacking:
        yield ok_result(f"It has its permissions in {_pluralize(len(servers), 'server')}.")
    for name, names in list(lacking.items())[:10]:
        yield warning_result(
            f"In “{name}” it lacks {', '.join(names)}.",
            "Grant that to its role in the server's settings, or invite it again with `dreambot invite`.",
        )
    if settings.admin_guild and str(settings.admin_guild) not in {server["id"] for server in servers}:
        yield warning_result(
            f"It is not in the server {settings.admin_guild} that DREAMBOT_ADMIN_GUILD names.",
            "Invite it there, or correct the id; until then there is no /admin.",
        )


def _check_session_starts(gateway: Any) -> CheckResult:
    limit = gateway["session_start_limit"]
    left, hours = limit["remaining"], limit["reset_after"] / 3_600_000
    if left > _LOW_SESSION_STARTS:
        return ok_result(
            f"The gateway accepts {left} more connections today and recommends {gateway['shards']} shard(s)."
        )
    return warning_result(
        f"The gateway accepts only {left} more connections for {hours:.0f} h.",
        "The bot was started too often. Find out why it exits.",
    )


def _check_clock(ahead: float) -> CheckResult:
    if abs(ahead) <= MAX_CLOCK_DIFFERENCE_S:
        return ok_result("The clock agrees with Discord's.")
    where = "ahead of" if ahead > 0 else "behind"
    return warning_result(
        f"This machine's clock is {abs(ahead):.0f} s {where} Discord's.",
        "Synchronise it over the network (NTP): `timedatectl set-ntp true` on most Linux machines.",
    )


def _pluralize(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


_LOW_DISK_BYTES, _MIN_DISK_BYTES = 2 * 10**9, 2 * 10**8
_DEVICE_TIMEOUT_S = 120


async def check_machine(settings: Settings) -> AsyncIterator[CheckResult]:
    """Checks this machine, and changes nothing.

    Args:
        settings: The settings.

    Yields:
        A result for each check.
    """
    yield check_data_folder(settings.data_dir)
    yield await check_database(settings)
    if settings.files_url:
        yield await check_bucket(settings.files_url)
    yield await asyncio.to_thread(check_weights, settings)
    if settings.executor == "ray":
        yield check_ray(settings.ray_address)
    else:
        yield await asyncio.to_thread(check_device, settings.device)
    yield check_video_support()
    if settings.http_port:
        yield check_port(settings.http_host, settings.http_port)


def check_data_folder(folder: Path) -> CheckResult:
    """Checks that the data folder is writable and has free space.

    Args:
        folder: The folder, which need not exist yet.
    """
    there = next(parent for parent in (folder, *folder.parents) if parent.exists())
    try:
        if there == folder:
            with tempfile.TemporaryFile(dir=folder) as file:
                file.write(b"dreambot")
        elif not (there.is_dir() and os.access(there, os.W_OK | os.X_OK)):
            raise PermissionError(f"it cannot be made in {there}")
        free = shutil.disk_usage(there).free
    except OSError as error:
        return error_result(
            f"The data folder {folder} is not writable: {error.strerror or error}.",
            "Give it to the user that runs the bot, or set another DREAMBOT_DATA_DIR.",
        )
    what = f"The data folder {folder} has {free / 1e9:.1f} GB free."
    if free < _MIN_DISK_BYTES:
        return error_result(what, "Free some space there: without it no dream can be accepted.")
    if free < _LOW_DISK_BYTES:
        return warning_result(
            what, "Free some space there, or set DREAMBOT_KEEP_GIGABYTES to less than that."
        )
    return ok_result(what)


async def check_database(settings: Settings) -> CheckResult:
    """Checks that the database responds, and that this version knows its schema.

    Args:
        settings: The settings.
    """
    from dreambot.jobs.database import Database, is_known_revision, latest_revision

    which = "PostgreSQL" if settings.database_url else f"SQLite in {settings.data_dir}"
    try:
        revision = await Database(settings.database).revision()
    except UserError as error:
        return error_result(
            str(error), "Check that it runs, DREAMBOT_DATABASE_URL, and the user's permissions."
        )
    if revision is None:
        return ok_result(f"The database ({which}) is empty; the first start creates its tables.")
    if not is_known_revision(revision):
        return error_result(
            f"The database ({which}) was used by a newer dreambot: its schema is {revision}, this one knows "
            f"{latest_revision()}.",
            "Install the newer dreambot again, or give this one another database.",
        )
    if revision != latest_revision():
        return ok_result(f"The database ({which}) answers; the next start brings its schema up to date.")
    return ok_result(f"The database ({which}) answers.")


async def check_bucket(url: str) -> CheckResult:
    """Checks that files can be stored in a bucket.

    Args:
        url: The bucket, as in DREAMBOT_FILES_URL.
    """
    from dreambot.jobs.storage import BucketStorage

    try:
        place = BucketStorage(url)
        await place.put("tried", b"")
        await place.remove(["tried"])
    except (UserError, OSError) as error:
        return error_result(
            f"Files cannot be stored in {url}: {error}", "Check DREAMBOT_FILES_URL, its keys and its region."
        )
    return ok_result(f"Files can be stored in {url}.")


def check_weights(settings: Settings) -> CheckResult:
    """Checks that the default network is installed and undamaged.

    Args:
        settings: The settings.
    """
    from dreambot.recipe.layers import DEFAULT_MODEL
    from dreambot.zoo import cache, catalogue
    from dreambot.zoo import weights as zoo

    pull = f"`dreambot models pull {DEFAULT_MODEL}` downloads it now."
    try:
        path = zoo.locate(DEFAULT_MODEL, weights_dir=settings.weights_dir)
        whole = path is not None and cache.read_tensors(path, catalogue.MODELS[DEFAULT_MODEL]) is not None
    except (UserError, OSError) as error:
        return error_result(f"The network's weights cannot be read: {error}", pull)
    if path is None:
        size = catalogue.MODELS[DEFAULT_MODEL].carrier.archive.size
        return warning_result(
            f"{DEFAULT_MODEL} is not installed; the first start downloads {size / 1e6:.0f} MB.", pull
        )
    if not whole:
        return warning_result(f"{path} is damaged or the wrong file; the next start replaces it.", pull)
    return ok_result(f"{DEFAULT_MODEL} is installed.")


def check_device(asked: str) -> CheckResult:
    """Checks that a device exists and computes correctly, in a process of its own.

    Args:
        asked: As in DREAMBOT_DEVICE.
    """
    command = [sys.executable, "-P", "-m", "dreambot.workers.gpu.devices", asked]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_DEVICE_TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired:
        return error_result(f"The device {asked} hangs.", "Check its driver, or set DREAMBOT_DEVICE=cpu.")
    said = "; ".join(done.stdout.split("\n")).strip("; ")
    if done.returncode == 0:
        return ok_result(f"It dreams on {said}.")
    error = said or done.stderr.strip().rpartition("\n")[2] or f"exit status {done.returncode}"
    return error_result(
        f"There is no device to dream on: {error}", "Set DREAMBOT_DEVICE to auto or cpu, or fix torch."
    )


def check_ray(address: str) -> CheckResult:
    """Checks that the Ray cluster can be reached.

    Args:
        address: As in DREAMBOT_RAY_ADDRESS.
    """
    from dreambot.workers.ray import nodes

    if not find_spec("ray"):
        return error_result("Ray is not installed.", f"{install_hint('ray')} Or set DREAMBOT_EXECUTOR=local.")
    where = nodes.joined_cluster_address() if address == "auto" else address
    if where is None:
        return error_result(
            "This machine has joined no cluster.",
            "Run `dreambot worker` to join one; see docs/cluster.md.",
        )
    try:
        nodes.check_reachable(where)
    except UserError as error:
        return error_result(str(error), "See docs/cluster.md.")
    return ok_result(f"Ray's cluster at {where} can be reached.")


def check_video_support() -> CheckResult:
    """Checks that videos can be read, and written as MP4."""
    if find_spec("av"):
        return ok_result("Videos are written as MP4.")
    return warning_result(
        "PyAV is not installed: videos cannot be read, and are written as WebP or GIF.", install_hint("video")
    )


def check_port(host: str, number: int) -> CheckResult:
    """Checks that the web server can listen on a port.

    Args:
        host: The address.
        number: The port.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.create_server((host, number), family=family):
            pass
    except OSError as error:
        return warning_result(
            f"DREAMBOT_HTTP_PORT {number} is not free: {error.strerror or error}. Fine if the bot runs.",
            "Otherwise end what listens there, or choose another port.",
        )
    return ok_result(f"Port {number} is free for /healthz and /metrics.")
