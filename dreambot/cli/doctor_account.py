"""The checks of `dreambot doctor` that ask Discord about the bot's account."""

import time
from collections.abc import AsyncIterator
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp

from dreambot.bot.invite import build_invite_url, find_missing_permissions
from dreambot.cli.doctor_checks import CheckResult, error_result, ok_result, warning_result
from dreambot.config import Settings, require_token
from dreambot.errors import UserError

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
    try:
        token = require_token(settings)
    except UserError as error:
        yield error_result(str(error), f"Copy it again at {_DEVELOPER_PORTAL} under Bot.")
        return
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
            yield _api_error_result(refusal)
        except (aiohttp.ClientError, TimeoutError, ValueError, KeyError) as error:
            yield error_result(
                f"{settings.discord_api} cannot be reached, or is not Discord's: {error or 'no answer'}.",
                "Check this machine's network and name resolution, its firewall, and DREAMBOT_DISCORD_API.",
            )
        if api.ahead is not None:
            yield _check_clock(api.ahead)


def _api_error_result(refusal: ApiError) -> CheckResult:
    if refusal.status == 401:
        return error_result(
            "Discord does not accept the token.", f"Reset it at {_DEVELOPER_PORTAL} under Bot, and copy it."
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
