"""Optional dependencies, and the hint that says how to install them."""

_LOCK_FILES = {"video": "video", "postgres": "servers", "objects": "servers", "ray": "ray"}
"""The extras of pyproject.toml, and the smallest lock file in `locks/` that contains each."""


def install_hint(extra: str) -> str:
    """Returns a sentence that says how to install an extra.

    It does not name a package: dreambot is on no package index, so a stranger could register the name.

    Args:
        extra: The extra of pyproject.toml: `video`, `postgres`, `objects` or `ray`.
    """
    lock = f"LOCK={_LOCK_FILES[extra]}"
    return (
        f"`make setup {lock}` in dreambot's folder installs it; for Docker, build with `--build-arg {lock}`."
    )
