"""The main loop of a codec process: reads requests from stdin, writes responses to stdout, and ends at
EOF."""

import gc
import os
import time
import warnings
from collections.abc import Callable, Generator
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO

import numpy as np

from dreambot.errors import UserError
from dreambot.media.decode import decode
from dreambot.media.encode import EncodedFile, encode, encode_preview
from dreambot.media.frames import read_frames
from dreambot.media.metadata import read_recipe
from dreambot.media.picture import Picture, Pixels
from dreambot.media.probe import probe
from dreambot.media.video_encode import SizeLimitedVideoWriter
from dreambot.media.video_settings import VideoSettings
from dreambot.workers import limits
from dreambot.workers.ipc import LENGTH_PREFIX, Packet, decode_header, encode_packet

# A request that takes longer is answered with "not done yet", so that no film is too long for its time limit
FINISH_SLICE_S = 2.0


class VideoTasks:
    """The film that this process is making."""

    def __init__(self) -> None:
        """None yet."""
        self._film: SizeLimitedVideoWriter | None = None
        self._finishing: Generator[None, None, EncodedFile] | None = None

    def begin(self, request: Packet) -> Packet:
        """Begins one, in place of any before it."""
        self._film = SizeLimitedVideoWriter(VideoSettings(**request.values["plan"]), request.values["limit"])
        self._finishing = None
        return Packet({})

    def add(self, request: Packet) -> Packet:
        """Adds a frame."""
        assert self._film is not None
        shape = request.values["height"], request.values["width"], 3
        self._film.add(np.frombuffer(request.buffers[0], np.uint8).reshape(shape), request.values["ms"])
        return Packet({})

    def finish(self, request: Packet) -> Packet:
        """Works on the end of the film for a while; answers with the file once it is done."""
        assert self._film is not None
        self._finishing = self._finishing or self._film.finish()
        until = time.monotonic() + FINISH_SLICE_S
        while time.monotonic() < until:
            try:
                next(self._finishing)
            except StopIteration as end:
                file: EncodedFile = end.value
                described = {"format": file.format, "extension": file.extension}
                return Packet(
                    {"done": True, **described, "height": file.height, "width": file.width}, [file.data]
                )
        return Packet({"done": False})


NICENESS = 5
"""The same as a worker's: a codec at the usual priority takes three quarters of a core from a dream, and one
below the worker would run into its time limit on a busy machine."""


def main(parent: int, memory: int) -> None:
    """Serves requests until the parent (a process id) closes the pipe or ends. memory: bytes."""
    limits.exit_with_parent(parent)
    warnings.simplefilter("ignore")
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):  # the decoders' C libraries like to print
        os.dup2(nothing, stream)
    limits.limit_resources(memory)
    os.nice(NICENESS)
    gc.freeze()
    _send(answers, Packet({"ready": True}))
    while (request := _receive(requests)) is not None:
        limits.limit_cpu_time(request.values["cpu_seconds"])
        _send(answers, _answer(request))
        # Video frames whose side data was read are in reference cycles, and hold pixels and threads
        gc.collect()


def _answer(request: Packet) -> Packet:
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
    described = {"height": picture.height, "width": picture.width, "missing": picture.missing}
    return Packet(described, buffers)


def _frames(request: Packet) -> Packet:
    values = dict(request.values)
    wishes = {name: values[name] for name in ("max_frames", "max_seconds", "max_fps", "hard_limit")}
    seen = read_frames(Path(values["path"]), size=tuple(values["size"]), **wishes)
    described = {"durations": seen.durations, "loops": seen.loops}
    described |= {"complete": seen.complete, "missing": seen.missing}
    return Packet(described, [seen.rgb.tobytes()])


def _encode(request: Packet) -> Packet:
    values = request.values
    shape = values["height"], values["width"]
    rgb, *alpha = request.buffers
    picture = Picture(_as_pixels(rgb, (*shape, 3)), _as_pixels(alpha[0], shape) if alpha else None)
    file = encode(picture, limit=values["limit"], recipe_json=values["recipe_json"], format=values["format"])
    described = {"format": file.format, "extension": file.extension}
    return Packet({**described, "height": file.height, "width": file.width}, [file.data])


def _preview(request: Packet) -> Packet:
    values = request.values
    rgb = _as_pixels(request.buffers[0], (values["height"], values["width"], 3))
    return Packet({}, [encode_preview(rgb)])


def _read_recipe(request: Packet) -> Packet:
    return Packet({"recipe_json": read_recipe(Path(request.values["path"]))})


_video_tasks = VideoTasks()
TASKS: dict[str, Callable[[Packet], Packet]] = {
    "probe": _probe,
    "decode": _decode,
    "frames": _frames,
    "encode": _encode,
    "film_begin": _video_tasks.begin,
    "film_add": _video_tasks.add,
    "film_finish": _video_tasks.finish,
    "preview": _preview,
    "read_recipe": _read_recipe,
}


def _as_pixels(buffer: bytes, shape: tuple[int, ...]) -> Pixels:
    return np.frombuffer(buffer, np.uint8).reshape(shape)


def _receive(stream: BinaryIO) -> Packet | None:
    prefix = stream.read(LENGTH_PREFIX.size)
    if len(prefix) < LENGTH_PREFIX.size:
        return None
    values, lengths = decode_header(stream.read(LENGTH_PREFIX.unpack(prefix)[0]))
    return Packet(values, [stream.read(size) for size in lengths])


def _send(stream: BinaryIO, message: Packet) -> None:
    for part in encode_packet(message):
        stream.write(part)
    stream.flush()
