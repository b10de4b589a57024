"""The package indexes that this machine is configured to use, for pip or for uv.

A mirror that is set for pip is used here too. All configured indexes are tried in turn. Downloads are
verified by sha256, so the order of the indexes does not matter for security.
"""

import configparser
import os
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import platformdirs
from pydantic import BaseModel, ConfigDict

TRUE_VALUES = frozenset({"1", "true", "yes", "on", "y", "t"})


@dataclass(frozen=True)
class IndexSettings:
    """Where package archives come from.

    Attributes:
        indexes: Base addresses of simple indexes (http, https, file), with credentials.
        default: Whether the public default index is used as well.
        folders: Local folders of archives ("find-links").
        certificates: Certificate bundle to use instead of that of requests.
    """

    indexes: tuple[str, ...] = ()
    default: bool = True
    folders: tuple[Path, ...] = ()
    certificates: Path | None = None


def read_settings(environ: Mapping[str, str] = os.environ) -> IndexSettings:
    """Reads the settings of uv and pip, uv's first. Unreadable files are ignored.

    Args:
        environ: Environment variables.
    """
    uv, pip = _uv(environ), _pip(environ)
    bundle = pip.certificates or environ.get("SSL_CERT_FILE") or None
    return IndexSettings(
        indexes=tuple(dict.fromkeys(uv.indexes + pip.indexes)),
        default=uv.default and pip.default,
        folders=tuple(dict.fromkeys(uv.folders + pip.folders)),
        certificates=Path(bundle) if bundle else None,
    )


# pip


def _pip_files(environ: Mapping[str, str]) -> Iterator[Path]:
    """Yields pip's configuration files in the order of `pip config debug`; later ones take precedence."""
    chosen = environ.get("PIP_CONFIG_FILE")
    if chosen == os.devnull:
        return
    yield from (Path(folder) / "pip.conf" for folder in _site_folders())
    if not (chosen and Path(chosen).exists()):
        yield _home(".pip/pip.conf")
        yield _home(".config/pip/pip.conf")
        yield platformdirs.user_config_path("pip") / "pip.conf"
    yield Path(sys.prefix) / "pip.conf"
    if chosen:
        yield Path(chosen)


def _site_folders() -> list[str]:
    return [*platformdirs.site_config_dir("pip", multipath=True).split(os.pathsep), "/etc"]


def _pip(environ: Mapping[str, str]) -> IndexSettings:
    values: dict[str, str] = {}
    for file in _pip_files(environ):
        parser = configparser.RawConfigParser()
        try:
            parser.read(file)
        except (OSError, ValueError, configparser.Error):
            continue
        for section in ("global", "install"):
            if parser.has_section(section):
                values |= {key.replace("_", "-"): value for key, value in parser.items(section)}
    for key, value in environ.items():
        if key.startswith("PIP_") and value:
            values[key[len("PIP_") :].lower().replace("_", "-")] = value
    no_index = values.get("no-index", "").lower() in TRUE_VALUES
    main = values.get("index-url", "").split()
    indexes = [] if no_index else [*main, *values.get("extra-index-url", "").split()]
    return IndexSettings(
        indexes=tuple(_addresses(indexes)),
        default=not main and not no_index,
        folders=tuple(_folders(values.get("find-links", "").split())),
        certificates=Path(values["cert"]) if values.get("cert") else None,
    )


# uv


def _uv_files(environ: Mapping[str, str]) -> Iterator[Path]:
    """Yields uv's configuration files, the one with the highest precedence first."""
    if environ.get("UV_NO_CONFIG"):
        return
    if chosen := environ.get("UV_CONFIG_FILE"):
        yield Path(chosen)
        return
    here = Path.cwd()
    yield from (folder / "uv.toml" for folder in (here, *here.parents))
    yield _home(".config/uv/uv.toml")
    yield platformdirs.user_config_path("uv") / "uv.toml"
    yield Path("/etc/uv/uv.toml")


class _UvIndex(BaseModel):
    url: str
    name: str = ""
    default: bool = False
    explicit: bool = False


class _UvTable(BaseModel):
    """The index settings of uv.toml or of its table `pip`."""

    model_config = ConfigDict(alias_generator=lambda name: name.replace("_", "-"))

    index: list[_UvIndex] = []
    index_url: str | None = None
    extra_index_url: list[str] = []
    find_links: list[str] = []
    no_index: bool = False


def _uv_tables(environ: Mapping[str, str]) -> Iterator[_UvTable]:
    for file in _uv_files(environ):
        try:
            table = tomllib.loads(file.read_text("utf-8"))
            yield _UvTable.model_validate(table)
            yield _UvTable.model_validate(table.get("pip", {}))
        except (OSError, ValueError):
            continue


def _uv(environ: Mapping[str, str]) -> IndexSettings:
    indexes = [_parse_index(text, environ) for text in environ.get("UV_INDEX", "").split()]
    indexes += environ.get("UV_EXTRA_INDEX_URL", "").split()
    main = [
        _parse_index(environ[key], environ)
        for key in ("UV_DEFAULT_INDEX", "UV_INDEX_URL")
        if environ.get(key)
    ]
    folders = environ.get("UV_FIND_LINKS", "").split(",")
    no_index = environ.get("UV_NO_INDEX", "").lower() in TRUE_VALUES
    for table in _uv_tables(environ):
        for entry in table.index:
            if not entry.explicit:
                url = _with_credentials(entry.url, entry.name, environ)
                (main if entry.default else indexes).append(url)
        main += [table.index_url] if table.index_url else []
        indexes += table.extra_index_url
        folders += table.find_links
        no_index = no_index or table.no_index
    return IndexSettings(
        indexes=() if no_index else tuple(_addresses([*indexes, *main])),
        default=not main and not no_index,
        folders=tuple(_folders(folders)),
    )


def _parse_index(text: str, environ: Mapping[str, str]) -> str:
    """Parses `name=address` or an address alone, as in uv's environment variables."""
    name, equals, url = text.strip().partition("=")
    if not equals or not re.fullmatch(r"[\w.-]+", name):
        name, url = "", text.strip()
    return _with_credentials(url, name, environ)


def _with_credentials(url: str, name: str, environ: Mapping[str, str]) -> str:
    """Adds the user and password of a named index from uv's environment variables."""
    key = "UV_INDEX_" + re.sub(r"[^A-Z0-9]", "_", name.upper())
    user, password = environ.get(f"{key}_USERNAME"), environ.get(f"{key}_PASSWORD", "")
    parts = urlsplit(url)
    if not name or user is None or "@" in parts.netloc:
        return url
    netloc = f"{quote(user, safe='')}:{quote(password, safe='')}@{parts.netloc}"
    return urlunsplit(parts._replace(netloc=netloc))


# both


def _home(path: str) -> Path:
    # Path.home() raises if the user has no home, as in many containers.
    return Path(os.path.expanduser(f"~/{path}"))


def _addresses(texts: Iterable[str]) -> Iterator[str]:
    """Yields index addresses with a scheme; a local folder may be given without one."""
    for text in texts:
        if urlsplit(text).scheme in {"http", "https", "file"}:
            yield text
        elif (folder := Path(text).expanduser()).is_dir():
            yield folder.absolute().as_uri()


def _folders(texts: Iterable[str]) -> Iterator[Path]:
    for text in texts:
        folder = Path(text.strip().removeprefix("file://")).expanduser()
        if text.strip() and folder.is_dir():
            yield folder
