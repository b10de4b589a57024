"""What a shell offers after Tab. Each key press starts a process, so nothing heavy is imported here."""

import re

import typer


def complete_layers(context: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Layers of the network that was named, for the last layer of an expression, with what they show."""
    from dreambot.recipe.layers import LAYERS

    before, last = _last_word(incomplete, r"[+>\-\s]")
    model = context.params.get("model") or "inception_v3"
    layers = [layer for layer in LAYERS.get(model, ()) if layer.offered]
    return [(before + layer.name, layer.shows) for layer in layers if layer.name.startswith(last)]


def complete_presets(incomplete: str) -> list[tuple[str, str]]:
    """Presets, with what they look like."""
    from dreambot.recipe.presets import PRESETS

    return [(name, preset.shows) for name, preset in PRESETS.items() if name.startswith(incomplete)]


def complete_models(incomplete: str) -> list[str]:
    """Networks that `dreambot models` lists."""
    from dreambot.errors import UserError
    from dreambot.zoo.known import names

    try:
        return [name for name in names() if name.startswith(incomplete)]
    except UserError:
        return []


def complete_classes(incomplete: str) -> list[str]:
    """ImageNet's classes that begin so."""
    from dreambot.recipe.classes import class_names

    before, last = _last_word(incomplete, r"[+]\s*")
    found = [name for name in class_names() if name.lower().startswith(last.lower())]
    return [before + name for name in found] if last else []


def _last_word(text: str, separator: str) -> tuple[str, str]:
    """What stands up to the last separator, and what comes after it."""
    ends = [match.end() for match in re.finditer(separator, text)]
    return (text[: ends[-1]], text[ends[-1] :]) if ends else ("", text)
