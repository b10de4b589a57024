"""Dreams the same photo on several layers with the same seed, side by side in one picture.

python examples/compare_layers.py photo.jpg layers.png mixed1 mixed4 mixed4[68,47,728] mixed5
"""

import argparse
from pathlib import Path

from PIL import Image

from dreambot.library import Dreamer


def main() -> None:
    """Reads the command line and dreams."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photo", type=Path)
    parser.add_argument("comparison", type=Path)
    parser.add_argument("layers", nargs="+")
    parser.add_argument("--intensity", type=int, default=8)
    parser.add_argument("--max-pixels", type=int, default=150_000)
    options = parser.parse_args()

    with Image.open(options.photo) as opened:
        photo = opened.convert("RGB")
    dreamer = Dreamer(max_pixels=options.max_pixels)
    dreams = []
    for layer in options.layers:
        dream = dreamer.dream(photo, layer=layer, intensity=options.intensity, seed=1)
        print(f"{layer}: {dream.recipe.flops / 1e9:.0f} GFLOP")
        dreams.append(dream.image)
    width, height = dreams[0].size
    row = Image.new("RGB", (width * len(dreams), height))
    for column, image in enumerate(dreams):
        row.paste(image, (column * width, 0))
    row.save(options.comparison)


if __name__ == "__main__":
    main()
