"""Discord's side: the token, the intents, where the bot was invited to, and whether the clocks agree."""

import time
from collections.abc import AsyncIterator
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp

from dreambot.cli.checkup.finding import Finding, bad, good, look
from dreambot.config import Settings
from dreambot.invitation import invitation, missing

TIMEOUT = 10.0
APART = 5.0
"""Seconds by which clocks may differ."""
_CONTENT = 1 << 18 | 1 << 19
_FEW_STARTS = 20
_USER_INSTALL = "1"
_PORTAL = "https://discord.com/developers/applications"


class Refused(Exception):
    """The API answered, but not with what it was asked for."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP status {status}")
        self.status = status


class Api:
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
                raise Refused(answer.status)
            return await answer.json(content_type=None)


async def discord_side(settings: Settings) -> AsyncIterator[Finding]:
    """Looks at everything that Discord can tell."""
    if settings.token is None:
        yield bad("There is no token.", f"Make one at {_PORTAL} under Bot, and set DREAMBOT_TOKEN to it.")
        return
    token = settings.token.get_secret_value()
    timeout = aiohttp.ClientTimeout(total=TIMEOUT)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        api = Api(session, settings.discord_api, token)
        try:
            application = await api.get("/applications/@me")
            yield good(f"The token is that of {application['name']} ({application['id']}).")
            yield _intent(application)
            yield _installs(application)
            async for finding in _servers(api, settings, int(application["id"])):
                yield finding
            yield _starts(await api.get("/gateway/bot"))
        except Refused as refusal:
            yield _refused(refusal, token)
        except (aiohttp.ClientError, TimeoutError, ValueError, KeyError) as error:
            yield bad(
                f"{settings.discord_api} cannot be reached, or is not Discord's: {error or 'no answer'}.",
                "Check this machine's network and name resolution, its firewall, and DREAMBOT_DISCORD_API.",
            )
        if api.ahead is not None:
            yield _clock(api.ahead)


def _refused(refusal: Refused, token: str) -> Finding:
    if refusal.status == 401:
        odd = token.strip("\"' ") != token or token.startswith("Bot ")
        hint = " It has quotes, spaces or a word too many around it." if odd else ""
        return bad(
            f"Discord does not know the token.{hint}", f"Reset it at {_PORTAL} under Bot, and copy it."
        )
    if refusal.status == 429:
        return look("Discord has had enough of questions for now (429).", "Try again in some minutes.")
    return bad(f"Discord does not answer as it should: {refusal}.", "Try again; discordstatus.com may know.")


def _intent(application: Any) -> Finding:
    if int(application.get("flags") or 0) & _CONTENT:
        return good("The message content intent is on.")
    return look(
        "The message content intent is off: auto-dream and finding other people's pictures do not work.",
        f"Switch on Message Content Intent at {_PORTAL} under Bot; for the rest nothing needs to be done.",
    )


def _installs(application: Any) -> Finding:
    if _USER_INSTALL in application.get("integration_types_config", {_USER_INSTALL: {}}):
        return good("People may take it along to any channel (user install).")
    return look(
        "People cannot take it along to other servers and conversations: user install is off.",
        f"Switch on User Install at {_PORTAL} under Installation, if you want that.",
    )


async def _servers(api: Api, settings: Settings, application: int) -> AsyncIterator[Finding]:
    servers = await api.get("/users/@me/guilds?limit=200")
    if not servers:
        yield look("The bot is in no server yet.", f"Invite it: {invitation(application)}")
    lacking = {server["name"]: missing(int(server["permissions"])) for server in servers}
    lacking = {name: names for name, names in lacking.items() if names}
    if servers and not lacking:
        yield good(f"It has its permissions in {_count(len(servers), 'server')}.")
    for name, names in list(lacking.items())[:10]:
        yield look(
            f"In “{name}” it lacks {', '.join(names)}.",
            "Grant that to its role in the server's settings, or invite it anew with `dreambot invite`.",
        )
    if settings.admin_guild and str(settings.admin_guild) not in {server["id"] for server in servers}:
        yield look(
            f"It is not in the server {settings.admin_guild} that DREAMBOT_ADMIN_GUILD names.",
            "Invite it there, or correct the id; until then there is no /admin.",
        )


def _starts(gateway: Any) -> Finding:
    limit = gateway["session_start_limit"]
    left, hours = limit["remaining"], limit["reset_after"] / 3_600_000
    if left > _FEW_STARTS:
        return good(
            f"The gateway takes {left} more connections today and recommends {gateway['shards']} shard(s)."
        )
    return look(
        f"The gateway takes only {left} more connections for {hours:.0f} h.",
        "The bot was started too often; find out why it ends before it starts again.",
    )


def _clock(ahead: float) -> Finding:
    if abs(ahead) <= APART:
        return good("The clock agrees with Discord's.")
    where = "ahead of" if ahead > 0 else "behind"
    return look(
        f"This machine's clock is {abs(ahead):.0f} s {where} Discord's.",
        "Let it be set by the network (NTP): `timedatectl set-ntp true` on most Linux machines.",
    )


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
