"""`dreambot presets`: looks with a name."""


def presets() -> None:
    """List the presets: looks with a name."""
    from dreambot.cli.console import print_table
    from dreambot.recipe.presets import PRESETS

    print_table(
        ("preset", "looks like", "layer", "model"),
        ((preset.name, preset.shows, preset.layers, preset.model) for preset in PRESETS.values()),
    )
