"""A bot in a process of its own, with an engine without torch: `python -m tests.bot.started`.

Settings come from the environment, as for `dreambot run`; FAKE_LEASE are the seconds after which a silent
process is taken for dead. At its end it prints what it should not have imported.
"""

import asyncio
import os
import sys
from datetime import timedelta

from dreambot import bot, logs
from dreambot.config_files import load_settings
from dreambot.executor import LocalExecutor
from dreambot.jobs import keeper, store
from tests.executor.fake_engine import ENGINE

FOREIGN = {"torch", "torchvision", "av", "ray"}


def main() -> int:
    settings = load_settings()
    logs.set_up("INFO")
    if "FAKE_LEASE" in os.environ:
        lease = float(os.environ["FAKE_LEASE"])
        store.LEASE = timedelta(seconds=lease)
        keeper.RENEW_EVERY = lease / 3
    code = asyncio.run(bot.run(settings, LocalExecutor(("cpu",), engine=ENGINE)))
    print(sorted(FOREIGN & set(sys.modules)))
    return code


if __name__ == "__main__":
    sys.exit(main())
