"""`dreambot presets`: looks with a name."""


def presets() -> None:
    """List the presets: looks with a name."""
    from rich.console import Console
    from rich.table import Table

    from dreambot.recipe.presets import PRESETS

    table = Table("preset", "looks like", "layers", "network")
    for preset in PRESETS.values():
        table.add_row(preset.name, preset.shows, preset.layers, preset.model)
    Console().print(table)
