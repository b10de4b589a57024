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
    """state: ok, warning (it works anyway), or error (the bot cannot work). what: a short
    sentence. fix: what to do."""

    state: Literal["ok", "warning", "error"]
    what: str
    fix: str | None = None


def ok_result(what: str) -> CheckResult:
    """As it should be."""
    return CheckResult("ok", what)


def warning_result(what: str, fix: str) -> CheckResult:
    """It works, but not as well as it could."""
    return CheckResult("warning", what, fix)


def error_result(what: str, fix: str) -> CheckResult:
    """The bot cannot work so."""
    return CheckResult("error", what, fix)


API_TIMEOUT_S = 10.0
MAX_CLOCK_DIFFERENCE_S = 5.0
"""Seconds by which clocks may differ."""
_MESSAGE_CONTENT_FLAGS = 1 << 18 | 1 << 19
_LOW_SESSION_STARTS = 20
_USER_INSTALL = "1"
_DEVELOPER_PORTAL = "https://discord.com/developers/applications"


class ApiError(Exception):
    """The API answered, but not with what it was asked for."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP status {status}")
        self.status = status


class DiscordApi:
    """Discord's API, asked as the bot. ahead: the seconds by which this machine's clock is before Discord's,
    once something was asked."""

    def __init__(self, session: aiohttp.ClientSession, base: str, token: str) -> None:
        self._session = session
        self._base = base
        self._headers = {"Authorization": f"Bot {token}", "User-Agent": "DiscordBot (dreambot, 1)"}
        self.ahead: float | None = None

    async def get(self, path: str) -> Any:
        """What lies there. Raises Refused, aiohttp.ClientError, TimeoutError, ValueError."""
        before = time.time()
        async with self._session.get(self._base + path, headers=self._headers) as answer:
            if "Date" in answer.headers:
                there = parsedate_to_datetime(answer.headers["Date"]).timestamp()
                # Half of the way, and half of the second that the header leaves out.
                self.ahead = (before + time.time()) / 2 - there - 0.5
            if answer.status != 200:
                raise ApiError(answer.status)
            return await answer.json(content_type=None)


async def check_discord(settings: Settings) -> AsyncIterator[CheckResult]:
    """Looks at everything that Discord can tell."""
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
        hint = " It has quotes, spaces or a word too many around it." if odd else ""
        return error_result(
            f"Discord does not know the token.{hint}",
            f"Reset it at {_DEVELOPER_PORTAL} under Bot, and copy it.",
        )
    if refusal.status == 429:
        return warning_result(
            "Discord has had enough of questions for now (429).", "Try again in some minutes."
        )
    return error_result(
        f"Discord does not answer as it should: {refusal}.", "Try again; discordstatus.com may know."
    )


def _check_intent(application: Any) -> CheckResult:
    if int(application.get("flags") or 0) & _MESSAGE_CONTENT_FLAGS:
        return ok_result("The message content intent is on.")
    return warning_result(
        "The message content intent is off: auto-dream and finding other people's pictures do not work.",
        f"Switch on Message Content Intent at {_DEVELOPER_PORTAL} under Bot; for the rest nothing "
        "needs to be done.",
    )


def _check_user_install(application: Any) -> CheckResult:
    if _USER_INSTALL in application.get("integration_types_config", {_USER_INSTALL: {}}):
        return ok_result("People may take it along to any channel (user install).")
    return warning_result(
        "People cannot take it along to other servers and conversations: user install is off.",
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
            "Grant that to its role in the server's settings, or invite it anew with `dreambot invite`.",
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
            f"The gateway takes {left} more connections today and recommends {gateway['shards']} shard(s)."
        )
    return warning_result(
        f"The gateway takes only {left} more connections for {hours:.0f} h.",
        "The bot was started too often; find out why it ends before it starts again.",
    )


def _check_clock(ahead: float) -> CheckResult:
    if abs(ahead) <= MAX_CLOCK_DIFFERENCE_S:
        return ok_result("The clock agrees with Discord's.")
    where = "ahead of" if ahead > 0 else "behind"
    return warning_result(
        f"This machine's clock is {abs(ahead):.0f} s {where} Discord's.",
        "Let it be set by the network (NTP): `timedatectl set-ntp true` on most Linux machines.",
    )


def _pluralize(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


_LOW_DISK_BYTES, _MIN_DISK_BYTES = 2 * 10**9, 2 * 10**8
_DEVICE_TIMEOUT_S = 120


async def check_machine(settings: Settings) -> AsyncIterator[CheckResult]:
    """Looks at everything that this machine can tell, and leaves it as it is."""
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
    """Whether it can be written to, and has room."""
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
            "Give it to the user that runs the bot, or set DREAMBOT_DATA_DIR to another.",
        )
    told = f"The data folder {folder} has {free / 1e9:.1f} GB of room."
    if free < _MIN_DISK_BYTES:
        return error_result(told, "Make room there: without it no dream can be taken on.")
    if free < _LOW_DISK_BYTES:
        return warning_result(told, "Make room there, or set DREAMBOT_KEEP_GIGABYTES to less than that.")
    return ok_result(told)


async def check_database(settings: Settings) -> CheckResult:
    """Whether it answers, and whether this dreambot knows its schema."""
    from dreambot.jobs.database import Database, is_known_revision, latest_revision

    which = "PostgreSQL" if settings.database_url else f"SQLite in {settings.data_dir}"
    try:
        revision = await Database(settings.database).revision()
    except UserError as error:
        return error_result(str(error), "Check that it runs, DREAMBOT_DATABASE_URL, and who may use it.")
    if revision is None:
        return ok_result(f"The database ({which}) is empty; the first start makes its tables.")
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
    """Whether files can be kept there."""
    from dreambot.jobs.storage import BucketStorage

    try:
        place = BucketStorage(url)
        await place.put("tried", b"")
        await place.remove(["tried"])
    except (UserError, OSError) as error:
        return error_result(
            f"Files cannot be kept in {url}: {error}", "Check DREAMBOT_FILES_URL, its keys and its region."
        )
    return ok_result(f"Files can be kept in {url}.")


def check_weights(settings: Settings) -> CheckResult:
    """Whether the default network is here, and whole."""
    from dreambot.recipe.layers import DEFAULT_MODEL
    from dreambot.zoo import cache, catalogue
    from dreambot.zoo import weights as zoo

    pull = f"`dreambot models pull {DEFAULT_MODEL}` fetches it now."
    try:
        path = zoo.locate(DEFAULT_MODEL, weights_dir=settings.weights_dir)
        whole = path is not None and cache.read_tensors(path, catalogue.MODELS[DEFAULT_MODEL]) is not None
    except (UserError, OSError) as error:
        return error_result(f"The network's weights cannot be read: {error}", pull)
    if path is None:
        size = catalogue.MODELS[DEFAULT_MODEL].carrier.archive.size
        return warning_result(
            f"{DEFAULT_MODEL} is not here; the first start downloads {size / 1e6:.0f} MB.", pull
        )
    if not whole:
        return warning_result(f"{path} is damaged or another's; the next start fetches it anew.", pull)
    return ok_result(f"{DEFAULT_MODEL} is here, and whole.")


def check_device(asked: str) -> CheckResult:
    """Whether there is such a device, and whether it reckons."""
    command = [sys.executable, "-P", "-m", "dreambot.workers.gpu.devices", asked]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_DEVICE_TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired:
        return error_result(f"The device {asked} hangs.", "Look at its driver, or set DREAMBOT_DEVICE=cpu.")
    said = "; ".join(done.stdout.split("\n")).strip("; ")
    if done.returncode == 0:
        return ok_result(f"It dreams on {said}.")
    error = said or done.stderr.strip().rpartition("\n")[2] or f"exit status {done.returncode}"
    return error_result(
        f"There is nothing to dream on: {error}", "Set DREAMBOT_DEVICE to auto or cpu, or fix torch."
    )


def check_ray(address: str) -> CheckResult:
    """Whether the cluster can be reached."""
    from dreambot.workers.ray import nodes

    if not find_spec("ray"):
        return error_result("Ray is not installed.", f"{install_hint('ray')} Or set DREAMBOT_EXECUTOR=local.")
    where = nodes.joined_cluster_address() if address == "auto" else address
    if where is None:
        return error_result(
            "This machine has joined no cluster.", "`dreambot worker` joins one; see docs/cluster.md."
        )
    try:
        nodes.check_reachable(where)
    except UserError as error:
        return error_result(str(error), "See docs/cluster.md.")
    return ok_result(f"Ray's cluster at {where} can be reached.")


def check_video_support() -> CheckResult:
    """Whether videos can be read, and written as MP4."""
    if find_spec("av"):
        return ok_result("Videos are written as MP4.")
    return warning_result(
        "PyAV is not installed: videos cannot be read, and are written as WebP or GIF.", install_hint("video")
    )


def check_port(host: str, number: int) -> CheckResult:
    """Whether /healthz can be answered there."""
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
