"""Nodes of a Ray cluster: devices, node settings and Ray's environment variables. Does not import Ray."""

import ipaddress
import os
import secrets
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from dreambot.errors import UserError
from dreambot.recipe import Precision
from dreambot.workers.environment import NICENESS
from dreambot.workers.gpu.engine import EngineSettings


@dataclass(frozen=True)
class Node:
    """A machine of the cluster.

    Attributes:
        id: Ray's id of it.
        address: at which the other machines reach it.
        gpus: how many it offers.
        cpus: how many it offers.
    """

    id: str
    address: str
    gpus: int
    cpus: int


@dataclass(frozen=True)
class RayDevice:
    """A device of a machine.

    Attributes:
        node: the machine.
        index: which of the machine's devices it is, from 0.
        device: as the engine there knows it.
        gpus: how many of the machine's GPUs it takes.
        cpus: how many of the machine's CPUs it takes.
    """

    node: Node
    index: int
    device: str
    gpus: int
    cpus: int

    @property
    def name(self) -> str:
        """Its name in the log."""
        return f"{self.node.address} {'GPU' if self.gpus else self.device} {self.index}"


def list_devices(nodes: Iterable[Node], device: str) -> list[RayDevice]:
    """Returns the devices of the machines.

    Args:
        nodes: the machines.
        device: "auto" or "cuda" is every GPU; "cpu" or "mps" is one device on every machine that offers CPUs,
            and takes them all.
    """
    if device in ("cpu", "mps"):
        return [RayDevice(node, 0, device, 0, node.cpus) for node in nodes if node.cpus]
    return [RayDevice(node, index, "cuda:0", 1, 0) for node in nodes for index in range(node.gpus)]


# The only settings of ours that `dreambot worker` passes on.
PRECISION_VARIABLE = "DREAMBOT_PRECISION"
WEIGHTS_DIR_VARIABLE = "DREAMBOT_WEIGHTS_DIR"
MEMORY_VARIABLE = "DREAMBOT_MEMORY_GIGABYTES"


def node_engine_settings(device: str, *, after_crash: bool = False) -> EngineSettings:
    """Returns how to create the engine on this machine, by its environment variables.

    Args:
        device: the device as the engine knows it.
        after_crash: see `EngineSettings`.

    Raises:
        UserError: a variable has an impossible value.
    """
    precision = os.environ.get(PRECISION_VARIABLE, "auto")
    if precision not in ("auto", "fp32", "bf16", "fp16"):
        raise UserError(
            "setup-precision", variable=PRECISION_VARIABLE, value=precision, host=os.uname().nodename
        )
    weights = os.environ.get(WEIGHTS_DIR_VARIABLE)
    return EngineSettings(
        device,
        cast(Precision | Literal["auto"], precision),
        cache=None,
        weights_dir=Path(weights) if weights else None,
        memory_gigabytes=_memory_gigabytes(),
        after_crash=after_crash,
    )


def _memory_gigabytes() -> float:
    asked = os.environ.get(MEMORY_VARIABLE, "2")
    try:
        gigabytes = float(asked)
    except ValueError:
        gigabytes = 0.0
    if gigabytes <= 0:
        raise UserError(
            "setup-device-memory", variable=MEMORY_VARIABLE, value=asked, host=os.uname().nodename
        )
    return gigabytes


AUTH_MODE = "RAY_AUTH_MODE"
AUTH_TOKEN = "RAY_AUTH_TOKEN"
AUTH_FILE = "RAY_AUTH_TOKEN_PATH"
_CONNECT_TIMEOUT_S = 5.0


def set_ray_variables(address: str | None) -> None:
    """Sets Ray's variables that the operator has not set: no usage statistics, and a token if there is one.

    Args:
        address: host or host:port of the cluster, if it is known.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    # With Ray's default of 15 a dream would get a thirtieth of a core beside one busy process.
    os.environ.setdefault("RAY_worker_niceness", str(NICENESS))
    if has_cluster_token():
        os.environ.setdefault(AUTH_MODE, "token")
    # Otherwise Ray replaces 127.0.0.1 by another address of this machine, on Linux as well.
    os.environ.setdefault("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0" if _is_loopback(address or "") else "1")


def has_cluster_token() -> bool:
    """Returns whether Ray will find a cluster's token.

    Raises:
        UserError: the operator has named a file that does not exist.
    """
    if os.environ.get(AUTH_TOKEN):
        return True
    named = os.environ.get(AUTH_FILE)
    if named and not Path(named).is_file():
        raise UserError("setup-ray-token-file", variable=AUTH_FILE, path=named)
    return cluster_token_path().is_file()


def cluster_token_path() -> Path:
    """Returns where Ray looks for a cluster's token."""
    named = os.environ.get(AUTH_FILE)
    return Path(named) if named else Path.home() / ".ray" / "auth_token"


def create_cluster_token() -> Path:
    """Creates a token that only its owner can read, and returns its file.

    Raises:
        UserError: the file cannot be written.
    """
    path = cluster_token_path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(
            os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii"
        ) as stream:
            stream.write(secrets.token_hex(32))
    except OSError as error:
        raise UserError("setup-ray-token-write", path=path, reason=error.strerror) from error
    return path


def joined_cluster_address() -> str | None:
    """Returns host:port of the cluster that this machine has joined, if it is known."""
    note = Path(os.environ.get("RAY_TMPDIR", "/tmp")) / "ray" / "ray_current_cluster"
    try:
        return os.environ.get("RAY_ADDRESS") or note.read_text("utf-8").strip() or None
    except OSError:
        return None


def check_reachable(address: str) -> None:
    """Checks that something answers; Ray itself would try for minutes.

    Args:
        address: host:port.

    Raises:
        UserError: it is not an address, or nothing answers.
    """
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65535:
        raise UserError("setup-ray-address", address=address)
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=_CONNECT_TIMEOUT_S).close()
    except (OSError, UnicodeError) as error:
        # A name that is not valid in the DNS does not raise OSError.
        reason = getattr(error, "strerror", None) or error
        raise UserError("setup-ray-unreachable", address=address, reason=reason) from error


def _is_loopback(address: str) -> bool:
    host = address.rpartition(":")[0] or address
    try:
        return host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
