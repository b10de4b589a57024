"""What Ray finds in the environment, and where a cluster is. None of this imports Ray."""

import ipaddress
import os
import secrets
import socket
from pathlib import Path

from dreambot.errors import UserError
from dreambot.executor.environment import NICENESS

AUTH_MODE = "RAY_AUTH_MODE"
AUTH_TOKEN = "RAY_AUTH_TOKEN"
AUTH_FILE = "RAY_AUTH_TOKEN_PATH"
_REACH = 5.0


def prepare(address: str | None) -> None:
    """Sets what the operator has not: nothing tells others what is run here; a token is used if there is one.
    address: host or host:port of the cluster, if it is known."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    # Ray's own default is 15: beside one busy process, a dream would get a thirtieth of a core.
    os.environ.setdefault("RAY_worker_niceness", str(NICENESS))
    if token_known():
        os.environ.setdefault(AUTH_MODE, "token")
    # To Ray, 127.0.0.1 is otherwise the address of this machine elsewhere; and it means Linux, too.
    os.environ.setdefault("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0" if _is_loopback(address or "") else "1")


def token_known() -> bool:
    """Whether Ray will find a cluster's token. Raises UserError where a file is named that is not there."""
    if os.environ.get(AUTH_TOKEN):
        return True
    named = os.environ.get(AUTH_FILE)
    if named and not Path(named).is_file():
        raise UserError(f"{AUTH_FILE} names {named}, which is no file; the cluster's token should be in it.")
    return token_file().is_file()


def token_file() -> Path:
    """Where Ray looks for a cluster's token."""
    named = os.environ.get(AUTH_FILE)
    return Path(named) if named else Path.home() / ".ray" / "auth_token"


def make_token() -> Path:
    """Makes a token, which its owner alone can read. Raises UserError if it cannot be kept."""
    path = token_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(
            os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii"
        ) as stream:
            stream.write(secrets.token_hex(32))
    except OSError as error:
        raise UserError(f"The cluster's token cannot be kept in {path}: {error.strerror}.") from error
    return path


def joined() -> str | None:
    """host:port of the cluster that this machine has joined, as far as it can be told."""
    note = Path(os.environ.get("RAY_TMPDIR", "/tmp")) / "ray" / "ray_current_cluster"
    try:
        return os.environ.get("RAY_ADDRESS") or note.read_text("utf-8").strip() or None
    except OSError:
        return None


def reach(address: str) -> None:
    """Raises UserError if nothing answers at host:port; Ray itself would try for minutes."""
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65535:
        raise UserError(f"The Ray cluster's address is {address}; it should be HOST:PORT, as 10.0.0.5:6379.")
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=_REACH).close()
    except (OSError, UnicodeError) as error:
        # A name that cannot be one in the DNS is no OSError.
        reason = getattr(error, "strerror", None) or error
        raise UserError(
            f"The Ray cluster at {address} cannot be reached ({reason}); is its head "
            "running (`dreambot worker --head`), and do the firewalls let these two machines through?"
        ) from error


def _is_loopback(address: str) -> bool:
    host = address.rpartition(":")[0] or address
    try:
        return host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
