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

from dreambot import errors
from dreambot.errors import DreambotError
from dreambot.media.concurrency import FairSemaphore, current_requester
from dreambot.media.decode import Probe
from dreambot.media.encode import EncodedFile
from dreambot.media.frames import MAX_FPS, MAX_FRAMES, MAX_FRAMES_BYTES, MAX_SECONDS, VideoFrames
from dreambot.media.loudness import Loudness
from dreambot.media.picture import Picture, PictureError, Pixels
from dreambot.media.picture_file import MAX_PIXELS
from dreambot.media.sound import Soundtrack
from dreambot.media.video_settings import VideoFormat, VideoSettings, choose_video_format
from dreambot.workers.environment import codec_environment
from dreambot.workers.ipc import Buffer, Packet, ProtocolError
from dreambot.workers.process import ChildProcess, WorkerExited

START_TIMEOUT_S = 60.0


class CodecProcess(ChildProcess):
    """A process that handles one request at a time."""

    @classmethod
    async def start(cls, memory_limit: int) -> Self:
        """Starts a process.

        Args:
            memory_limit: Bytes of address space that it may use.

        Raises:
            WorkerExited: It cannot be started.
        """
        return await cls._start(
            "dreambot.workers.codec_worker", [str(memory_limit)], codec_environment(), START_TIMEOUT_S
        )

    async def call(self, request: Packet, *, timeout: float, max_bytes: int) -> Packet:
        """Sends a request and waits for the response. After any exception the process must be closed.

        Args:
            request: The request.
            timeout: Seconds.
            max_bytes: Limit on all buffers of the response together.

        Raises:
            TimeoutError: There was no response in time.
            WorkerExited: The process ended, or violated the protocol.
        """
        async with asyncio.timeout(timeout):
            self.send_packet(request)
            try:
                await self._writer.drain()
            except OSError as error:
                raise WorkerExited("the process ended before it had read the request") from error
            return await self._receive(max_bytes)

    async def _wait_until_ready(self) -> None:
        await self._receive(0)

    async def _receive(self, max_bytes: int) -> Packet:
        try:
            return await self.receive_packet(max_bytes)
        except ProtocolError as error:
            raise WorkerExited(f"the process sent {error}") from error


SendRequest = Callable[[dict[str, Any], list[bytes]], Awaitable[Packet]]


log = logging.getLogger(__name__)

MEMORY_LIMIT = 2 * 2**30
CALL_TIMEOUT_S = 20.0
# A file is never much larger than its pixels, and a pixel has at most four bytes.
RESPONSE_MARGIN_BYTES = 2**20
MAX_VIDEO_BYTES = 2**30
# Multiple of the timeout for reading many frames.
FRAMES_TIMEOUT_FACTOR = 3
# Not every exit is caused by the picture: the kernel or an operator can kill a process.
MAX_ATTEMPTS = 2


class EncodingSession:
    """A video that is being encoded, in a codec process of its own.

    Leave its context, or call `abandon`, so that the process ends. Its methods raise as the pool's do; after
    an error only `abandon` is useful.
    """

    def __init__(self, fps: float, send: SendRequest, release: Callable[[], Awaitable[None]]) -> None:
        """Use `CodecPool.start_video`.

        Args:
            fps: Frames per second of frames without a duration.
            send: Sends a request to the process and returns the response.
            release: Ends the process.
        """
        self._send, self._release = send, release
        self._default_ms = 1000 / fps

    async def add(self, rgb: Pixels, ms: float | None = None) -> None:
        """Adds a frame.

        Args:
            rgb: (height, width, 3) uint8 sRGB.
            ms: Milliseconds it is displayed; None for the duration that follows from the fps.
        """
        height, width, _ = rgb.shape
        ms = self._default_ms if ms is None else ms
        await self._send({"task": "video_add", "height": height, "width": width, "ms": ms}, [rgb.tobytes()])

    async def finish(self) -> EncodedFile:
        """Returns the video's file and ends the process."""
        while True:
            response = await self._send({"task": "video_finish"}, [])
            values = dict(response.values)
            if values.pop("done"):
                await self._release()
                return EncodedFile(data=bytes(response.buffers[0]), **values)

    async def abandon(self) -> None:
        """Ends the process, if it has not ended."""
        await self._release()

    async def __aenter__(self) -> Self:
        """Returns the session."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ends the process, if it has not ended."""
        await self.abandon()


class PoolClosed(DreambotError):
    """The pool was closed before the work was done."""


class CodecPool:
    """A few codec processes, started when first needed and replaced when they die.

    One requester (see `dreambot.media.concurrency`) gets all processes but one, and so do all calls together
    that read many frames: one process is always free for others, and for short work. Of those who wait, the
    one served longest ago is next. A pool belongs to one event loop; close it.

    Every method raises PictureError if the picture cannot be handled, also if it takes too long or its
    process exits twice over it (for a video: once), PoolClosed once the pool is closed, and WorkerExited if
    no process can be started.

    Attributes:
        deaths: Number of processes lost while at work: `ended` by themselves or by others, or too `slow`.
    """

    def __init__(
        self,
        processes: int = 2,
        max_pixels: int = MAX_PIXELS,
        memory_limit: int = MEMORY_LIMIT,
        timeout: float = CALL_TIMEOUT_S,
        max_videos: int = 4,
    ) -> None:
        """Starts no process yet.

        Args:
            processes: Number of pictures that are worked on at once.
            max_pixels: Larger pictures are refused before they are decoded.
            memory_limit: Bytes of address space per process.
            timeout: Seconds per call, three times that for reading frames, without the wait for a free
                process.
            max_videos: Number of videos that are encoded at once, each in a process of its own.
        """
        self.deaths: Counter[str] = Counter(ended=0, slow=0)
        self._processes = processes
        self._max_pixels = max_pixels
        self._memory_limit = memory_limit
        self._timeout = timeout
        shared = max(1, processes - 1)
        self._free = FairSemaphore(processes, shared)
        self._long_call_slots = FairSemaphore(shared, shared)
        self._video_slots = asyncio.Semaphore(max_videos)
        self._idle: list[CodecProcess] = []
        self._busy: set[CodecProcess] = set()
        self._closed = False

    async def probe(self, path: Path) -> Probe:
        """Decodes a file once and returns facts about it.

        Args:
            path: The file.
        """
        response = await self._call({"task": "probe", "path": str(path), "hard_limit": self._max_pixels})
        values = response.values
        return Probe(**{**values, "masking": tuple(values["masking"])})

    async def decode(
        self, path: Path, *, max_pixels: int | None = None, size: tuple[int, int] | None = None
    ) -> Picture:
        """Decodes the picture in a file, upright, in sRGB; see `dreambot.media.decode.decode`.

        Args:
            path: The file.
            max_pixels: Limit on the pixels of the result.
            size: (width, height) of the result.
        """
        request = {"task": "decode", "path": str(path), "max_pixels": max_pixels, "size": size}
        response = await self._call({**request, "hard_limit": self._max_pixels})
        height, width = response.values["height"], response.values["width"]
        rgb, *alpha = response.buffers
        opacity = _as_pixels(alpha[0], (height, width)) if alpha else None
        return Picture(_as_pixels(rgb, (height, width, 3)), opacity, response.values["missing"])

    async def encode(
        self,
        picture: Picture,
        *,
        limit: int | None = None,
        recipe_json: str | None = None,
        format: str | None = None,
    ) -> EncodedFile:
        """Encodes a picture; see `dreambot.media.encode.encode`.

        Args:
            picture: The picture.
            limit: Bytes that the file may have.
            recipe_json: Recipe to store in the file.
            format: "PNG", "WEBP" or "JPEG" for only that one.
        """
        planes = [plane.tobytes() for plane in (picture.rgb, picture.alpha) if plane is not None]
        size = {"height": picture.height, "width": picture.width}
        options = {"limit": limit, "recipe_json": recipe_json, "format": format}
        response = await self._call({"task": "encode", **size, **options}, planes)
        return EncodedFile(data=bytes(response.buffers[0]), **response.values)

    async def frames(
        self,
        path: Path,
        *,
        size: tuple[int, int],
        max_frames: int = MAX_FRAMES,
        max_seconds: float = MAX_SECONDS,
        max_fps: float = MAX_FPS,
    ) -> VideoFrames:
        """Reads the first frames of an animation or a video, as many as the limits allow.

        See `dreambot.media.frames.read_frames`.

        Args:
            path: The file.
            size: (width, height) of each frame.
            max_frames: Limit on the frames returned.
            max_seconds: Limit on their duration.
            max_fps: Limit on the frames per second.
        """
        limits = {"max_frames": max_frames, "max_seconds": max_seconds, "max_fps": max_fps}
        request = {"task": "frames", "path": str(path), "size": size, "hard_limit": self._max_pixels}
        max_bytes = MAX_FRAMES_BYTES + RESPONSE_MARGIN_BYTES
        async with self._long_call_slots.hold(current_requester()):
            response = await self._call(
                {**request, **limits}, max_bytes=max_bytes, timeout_factor=FRAMES_TIMEOUT_FACTOR
            )
        durations, values = response.values.pop("durations"), response.values
        width, height = size
        return VideoFrames(
            _as_pixels(response.buffers[0], (-1, height, width, 3)), tuple(durations), **values
        )

    async def start_video(
        self,
        width: int,
        height: int,
        *,
        fps: float,
        loops: int = 0,
        format: VideoFormat | None = None,
        limit: int | None = None,
        recipe_json: str | None = None,
        soundtrack: bytes | None = None,
    ) -> EncodingSession:
        """Starts a video; waits while the pool encodes as many as it may.

        Args:
            width: In pixels. An odd side of an MP4 becomes even; very large videos are scaled down.
            height: In pixels.
            fps: Frames per second of frames without a duration.
            loops: How many times it is played, 0 for ever, if the format supports it.
            format: None for MP4 if PyAV is installed, else WebP.
            limit: Bytes that the file may have; a larger one is encoded again, at lower quality and then
                smaller.
            recipe_json: Recipe to store in the file.
            soundtrack: The file that `soundtrack` returned; only MP4 has one.
        """
        settings = VideoSettings(choose_video_format(format), width, height, fps, loops, recipe_json)
        await self._video_slots.acquire()
        try:
            codec = await self._take_process()
        except BaseException:
            self._video_slots.release()
            raise
        held = True

        async def send(values: dict[str, Any], buffers: list[bytes]) -> Packet:
            if not held:
                raise PoolClosed("the video is finished or was abandoned")
            return await self._send(codec, self._request(values, buffers), MAX_VIDEO_BYTES)

        async def release() -> None:
            nonlocal held
            if held:
                held = False
                self._busy.discard(codec)
                self._video_slots.release()
                await codec.close(grace=0)

        session = EncodingSession(fps, send, release)
        try:
            await send(
                {"task": "video_start", "settings": asdict(settings), "limit": limit},
                [soundtrack] if soundtrack else [],
            )
        except BaseException:
            await release()
            raise
        return session

    async def soundtrack(self, path: Path, *, seconds: float, max_bytes: int | None = None) -> Soundtrack:
        """Makes the soundtrack of a video; see `dreambot.media.sound.make_soundtrack`.

        Args:
            path: An audio file or a video.
            seconds: The length of the video.
            max_bytes: Bytes the soundtrack may have.
        """
        request = {"task": "soundtrack", "path": str(path), "seconds": seconds, "max_bytes": max_bytes}
        response = await self._call(request)
        return Soundtrack(bytes(response.buffers[0]), response.values["whole_seconds"])

    async def loudness(self, path: Path, *, rate: float, max_seconds: float) -> Loudness:
        """Measures how loud a sound is over time; see `dreambot.media.loudness.measure_loudness`.

        Args:
            path: An audio file or a video.
            rate: Values per second.
            max_seconds: Limit on the seconds that are measured.
        """
        request = {"task": "loudness", "path": str(path), "rate": rate, "max_seconds": max_seconds}
        values = (await self._call(request)).values
        return Loudness(**{**values, "levels": tuple(values["levels"])})

    async def preview(self, rgb: Pixels) -> bytes:
        """Encodes a small JPEG.

        Args:
            rgb: (height, width, 3) uint8 sRGB.
        """
        height, width, _ = rgb.shape
        response = await self._call({"task": "preview", "height": height, "width": width}, [rgb.tobytes()])
        return bytes(response.buffers[0])

    async def read_recipe(self, path: Path) -> str | None:
        """Returns the JSON text, at most 16 kB, of the recipe in a file that dreambot made.

        Args:
            path: The file.

        Returns:
            None if it has none.
        """
        recipe_json = (await self._call({"task": "read_recipe", "path": str(path)})).values["recipe_json"]
        return None if recipe_json is None else str(recipe_json)

    async def close(self) -> None:
        """Ends every process, also those at work. The pool cannot be used again."""
        self._closed = True
        for codec in self._busy:
            codec.kill()
        idle, self._idle = self._idle, []
        for codec in idle:
            await codec.close(grace=0)
        for _ in range(self._processes):  # wait until the running calls have noticed and cleaned up
            await self._free.acquire(None)
        for _ in range(self._processes):
            self._free.release(None)

    async def _call(
        self,
        values: dict[str, Any],
        buffers: list[bytes] | None = None,
        max_bytes: int | None = None,
        timeout_factor: float = 1,
    ) -> Packet:
        request = self._request(values, buffers or [], timeout_factor)
        max_bytes = max_bytes or 4 * self._max_pixels + sum(map(len, request.buffers)) + RESPONSE_MARGIN_BYTES
        async with self._free.hold(current_requester()):
            for _ in range(1, MAX_ATTEMPTS):
                try:
                    return await self._call_once(request, max_bytes, timeout_factor)
                except WorkerExited:
                    log.warning("A codec process ended while it started; starting another.")
                except PictureError as error:
                    if not isinstance(error.__cause__, WorkerExited):
                        raise
            return await self._call_once(request, max_bytes, timeout_factor)

    async def _call_once(self, request: Packet, max_bytes: int, timeout_factor: float) -> Packet:
        codec = await self._take_process()
        try:
            return await self._send(codec, request, max_bytes, timeout_factor)
        finally:
            self._busy.discard(codec)
            if codec.alive:
                self._idle.append(codec)

    def _request(self, values: dict[str, Any], buffers: list[bytes], timeout_factor: float = 1) -> Packet:
        return Packet({**values, "cpu_seconds": 2 * self._timeout * timeout_factor}, buffers)

    async def _send(
        self, codec: CodecProcess, request: Packet, max_bytes: int, timeout_factor: float = 1
    ) -> Packet:
        """Sends a request and returns the response; the process is usable afterwards unless this raises.

        Args:
            codec: The process.
            request: The request.
            max_bytes: Limit on all buffers of the response together.
            timeout_factor: Multiple of the pool's timeout.
        """
        task = request.values["task"]
        try:
            response = await codec.call(request, timeout=self._timeout * timeout_factor, max_bytes=max_bytes)
        except BaseException as error:
            await codec.close(grace=0)
            raise self._translate_error(error, task) from error
        if "problem" in response.values:
            raise PictureError.of(errors.Message.from_json(response.values["problem"]))
        if "failure" in response.values:
            log.warning("Codec task %s failed: %s", task, response.values["failure"])
            raise PictureError("errors-something-too-much", what=_task_subject(task))
        return response

    async def _take_process(self) -> CodecProcess:
        """Returns a running process, marked busy."""
        while self._idle:
            codec = self._idle.pop()
            if codec.alive:
                break
            await codec.close(grace=0)
        else:
            if self._closed:
                raise PoolClosed("the codec pool is closed")
            codec = await CodecProcess.start(self._memory_limit)
        if self._closed:
            await codec.close(grace=0)
            raise PoolClosed("the codec pool is closed")
        self._busy.add(codec)
        return codec

    def _translate_error(self, error: BaseException, task: str) -> BaseException:
        """Returns the exception that the caller gets for a failed call."""
        if self._closed and isinstance(error, WorkerExited):
            return PoolClosed("the codec pool was closed")
        if isinstance(error, TimeoutError):
            self.deaths["slow"] += 1
            log.warning("Codec task %s took more than %s s; its process is replaced.", task, self._timeout)
            return PictureError("errors-took-too-long", what=_task_subject(task))
        if isinstance(error, WorkerExited):
            self.deaths["ended"] += 1
            log.warning("Codec task %s: %s; it is replaced.", task, error)
            return PictureError("errors-too-much", what=_task_subject(task))
        return error


def _task_subject(task: str) -> str:
    if task in {"soundtrack", "loudness"}:
        return "sound"
    return "video" if task.startswith("video") else "picture"


def _as_pixels(buffer: Buffer, shape: tuple[int, ...]) -> Pixels:
    """Returns a writable array: torch warns about others."""
    return np.frombuffer(bytearray(buffer), np.uint8).reshape(shape)
