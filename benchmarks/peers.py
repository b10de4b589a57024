"""Times other deep-dream libraries, installed from the package index in a separate virtual environment."""

import contextlib
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import platformdirs

from benchmarks.cases import Clock

PEERS = ("torch-dreams", "torch-lucent")
_PACKAGES = ("torch-dreams==4.0.0", "torch-lucent==0.1.8", "kornia==0.4.1", "opencv-python-headless")
"""Installed without dependencies, because they would install other versions of torch or numpy."""

_LIGHT_PACKAGES = ("tqdm", "einops", "ipython", "decorator", "future")
_LOOP_SCRIPT = Path(__file__).with_name("peer_loop.py")


DEFAULT_STEPS = {"torch-dreams": 120, "torch-lucent": 512}
"""Steps of `Dreamer.render` and `render_vis` when the caller names none; both at one size only."""


def seconds_per_step(peer: str, width: int, height: int, steps: int = 3) -> float | None:
    """Times a library's step with InceptionV3 up to our mixed5 and random weights.

    Args:
        peer: One of `PEERS`.
        width: Width of the image in pixels.
        height: Height of the image in pixels.
        steps: Number of steps.

    Returns:
        Seconds per step, or None if the library cannot be installed or fails.
    """
    with contextlib.suppress(OSError, subprocess.SubprocessError, ValueError):
        numbers = [str(number) for number in (width, height, steps)]
        command = [_environment(), "-W", "ignore", _LOOP_SCRIPT, peer, *numbers, Clock.name]
        done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=900)
        return float(done.stdout.split()[-1])
    return None


def _environment() -> Path:
    """Returns the environment's Python, created at the first call; torch and torchvision are ours."""
    folder = platformdirs.user_cache_path("dreambot") / "peers"
    python = folder / "bin" / "python"
    done = folder / "done"
    if not done.exists():
        venv.create(folder, with_pip=False, clear=True)
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        site = folder / "lib" / version / "site-packages"
        (site / "ours.pth").write_text(sysconfig.get_path("purelib") + "\n")
        install = [sys.executable, "-m", "uv", "pip", "install", "-q", "--python", python]
        subprocess.run([*install, "--no-deps", *_PACKAGES], check=True, timeout=600)
        subprocess.run([*install, *_LIGHT_PACKAGES], check=True, timeout=600)
        done.touch()
    return python
