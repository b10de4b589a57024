"""The main loop of a codec process: reads requests from stdin, writes responses to stdout, and ends at
EOF."""

import contextlib
import gc
import sys
import time
import warnings
from collections.abc import Callable, Generator
from dataclasses import asdict
from pathlib import Path

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
from dreambot.workers import environment
from dreambot.workers.ipc import Buffer, Packet, read_packet, take_standard_streams, write_packet

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


def main(parent: int, memory: int) -> None:
    """Serves requests until the parent closes the pipe or ends.

    Args:
        parent: Process id of the parent.
        memory: Bytes of address space that this process may use.
    """
    environment.exit_with_parent(parent)
    warnings.simplefilter("ignore")
    # The decoders' C libraries like to print.
    requests, responses = take_standard_streams(discard_stderr=True)
    environment.limit_resources(memory)
    environment.lower_priority()
    gc.freeze()
    write_packet(responses, Packet({"ready": True}))
    with contextlib.suppress(EOFError):
        while True:
            request = read_packet(requests, memory)
            environment.limit_cpu_time(request.values["cpu_seconds"])
            write_packet(responses, _answer(request))
            # Video frames whose side data was read are in reference cycles, and hold pixels and threads.
            gc.collect()


def _answer(request: Packet) -> Packet:
    try:
        return TASKS[request.values["task"]](request)
    except UserError as error:
        return Packet({"problem": str(error)})
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


def _as_pixels(buffer: Buffer, shape: tuple[int, ...]) -> Pixels:
    return np.frombuffer(buffer, np.uint8).reshape(shape)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
