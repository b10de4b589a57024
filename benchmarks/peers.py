"""Other deep-dream libraries, from the package index, in a virtual environment of their own."""

import contextlib
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import platformdirs

PEERS = ("torch-dreams", "torch-lucent")
_PACKAGES = ("torch-dreams==4.0.0", "torch-lucent==0.1.8", "kornia==0.4.1", "opencv-python-headless")
"""What would bring a torch of its own, or a numpy."""

_LIGHT_PACKAGES = ("tqdm", "einops", "ipython", "decorator", "future")
_LOOP_SCRIPT = Path(__file__).with_name("peer_loop.py")


def seconds_per_step(peer: str, side: int, steps: int = 3) -> float | None:
    """At side × side, InceptionV3 to our mixed5, random weights; None where it cannot be had or fails."""
    with contextlib.suppress(OSError, subprocess.SubprocessError, ValueError):
        command = [_environment(), "-W", "ignore", _LOOP_SCRIPT, peer, str(side), str(steps)]
        done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=900)
        return float(done.stdout.split()[-1])
    return None


def _environment() -> Path:
    """Its Python; made at the first call. torch and torchvision are ours, so that all run on the same."""
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
