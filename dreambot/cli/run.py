"""`dreambot run`: the bot, until it is told to stop."""

import typer


def run() -> None:
    """Run the bot. It needs DREAMBOT_TOKEN; SIGTERM and Ctrl+C end it cleanly."""
    from dreambot import logs
    from dreambot.config import require_token
    from dreambot.config_files import load_settings

    settings = load_settings()
    # Before the imports below, which take seconds.
    require_token(settings)
    secrets = (settings.token, settings.database_url)
    hidden = tuple(secret.get_secret_value() for secret in secrets if secret)
    logs.set_up(settings.log_level, hidden, settings.log_format)

    import asyncio

    from dreambot import bot

    raise typer.Exit(int(asyncio.run(bot.run(settings))))
