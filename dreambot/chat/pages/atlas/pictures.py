"""The pictures of layers that the package carries: a cat, as `dreambot layers --atlas` draws it by each."""

import io
from importlib.resources import files

import discord

_FOLDER = files("dreambot.chat.pages.atlas") / "pictures"


def picture(model: str, layer: str) -> discord.File | None:
    """A new upload of a layer's picture; None where none is carried."""
    name = f"{model}-{layer}.jpg"
    found = _FOLDER / name
    return discord.File(io.BytesIO(found.read_bytes()), name) if found.is_file() else None
