"""A channel of users whose bot is killed again and again."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil

from dreambot.sandbox.driver.channels import ChannelHandle
from dreambot.sandbox.driver.guilds import GuildHandle
from dreambot.sandbox.permissions import Permission
from dreambot.sandbox.sandbox import Sandbox
from tests.chaos.bot_processes import BotLauncher, BotProcess, bot_launcher
from tests.chaos.delivery_audit import ALBUM_STEP, AuditedRequest, AuditReport, DeliveryAudit, encode_number
from tests.chaos.job_rows import postgres_rows, sqlite_rows
from tests.chaos.kill_points import JOURNAL, KILL_POINTS, KillPoint, kill_points_to_json
from tests.chaos.request_kill_points import RequestInterceptor

SLASH, MENTION, QUIET = "slash", "mention", "quiet"
ALBUM, ALBUM_PICTURES = "album", 3
"""A mention with three pictures."""
NEWEST = "newest"
"""A slash command without a picture, after the user posted one."""


class ChaosScenario:
    """A sandbox, the people in it, and one bot after another."""

    def __init__(
        self, sandbox: Sandbox, launcher: BotLauncher, folder: Path, postgres: str | None, inverted: bool
    ) -> None:
        self.sandbox, self.launcher, self.folder = sandbox, launcher, folder
        self.guild: GuildHandle = sandbox.add_guild()
        self.manager = self.guild.add_member("manager", permissions=Permission.MANAGE_CHANNELS)
        self.data = folder / "data"
        rows = postgres_rows(postgres) if postgres else sqlite_rows(self.data / "dreambot.db")
        self.audit = DeliveryAudit(sandbox, rows, inverted=inverted)
        self.wire = RequestInterceptor(sandbox, self.audit)
        self.env: dict[str, str] = {
            "DREAMBOT_TOKEN": sandbox.bot_token,
            "DREAMBOT_DISCORD_API": sandbox.api,
            "DREAMBOT_DATA_DIR": str(self.data),
            "DREAMBOT_DEVICE": "cpu",
            "DREAMBOT_AUTODREAM_PER_HOUR": "3600",
            "DREAMBOT_DATABASE_URL": postgres or "",
            "FAKE_ENGINE_STEP": "0.001",
            JOURNAL: str(folder / "journal"),
        }
        self.kills = 0
        self.bot: BotProcess | None = None
        self.move()

    def move(self) -> None:
        """To new channels, once all is quiet. Where the clock has jumped, everything said since is younger
        than the bot's own clock, and no bot searches a whole evening for its messages."""
        self.memes: ChannelHandle = self.guild.add_channel("memes")
        self.dreams: ChannelHandle = self.guild.add_channel("dreams-by-itself")
        self._prepared = False

    async def start(self, *traps: KillPoint, **env: str) -> BotProcess:
        """Starts another bot process and waits until it is connected."""
        await self.sandbox.world.events.wait_for(lambda: not self.sandbox.gateway.ready_shards, 20, "silence")
        own = {KILL_POINTS: kill_points_to_json(list(traps)), **self.env, **env}
        self.bot = await self.launcher.launch(own, self.folder / "log")
        self.wire.target_bot = self.bot
        ready = asyncio.create_task(self.sandbox.wait_until_bot_ready(60))
        await asyncio.wait({ready, self.bot.exited}, return_when=asyncio.FIRST_COMPLETED)
        if not ready.done():
            ready.cancel()
        elif not self._prepared:
            self._prepared = True
            asked = await self.manager.slash("autodream on", channel=self.dreams)
            await asked.result()
        return self.bot

    async def submit(self, kind: str) -> AuditedRequest:
        """A new user requests a dream."""
        number = len(self.audit.requests) + 1
        person, picture = self.guild.add_member(f"p{number}"), encode_number(number)
        words = {"layer": "mixed3", "intensity": 1}
        if kind == SLASH:
            how = await person.slash("dream", channel=self.memes, image=picture, **words)
        elif kind == NEWEST:
            await person.post(self.memes, files=[picture])
            how = await person.slash("dream", channel=self.memes, **words)
        elif kind == ALBUM:
            pictures = [encode_number(number + other * ALBUM_STEP) for other in range(ALBUM_PICTURES)]
            how = await person.post(self.memes, f"<@{self.sandbox.bot_id}> mixed3 1", files=pictures)
            return self.audit.note(kind, person, how, number, ALBUM_PICTURES)
        elif kind == MENTION:
            text = f"<@{self.sandbox.bot_id}> mixed3 1"
            how = await person.post(self.memes, text, files=[picture])
        else:
            how = await person.post(self.dreams, files=[picture])
        return self.audit.note(kind, person, how, number)

    async def accepted(self, *requests: AuditedRequest, timeout: float = 100.0) -> None:
        """Waits until jobs are stored."""
        end = time.monotonic() + timeout
        while not all(request.job for request in requests):
            assert time.monotonic() < end, (
                f"not accepted: {[one.kind for one in requests if not one.job]}\n{self.log()}"
            )
            await asyncio.sleep(0.05)
            self.audit.look()

    async def killed(self, what: object, timeout: float = 100.0) -> None:
        """Waits until the bot was killed, as `what` should have done."""
        assert self.bot
        try:
            status = await self.bot.wait_for_exit(timeout)
        except TimeoutError:
            self.audit.look()
            last = [f"{one.kind} {one.number}: {one.job}" for one in self.audit.requests[-4:]]
            raise AssertionError("\n".join([f"nothing was killed: {what}", *last, self.log()])) from None
        assert status == -9, f"it ended by itself with {status}: {what}\n{self.log()}"
        self.kills += 1
        self.audit.look()

    async def settle(self, timeout: float = 150.0, bot: BotProcess | None = None) -> AuditReport:
        """Lets a last bot finish everything, ends it politely, and closes the report."""
        bot = bot or await self.start()
        await self.quiet(timeout)
        await self.end(bot)
        assert not await self.leftover_processes()
        await self._sweep()
        return self.audit.close()

    async def end(self, bot: BotProcess) -> None:
        """Ends a bot with SIGTERM."""
        bot.signal(signal.SIGTERM)
        try:
            status = await bot.wait_for_exit(30)
        except TimeoutError:
            bot.signal(signal.SIGUSR1)
            await asyncio.sleep(1)
            raise AssertionError(f"it does not end\n{self.log(400)}") from None
        assert status == 0, f"exit status {status}\n{self.log()}"

    async def _sweep(self) -> None:
        """A bot that was killed as it removed a job's files leaves them to be swept when they are old."""
        left = self.files()
        assert len(left) <= 3 * self.kills, left
        for path in left:
            os.utime(path, (0, 0))
        if left:
            bot = await self.start()
            end = time.monotonic() + 10
            while self.files() and time.monotonic() < end:  # noqa: ASYNC110 - a folder has no events
                await asyncio.sleep(0.05)
            await self.end(bot)
        assert self.files() == []

    async def quiet(self, timeout: float = 150.0) -> None:
        """Waits until no job is under way."""
        end = time.monotonic() + timeout
        while left := self.audit.unfinished():
            assert time.monotonic() < end, f"{left} jobs are still unfinished\n{self.log()}"
            await asyncio.sleep(0.1)

    async def leftover_processes(self) -> list[psutil.Process]:
        """Processes of bots that are no more, five seconds later."""
        _, alive = await asyncio.to_thread(psutil.wait_procs, self.launcher.orphans(), timeout=60)
        return list(alive)

    def files(self) -> list[Path]:
        """The files of jobs."""
        return [path for path in (self.data / "files").rglob("*") if path.is_file()]

    def triggered(self) -> list[str]:
        """The kill points that have fired."""
        journal = self.folder / "journal"
        return journal.read_text().splitlines() if journal.exists() else []

    async def wait_until_triggered(self, count: int, timeout: float = 100.0) -> None:
        """Waits until that many kill points have fired."""
        end = time.monotonic() + timeout
        while len(self.triggered()) < count:
            assert time.monotonic() < end, f"{self.triggered()}\n{self.log()}"
            await asyncio.sleep(0.02)

    def log(self, lines: int = 40) -> str:
        """The last lines of what the bots logged."""
        log = self.folder / "log"
        return "\n".join(log.read_text().splitlines()[-lines:]) if log.exists() else ""


@asynccontextmanager
async def chaos_scenario(
    folder: Path, postgres: str | None = None, *, inverted: bool = True, keep_requests: int = 100_000
) -> AsyncIterator[ChaosScenario]:
    """Sets the stage. postgres: the URL of a database; SQLite without one. inverted: as the engine without
    torch leaves pictures. keep_requests: see `Sandbox`."""
    async with (
        Sandbox(rate_limits=False, keep_requests=keep_requests) as sandbox,
        bot_launcher(folder / "tmp") as launcher,
    ):
        yield ChaosScenario(sandbox, launcher, folder, postgres, inverted)
