"""Undoing a web server's compression without trusting how large the result is."""

import zlib
from collections.abc import Iterator

PIECE_BYTES = 64 * 1024
# zlib's way to say: expect a gzip header, or a zlib header
WINDOWS = {"gzip": 31, "x-gzip": 31, "deflate": 15}


class Inflater:
    """Undoes gzip and deflate in pieces of at most 64 KiB."""

    def __init__(self, encoding: str) -> None:
        """encoding: one of WINDOWS."""
        self._stream = zlib.decompressobj(WINDOWS[encoding])

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """What the next compressed bytes unpack to. Raises zlib.error when they are damaged."""
        while data:
            yield self._stream.decompress(data, PIECE_BYTES)
            data = self._stream.unconsumed_tail

    @property
    def finished(self) -> bool:
        """True once the end of the compressed stream was seen."""
        return self._stream.eof
