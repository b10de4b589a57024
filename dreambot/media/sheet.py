"""Many small pictures on one sheet, each with a line of text under it."""

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from dreambot.media.picture import Pixels

_MARGIN = 8
_LINE = 22
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

_PAPER, _INK = (18, 18, 20), (225, 225, 225)


def sheet(pictures: list[tuple[str, Pixels]], columns: int = 4) -> Pixels:
    """(label, picture) pairs, row by row; all pictures have the first one's size. At least one."""
    height, width, _ = pictures[0][1].shape
    rows = -(-len(pictures) // columns)
    across = _MARGIN + min(columns, len(pictures)) * (width + _MARGIN)
    paper = Image.new("RGB", (across, _MARGIN + rows * (height + _LINE + _MARGIN)), _PAPER)
    draw = ImageDraw.Draw(paper)
    font = ImageFont.load_default(14)
    for index, (label, rgb) in enumerate(pictures):
        row, column = divmod(index, columns)
        left, top = _MARGIN + column * (width + _MARGIN), _MARGIN + row * (height + _LINE + _MARGIN)
        paper.paste(Image.fromarray(rgb), (left, top))
        draw.text((left, top + height + 3), _shortened(label, width, font), _INK, font)
    return np.asarray(paper)


def _shortened(label: str, width: int, font: Font) -> str:
    text = label
    while font.getlength(text) > width:
        label = label[:-1]
        text = f"{label}…"
    return text
