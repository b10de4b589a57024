"""Runs the command line in this process, with everything except the dream itself."""

import asyncio
import io
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import typer
from PIL import Image

from dreambot import cli
from dreambot.media.picture import DreamInputs
from dreambot.recipe import Recipe
from dreambot.workers import codec_worker
from dreambot.workers.ipc import Packet
from dreambot.workers.types import Done

COMMANDS: dict[tuple[str, ...], tuple[str, ...]] = {
    ("dream",): ("photo.png", "-o", "out.png"),
    ("hellscape",): ("-o", "out.gif", "--frames", "2"),
    ("summon",): ("goldfish", "-o", "out.png"),
    ("recipe",): ("dream.png",),
    ("layers",): ("--atlas", "atlas"),
    ("presets",): (),
    ("models",): (),
    ("models", "list"): (),
    ("models", "pull"): ("no-such-model",),
    ("models", "add"): ("mine", "--arch", "googlenet", "--weights", "photo.png"),
    ("models", "remove"): ("mine",),
    ("models", "export"): ("inception_v3", "--cut", "mixed5", "-o", "out.safetensors"),
    ("try",): (),
    ("sandbox",): ("--port", "0"),
    ("run",): (),
    ("doctor",): (),
    ("invite",): ("123456789",),
    ("worker",): ("--head",),
}
"""Every command, with arguments that it accepts."""


@dataclass(frozen=True)
class CommandResult:
    """The exit status and output of a command."""

    status: int
    out: bytes
    err: str


@dataclass(frozen=True)
class Parameter:
    """One argument or option of one command."""

    command: tuple[str, ...]
    name: str
    option: str | None
    flag: bool

    def line(self, value: str) -> list[str]:
        """Returns a valid command line in which this parameter has the given value."""
        usual = list(COMMANDS[self.command])
        if self.option:
            if self.option in usual or (self.option == "--output" and "-o" in usual):
                place = usual.index(self.option if self.option in usual else "-o")
                del usual[place : place + 2]
            given = [self.option] if self.flag else [f"{self.option}={value}"]
            return [*self.command, *usual, *given]
        if usual and not usual[0].startswith("-"):
            usual = usual[1:]
        return [*self.command, *usual, "--", value]


def all_parameters() -> Iterator[Parameter]:
    """Returns every parameter of every command."""
    yield from _parameters(_root_command(), ())


def _parameters(command: Any, path: tuple[str, ...]) -> Iterator[Parameter]:
    for name, below in getattr(command, "commands", {}).items():
        yield from _parameters(below, (*path, name))
    for parameter in command.params if path else ():
        option = max(parameter.opts, key=len)
        named = option if option.startswith("-") else None
        yield Parameter(path, parameter.name, named, bool(getattr(parameter, "is_flag", False)))


def all_commands() -> set[tuple[str, ...]]:
    """Returns every command."""
    return set(_commands(_root_command(), ()))


def _root_command() -> Any:
    return typer.main.get_command(cli.app) if isinstance(cli.app, typer.Typer) else cli.app


def _commands(command: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if path:
        yield path
    for name, below in getattr(command, "commands", {}).items():
        yield from _commands(below, (*path, name))


class _FakeExecutor:
    """Returns the images unchanged instead of dreaming."""

    # Not what the commands resolve recipes with before the device is known.
    precision = "bf16"

    def __init__(self, *_: Any, **__: Any) -> None:
        self.devices: tuple[str, ...] = ()

    async def start(self) -> None:
        self.devices = ("none",)

    async def close(self) -> None:
        pass

    def submit(self, _job: str, recipe: Recipe, inputs: Any, *, frames: Any = None, **_: Any) -> "_FakeRun":
        return _FakeRun(recipe, inputs, frames)


class _FakeRun:
    settled = False

    def __init__(self, recipe: Recipe, inputs: Any, frames: Any) -> None:
        self._recipe, self._inputs, self._frames = recipe, inputs, frames

    async def events(self) -> Any:
        for event in ():
            yield event

    async def result(self) -> Done:
        inputs = self._inputs if isinstance(self._inputs, DreamInputs) else await self._inputs()
        rgb = inputs.source
        if rgb is None:
            rgb = np.zeros((self._recipe.height, self._recipe.width, 3), np.uint8)
        pictures = rgb if rgb.ndim == 4 else rgb[None]
        if self._frames:
            for index in range(self._recipe.frames):
                await self._frames(index, self._recipe.frames, pictures[min(index, len(pictures) - 1)])
        return Done(pictures[-1], 0.0, None)

    def cancel(self) -> None:
        pass


class _FakeCodec:
    """Runs codec tasks in this process."""

    alive = True

    async def call(self, request: Packet, **_: Any) -> Packet:
        answer = codec_worker._run_task(Packet(json.loads(json.dumps(request.values)), request.buffers))
        return Packet(json.loads(json.dumps(answer.values)), answer.buffers)

    async def close(self, grace: float) -> None:
        self.alive = False

    def kill(self) -> None:
        self.alive = False


class CommandLine:
    """Runs commands in this process, in a folder with a few files."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        self.folder = folder
        _make_files(folder)
        monkeypatch.chdir(folder)
        for name in ("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
            monkeypatch.setenv(name, str(folder / ".home"))
        monkeypatch.setenv("RAY_AUTH_TOKEN", "0" * 64)
        monkeypatch.delenv("DREAMBOT_TOKEN", raising=False)
        monkeypatch.setattr(import_module("dreambot.cli.context"), "LocalExecutor", _FakeExecutor)
        monkeypatch.setattr(
            import_module("dreambot.workers.codec_pool").CodecProcess, "start", _start_fake_codec
        )
        monkeypatch.setattr(import_module("dreambot.cli.atlas"), "SIDE", 64)
        # Commands that would download, or run until they are interrupted.
        monkeypatch.setattr(import_module("dreambot.cli.models"), "fetch", _fake_fetch)
        monkeypatch.setattr(import_module("dreambot.zoo.weights"), "tensors", _no_tensors)
        monkeypatch.setattr(import_module("dreambot.cli.try_command"), "play", _fake_try)
        monkeypatch.setattr(import_module("dreambot.sandbox.demo"), "create_demo_guild", _raise_interrupt)
        monkeypatch.setattr(import_module("dreambot.cli.worker"), "_run_until_signal", lambda *_: 0)
        monkeypatch.setattr(import_module("dreambot.cli.hosting"), "_run_checks", _fake_checks)
        monkeypatch.setattr(cli, "app", typer.main.get_command(cli.app))

    def __call__(self, *words: str) -> CommandResult:
        """Runs a command as `dreambot WORDS` would."""
        with _streams() as (out, err), pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "argv", ["dreambot", *words])
            with pytest.raises(SystemExit) as ended:
                cli.main()
            sys.stdout.flush()
            sys.stderr.flush()
            return CommandResult(
                int(ended.value.code or 0), out.getvalue(), err.getvalue().decode("utf-8", "replace")
            )


@contextmanager
def _streams() -> Iterator[tuple[io.BytesIO, io.BytesIO]]:
    kept = sys.stdout, sys.stderr
    out, err = io.BytesIO(), io.BytesIO()
    sys.stdout, sys.stderr = (io.TextIOWrapper(stream, "utf-8") for stream in (out, err))
    try:
        yield out, err
    finally:
        sys.stdout, sys.stderr = kept


async def _start_fake_codec(_memory_limit: int) -> _FakeCodec:
    return _FakeCodec()


def _fake_fetch(name: str, _folder: Path | None) -> Path:
    from dreambot.zoo.registry import find_model

    find_model(name)
    return Path(name)


def _no_tensors(*_: Any, **__: Any) -> Any:
    from dreambot.zoo.catalogue import WeightsError

    raise WeightsError("errors-verbatim", text="There are no weights here.")


async def _fake_try(**_: Any) -> None:
    await asyncio.sleep(0)


async def _fake_checks() -> int:
    return 0


def _raise_interrupt(*_: Any) -> Any:
    raise KeyboardInterrupt


def _make_files(folder: Path) -> None:
    from tests.support.recipes import make_recipe

    ramp = np.arange(24 * 32 * 3).reshape(24, 32, 3) % 251
    photo = Image.fromarray(ramp.astype(np.uint8))
    photo.save(folder / "photo.png")
    photo.save(folder / "other.jpg")
    frames: list[Image.Image] = [photo.rotate(angle) for angle in (90, 180)]
    photo.save(folder / "clip.gif", save_all=True, append_images=frames, duration=100, loop=0)
    (folder / "recipe.json").write_text(make_recipe().to_json())
    (folder / "folder").mkdir()
