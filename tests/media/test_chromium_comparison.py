"""Random files, compared with how Chromium draws them."""

import base64
import struct
from pathlib import Path

import numpy as np
import pytest
from playwright.async_api import Page

from dreambot.media.decode import decode
from dreambot.media.frames import read_frames
from tests.media.samples import chunk
from tests.media.test_gif import Drawn, gif
from tests.media.test_png import animated, sampled
from tests.sandbox.browser import open_browser

pytestmark = pytest.mark.chromium

# Returns the frames of a file as Chromium composes them: width, height, and RGBA in base64.
DRAW = """async ([data, type]) => {
  const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
  const decoder = new ImageDecoder({ data: bytes, type });
  await decoder.tracks.ready;
  await decoder.completed;
  const frames = [];
  for (let frameIndex = 0; frameIndex < decoder.tracks.selectedTrack.frameCount; frameIndex++) {
    const { image } = await decoder.decode({ frameIndex });
    const canvas = new OffscreenCanvas(image.displayWidth, image.displayHeight);
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0);
    const rgba = context.getImageData(0, 0, canvas.width, canvas.height).data;
    frames.push([canvas.width, canvas.height, btoa(String.fromCharCode(...rgba))]);
  }
  return frames;
}"""


async def drawn(page: Page, data: bytes, suffix: str) -> list[np.ndarray]:
    """Each frame on white: (height, width, 3)."""
    frames = await page.evaluate(DRAW, [base64.b64encode(data).decode(), f"image/{suffix}"])
    shown = []
    for width, height, rgba in frames:
        pixels = np.frombuffer(base64.b64decode(rgba), np.uint8).reshape(height, width, 4).astype(float)
        alpha = pixels[..., 3:] / 255
        shown.append(pixels[..., :3] * alpha + 255 * (1 - alpha))
    return shown


def ours(path: Path, data: bytes) -> list[np.ndarray]:
    path.write_bytes(data)
    picture = decode(path)
    return list(read_frames(path, size=(picture.width, picture.height)).rgb)


def some_png(rng: np.random.Generator) -> bytes:
    """A random still of any colour type, with a transparent colour if the type has one."""
    depth, kind = [(d, k) for k in (0, 2, 3, 4, 6) for d in (1, 2, 4, 8, 16) if d >= 8 or k in (0, 3)][
        rng.integers(16)
    ]
    if kind == 3:
        depth = min(depth, 8)
    width, height = rng.integers(1, 24, 2)
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[kind]
    samples = rng.integers(0, 2**depth, (height, width, channels))
    extra = []
    if kind == 3:
        extra.append(chunk(b"PLTE", rng.integers(0, 256, (2**depth, 3)).astype(np.uint8).tobytes()))
        extra.append(chunk(b"tRNS", rng.integers(0, 256, 2**depth // 2).astype(np.uint8).tobytes()))
    elif kind in (0, 2):
        extra.append(chunk(b"tRNS", struct.pack(f">{channels}H", *samples[0, 0])))
    return sampled(samples, depth, kind, *extra, adam7=bool(rng.integers(2)))


def some_apng(rng: np.random.Generator) -> bytes:
    frames = []
    for index in range(rng.integers(2, 6)):
        width, height = (8, 8) if index == 0 else rng.integers(1, 9, 2)
        samples = rng.integers(0, 256, (height, width, 4))
        samples[..., 3] = rng.choice([0, 100, 255], (height, width))
        place = rng.integers(0, 9 - width), rng.integers(0, 9 - height)
        frames.append((samples, *place, rng.integers(3), rng.integers(2)))
    return animated(8, 6, b"", frames, still=bool(rng.integers(2)))


def some_gif(rng: np.random.Generator) -> bytes:
    frames = []
    for _ in range(rng.integers(2, 6)):
        width, height = (int(side) for side in rng.integers(1, 9, 2))
        palette = rng.integers(0, 256, 12).astype(np.uint8).tobytes()
        frames.append(
            Drawn(
                int(rng.integers(0, 9 - width)),
                int(rng.integers(0, 9 - height)),
                width,
                height,
                rng.integers(0, 4, width * height).tolist(),
                disposal=int(rng.integers(8)),
                key=int(rng.integers(5)) if rng.integers(2) else None,
                palette=palette if rng.integers(2) else b"",
                interlaced=bool(rng.integers(2)),
            )
        )
    # The first frame is visible.
    frames.insert(0, Drawn(0, 0, 1, 1, 0))
    return gif(*frames, background=int(rng.integers(4)))


@pytest.mark.parametrize(("suffix", "make"), [("png", some_png), ("png", some_apng), ("gif", some_gif)])
async def test_everything_looks_as_in_chromium(tmp_path, suffix, make):
    async with open_browser() as browser:
        page = await browser.new_page()
        await page.route("**/*", lambda route: route.fulfill(content_type="text/html", body="<p>"))
        # Only pages from a secure origin have an ImageDecoder.
        await page.goto("http://localhost/")
        for seed in range(40):
            data = make(np.random.default_rng(seed))
            theirs, mine = await drawn(page, data, suffix), ours(tmp_path / "file", data)
            assert [one.shape for one in theirs] == [one.shape for one in mine], seed
            # A canvas holds premultiplied colours, in 8 bits.
            worst = max(np.abs(one - other).max() for one, other in zip(theirs, mine, strict=True))
            assert worst <= 4, seed
