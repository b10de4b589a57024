#!/usr/bin/env python3
"""Replays each step of the Dockerfile in a Debian chroot, then runs the image's command against the sandbox.

For machines without a container engine. As root, by hand; it needs debootstrap, mount and unshare:

    debootstrap --variant=minbase --include=python3,python3-venv,ca-certificates trixie /var/tmp/debian
    python deploy/replay_dockerfile.py /var/tmp/debian /var/tmp/image --arg LOCK=servers

The chroot stands for `python:3.12-slim`; it should have Python 3.11 or newer. The stages are left in the
second folder, which takes 6 GB.
"""

import argparse
import asyncio
import fnmatch
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


@dataclass
class Stage:
    """A stage of the build, and what its instructions have set so far."""

    root: Path
    environment: dict[str, str]
    arguments: dict[str, str] = field(default_factory=dict)
    user: str = "root"
    folder: str = "/"
    entrypoint: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=list)
    health: list[str] = field(default_factory=list)

    def chroot(self, words: list[str]) -> list[str]:
        """Returns the command that runs `words` as the stage's user in its folder."""
        ids = subprocess.run(
            ["chroot", self.root, "sh", "-c", f"id -u {self.user}; id -g {self.user}"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
        variables = [f"{name}={value}" for name, value in self.environment.items()]
        inside = f"cd {self.folder} && exec env -i {shlex.join(variables)} {shlex.join(words)}"
        return ["chroot", f"--userspec={':'.join(ids)}", str(self.root), "sh", "-c", inside]


def instructions(text: str) -> list[tuple[str, str]]:
    """Returns the instructions of a Dockerfile: name and the rest, continued lines joined."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [(line.split()[0], line.split(maxsplit=1)[1]) for line in joined.splitlines() if line.strip()]


def is_ignored(path: Path) -> bool:
    """Returns whether .dockerignore leaves out a file; the last pattern that matches decides."""
    name, ignored = str(path.relative_to(ROOT)), False
    for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines():
        pattern = line.removeprefix("!")
        names = [name, *(str(parent) for parent in Path(name).parents)]
        if any(fnmatch.fnmatch(one, pattern.replace("**/", "*")) for one in names):
            ignored = not line.startswith("!")
    return ignored


def copy(stage: Stage, words: list[str], stages: dict[str, Stage]) -> None:
    """COPY, from the checkout or from an earlier stage."""
    origin = None
    if words[0].startswith("--from="):
        origin = stages[words.pop(0).removeprefix("--from=")]
    *sources, target = words
    for source in sources:
        into = stage.root / str(Path(stage.folder, target)).lstrip("/")
        if target.endswith("/"):
            into /= Path(source).name
        into.parent.mkdir(parents=True, exist_ok=True)
        if origin:
            subprocess.run(["cp", "-al", origin.root / source.lstrip("/"), into], check=True)
            continue
        here = ROOT / source
        files = [here] if here.is_file() else [path for path in here.rglob("*") if path.is_file()]
        admitted = [path for path in files if not is_ignored(path)]
        if not admitted:
            sys.exit(f"COPY {source}: .dockerignore leaves nothing of it")
        for path in admitted:
            place = into / path.relative_to(here) if here.is_dir() else into
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, place)


def build(base: Path, images: Path, arguments: dict[str, str], variables: dict[str, str]) -> Stage:  # noqa: PLR0912
    """Follows the instructions; returns the last stage."""
    stages: dict[str, Stage] = {}
    stage: Stage
    for name, rest in instructions((ROOT / "Dockerfile").read_text("utf-8")):
        print(f"{name} {rest}", flush=True)
        match name:
            case "FROM":
                label = rest.split()[2] if " AS " in rest else "last"
                root = images / label
                images.mkdir(parents=True, exist_ok=True)
                subprocess.run(["cp", "-a", base, root], check=True)
                (root / "usr/local/bin").mkdir(parents=True, exist_ok=True)
                (root / "usr/local/bin/python").symlink_to("/usr/bin/python3")
                path = "/usr/local/bin:/usr/bin:/bin:/usr/sbin"
                stage = Stage(root, {**variables, "PATH": path, "HOME": "/root"})
                shutil.copy("/etc/resolv.conf", root / "etc/resolv.conf")
                stages[label] = stage
            case "ARG":
                key, _, value = rest.partition("=")
                if key in arguments or value:
                    stage.environment[key] = arguments.get(key, value)
            case "ENV":
                for pair in shlex.split(rest):
                    key, _, value = pair.partition("=")
                    stage.environment[key] = value.replace("$PATH", stage.environment["PATH"])
            case "RUN":
                subprocess.run(stage.chroot(["sh", "-ec", rest]), check=True)
            case "COPY":
                copy(stage, rest.split(), stages)
            case "WORKDIR":
                stage.folder = rest
                (stage.root / rest.lstrip("/")).mkdir(parents=True, exist_ok=True)
            case "USER":
                stage.user = rest
                stage.environment["HOME"] = f"/home/{rest}"
            case "HEALTHCHECK":
                stage.health = json.loads(rest[rest.index("CMD") + 3 :])
            case "ENTRYPOINT":
                stage.entrypoint = json.loads(rest)
            case "CMD":
                stage.command = json.loads(rest)
            case "VOLUME" | "STOPSIGNAL":
                pass
            case _:
                sys.exit(f"{name} is not known here")
    return stage


def _children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()


async def run_against_the_sandbox(image: Stage) -> None:
    """Runs the image's command as process 1 of a PID namespace: ready, healthy, a dream, SIGTERM."""
    sys.path.insert(0, str(ROOT))
    from dreambot.sandbox.sandbox import Sandbox

    async with Sandbox() as sandbox:
        guild = sandbox.add_guild("memes")
        channel, person = guild.add_channel("pictures"), guild.add_member(sandbox.add_user("ann"))
        image.environment |= {"DREAMBOT_TOKEN": sandbox.bot_token, "DREAMBOT_DISCORD_API": sandbox.api}
        mounts = f"mount -t proc proc {image.root}/proc && mount --bind /dev {image.root}/dev"
        program = shlex.join(image.chroot([*image.entrypoint, *image.command]))
        bot = await asyncio.create_subprocess_exec(
            *("unshare", "--pid", "--fork", "--mount", "--kill-child"),
            *("sh", "-c", f"{mounts} && exec {program}"),
        )
        await sandbox.wait_until_bot_ready(600)
        [child] = _children(bot.pid)
        inside = ("nsenter", "--target", child, "--pid", "--mount")
        health = await asyncio.create_subprocess_exec(*inside, *image.chroot(image.health))
        assert await health.wait() == 0, "the health check failed"
        cat = (ROOT / "dreambot/sandbox/samples/cat.jpg").read_bytes()
        interaction = await person.slash("dream", channel=channel, image=cat, intensity=2)
        message = await interaction.response()
        await message.until(lambda now: now.attachments and "Cancel" not in now.buttons, 300)
        os.kill(int(child), signal.SIGTERM)
        assert await bot.wait() == 0, "SIGTERM did not end it cleanly"
    print("ready, healthy, dreamed a cat, and ended with 0 after SIGTERM")


def main() -> None:
    """Builds and runs the image."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("debian", type=Path, help="folder of the chroot; it is not changed")
    parser.add_argument("images", type=Path, help="folder for the stages; it must not exist")
    pair: dict[str, Any] = {"action": "append", "default": [], "metavar": "NAME=VALUE"}
    parser.add_argument("--arg", **pair, help="a build argument")
    parser.add_argument("--env", **pair, help="a variable for all steps")
    words = parser.parse_args()
    arguments, variables = (dict(pair.split("=", 1) for pair in given) for given in (words.arg, words.env))
    image = build(words.debian, words.images, arguments, variables)
    subprocess.run(image.chroot(["dreambot", "--version"]), check=True)
    asyncio.run(run_against_the_sandbox(image))


if __name__ == "__main__":
    main()
