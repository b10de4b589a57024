"""A bot in a process of its own, with an engine without torch: `python -m tests.bot.started`.

Settings come from the environment, as for `dreambot run`. At its end it prints what it should not
have imported.
"""

import asyncio
import sys

from dreambot import bot, logs
from dreambot.config_files import load_settings
from dreambot.executor import LocalExecutor
from tests.executor.fake_engine import ENGINE

FOREIGN = {"torch", "torchvision", "av", "ray"}


def main() -> int:
    settings = load_settings()
    logs.set_up("INFO")
    code = asyncio.run(bot.run(settings, LocalExecutor(("cpu",), engine=ENGINE)))
    print(sorted(FOREIGN & set(sys.modules)))
    return code


if __name__ == "__main__":
    sys.exit(main())
