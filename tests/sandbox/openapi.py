"""Checks requests and responses against Discord's OpenAPI file, where it lies beside the repository."""

import functools
import importlib.util
from pathlib import Path
from typing import Any

from dreambot.sandbox.requests import RecordedRequest

FOLDER = Path(__file__).parents[3] / "shared" / "discord"


@functools.cache
def load_spec() -> Any:
    """The checker, or None where the folder is not there."""
    if not (FOLDER / "check_request.py").is_file():
        return None
    found = importlib.util.spec_from_file_location("check_request", FOLDER / "check_request.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module.Spec(str(FOLDER / "openapi.json"))


def spec_violations(request: RecordedRequest) -> list[str]:
    """What is wrong with a request the sandbox accepted, and with what it answered."""
    spec = load_spec()
    if spec is None or request.status is None:
        return []
    path = f"/api/v10{request.path}" + (f"?{request.query}" if request.query else "")
    found = []
    # What Discord's schema says of errors by field does not allow for fields named like its own keywords.
    if request.status < 300:
        sent = spec.check_raw(request.method, path, request.body, request.content_type)
        found += [one for one in sent if one.kind != "unknown"]
    if request.status < 300 or request.status == 429:
        found += spec.check_response(request.method, path, request.status, request.response_json)
    # The checker knows no ws:// addresses.
    return [f"{request}: {one}" for one in found if "ws://" not in one.what]
