"""The packages that only some need, and how to add them to an installation."""

_LOCKS = {"video": "video", "postgres": "servers", "objects": "servers", "ray": "ray"}
"""The extras of pyproject.toml, and the lock file in `locks/` with which Docker builds each."""


def how_to_add(extra: str) -> str:
    """A sentence that says how an extra is installed.

    Never by the name of the package: dreambot is on no package index, so a stranger could register it.
    """
    return (
        f"`make setup` in dreambot's folder installs it; for Docker, build with "
        f"`--build-arg LOCK={_LOCKS[extra]}`."
    )
