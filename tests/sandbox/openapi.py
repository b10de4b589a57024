"""Checks requests and responses against Discord's OpenAPI file, if it is beside the repository."""

import functools
import importlib.util
from pathlib import Path
from typing import Any

from dreambot.sandbox.requests import RecordedRequest

FOLDER = Path(__file__).parents[3] / "shared" / "discord"


@functools.cache
def load_spec() -> Any:
    """Returns the checker, or None if the folder does not exist."""
    if not (FOLDER / "check_request.py").is_file():
        return None
    found = importlib.util.spec_from_file_location("check_request", FOLDER / "check_request.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module.Spec(str(FOLDER / "openapi.json"))


def spec_violations(request: RecordedRequest) -> list[str]:
    """Returns the violations in a request that the sandbox accepted, and in its response."""
    spec = load_spec()
    if spec is None or request.status is None:
        return []
    path = f"/api/v10{request.path}" + (f"?{request.query}" if request.query else "")
    found = []
    # Responses to invalid forms are not checked: the schema of errors by field fails for some field names.
    if request.status < 300:
        sent = spec.check_raw(request.method, path, request.body, request.content_type)
        found += [one for one in sent if one.kind != "unknown"]
    if request.status < 300 or request.status == 429:
        found += spec.check_response(request.method, path, request.status, request.response_json)
    # The checker does not accept ws:// URLs, and Discord's file lacks the forwards that its docs describe.
    return [f"{request}: {one}" for one in found if "ws://" not in one.what and not is_forward(one)]


def is_forward(problem: Any) -> bool:
    """Checks whether a problem is about a forward."""
    return "message_reference" in problem.where and problem.what.startswith("1 is not ")
