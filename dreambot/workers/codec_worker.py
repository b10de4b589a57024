"""The main loop of a codec process: `python -m dreambot.workers.codec_worker PARENT_PID MEMORY_BYTES`.

It reads requests from stdin, writes responses to stdout, and ends when stdin is closed. It must not import
torch or asyncio: each process would pay for them.
"""

import contextlib
import gc
import sys
import time
import warnings
from collections.abc import Callable, Generator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from dreambot.errors import UserError
from dreambot.media.decode import decode, probe
from dreambot.media.encode import EncodedFile, encode, encode_preview
from dreambot.media.frames import read_frames
from dreambot.media.loudness import measure_loudness
from dreambot.media.metadata import read_recipe
from dreambot.media.picture import Picture, Pixels
from dreambot.media.sound import make_soundtrack
from dreambot.media.video_encode import SizeLimitedVideoWriter
from dreambot.media.video_settings import VideoSettings
from dreambot.workers import environment
from dreambot.workers.ipc import Buffer, Packet, read_packet, take_standard_streams, write_packet

FINISH_SLICE_S = 2.0
"""Longest work on the end of a video per request, so that no video is too long for the request's timeout."""


class VideoTasks:
    """The tasks that encode one video over several requests."""

    def __init__(self) -> None:
        """There is no video yet."""
        self._writer: SizeLimitedVideoWriter | None = None
        self._finishing: Generator[None, None, EncodedFile] | None = None

    def start(self, request: Packet) -> Packet:
        """Starts a video and drops an earlier one.

        Args:
            request: `settings` (of VideoSettings), `limit` (bytes or None); perhaps a buffer with the
                soundtrack.
        """
        values = request.values
        soundtrack = bytes(request.buffers[0]) if request.buffers else None
        self._writer = SizeLimitedVideoWriter(
            VideoSettings(**values["settings"]), values["limit"], soundtrack
        )
        self._finishing = None
        return Packet({})

    def add(self, request: Packet) -> Packet:
        """Adds a frame.

        Args:
            request: `height`, `width`, `ms`, and a buffer of RGB pixels.
        """
        assert self._writer is not None
        values = request.values
        self._writer.add(_as_pixels(request.buffers[0], (values["height"], values["width"], 3)), values["ms"])
        return Packet({})

    def finish(self, _: Packet) -> Packet:
        """Works on the end of the video for a while; `done` and the file once it is finished."""
        assert self._writer is not None
        self._finishing = self._finishing or self._writer.finish()
        deadline = time.monotonic() + FINISH_SLICE_S
        while time.monotonic() < deadline:
            try:
                next(self._finishing)
            except StopIteration as end:
                return _file_packet(end.value, done=True)
        return Packet({"done": False})


def main(parent: int, memory: int) -> None:
    """Serves requests until the parent closes the pipe or ends.

    Args:
        parent: Process id of the parent.
        memory: Bytes of address space that this process may use.
    """
    environment.exit_with_parent(parent)
    warnings.simplefilter("ignore")
    # The decoders' C libraries print messages.
    requests, responses = take_standard_streams(discard_stderr=True)
    environment.limit_resources(memory)
    environment.lower_priority()
    gc.freeze()
    write_packet(responses, Packet({"ready": True}))
    with contextlib.suppress(EOFError):
        while True:
            request = read_packet(requests, memory)
            environment.limit_cpu_time(request.values["cpu_seconds"])
            write_packet(responses, _run_task(request))
            # Video frames whose side data was read are in reference cycles, and hold pixels and threads.
            gc.collect()


def _run_task(request: Packet) -> Packet:
    try:
        return TASKS[request.values["task"]](request)
    except UserError as error:
        return Packet({"problem": error.message.to_json()})
    except Exception as error:
        return Packet({"failure": f"{type(error).__name__}: {error}"[:1000]})


def _probe(request: Packet) -> Packet:
    values = request.values
    return Packet(asdict(probe(Path(values["path"]), hard_limit=values["hard_limit"])))


def _decode(request: Packet) -> Packet:
    values = request.values
    picture = decode(
        Path(values["path"]),
        max_pixels=values["max_pixels"],
        size=values["size"] and tuple(values["size"]),
        hard_limit=values["hard_limit"],
    )
    buffers = [plane.tobytes() for plane in (picture.rgb, picture.alpha) if plane is not None]
    return Packet({"height": picture.height, "width": picture.width, "missing": picture.missing}, buffers)


def _frames(request: Packet) -> Packet:
    values = request.values
    limits = {name: values[name] for name in ("max_frames", "max_seconds", "max_fps", "hard_limit")}
    frames = read_frames(Path(values["path"]), size=tuple(values["size"]), **limits)
    facts = {name: getattr(frames, name) for name in ("durations", "loops", "complete", "missing")}
    return Packet(facts, [frames.rgb.tobytes()])


def _encode(request: Packet) -> Packet:
    values = request.values
    shape = values["height"], values["width"]
    rgb, *alpha = request.buffers
    picture = Picture(_as_pixels(rgb, (*shape, 3)), _as_pixels(alpha[0], shape) if alpha else None)
    options = {name: values[name] for name in ("limit", "recipe_json", "format")}
    return _file_packet(encode(picture, **options))


def _preview(request: Packet) -> Packet:
    values = request.values
    rgb = _as_pixels(request.buffers[0], (values["height"], values["width"], 3))
    return Packet({}, [encode_preview(rgb)])


def _soundtrack(request: Packet) -> Packet:
    values = request.values
    made = make_soundtrack(Path(values["path"]), values["seconds"], values["max_bytes"])
    return Packet({"whole_seconds": made.whole_seconds}, [made.data])


def _loudness(request: Packet) -> Packet:
    values = request.values
    return Packet(asdict(measure_loudness(Path(values["path"]), values["rate"], values["max_seconds"])))


def _read_recipe(request: Packet) -> Packet:
    return Packet({"recipe_json": read_recipe(Path(request.values["path"]))})


_video_tasks = VideoTasks()
TASKS: dict[str, Callable[[Packet], Packet]] = {
    "probe": _probe,
    "decode": _decode,
    "frames": _frames,
    "encode": _encode,
    "video_start": _video_tasks.start,
    "video_add": _video_tasks.add,
    "video_finish": _video_tasks.finish,
    "preview": _preview,
    "soundtrack": _soundtrack,
    "loudness": _loudness,
    "read_recipe": _read_recipe,
}


def _file_packet(file: EncodedFile, **more: Any) -> Packet:
    facts = {name: getattr(file, name) for name in ("format", "extension", "height", "width")}
    return Packet({**facts, **more}, [file.data])


def _as_pixels(buffer: Buffer, shape: tuple[int, ...]) -> Pixels:
    return np.frombuffer(buffer, np.uint8).reshape(shape)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
