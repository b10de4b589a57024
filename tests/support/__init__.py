"""Helpers shared by several test folders."""

import os

import pytest


def require(name: str, found: bool) -> None:
    """Skips the test when `name` (chromium, weights …) was not found on this machine.

    Where `DREAMBOT_TEST_REQUIRE` lists it, a missing one is a failure, so that a test run on a
    well-equipped machine cannot pass by skipping.
    """
    if found:
        return
    if name in os.environ.get("DREAMBOT_TEST_REQUIRE", "").replace(" ", "").split(","):
        pytest.fail(f"{name} is required here (DREAMBOT_TEST_REQUIRE) and was not found")
    pytest.skip(f"{name} was not found on this machine")
