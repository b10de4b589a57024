from pathlib import Path

import pytest

from tests.cli.support import CommandLine


@pytest.fixture
def dreambot(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> CommandLine:
    """The command line, in a folder with photo.png, other.jpg, clip.gif, recipe.json and a folder."""
    return CommandLine(monkeypatch, tmp_path)
