"""Whether there is such a device, and whether it can reckon. `python -m dreambot.executor.worker.looking cpu`
prints its name, or a sentence that says what is wrong, with exit status 1."""

import sys

import torch

from dreambot.errors import UserError
from dreambot.executor.worker.devices import device_name, find_device, how_many


def main(asked: str) -> int:
    """Looks, and tries. asked: as in DREAMBOT_DEVICE."""
    try:
        for name in asked.split(","):
            device = find_device(name)
            if torch.ones(64, device=device).sum().item() != 64:
                raise UserError(f"{device} is there, but reckons wrongly.")
            others = how_many(device) - 1
            more = f" and {others} more" if others and name in ("auto", "cuda") else ""
            print(f"{device}: {device_name(device)}{more}")
    except UserError as error:
        print(error)
        return 1
    except RuntimeError as error:
        print(f"{asked} is there, but cannot be used: {str(error).partition(chr(10))[0]}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
