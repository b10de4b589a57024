"""Measures whether words in dreams can be read: `python -m benchmarks.words`, some minutes on two cores.

It writes six phrases into dreams, without and with a photo, and prints for each preset the share of words
that the OCR program tesseract reads back (Debian's package `tesseract-ocr`). What tesseract is given is the
dream in grey, blurred as by a glance from afar, and inverted, because it expects dark letters.
"""

import argparse
import io
import re
import shutil
import subprocess
import sys
from collections import Counter
from itertools import cycle
from pathlib import Path
from statistics import fmean

import numpy as np
import torch
from PIL import Image, ImageFilter, ImageOps
from rich.console import Console
from rich.table import Table

from benchmarks.calibrate import PRECISION
from benchmarks.photos import HELD_OUT, load_photo
from dreambot.engine.run import run_recipe
from dreambot.media.picture import DreamInputs, Pixels
from dreambot.media.visual_masking import masking_quantiles
from dreambot.recipe import DreamRequest, SourceFacts, resolve_dream
from dreambot.zoo.loading import load
from dreambot.zoo.network import Network
from dreambot.zoo.registry import find_model

PHRASES = ("HE COMES", "I SEE YOU", "WAKE UP", "Dream deeper", "NO WAY OUT OF HERE", "It looks back")
PRESETS = ("giger", "watchers", "eyes", "ossuary")
MAX_PIXELS = 384 * 288
_PHOTO_SIDE = 384
_BLUR = 0.008
"""Relative to the short side."""


def read(tesseract: str, rgb: Pixels) -> str:
    """Returns what tesseract reads in a dream.

    Args:
        tesseract: Path of the program.
        rgb: `[height, width, 3]` uint8.
    """
    grey = Image.fromarray(rgb).convert("L")
    grey = grey.filter(ImageFilter.GaussianBlur(_BLUR * min(grey.size)))
    page = ImageOps.invert(ImageOps.autocontrast(grey, cutoff=1)).resize((2 * grey.width, 2 * grey.height))
    file = io.BytesIO()
    ImageOps.expand(page, 40, fill=255).save(file, "PNG")
    # Mode 6: one block of text.
    command = [tesseract, "-", "-", "--psm", "6"]
    return subprocess.run(command, input=file.getvalue(), capture_output=True, check=True).stdout.decode()


def share_read(text: str, found: str) -> float:
    """Returns the share of the words of a text that were read, in any order; case does not matter.

    Args:
        text: What is written.
        found: What was read. A vertical bar counts as an I, which tesseract confuses in clean type, too.
    """
    wanted, got = (Counter(re.findall(r"\w+", one.replace("|", "I").upper())) for one in (text, found))
    return (wanted & got).total() / wanted.total()


def dream_words(network: Network, text: str, preset: str, photo: Pixels | None, seed: int) -> Pixels:
    """Dreams words.

    Args:
        network: Network of the preset.
        text: The words.
        preset: Name of a preset.
        photo: Picture to write them on, `[height, width, 3]` uint8; None for the dark.
        seed: Seed.
    """
    facts = None if photo is None else SourceFacts(photo.shape[1], photo.shape[0], masking_quantiles(photo))
    recipe = resolve_dream(
        DreamRequest.of(text=text, preset=preset),
        facts,
        seed=seed,
        models=find_model,
        precision=PRECISION,
        max_pixels=MAX_PIXELS,
    )
    steps = run_recipe(network, DreamInputs(photo), recipe)
    while True:
        try:
            next(steps)
        except StopIteration as finished:
            dream: Pixels = finished.value
            return dream


def main() -> None:
    """Prints a table with a row for each phrase."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--presets", nargs="+", default=list(PRESETS))
    parser.add_argument("--photos", nargs="+", default=list(HELD_OUT))
    parser.add_argument("--sheet", type=Path, help="Also saves all dreams side by side, as a PNG.")
    asked = parser.parse_args()
    tesseract = shutil.which("tesseract")
    if tesseract is None:
        sys.exit(
            "Skipped: tesseract is not installed. Debian and Ubuntu have it as the package tesseract-ocr."
        )
    photos = [load_photo(name, _PHOTO_SIDE) for name in asked.photos]
    table = Table("phrase", *(f"{preset}, {on}" for preset in asked.presets for on in ("dark", "photo")))
    shares: list[list[float]] = []
    dreams: list[list[Pixels]] = []
    dtype = torch.bfloat16 if PRECISION == "bf16" else torch.float32
    for preset in asked.presets:
        model = resolve_dream(
            DreamRequest(text="A", preset=preset),
            None,
            seed=0,
            models=find_model,
            precision=PRECISION,
            max_pixels=MAX_PIXELS,
        ).model
        network = load(model, dtype=dtype)
        for on in ([None], photos):
            made = [
                dream_words(network, text, preset, photo, seed)
                for seed, (text, photo) in enumerate(zip(PHRASES, cycle(on), strict=False))
            ]
            dreams.append(made)
            shares.append(
                [share_read(text, read(tesseract, rgb)) for text, rgb in zip(PHRASES, made, strict=True)]
            )
    for text, *row in zip(PHRASES, *shares, strict=True):
        table.add_row(text, *(f"{share:.2f}" for share in row))
    table.add_section()
    table.add_row("mean", *(f"{fmean(column):.2f}" for column in shares))
    Console(width=140).print(table)
    if asked.sheet:
        side = max(max(rgb.shape[:2]) for column in dreams for rgb in column)
        rows = [np.concatenate([_padded(rgb, side) for rgb in column], axis=1) for column in dreams]
        Image.fromarray(np.concatenate(rows)).save(asked.sheet)


def _padded(rgb: Pixels, side: int) -> Pixels:
    return np.pad(rgb, ((0, side - rgb.shape[0]), (0, side - rgb.shape[1]), (0, 0)))


if __name__ == "__main__":
    main()
