"""Whether each part of the bot works."""

from dreambot.web.store import unless_down
from dreambot.web.watched import Watched


async def parts(watched: Watched) -> dict[str, bool]:
    """Each part by name: `jobs` (false while it drains), `store`, `shard 0` and so on, `worker cuda:0` and
    so on; `workers` where there is none."""
    shards = {f"shard {number}": connected for number, connected in sorted(watched.shards().items())}
    workers = {f"worker {device.name}": device.alive for device in watched.devices()}
    return {
        "jobs": watched.taking(),
        "store": await unless_down(watched.store_alive, False),
        **shards,
        **(workers or {"workers": False}),
    }
