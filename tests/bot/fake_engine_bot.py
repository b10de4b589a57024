"""A bot in its own process, with an engine without torch: `python -m tests.bot.fake_engine_bot`.

Settings come from the environment, as for `dreambot run`. FAKE_LEASE is the number of seconds after which a
silent process counts as dead. At its end it prints the modules that it should not have imported.
"""

import asyncio
import os
import sys
from datetime import timedelta

from dreambot import logs
from dreambot.bot import client
from dreambot.config import load_settings
from dreambot.jobs import recovery, store
from dreambot.scheduler.executor import DeviceExecutor, LocalExecutor
from dreambot.scheduler.ray_executor import RayExecutor
from tests.scheduler.ray.engine import ENGINE as RAY_ENGINE
from tests.support.fake_engine import ENGINE

FORBIDDEN_MODULES = {"torch", "torchvision", "av", "ray"}


def main() -> int:
    settings = load_settings()
    logs.configure("INFO")
    if "FAKE_LEASE" in os.environ:
        lease = float(os.environ["FAKE_LEASE"])
        store.LEASE = timedelta(seconds=lease)
        recovery.RENEW_INTERVAL_S = lease / 3
    executor: DeviceExecutor
    if settings.executor == "ray":
        executor = RayExecutor(settings.ray_address, engine=RAY_ENGINE)
    else:
        executor = LocalExecutor(("cpu",), engine=ENGINE)
    code = asyncio.run(client.run_bot(settings, executor))
    print(sorted(FORBIDDEN_MODULES & set(sys.modules)))
    return code


if __name__ == "__main__":
    sys.exit(main())
