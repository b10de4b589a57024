"""Decodes and encodes in a pool of child processes that are replaced when they crash or hang."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from dreambot.errors import DreambotError, Message
from dreambot.media.concurrency import FairSemaphore, current_requester
from dreambot.media.encode import EncodedFile
from dreambot.media.frames import MAX_FPS, MAX_FRAMES, MAX_FRAMES_BYTES, MAX_SECONDS, VideoFrames
from dreambot.media.picture import Picture, PictureError, Pixels
from dreambot.media.picture_file import MAX_PIXELS
from dreambot.media.probe import Probe
from dreambot.media.video_settings import VideoFormat, VideoSettings, choose_video_format
from dreambot.workers.codec_process import CodecProcess, CodecProcessDied
from dreambot.workers.ipc import Packet

SendRequest = Callable[[dict[str, Any], list[bytes]], Awaitable[Packet]]


class EncodingSession:
    """A film being made, in a codec process of its own that is held for it.

    Leave its context, or abandon it, so that the process ends. Its methods raise as the pool's do; after that
    only `abandon` is left.
    """

    def __init__(self, plan: VideoSettings, ask: SendRequest, let_go: Callable[[], Awaitable[None]]) -> None:
        """Use CodecPool.film."""
        self._ask, self._let_go = ask, let_go
        self._default_ms = 1000 / plan.fps

    async def add(self, rgb: Pixels, ms: float | None = None) -> None:
        """One frame, (height, width, 3) uint8 sRGB, shown for `ms` milliseconds (None: as the fps say)."""
        height, width, _ = rgb.shape
        shown = self._default_ms if ms is None else ms
        await self._ask({"task": "film_add", "height": height, "width": width, "ms": shown}, [rgb.tobytes()])

    async def finish(self) -> EncodedFile:
        """The film's file. Its process ends."""
        while True:
            answer = await self._ask({"task": "film_finish"}, [])
            described = dict(answer.values)
            if described.pop("done"):
                await self._let_go()
                return EncodedFile(data=answer.buffers[0], **described)

    async def abandon(self) -> None:
        """Ends the process; nothing happens when it has ended."""
        await self._let_go()

    async def __aenter__(self) -> Self:
        """Nothing more than the film."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Abandons what was not finished."""
        await self.abandon()


def begin_request(plan: VideoSettings, limit: int | None) -> dict[str, Any]:
    """The request that begins a film."""
    return {"task": "film_begin", "plan": asdict(plan), "limit": limit}


log = logging.getLogger(__name__)

MEMORY_LIMIT = 2 * 2**30
CALL_TIMEOUT_S = 20.0
# A file is never much larger than its pixels, and pixels never than four bytes each
RESPONSE_MARGIN_BYTES = 2**20
MAX_VIDEO_BYTES = 2**30
# How many times the timeout it may take to read many pictures
FRAMES_TIMEOUT_FACTOR = 3
# A process can be ended by what is no fault of the picture's: by the kernel for its memory, by an operator
MAX_ATTEMPTS = 2


class PoolClosed(DreambotError):
    """The pool was closed before the work was done."""


class CodecPool:
    """A few codec processes, started when first needed and replaced when they die.

    One asker (see `dreambot.media.concurrency`) gets all processes but one, and so do all calls together
    that read
    many frames: a process is always left for others, and for short work. Of those who wait, the one who was
    served longest ago is next.

    processes: how many pictures are worked on at once. films: how many films are being made besides, each in
    a process of its own. max_pixels: larger pictures are refused undecoded. memory_limit: bytes of address
    space per process. timeout: seconds per call, three times that for reading a film's frames, not counting
    the wait for a free process. One event loop's; close it. deaths: how many processes were lost at work, by
    how: `ended` by themselves or by others, or too `slow`.

    Every method raises PictureError when the picture cannot be handled, also when it takes too long or its
    process ends twice over it (of a film: once), PoolClosed once the pool is closed, and CodecEnded when no
    process can be started.
    """

    def __init__(
        self,
        processes: int = 2,
        max_pixels: int = MAX_PIXELS,
        memory_limit: int = MEMORY_LIMIT,
        timeout: float = CALL_TIMEOUT_S,
        films: int = 4,
    ) -> None:
        """Starts nothing yet."""
        self.deaths: Counter[str] = Counter(ended=0, slow=0)
        self._processes = processes
        self._max_pixels = max_pixels
        self._memory_limit = memory_limit
        self._timeout = timeout
        most = max(1, processes - 1)
        self._free = FairSemaphore(processes, most)
        self._long_call_slots = FairSemaphore(most, most)
        self._video_slots = asyncio.Semaphore(films)
        self._idle: list[CodecProcess] = []
        self._busy: set[CodecProcess] = set()
        self._closed = False

    async def probe(self, path: Path) -> Probe:
        """What a file is, from decoding it once."""
        answer = await self._call({"task": "probe", "path": str(path), "hard_limit": self._max_pixels})
        values = answer.values
        return Probe(**{**values, "masking": tuple(values["masking"])})

    async def decode(
        self, path: Path, *, max_pixels: int | None = None, size: tuple[int, int] | None = None
    ) -> Picture:
        """The picture in a file, upright, in sRGB; see dreambot.media.decode for its size."""
        request = {"task": "decode", "path": str(path), "max_pixels": max_pixels, "size": size}
        answer = await self._call({**request, "hard_limit": self._max_pixels})
        height, width = answer.values["height"], answer.values["width"]
        rgb, *alpha = answer.buffers
        opacity = _as_pixels(alpha[0], (height, width)) if alpha else None
        return Picture(_as_pixels(rgb, (height, width, 3)), opacity, answer.values["missing"])

    async def encode(
        self,
        picture: Picture,
        *,
        limit: int | None = None,
        recipe_json: str | None = None,
        format: str | None = None,
    ) -> EncodedFile:
        """A file of at most limit bytes; see dreambot.media.encode."""
        planes = [plane.tobytes() for plane in (picture.rgb, picture.alpha) if plane is not None]
        size = {"height": picture.height, "width": picture.width}
        wishes = {"limit": limit, "recipe_json": recipe_json, "format": format}
        answer = await self._call({"task": "encode", **size, **wishes}, planes)
        return EncodedFile(data=answer.buffers[0], **answer.values)

    async def frames(
        self,
        path: Path,
        *,
        size: tuple[int, int],
        max_frames: int = MAX_FRAMES,
        max_seconds: float = MAX_SECONDS,
        max_fps: float = MAX_FPS,
    ) -> VideoFrames:
        """The first frames of a moving source, as many as the limits allow, each at `size` (width, height).

        See dreambot.media.frames.
        """
        limits = {"max_frames": max_frames, "max_seconds": max_seconds, "max_fps": max_fps}
        request = {"task": "frames", "path": str(path), "size": size, "hard_limit": self._max_pixels}
        most = MAX_FRAMES_BYTES + RESPONSE_MARGIN_BYTES
        async with self._long_call_slots.hold(current_requester()):
            answer = await self._call({**request, **limits}, most=most, patience=FRAMES_TIMEOUT_FACTOR)
        durations, values = answer.values.pop("durations"), answer.values
        width, height = size
        return VideoFrames(_as_pixels(answer.buffers[0], (-1, height, width, 3)), tuple(durations), **values)

    async def film(
        self,
        width: int,
        height: int,
        *,
        fps: float,
        loops: int = 0,
        format: VideoFormat | None = None,
        limit: int | None = None,
        recipe_json: str | None = None,
    ) -> EncodingSession:
        """Begins a film of that size in pixels; odd sides of an MP4 become even, very large films smaller.

        fps: how fast frames come that do not bring their own duration. loops: how many times it is shown, 0
        for ever, where the format can say so. format: None for MP4 where PyAV is installed, else WebP. limit:
        bytes the file may have; if it is larger it is encoded again, at lower quality and then smaller.
        recipe_json: travels in the file. Waits while as many films are being made as the pool allows.
        """
        plan = VideoSettings(choose_video_format(format), width, height, fps, loops, recipe_json)
        await self._video_slots.acquire()
        try:
            codec = await self._codec()
        except BaseException:
            self._video_slots.release()
            raise
        held = True

        async def ask(values: dict[str, Any], buffers: list[bytes]) -> Packet:
            if not held:
                raise PoolClosed("the film is finished, or was abandoned")
            return await self._asked(codec, self._request(values, buffers), MAX_VIDEO_BYTES)

        async def let_go() -> None:
            nonlocal held
            if held:
                held = False
                self._busy.discard(codec)
                self._video_slots.release()
                await codec.kill()

        film = EncodingSession(plan, ask, let_go)
        try:
            await ask(begin_request(plan, limit), [])
        except BaseException:
            await let_go()
            raise
        return film

    async def preview(self, rgb: Pixels) -> bytes:
        """A small JPEG of (height, width, 3) uint8 sRGB."""
        height, width, _ = rgb.shape
        answer = await self._call({"task": "preview", "height": height, "width": width}, [rgb.tobytes()])
        return answer.buffers[0]

    async def read_recipe(self, path: Path) -> str | None:
        """The recipe's JSON text carried by a picture of ours, at most 16 kB; None when there is none."""
        recipe_json = (await self._call({"task": "read_recipe", "path": str(path)})).values["recipe_json"]
        return None if recipe_json is None else str(recipe_json)

    async def close(self) -> None:
        """Ends every process, also those at work. The pool cannot be used again."""
        self._closed = True
        for codec in self._busy:
            codec.end()
        idle, self._idle = self._idle, []
        for codec in idle:
            await codec.kill()
        for _ in range(self._processes):  # the calls at work notice, and clean up after themselves
            await self._free.take(None)
        for _ in range(self._processes):
            self._free.give(None)

    async def _call(
        self,
        values: dict[str, Any],
        buffers: list[bytes] | None = None,
        most: int | None = None,
        patience: float = 1,
    ) -> Packet:
        request = self._request(values, buffers or [], patience)
        most = most or 4 * self._max_pixels + sum(map(len, request.buffers)) + RESPONSE_MARGIN_BYTES
        async with self._free.hold(current_requester()):
            for _ in range(1, MAX_ATTEMPTS):
                try:
                    return await self._call_once(request, most, patience)
                except CodecProcessDied:
                    log.warning("a codec process ended as it began; another is started")
                except PictureError as error:
                    if not isinstance(error.__cause__, CodecProcessDied):
                        raise
            return await self._call_once(request, most, patience)

    async def _call_once(self, request: Packet, most: int, patience: float) -> Packet:
        codec = await self._codec()
        try:
            return await self._asked(codec, request, most, patience)
        finally:
            self._busy.discard(codec)
            if codec.alive:
                self._idle.append(codec)

    def _request(self, values: dict[str, Any], buffers: list[bytes], patience: float = 1) -> Packet:
        return Packet({**values, "cpu_seconds": 2 * self._timeout * patience}, buffers)

    async def _asked(self, codec: CodecProcess, request: Packet, most: int, patience: float = 1) -> Packet:
        """The answer, whose buffers hold at most that many bytes. The process lives on, unless it failed."""
        task = request.values["task"]
        try:
            answer = await codec.call(request, seconds=self._timeout * patience, most=most)
        except BaseException as error:
            await codec.kill()
            raise self._explained(error, task) from error
        if "problem" in answer.values:
            raise PictureError.of(Message.from_json(answer.values["problem"]))
        if "failure" in answer.values:
            log.warning("%s failed: %s", task, answer.values["failure"])
            raise PictureError("errors-something-too-much", what=_task_subject(task))
        return answer

    async def _codec(self) -> CodecProcess:
        """A living process, marked busy."""
        codec = None
        while self._idle and codec is None:
            codec = self._idle.pop()
            if not codec.alive:
                codec = None
        if codec is None and not self._closed:
            codec = await CodecProcess.start(self._memory_limit)
        if codec is None or self._closed:
            if codec is not None:
                await codec.kill()
            raise PoolClosed("the codec pool is closed")
        self._busy.add(codec)
        return codec

    def _explained(self, error: BaseException, task: str) -> BaseException:
        """What the caller should see when a call went wrong."""
        if self._closed and isinstance(error, CodecProcessDied):
            return PoolClosed("the codec pool was closed")
        if isinstance(error, TimeoutError):
            self.deaths["slow"] += 1
            log.warning("%s took more than %s s; its process was replaced", task, self._timeout)
            return PictureError("errors-took-too-long", what=_task_subject(task))
        if isinstance(error, CodecProcessDied):
            self.deaths["ended"] += 1
            log.warning("%s: %s; it will be replaced", task, error)
            return PictureError("errors-too-much", what=_task_subject(task))
        return error


def _task_subject(task: str) -> str:
    return "video" if task.startswith("film") else "picture"


def _as_pixels(buffer: bytes, shape: tuple[int, ...]) -> Pixels:
    """A writable array: torch dislikes the other kind."""
    return np.frombuffer(bytearray(buffer), np.uint8).reshape(shape)
