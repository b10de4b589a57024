"""Optional dependencies, and the hint that says how to install them."""

_LOCK_FILES = {"video": "video", "postgres": "servers", "objects": "servers", "ray": "ray"}
"""The extras of pyproject.toml, and the lock file in `locks/` with which Docker builds each."""


def install_hint(extra: str) -> str:
    """A sentence that says how an extra is installed.

    Never by the name of the package: dreambot is on no package index, so a stranger could register it.
    """
    return (
        f"`make setup` in dreambot's folder installs it; for Docker, build with "
        f"`--build-arg LOCK={_LOCK_FILES[extra]}`."
    )
