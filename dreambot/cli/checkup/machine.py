"""The machine's side: the data folder, the database, the weights, the device, the port."""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from importlib.util import find_spec
from pathlib import Path

from dreambot.cli.checkup.finding import Finding, bad, good, look
from dreambot.config import Settings
from dreambot.errors import UserError
from dreambot.extras import how_to_add

_LITTLE, _TOO_LITTLE = 2 * 10**9, 2 * 10**8
_DEVICE_SECONDS = 120


async def machine_side(settings: Settings) -> AsyncIterator[Finding]:
    """Looks at everything that this machine can tell, and leaves it as it is."""
    yield data_folder(settings.data_dir)
    yield await database(settings)
    if settings.files_url:
        yield await bucket(settings.files_url)
    yield await asyncio.to_thread(weights, settings)
    if settings.executor == "ray":
        yield ray(settings.ray_address)
    else:
        yield await asyncio.to_thread(device, settings.device)
    yield videos()
    if settings.http_port:
        yield port(settings.http_host, settings.http_port)


def data_folder(folder: Path) -> Finding:
    """Whether it can be written to, and has room."""
    there = next(parent for parent in (folder, *folder.parents) if parent.exists())
    try:
        if there == folder:
            with tempfile.TemporaryFile(dir=folder) as file:
                file.write(b"dreambot")
        elif not (there.is_dir() and os.access(there, os.W_OK | os.X_OK)):
            raise PermissionError(f"it cannot be made in {there}")
        free = shutil.disk_usage(there).free
    except OSError as error:
        return bad(
            f"The data folder {folder} cannot be written to: {error.strerror or error}.",
            "Give it to the user that runs the bot, or set DREAMBOT_DATA_DIR to another.",
        )
    told = f"The data folder {folder} has {free / 1e9:.1f} GB of room."
    if free < _TOO_LITTLE:
        return bad(told, "Make room there: without it no dream can be taken on.")
    if free < _LITTLE:
        return look(told, "Make room there, or set DREAMBOT_KEEP_GIGABYTES to less than that.")
    return good(told)


async def database(settings: Settings) -> Finding:
    """Whether it answers, and whether this dreambot knows its schema."""
    from dreambot.jobs.database import Database
    from dreambot.jobs.migrate import is_known, newest

    which = "PostgreSQL" if settings.database_url else f"SQLite in {settings.data_dir}"
    try:
        revision = await Database(settings.database).revision()
    except UserError as error:
        return bad(str(error), "Check that it runs, DREAMBOT_DATABASE_URL, and who may use it.")
    if revision is None:
        return good(f"The database ({which}) is empty; the first start makes its tables.")
    if not is_known(revision):
        return bad(
            f"The database ({which}) was used by a newer dreambot: its schema is {revision}, this one knows "
            f"{newest()}.",
            "Install the newer dreambot again, or give this one another database.",
        )
    if revision != newest():
        return good(f"The database ({which}) answers; the next start brings its schema up to date.")
    return good(f"The database ({which}) answers.")


async def bucket(url: str) -> Finding:
    """Whether files can be kept there."""
    from dreambot.jobs.bucket import Bucket

    try:
        place = Bucket(url)
        await place.put("tried", b"")
        await place.remove(["tried"])
    except (UserError, OSError) as error:
        return bad(
            f"Files cannot be kept in {url}: {error}", "Check DREAMBOT_FILES_URL, its keys and its region."
        )
    return good(f"Files can be kept in {url}.")


def weights(settings: Settings) -> Finding:
    """Whether the default network is here, and whole."""
    from dreambot.recipe.trained import DEFAULT_MODEL
    from dreambot.zoo import cache, catalogue
    from dreambot.zoo import weights as zoo

    pull = f"`dreambot models pull {DEFAULT_MODEL}` fetches it now."
    try:
        path = zoo.locate(DEFAULT_MODEL, weights_dir=settings.weights_dir)
        whole = path is not None and cache.read(path, catalogue.MODELS[DEFAULT_MODEL]) is not None
    except (UserError, OSError) as error:
        return bad(f"The network's weights cannot be read: {error}", pull)
    if path is None:
        size = catalogue.MODELS[DEFAULT_MODEL].carrier.archive.size
        return look(f"{DEFAULT_MODEL} is not here; the first start downloads {size / 1e6:.0f} MB.", pull)
    if not whole:
        return look(f"{path} is damaged or another's; the next start fetches it anew.", pull)
    return good(f"{DEFAULT_MODEL} is here, and whole.")


def device(asked: str) -> Finding:
    """Whether there is such a device, and whether it reckons."""
    command = [sys.executable, "-P", "-m", "dreambot.executor.worker.looking", asked]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_DEVICE_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return bad(f"The device {asked} hangs.", "Look at its driver, or set DREAMBOT_DEVICE=cpu.")
    said = "; ".join(done.stdout.split("\n")).strip("; ")
    if done.returncode == 0:
        return good(f"It dreams on {said}.")
    error = said or done.stderr.strip().rpartition("\n")[2] or f"exit status {done.returncode}"
    return bad(f"There is nothing to dream on: {error}", "Set DREAMBOT_DEVICE to auto or cpu, or mend torch.")


def ray(address: str) -> Finding:
    """Whether the cluster can be reached."""
    from dreambot.executor.ray import surroundings

    if not find_spec("ray"):
        return bad("Ray is not installed.", f"{how_to_add('ray')} Or set DREAMBOT_EXECUTOR=local.")
    where = surroundings.joined() if address == "auto" else address
    if where is None:
        return bad("This machine has joined no cluster.", "`dreambot worker` joins one; see docs/cluster.md.")
    try:
        surroundings.reach(where)
    except UserError as error:
        return bad(str(error), "See docs/cluster.md.")
    return good(f"Ray's cluster at {where} can be reached.")


def videos() -> Finding:
    """Whether videos can be read, and written as MP4."""
    if find_spec("av"):
        return good("Videos are written as MP4.")
    return look(
        "PyAV is not installed: videos cannot be read, and are written as WebP or GIF.", how_to_add("video")
    )


def port(host: str, number: int) -> Finding:
    """Whether /healthz can be answered there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.create_server((host, number), family=family):
            pass
    except OSError as error:
        return look(
            f"DREAMBOT_HTTP_PORT {number} is not free: {error.strerror or error}. Fine if the bot runs.",
            "Otherwise end what listens there, or choose another port.",
        )
    return good(f"Port {number} is free for /healthz and /metrics.")
