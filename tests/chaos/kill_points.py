"""Steps of a job at which the bot under test kills itself, or one of its processes, with SIGKILL.

The bot's own methods are wrapped, so that the moment is exact: before a row is written, after it is,
with a request in a codec's pipe and no answer yet. Kill points come in the environment and trigger one
after the other.
"""

import contextlib
import functools
import inspect
import json
import os
import signal
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

KILL_POINTS, JOURNAL = "CHAOS_TRAPS", "CHAOS_JOURNAL"

BOT, WORKER, CODEC, MACHINE = "bot", "worker", "codec", "machine"


@dataclass
class KillPoint:
    """Where to kill.

    Attributes:
        step: A name that `install_kill_points` lists.
        when: "before" or "after" it.
        kind: Only for a job requested that way ("slash", "mention", "quiet"); None for any.
        count: Kills at this occurrence, from 1.
        target: What is killed.
        fresh: Only for jobs that this bot process accepted itself.
    """

    step: str
    when: str = "before"
    kind: str | None = None
    count: int = 1
    target: str = BOT
    fresh: bool = True

    def __str__(self) -> str:
        return f"{self.target} {self.when} {self.step}" + (f" of a {self.kind}" if self.kind else "")


def kill_points_to_json(traps: list[KillPoint]) -> str:
    """Returns kill points as the environment carries them."""
    return json.dumps([asdict(trap) for trap in traps])


class KillSwitch:
    """Counts the steps that are reached, and kills where a kill point says so."""

    def __init__(self, traps: list[KillPoint], journal: Path) -> None:
        self._traps, self._journal = traps, journal
        self._kinds: dict[str, str] = {}
        self._fresh: set[str] = set()
        self._victims: set[str] = set()

    def know(self, job: Any, *, fresh: bool) -> None:
        """Records how a job was requested."""
        place = getattr(job.spec, "reply_target", None)
        if place is None:
            return
        self._kinds[job.id] = "quiet" if place.quiet else "mention" if place.reply_to else "slash"
        if fresh:
            self._fresh.add(job.id)

    def reached(
        self, step: str, when: str, job: str | None, kind: str | None = None, process: int | None = None
    ) -> None:
        """Counts a step; each kill point meets a job that none before has met.

        Args:
            step: Its name.
            when: "before" or "after" it.
            job: The job's id, if known.
            kind: How the job was requested, if known.
            process: The only process to kill.
        """
        if not self._traps:
            return
        trap = self._traps[0]
        if (trap.step, trap.when) != (step, when) or (job and job in self._victims):
            return
        if trap.kind and trap.kind != (kind or self._kinds.get(job or "")):
            return
        if trap.fresh and job and job in self._kinds and job not in self._fresh:
            return
        trap.count -= 1
        if trap.count == 0:
            self._traps.pop(0)
            self._victims.add(job or "")
            with self._journal.open("a") as journal:
                journal.write(f"{trap}\n")
            if process:
                os.kill(process, signal.SIGKILL)
            else:
                kill(trap.target)


def kill(target: str, bot: int | None = None) -> None:
    """Ends a bot (this process by default), one kind of its children, or all of them at once."""
    process = psutil.Process(bot)
    children = process.children(recursive=True)
    for child in children:
        if (
            target == MACHINE
            or (target == WORKER and is_worker(child))
            or (target == CODEC and is_codec(child))
        ):
            with contextlib.suppress(psutil.NoSuchProcess):
                child.send_signal(signal.SIGKILL)
    if target in (BOT, MACHINE):
        process.send_signal(signal.SIGKILL)


def is_worker(process: psutil.Process) -> bool:
    """Whether it is a GPU worker."""
    return "dreambot.workers.gpu" in _command(process)


def is_codec(process: psutil.Process) -> bool:
    """Whether it is a codec process."""
    return any("dreambot.workers.codec_worker" in part for part in _command(process))


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        # It ended by itself just now.
        return []


def install_kill_points() -> None:
    """Wraps the bot's methods as the environment asks.

    The steps: create, set_source_image, set_album, set_progress_message, claim, state.<state>,
    event.<queued | running>, finish, worker.start, codec.<task>. A codec can also be killed when it was
    "asked" and has not answered.
    """
    asked = json.loads(os.environ.get(KILL_POINTS, "[]"))
    if not asked:
        return
    from dreambot.jobs.store import JobStore
    from dreambot.scheduler.run import Run
    from dreambot.workers.codec_pool import CodecProcess
    from dreambot.workers.connection import WorkerProcess

    wire = KillSwitch([KillPoint(**trap) for trap in asked], Path(os.environ[JOURNAL]))

    def about(_: object, job_id: str, *rest: object) -> str:
        return job_id

    _wrap(wire, JobStore, "create", lambda *_: "create", lambda *_: None, learn=True)
    _wrap(wire, JobStore, "claim", lambda *_: "claim", lambda *_: None, learn=True)
    _wrap(wire, JobStore, "set_source_image", lambda *_: "set_source_image", about)
    _wrap(wire, JobStore, "set_album", lambda *_: "set_album", about)
    _wrap(wire, JobStore, "set_progress_message", lambda *_: "set_progress_message", about)
    _wrap(wire, JobStore, "set_state", lambda _, __, state: f"state.{state}", about)
    _wrap(wire, Run, "publish", _event_step, lambda run, _: run.job_id)
    _wrap(wire, Run, "finish", lambda *_: "finish", lambda run, _: run.job_id)
    _wrap(wire, WorkerProcess, "_wait_until_ready", lambda *_: "worker.start", lambda *_: None)
    _wrap_codecs(wire, CodecProcess)


def _event_step(_: object, progress: Any) -> str:
    return "event.running" if progress.running else "event.queued"


def _wrap_codecs(wire: KillSwitch, codec: Any) -> None:
    call, received = codec.call, codec._receive

    async def calling(self: Any, request: Any, **more: Any) -> Any:
        self.step = f"codec.{request.values['task']}"
        wire.reached(self.step, "before", None, process=self.pid)
        return await call(self, request, **more)

    async def receiving(self: Any, max_bytes: int) -> Any:
        wire.reached(getattr(self, "step", "codec.start"), "asked", None, process=self.pid)
        return await received(self, max_bytes)

    codec.call, codec._receive = calling, receiving


def _wrap(
    wire: KillSwitch,
    owner: type,
    name: str,
    step: Callable[..., str],
    job: Callable[..., str | None],
    *,
    learn: bool = False,
) -> None:
    real = getattr(owner, name)
    if not inspect.iscoroutinefunction(real):

        @functools.wraps(real)
        def plain(*args: Any, **more: Any) -> Any:
            wire.reached(step(*args), "before", job(*args))
            outcome = real(*args, **more)
            wire.reached(step(*args), "after", job(*args))
            return outcome

        setattr(owner, name, plain)
        return

    @functools.wraps(real)
    async def wrapped(*args: Any, **more: Any) -> Any:
        wire.reached(step(*args), "before", job(*args), _kind_of(args))
        outcome = await real(*args, **more)
        found = outcome if isinstance(outcome, list) else [outcome]
        if learn:
            for one in found:
                wire.know(one, fresh=name == "create")
        wire.reached(step(*args), "after", found[0].id if learn and found else job(*args))
        return outcome

    setattr(owner, name, wrapped)


def _kind_of(args: tuple[Any, ...]) -> str | None:
    """How something is asked that is no job yet."""
    place = getattr(args[1], "reply_target", None) if len(args) > 1 else None
    if place is None:
        return None
    return "quiet" if place.quiet else "mention" if place.reply_to else "slash"
