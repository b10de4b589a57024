"""The index that is configured for pip or uv is used."""

import os
from pathlib import Path

import pytest

from dreambot.zoo.index_settings import read_settings

A, B, C = "https://a.example/simple", "https://b.example/simple", "https://c.example/simple"


@pytest.fixture
def environ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.chdir(tmp_path)
    return {"PIP_CONFIG_FILE": os.devnull, "UV_CONFIG_FILE": str(tmp_path / "none.toml")}


def test_without_settings_the_default_index_is_used(environ: dict[str, str]) -> None:
    assert read_settings(environ).default
    assert read_settings(environ).indexes == ()


def test_pip_from_the_environment(environ: dict[str, str]) -> None:
    settings = read_settings(environ | {"PIP_INDEX_URL": A, "PIP_EXTRA_INDEX_URL": f"{B} {C}"})
    assert settings.indexes == (A, B, C)
    assert not settings.default


def test_an_extra_index_leaves_the_default_in_place(environ: dict[str, str]) -> None:
    settings = read_settings(environ | {"PIP_EXTRA_INDEX_URL": A})
    assert settings.indexes == (A,)
    assert settings.default


def test_pip_from_its_file_and_the_environment_wins(environ: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "pip.conf"
    file.write_text(f"[global]\nindex-url = {A}\nextra_index_url =\n  {B}\n  {C}\ncert = /some/ca.pem\n")
    environ["PIP_CONFIG_FILE"] = str(file)
    settings = read_settings(environ)
    assert settings.indexes == (A, B, C)
    assert settings.certificates == Path("/some/ca.pem")
    assert read_settings(environ | {"PIP_EXTRA_INDEX_URL": C}).indexes == (A, C)


def test_the_install_section_takes_precedence_over_the_global_one(
    environ: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "pip.conf"
    file.write_text(f"[install]\nindex-url = {B}\n[global]\nindex-url = {A}\n")
    assert read_settings(environ | {"PIP_CONFIG_FILE": str(file)}).indexes == (B,)


def test_a_broken_file_is_ignored(environ: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "broken").write_text("no [section = \x00")
    for key in ("PIP_CONFIG_FILE", "UV_CONFIG_FILE"):
        assert read_settings(environ | {key: str(tmp_path / "broken")}).default


def test_a_file_with_invalid_content_is_ignored(environ: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "uv.toml"
    file.write_text("index = 3\n")
    assert read_settings(environ | {"UV_CONFIG_FILE": str(file)}).default


def test_no_index_at_all(environ: dict[str, str], tmp_path: Path) -> None:
    links = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": f"{tmp_path} /there/is/no/such/folder"}
    settings = read_settings(environ | {"PIP_INDEX_URL": A} | links)
    assert settings.indexes == ()
    assert not settings.default
    assert settings.folders == (tmp_path,)


@pytest.mark.parametrize("key", ["UV_INDEX_URL", "UV_DEFAULT_INDEX"])
def test_uv_from_the_environment(environ: dict[str, str], key: str) -> None:
    settings = read_settings(environ | {key: A, "UV_INDEX": f"mirror={B} {C}"})
    assert settings.indexes == (B, C, A)
    assert not settings.default


def test_uv_from_its_file(environ: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "uv.toml"
    file.write_text(
        f'[[index]]\nname = "in-house"\nurl = "{A}"\ndefault = true\n'
        f'[[index]]\nurl = "{B}"\n[[index]]\nname = "x"\nurl = "{C}"\nexplicit = true\n'
    )
    secrets = {"UV_INDEX_IN_HOUSE_USERNAME": "me", "UV_INDEX_IN_HOUSE_PASSWORD": "p@ss"}
    settings = read_settings(environ | {"UV_CONFIG_FILE": str(file)} | secrets)
    assert settings.indexes == (B, "https://me:p%40ss@a.example/simple")
    assert not settings.default


def test_uv_uses_the_nearest_file_above_the_current_folder(
    environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del environ["UV_CONFIG_FILE"]
    (tmp_path / "uv.toml").write_text(f'index-url = "{A}"\n')
    (tmp_path / "deep").mkdir()
    monkeypatch.chdir(tmp_path / "deep")
    assert A in read_settings(environ).indexes


def test_a_folder_may_be_an_index(environ: dict[str, str], tmp_path: Path) -> None:
    extras = f"{tmp_path} /there/is/no/such/folder file:///some/folder"
    settings = read_settings(environ | {"PIP_EXTRA_INDEX_URL": extras})
    assert settings.indexes == (tmp_path.as_uri(), "file:///some/folder")


def test_certificates_from_the_environment(environ: dict[str, str]) -> None:
    assert read_settings(environ | {"SSL_CERT_FILE": "/a.pem"}).certificates == Path("/a.pem")
    assert read_settings(environ | {"SSL_CERT_FILE": "/a.pem", "PIP_CERT": "/b.pem"}).certificates == Path(
        "/b.pem"
    )
