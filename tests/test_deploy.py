"""The files in deploy/, as far as they can be checked without the machines they are for."""

import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from dreambot.cli.worker import FIRST_PORT, PORT_COUNT
from tests.support import require

RAY_UP = Path(__file__).parents[1] / "deploy" / "ray" / "cluster.yaml"


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
