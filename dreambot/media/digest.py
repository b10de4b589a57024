"""A file by its contents."""

import hashlib
from pathlib import Path


def file_sha256(path: Path) -> str:
    """What names a picture's file in a recipe, in hex. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
