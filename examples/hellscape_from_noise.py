"""Dreams a hellscape out of fog and writes it as an animated WebP.

python examples/hellscape_from_noise.py hell.webp --layer "mixed4 > mixed5" --frames 96
"""

import argparse
from pathlib import Path

from PIL import Image

from dreambot.library import Dreamer


def main() -> None:
    """Reads the command line and dreams."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("video", type=Path)
    parser.add_argument("--layer", default="mixed4 > mixed5")
    parser.add_argument("--frames", type=int, default=96)
    parser.add_argument("--fps", type=int, default=12)
    parser.add_argument("--size", default="320x240")
    parser.add_argument("--seed", type=int)
    options = parser.parse_args()

    frames = []
    for rgb in Dreamer().hellscape(
        layer=options.layer, frames=options.frames, fps=options.fps, size=options.size, seed=options.seed
    ):
        frames.append(Image.fromarray(rgb))
        print(f"frame {len(frames)} of {options.frames}", end="\r", flush=True)
    first, *others = frames
    first.save(
        options.video,
        save_all=True,
        append_images=others,
        duration=round(1000 / options.fps),
        loop=0,
        quality=75,
    )


if __name__ == "__main__":
    main()
