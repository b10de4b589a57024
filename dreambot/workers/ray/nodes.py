"""Nodes of a Ray cluster: devices, node settings and Ray's environment variables. Does not import Ray."""

import ipaddress
import os
import secrets
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from dreambot import __version__
from dreambot.errors import UserError
from dreambot.workers.environment import NICENESS
from dreambot.workers.gpu.engine import EngineSettings


@dataclass(frozen=True)
class Node:
    """A machine of the cluster. address: what the others reach it by. gpus, cpus: as many as it offers."""

    id: str
    address: str
    gpus: int
    cpus: int


@dataclass(frozen=True)
class RayDevice:
    """A device of a machine. device: as the engine there knows it. gpus, cpus: what of the machine it takes;
    index: of several, which."""

    node: Node
    index: int
    device: str
    gpus: int
    cpus: int

    @property
    def name(self) -> str:
        """What it is called in the log."""
        return f"{self.node.address} {'GPU' if self.gpus else self.device} {self.index}"

    def host_name(self, engine: str) -> str:
        """The name by which every bot finds the same host; one of another version has its own."""
        return f"{__version__} {engine} {self.node.id} {self.device} {self.index}"


def list_devices(nodes: Iterable[Node], device: str) -> list[RayDevice]:
    """What there is to dream on. device: "auto" or "cuda" is every GPU; "cpu" or "mps" is one place on every
    machine that offers processors, and takes them all."""
    if device in ("cpu", "mps"):
        return [RayDevice(node, 0, device, 0, node.cpus) for node in nodes if node.cpus]
    return [RayDevice(node, index, "cuda:0", 1, 0) for node in nodes for index in range(node.gpus)]


PRECISION_VARIABLE = "DREAMBOT_PRECISION"
WEIGHTS_DIR_VARIABLE = "DREAMBOT_WEIGHTS_DIR"
MEMORY_VARIABLE = "DREAMBOT_MEMORY_GIGABYTES"
NODE_VARIABLES = (PRECISION_VARIABLE, WEIGHTS_DIR_VARIABLE, MEMORY_VARIABLE)
"""Of our settings, those that `dreambot worker` passes on; no other has any business there."""


def node_engine_settings(device: str) -> EngineSettings:
    """How to make the engine here. Raises UserError for a setting that is none."""
    precision = os.environ.get(PRECISION_VARIABLE, "auto")
    if precision not in ("auto", "fp32", "bf16"):
        raise UserError(
            "setup-precision", variable=PRECISION_VARIABLE, value=precision, host=os.uname().nodename
        )
    weights = os.environ.get(WEIGHTS_DIR_VARIABLE)
    return EngineSettings(
        device,
        cast(Literal["auto", "fp32", "bf16"], precision),
        cache=None,
        weights_dir=Path(weights) if weights else None,
        memory_gigabytes=_memory_gigabytes(),
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
    """Sets what the operator has not: nothing tells others what is run here; a token is used if there is one.
    address: host or host:port of the cluster, if it is known."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    # Ray's own default is 15: beside one busy process, a dream would get a thirtieth of a core.
    os.environ.setdefault("RAY_worker_niceness", str(NICENESS))
    if has_cluster_token():
        os.environ.setdefault(AUTH_MODE, "token")
    # To Ray, 127.0.0.1 is otherwise the address of this machine elsewhere; and it means Linux, too.
    os.environ.setdefault("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0" if _is_loopback(address or "") else "1")


def has_cluster_token() -> bool:
    """Whether Ray will find a cluster's token. Raises UserError where a file is named that is not there."""
    if os.environ.get(AUTH_TOKEN):
        return True
    named = os.environ.get(AUTH_FILE)
    if named and not Path(named).is_file():
        raise UserError("setup-ray-token-file", variable=AUTH_FILE, path=named)
    return cluster_token_path().is_file()


def cluster_token_path() -> Path:
    """Where Ray looks for a cluster's token."""
    named = os.environ.get(AUTH_FILE)
    return Path(named) if named else Path.home() / ".ray" / "auth_token"


def create_cluster_token() -> Path:
    """Makes a token, which its owner alone can read. Raises UserError if it cannot be kept."""
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
    """host:port of the cluster that this machine has joined, as far as it can be told."""
    note = Path(os.environ.get("RAY_TMPDIR", "/tmp")) / "ray" / "ray_current_cluster"
    try:
        return os.environ.get("RAY_ADDRESS") or note.read_text("utf-8").strip() or None
    except OSError:
        return None


def check_reachable(address: str) -> None:
    """Raises UserError if nothing answers at host:port; Ray itself would try for minutes."""
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65535:
        raise UserError("setup-ray-address", address=address)
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=_CONNECT_TIMEOUT_S).close()
    except (OSError, UnicodeError) as error:
        # A name that cannot be one in the DNS is no OSError.
        reason = getattr(error, "strerror", None) or error
        raise UserError("setup-ray-unreachable", address=address, reason=reason) from error


def _is_loopback(address: str) -> bool:
    host = address.rpartition(":")[0] or address
    try:
        return host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
