"""A codec process: reads requests from standard input, answers on standard output, ends at end of file."""

import gc
import os
import warnings
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO

import numpy as np

from dreambot.errors import UserError
from dreambot.media import limits
from dreambot.media.decode import decode
from dreambot.media.encode import encode, preview
from dreambot.media.film_tasks import FilmTasks
from dreambot.media.footage import footage
from dreambot.media.metadata import read_recipe
from dreambot.media.picture import Picture, Pixels
from dreambot.media.probe import probe
from dreambot.media.wire import PREFIX, Message, packed, unpacked_head

NICENESS = 5
"""The same as a worker's: a codec at the usual priority takes three quarters of a core from a dream, and one
below the worker would run into its time limit on a busy machine."""


def main(parent: int, memory: int) -> None:
    """Serves requests until the parent (a process id) closes the pipe or ends. memory: bytes."""
    limits.die_with(parent)
    warnings.simplefilter("ignore")
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):  # the decoders' C libraries like to print
        os.dup2(nothing, stream)
    limits.limit_machine(memory)
    os.nice(NICENESS)
    gc.freeze()
    _send(answers, Message({"ready": True}))
    while (request := _receive(requests)) is not None:
        limits.limit_cpu(request.values["cpu_seconds"])
        _send(answers, _answer(request))
        # Video frames whose side data was read are in reference cycles, and hold pixels and threads
        gc.collect()


def _answer(request: Message) -> Message:
    try:
        return TASKS[request.values["task"]](request)
    except UserError as error:
        return Message({"problem": str(error)})
    except Exception as error:
        return Message({"failure": f"{type(error).__name__}: {error}"[:1000]})


def _probe(request: Message) -> Message:
    values = request.values
    return Message(asdict(probe(Path(values["path"]), hard_limit=values["hard_limit"])))


def _decode(request: Message) -> Message:
    values = request.values
    picture = decode(
        Path(values["path"]),
        max_pixels=values["max_pixels"],
        size=values["size"] and tuple(values["size"]),
        hard_limit=values["hard_limit"],
    )
    buffers = [plane.tobytes() for plane in (picture.rgb, picture.alpha) if plane is not None]
    described = {"height": picture.height, "width": picture.width, "missing": picture.missing}
    return Message(described, buffers)


def _frames(request: Message) -> Message:
    values = dict(request.values)
    wishes = {name: values[name] for name in ("max_frames", "max_seconds", "max_fps", "hard_limit")}
    seen = footage(Path(values["path"]), size=tuple(values["size"]), **wishes)
    described = {"durations": seen.durations, "loops": seen.loops}
    described |= {"complete": seen.complete, "missing": seen.missing}
    return Message(described, [seen.rgb.tobytes()])


def _encode(request: Message) -> Message:
    values = request.values
    shape = values["height"], values["width"]
    rgb, *alpha = request.buffers
    picture = Picture(_pixels(rgb, (*shape, 3)), _pixels(alpha[0], shape) if alpha else None)
    file = encode(picture, limit=values["limit"], recipe_json=values["recipe_json"], format=values["format"])
    described = {"format": file.format, "extension": file.extension}
    return Message({**described, "height": file.height, "width": file.width}, [file.data])


def _preview(request: Message) -> Message:
    values = request.values
    rgb = _pixels(request.buffers[0], (values["height"], values["width"], 3))
    return Message({}, [preview(rgb)])


def _read_recipe(request: Message) -> Message:
    return Message({"recipe_json": read_recipe(Path(request.values["path"]))})


_film = FilmTasks()
TASKS: dict[str, Callable[[Message], Message]] = {
    "probe": _probe,
    "decode": _decode,
    "frames": _frames,
    "encode": _encode,
    "film_begin": _film.begin,
    "film_add": _film.add,
    "film_finish": _film.finish,
    "preview": _preview,
    "read_recipe": _read_recipe,
}


def _pixels(buffer: bytes, shape: tuple[int, ...]) -> Pixels:
    return np.frombuffer(buffer, np.uint8).reshape(shape)


def _receive(stream: BinaryIO) -> Message | None:
    prefix = stream.read(PREFIX.size)
    if len(prefix) < PREFIX.size:
        return None
    values, lengths = unpacked_head(stream.read(PREFIX.unpack(prefix)[0]))
    return Message(values, [stream.read(size) for size in lengths])


def _send(stream: BinaryIO, message: Message) -> None:
    for part in packed(message):
        stream.write(part)
    stream.flush()
