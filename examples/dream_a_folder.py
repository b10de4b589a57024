"""Dreams on every picture of a folder, with the network loaded once.

python examples/dream_a_folder.py photos dreams --preset oracle
"""

import argparse
from pathlib import Path

from PIL import Image, ImageOps

from dreambot.library import Dreamer

ENDINGS = {".jpg", ".jpeg", ".png", ".webp"}


def main() -> None:
    """Reads the command line and dreams."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photos", type=Path)
    parser.add_argument("dreams", type=Path)
    parser.add_argument("--preset", default="oracle")
    parser.add_argument("--intensity", type=int, default=7)
    parser.add_argument("--max-pixels", type=int, default=786_432)
    options = parser.parse_args()

    options.dreams.mkdir(parents=True, exist_ok=True)
    dreamer = Dreamer(max_pixels=options.max_pixels)
    for path in sorted(options.photos.iterdir()):
        if path.suffix.lower() not in ENDINGS:
            continue
        with Image.open(path) as photo:
            upright = ImageOps.exif_transpose(photo)
        dream = dreamer.dream(upright, preset=options.preset, intensity=options.intensity)
        dream.save(options.dreams / f"{path.stem}.png")
        print(f"{path.name}: {dream.recipe.in_words()}")


if __name__ == "__main__":
    main()
