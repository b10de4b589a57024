"""The checks of `dreambot doctor` of this machine. `doctor_account` has those of the Discord account."""

import asyncio
import errno
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from dreambot.config import Settings
from dreambot.errors import UserError
from dreambot.extras import install_hint

if TYPE_CHECKING:
    from dreambot.zoo.catalogue import PackagedModel


@dataclass(frozen=True)
class CheckResult:
    """The result of one check.

    Attributes:
        state: `ok`, `warning` (the bot works, but not fully), or `error` (it cannot work).
        what: A short sentence.
        fix: What to do about it; None if nothing needs to be done.
    """

    state: Literal["ok", "warning", "error"]
    what: str
    fix: str | None = None


def ok_result(what: str) -> CheckResult:
    """Returns the result of a check that found nothing wrong.

    Args:
        what: A short sentence.
    """
    return CheckResult("ok", what)


def warning_result(what: str, fix: str) -> CheckResult:
    """Returns the result of a check that found something that works only in part.

    Args:
        what: A short sentence.
        fix: What to do.
    """
    return CheckResult("warning", what, fix)


def error_result(what: str, fix: str) -> CheckResult:
    """Returns the result of a check that found something with which the bot cannot work.

    Args:
        what: A short sentence.
        fix: What to do.
    """
    return CheckResult("error", what, fix)


_LOW_DISK_BYTES, _MIN_DISK_BYTES = 2 * 10**9, 2 * 10**8
_DEVICE_TIMEOUT_S = 120
_BUCKET_TIMEOUT = timedelta(seconds=10)
_AWS_KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
# Exit status of `dreambot.workers.gpu.devices`, which imports torch.
_GPU_NOT_USABLE = 3


async def check_machine(settings: Settings) -> AsyncIterator[CheckResult]:
    """Checks this machine, and changes nothing.

    Args:
        settings: The settings.

    Yields:
        A result for each check.
    """
    yield check_data_folder(settings.data_dir)
    yield await check_database(settings)
    if settings.files_url:
        yield await check_bucket(settings.files_url)
    if settings.weights_dir:
        yield check_weights_dir(settings.weights_dir)
    yield await asyncio.to_thread(check_weights, settings)
    if settings.executor == "ray":
        yield check_ray(settings.ray_address)
    else:
        device = await asyncio.to_thread(check_device, settings.device)
        yield device
        if device.state != "error" and (check := await asyncio.to_thread(check_fast_path, settings.device)):
            yield check
    yield check_video_support()
    if settings.http_port:
        yield check_port(settings.http_host, settings.http_port)


def check_data_folder(folder: Path) -> CheckResult:
    """Checks that the data folder is writable and has free space.

    Args:
        folder: The folder, which need not exist yet.
    """
    try:
        there = _require_writable(folder)
        free = shutil.disk_usage(there).free
    except OSError as error:
        return error_result(
            f"The data folder {folder} is not writable: {error.strerror or error}.",
            "Give it to the user that runs the bot, or set another DREAMBOT_DATA_DIR.",
        )
    what = f"The data folder {folder} has {free / 1e9:.1f} GB free."
    if free < _MIN_DISK_BYTES:
        return error_result(what, "Free some space there: without it no dream can be accepted.")
    if free < _LOW_DISK_BYTES:
        return warning_result(
            what, "Free some space there, or set DREAMBOT_KEEP_GIGABYTES to less than that."
        )
    return ok_result(what)


def _require_writable(folder: Path) -> Path:
    """Returns a folder, or the parent in which it could be made; changes nothing.

    Raises:
        OSError: It is not writable, or cannot be made.
    """
    there = next(parent for parent in (folder, *folder.parents) if parent.exists())
    if there == folder:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"dreambot")
    elif not (there.is_dir() and os.access(there, os.W_OK | os.X_OK)):
        raise PermissionError(f"it cannot be made in {there}")
    return there


async def check_database(settings: Settings) -> CheckResult:
    """Checks that the database responds, can be written to, and that this version knows its schema.

    Args:
        settings: The settings.
    """
    from dreambot.jobs.database import Database, is_known_revision, latest_revision

    try:
        database = Database(settings.database)
        revision = await database.revision()
    except UserError as error:
        return error_result(
            str(error), "Check that it runs, DREAMBOT_DATABASE_URL, and the user's permissions."
        )
    if database.alone:
        if problem := _sqlite_problem(database.path, settings):
            return problem
        assert database.path
        which = f"SQLite in {database.path.parent}"
    else:
        which = "PostgreSQL"
    if revision is None:
        return ok_result(f"The database ({which}) is empty; the first start creates its tables.")
    if not is_known_revision(revision):
        return error_result(
            f"The database ({which}) was used by a newer dreambot: its schema is {revision}, this one knows "
            f"{latest_revision()}.",
            "Install the newer dreambot again, or give this one another database.",
        )
    if revision != latest_revision():
        return ok_result(f"The database ({which}) answers; the next start brings its schema up to date.")
    return ok_result(f"The database ({which}) answers.")


def _sqlite_problem(path: Path | None, settings: Settings) -> CheckResult | None:
    fix = "Unset DREAMBOT_DATABASE_URL for a file in the data folder, or name a PostgreSQL database."
    if path is None:
        return error_result("The database is in memory: every job is lost when the bot stops.", fix)
    if not path.is_absolute():
        return warning_result(f"The database {path} is in whatever folder the bot starts in.", fix)
    if settings.shards and len(settings.shards) != settings.shard_count:
        return warning_result(
            f"DREAMBOT_SHARD_IDS leaves shards to other processes, which cannot use the SQLite file {path}.",
            "Set DREAMBOT_DATABASE_URL to a PostgreSQL database in all of them.",
        )
    try:
        _require_writable(path.parent)
        if path.exists() and not os.access(path, os.R_OK | os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        return error_result(
            f"The database {path} is not writable: {error.strerror or error}.",
            "Give the folder and the files in it to the user that runs the bot.",
        )
    return None


async def check_bucket(url: str) -> CheckResult:
    """Checks that files can be stored in a bucket.

    Args:
        url: The bucket, as in DREAMBOT_FILES_URL.
    """
    from dreambot.jobs.storage import BucketStorage

    try:
        place = BucketStorage(url, _BUCKET_TIMEOUT)
        await place.put("tried", b"")
        await place.remove(["tried"])
    except (UserError, OSError) as error:
        missing = [name for name in _AWS_KEYS if not os.environ.get(name)]
        if url.startswith("s3") and missing and find_spec("obstore"):
            return error_result(
                f"Files cannot be stored in {url}: there are no keys ({' and '.join(missing)} not set).",
                "Set both in the environment of the bot; ~/.aws is not read. Only a machine of AWS with a "
                f"role for the bucket needs none. The last error: {error}",
            )
        return error_result(
            f"Files cannot be stored in {url}: {error}",
            "Check DREAMBOT_FILES_URL, its keys, its region (AWS_REGION) and, elsewhere than at AWS, its "
            "address (AWS_ENDPOINT_URL).",
        )
    return ok_result(f"Files can be stored in {url}.")


def check_weights_dir(folder: Path) -> CheckResult:
    """Checks that the operator's folder of weights exists, can be read and holds weights.

    Args:
        folder: As in DREAMBOT_WEIGHTS_DIR.
    """
    from dreambot.zoo import catalogue

    fix = "Correct DREAMBOT_WEIGHTS_DIR, or unset it; docs/operators.md says which files belong there."
    known = {name for model in catalogue.MODELS.values() for name in _weights_files(model)}
    known |= {download.file for download in catalogue.DOWNLOADS.values()}
    try:
        found = sorted(path.name for path in folder.iterdir() if path.name in known)
    except OSError as error:
        return error_result(f"The folder of weights {folder} cannot be read: {error.strerror}.", fix)
    if not found:
        return warning_result(f"The folder of weights {folder} holds none; they are downloaded.", fix)
    return ok_result(f"The folder of weights {folder} holds {', '.join(found)}.")


def _weights_files(model: "PackagedModel") -> tuple[str, ...]:
    """Returns the names of the files from which a model's weights can be read."""
    return model.converted, model.carrier.file.basename, model.carrier.archive.name


def check_weights(settings: Settings) -> CheckResult:
    """Checks that the default network is installed and undamaged, or can be installed.

    Args:
        settings: The settings.
    """
    from dreambot.recipe.layers import DEFAULT_MODEL
    from dreambot.zoo import cache, catalogue
    from dreambot.zoo import weights as zoo

    pull = f"`dreambot models pull {DEFAULT_MODEL}` installs it now."
    model = catalogue.MODELS[DEFAULT_MODEL]
    try:
        path = zoo.locate(DEFAULT_MODEL, weights_dir=settings.weights_dir)
        whole = path is not None and cache.read_tensors(path, model) is not None
    except (UserError, OSError) as error:
        return error_result(f"The network's weights cannot be read: {error}", pull)
    if whole:
        return ok_result(f"{DEFAULT_MODEL} is installed.")
    try:
        _require_writable(cache.default_folder())
    except OSError as error:
        return error_result(
            f"{DEFAULT_MODEL} is not installed, and cannot be: {cache.default_folder()} is not writable "
            f"({error.strerror or error}).",
            "Give that folder to the user that runs the bot, or set XDG_CACHE_HOME to another one.",
        )
    if path is not None:
        return warning_result(f"{path} is damaged or the wrong file; the next start replaces it.", pull)
    if settings.weights_dir and any(
        (settings.weights_dir / name).is_file() for name in _weights_files(model)
    ):
        return ok_result(f"The first start installs {DEFAULT_MODEL} from {settings.weights_dir}.")
    size = model.carrier.archive.size
    return warning_result(
        f"{DEFAULT_MODEL} is not installed; the first start downloads {size / 1e6:.0f} MB.", pull
    )


def check_device(asked: str) -> CheckResult:
    """Checks that a device exists and computes correctly, in a process of its own.

    Args:
        asked: As in DREAMBOT_DEVICE.
    """
    command = [sys.executable, "-P", "-m", "dreambot.workers.gpu.devices", asked]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_DEVICE_TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired:
        return error_result(f"The device {asked} hangs.", "Check its driver, or set DREAMBOT_DEVICE=cpu.")
    said = "; ".join(done.stdout.split("\n")).strip("; ")
    if done.returncode == 0:
        return ok_result(f"It dreams on {said}.")
    if done.returncode == _GPU_NOT_USABLE:
        name, _, problem = done.stdout.strip().partition("\n")
        remedy = "Install torch with CUDA" if "without CUDA" in problem else "Update the driver"
        return warning_result(
            f"It dreams on {name}, and not on the NVIDIA GPU: {problem}.",
            f"{remedy}, or set DREAMBOT_DEVICE=cpu if that is what you want.",
        )
    error = said or done.stderr.strip().rpartition("\n")[2] or f"exit status {done.returncode}"
    return error_result(
        f"There is no device to dream on: {error}", "Set DREAMBOT_DEVICE to auto or cpu, or fix torch."
    )


def check_fast_path(asked: str) -> CheckResult | None:
    """Reports what a worker's self-check found on a device; see `dreambot.workers.gpu.self_check`.

    Args:
        asked: As in DREAMBOT_DEVICE.

    Returns:
        A warning if it failed; None if it passed, or if no worker has used the device yet.
    """
    command = [sys.executable, "-P", "-m", "dreambot.workers.gpu.self_check", asked]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_DEVICE_TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired:
        return None
    if done.returncode != 0 and done.stdout.strip():
        first, _, remedy = done.stdout.strip().partition(" Install another ")
        return warning_result(first, f"Install another {remedy}")
    return None


def check_ray(address: str) -> CheckResult:
    """Checks that the Ray cluster can be reached.

    Args:
        address: As in DREAMBOT_RAY_ADDRESS.
    """
    from dreambot.workers.ray import nodes

    if not find_spec("ray"):
        return error_result("Ray is not installed.", f"{install_hint('ray')} Or set DREAMBOT_EXECUTOR=local.")
    where = nodes.joined_cluster_address() if address == "auto" else address
    if where is None:
        return error_result(
            "This machine has joined no cluster.",
            "Run `dreambot worker` to join one; see docs/cluster.md.",
        )
    try:
        nodes.check_reachable(where)
    except UserError as error:
        return error_result(str(error), "See docs/cluster.md.")
    return ok_result(f"Ray's cluster at {where} can be reached.")


def check_video_support() -> CheckResult:
    """Checks that videos can be read, and written as MP4."""
    try:
        import_module("av")
    except ImportError as error:
        problem = f"cannot be loaded ({error})" if find_spec("av") else "is not installed"
        return warning_result(
            f"PyAV {problem}: videos cannot be read, and are written as WebP or GIF.", install_hint("video")
        )
    return ok_result("Videos are written as MP4.")


def check_port(host: str, number: int) -> CheckResult:
    """Checks that the web server can listen on a port.

    Args:
        host: The address.
        number: The port.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.create_server((host, number), family=family):
            pass
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            # With the bot running or not: it cannot start like this.
            return error_result(
                f"Nothing can listen on {host} port {number}: {error.strerror or error}.",
                "DREAMBOT_HTTP_HOST should be an address of this machine, and DREAMBOT_HTTP_PORT above 1023.",
            )
        return warning_result(
            f"DREAMBOT_HTTP_PORT {number} is not free: {error.strerror or error}. Fine if the bot runs.",
            "Otherwise end what listens there, or choose another port.",
        )
    return ok_result(f"Port {number} is free for /healthz and /metrics.")
