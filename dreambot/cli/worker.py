"""The command `dreambot worker`: runs this machine as a node of a Ray cluster until it is stopped."""

import os
import signal
import subprocess
import sys
from importlib.util import find_spec
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from dreambot.cli.options import int_between, parse_host, parse_text
from dreambot.errors import UserError
from dreambot.extras import install_hint

if TYPE_CHECKING:
    from dreambot.config import Settings

FIRST_PORT = 6379
PORT_COUNT = 220
"""The number of ports that a machine uses: a few for Ray's own services, then those of the workers."""
_OBJECT_STORE_BYTES = 512 << 20


def worker(
    address: Annotated[
        str | None,
        typer.Option(
            parser=parse_text,
            metavar="HOST:FIRST_PORT",
            help="Join the cluster whose head is at this address.",
        ),
    ] = None,
    head: Annotated[bool, typer.Option("--head", help="Start a cluster, as its head.")] = False,
    ip: Annotated[
        str | None,
        typer.Option(
            parser=parse_host,
            metavar="ADDRESS",
            help="This machine's address in the VPN or local network of the cluster.",
            show_default="Ray's choice",
        ),
    ] = None,
    first_port: Annotated[
        int,
        typer.Option(
            parser=int_between(1024, 65535 - PORT_COUNT),
            metavar="FIRST_PORT",
            help=f"The first of the {PORT_COUNT} ports used here; a head's own port.",
        ),
    ] = FIRST_PORT,
    devices: Annotated[bool, typer.Option(help="Whether to dream on this machine, or only join.")] = True,
) -> None:
    """Dream for a bot on another machine, as part of a Ray cluster. SIGTERM and Ctrl+C leave it."""
    if head == bool(address):
        raise UserError("cli-worker-role")
    if not find_spec("ray"):
        raise UserError("cli-ray-missing", hint=install_hint("ray"))
    from dreambot.config import load_settings
    from dreambot.workers.ray import nodes

    settings = load_settings()
    if address:
        nodes.check_reachable(address)
    _ensure_token(head)
    nodes.set_ray_variables(address or ip)
    if devices:
        _ensure_weights(settings)
    status = _run_until_signal(_ray_command(address, ip, first_port, devices), _ray_environment(settings))
    if status:
        raise UserError("cli-ray-exited", status=status)


def _ensure_token(head: bool) -> None:
    from dreambot.workers.ray import nodes

    if os.environ.get(nodes.AUTH_MODE, "token") != "token":
        typer.echo("This cluster has no token: anyone who can reach it can run programs on it.", err=True)
    elif not nodes.has_cluster_token():
        if not head:
            raise UserError("cli-ray-no-token", path=nodes.cluster_token_path(), variable=nodes.AUTH_TOKEN)
        typer.echo(f"Created the cluster's token: {nodes.create_cluster_token()}. Each machine needs a copy.")


def _ensure_weights(settings: "Settings") -> None:
    """Downloads the weights now, so that no job waits for them later."""
    from dreambot.cli.models import fetch
    from dreambot.recipe.layers import DEFAULT_MODEL

    fetch(DEFAULT_MODEL, settings.weights_dir)


def _ray_command(address: str | None, ip: str | None, first_port: int, devices: bool) -> list[str]:
    ports = iter(range(first_port, first_port + PORT_COUNT))
    command = [sys.executable, "-P", "-m", "ray.scripts.scripts", "start", "--block", "--disable-usage-stats"]
    own = next(ports)
    command += ["--address", address] if address else ["--head", "--port", str(own)]
    if not address:
        command += ["--include-dashboard", "false"]
    if ip:
        command += ["--node-ip-address", ip]
    for service in ("node-manager", "object-manager", "dashboard-agent-grpc", "runtime-env-agent"):
        command += [f"--{service}-port", str(next(ports))]
    command += ["--dashboard-agent-listen-port", str(next(ports)), "--metrics-export-port", str(next(ports))]
    command += ["--min-worker-port", str(next(ports)), "--max-worker-port", str(first_port + PORT_COUNT - 1)]
    # The default is a third of the memory, and pictures are in there for a second only.
    command += ["--object-store-memory", str(_OBJECT_STORE_BYTES)]
    if not devices:
        command += ["--num-cpus", "0", "--num-gpus", "0"]
    return command


def _ray_environment(settings: "Settings") -> dict[str, str]:
    """Returns our environment without the bot's settings and secrets, plus this machine's own settings."""
    from dreambot.workers.environment import worker_environment
    from dreambot.workers.ray import nodes

    environment = worker_environment()
    environment[nodes.PRECISION_VARIABLE] = settings.precision
    environment[nodes.MEMORY_VARIABLE] = str(settings.memory_gigabytes)
    if settings.weights_dir:
        environment[nodes.WEIGHTS_DIR_VARIABLE] = str(settings.weights_dir)
    return environment


def _run_until_signal(command: list[str], environment: dict[str, str]) -> int:
    """Runs a command until it ends or we get a signal; returns the exit status, 0 after a signal."""
    stopped = False
    # In a new session, Ctrl+C reaches only us: it would end Ray's processes before they can sign off.
    process = subprocess.Popen(command, env=environment, start_new_session=True)

    def leave(number: int, frame: FrameType | None) -> None:
        nonlocal stopped
        stopped = True
        process.terminate()

    before = {number: signal.signal(number, leave) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        status = process.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return 0 if stopped else status
