"""The files in deploy/, as far as they can be checked without the machines they are for."""

import re
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from dreambot.bot.client import ExitCode
from dreambot.cli.worker import FIRST_PORT, PORT_COUNT
from dreambot.config import SECRETS, Settings
from tests.support import require

ROOT = Path(__file__).parents[1]
RAY_UP = ROOT / "deploy" / "ray" / "cluster.yaml"
LOCKS = ("core", "video", "servers", "ray", "dev")
COMPOSE = ROOT / "deploy" / "compose" / "compose.yaml"


@pytest.fixture(scope="module")
def prepared() -> dict[str, Any]:
    """deploy/ray/cluster.yaml as `ray up` sees it, checked against the schema that Ray carries."""
    require("ray", find_spec("ray") is not None)
    import yaml
    from ray.autoscaler._private.util import prepare_config, validate_config

    config: dict[str, Any] = prepare_config(yaml.safe_load(RAY_UP.read_text("utf-8")))
    validate_config(config)
    return config


def test_ray_up_accepts_its_file_with_every_machine(prepared: dict[str, Any]) -> None:
    [kind] = prepared["available_node_types"].values()
    assert kind["min_workers"] == kind["max_workers"] == 2


@pytest.mark.parametrize("role", ["head", "worker"])
def test_ray_up_starts_ray_with_options_it_has_and_the_ports_of_the_docs(
    prepared: dict[str, Any], role: str
) -> None:
    from ray.scripts.scripts import start

    known = {name for option in start.params for name in option.opts}
    command = str(prepared[f"{role}_start_ray_commands"][-1])
    options = dict(re.findall(r"(--[a-z-]+)(?:=(\S+))?", command))
    assert set(options) <= known
    assert "RAY_AUTH_MODE=token" in command
    ports = {int(port) for option, port in options.items() if option.endswith("-port")}
    assert ports <= set(range(FIRST_PORT, FIRST_PORT + PORT_COUNT))
    assert len(ports) >= 8


def test_compose_uses_settings_files_and_secrets_that_exist() -> None:
    require("ray", find_spec("ray") is not None)
    import yaml

    compose = yaml.safe_load(COMPOSE.read_text("utf-8"))
    known = {f"DREAMBOT_{name.upper()}" for name in Settings.model_fields}
    known |= {f"DREAMBOT_{name.upper()}_FILE" for name in SECRETS}
    for service in compose["services"].values():
        ours = {name for name in service.get("environment", {}) if name.startswith("DREAMBOT_")}
        assert ours <= known
        assert set(service.get("secrets", [])) <= set(compose["secrets"])
        for volume in service.get("volumes", []):
            here = volume.partition(":")[0]
            assert (COMPOSE.parent / here).exists() if here.startswith(".") else here in compose["volumes"]
        build = service.get("build")
        if build:
            assert (COMPOSE.parent / build["context"] / "locks" / f"{build['args']['LOCK']}.txt").is_file()
    [bot] = {name for name, service in compose["services"].items() if service.get("profiles") == ["cpu"]}
    assert int(compose["services"][bot]["stop_grace_period"].rstrip("s")) > Settings().drain_seconds + 10


def test_every_lock_reaches_the_docker_build() -> None:
    ignored = (ROOT / ".dockerignore").read_text("utf-8").split()
    assert "!locks/*.txt" in ignored
    needed = {"ray": ("ray", "asyncpg", "obstore"), "servers": ("asyncpg", "obstore"), "video": ("av",)}
    assert needed.keys() < set(LOCKS)
    for lock, packages in needed.items():
        text = (ROOT / "locks" / f"{lock}.txt").read_text("utf-8")
        assert all(f"\n{package}==" in text for package in packages), lock


@pytest.mark.parametrize(
    ("words", "locks"),
    [
        (("setup",), {"video"}),
        (("setup", "LOCK=servers"), {"video", "servers"}),
        (("setup", "LOCK=ray"), {"video", "ray"}),
        (("dev",), {"dev"}),
    ],
)
def test_hosts_install_what_a_bot_needs_and_no_more(words: tuple[str, ...], locks: set[str]) -> None:
    done = subprocess.run(
        ["make", "-n", "-B", *words], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert set(re.findall(r"-r locks/(\w+)\.txt", done.stdout)) == locks


def test_what_is_left_out_without_a_gpu_is_in_every_lock() -> None:
    lines = (ROOT / "locks" / "without-gpu.txt").read_text("utf-8").splitlines()
    names = [line for line in lines if not line.startswith("#")]
    for lock in LOCKS:
        text = (ROOT / "locks" / f"{lock}.txt").read_text("utf-8")
        assert all(f"\n{name}==" in text for name in names), lock


def test_systemd_does_not_restart_what_a_restart_cannot_help() -> None:
    unit = (ROOT / "deploy" / "systemd" / "dreambot.service").read_text("utf-8")
    codes = {ExitCode.settings, ExitCode.token, ExitCode.intent}
    assert f"RestartPreventExitStatus={' '.join(str(int(code)) for code in sorted(codes))}\n" in unit
