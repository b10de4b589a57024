"""The engine as a library: dreams of pictures in memory, computed in this process.

    from dreambot.library import Dreamer

    dreamer = Dreamer()
    dreamer.dream(photo, layer="mixed5", intensity=9).save("out.png")

The bot and the command line do not use this: they dream in child processes. See `examples/`.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

import numpy as np
from PIL import Image

from dreambot.engine.dream import never_stop
from dreambot.engine.progress import Frame
from dreambot.media.encode import encode
from dreambot.media.picture import DreamInputs, Picture, Pixels
from dreambot.media.visual_masking import masking_quantiles
from dreambot.recipe import DreamRequest, Precision, Recipe, SourceFacts
from dreambot.recipe.hellscape import HellscapeRequest
from dreambot.recipe.request import Request, resolve_request
from dreambot.recipe.summon import SummonRequest
from dreambot.workers.gpu.engine import EngineSettings
from dreambot.workers.gpu.torch_engine import TorchEngine
from dreambot.zoo.registry import find_model

_FORMATS = {".png": "PNG", ".webp": "WEBP", ".jpg": "JPEG", ".jpeg": "JPEG"}


@dataclass(frozen=True, eq=False)
class Dream:
    """A finished picture.

    Attributes:
        rgb: (height, width, 3) uint8, sRGB.
        recipe: What it was made by; `Dreamer.repeat` makes the same picture from it.
    """

    rgb: Pixels
    recipe: Recipe

    @property
    def image(self) -> Image.Image:
        """The picture for Pillow."""
        return Image.fromarray(self.rgb)

    def save(self, path: str | Path) -> None:
        """Writes the picture with its recipe inside.

        Args:
            path: A .png, .webp or .jpg.

        Raises:
            ValueError: It has another ending.
        """
        path = Path(path)
        if path.suffix.lower() not in _FORMATS:
            raise ValueError(f"{path.name} should end with one of {', '.join(_FORMATS)}")
        kind = _FORMATS[path.suffix.lower()]
        path.write_bytes(encode(Picture(self.rgb), recipe_json=self.recipe.to_json(), format=kind).data)


class Dreamer:
    """Dreams on one device. Networks are loaded once and kept; missing weights are fetched.

    Attributes:
        precision: The number format of the networks on this device.
    """

    def __init__(
        self,
        device: str = "auto",
        *,
        precision: Precision | Literal["auto"] = "auto",
        max_pixels: int = 786_432,
        weights_dir: Path | None = None,
    ) -> None:
        """Loads the default network.

        Args:
            device: "auto", "cpu", "mps" or "cuda:0".
            precision: "auto" measures once what is faster.
            max_pixels: Larger pictures are dreamed at this many pixels.
            weights_dir: A folder with weights of your own, instead of those from the package index.

        Raises:
            UserError: The device or the weights are missing.
        """
        self._max_pixels = max_pixels
        self._engine = TorchEngine(EngineSettings(device, precision, None, weights_dir))
        self.precision = cast(Precision, self._engine.ready.precision)

    def dream(self, picture: Image.Image | None = None, **options: Any) -> Dream:
        """Dreams on a picture, or out of noise with `source="noise"` or `text="…"`.

        Args:
            picture: The source.
            **options: Fields of `DreamRequest`, such as `layer`, `intensity`, `preset`, `bend` and `seed`.

        Raises:
            UserError: An option is wrong, or the picture is missing.
        """
        return self._finish(DreamRequest.of(**options), picture)

    def summon(self, classes: str, picture: Image.Image | None = None, **options: Any) -> Dream:
        """Draws a class of ImageNet from noise, or into a picture.

        Args:
            classes: Such as "goldfish", or "golden retriever*2 + goldfish".
            picture: The picture to summon it into.
            **options: Fields of `SummonRequest`, such as `intensity`, `size` and `seed`.

        Raises:
            UserError: An option is wrong.
        """
        return self._finish(SummonRequest.of(classes, **options), picture)

    def hellscape(self, picture: Image.Image | None = None, **options: Any) -> Iterator[Pixels]:
        """Dreams a zooming video, frame by frame.

        Args:
            picture: What it starts from; fog without one.
            **options: Fields of `HellscapeRequest`, such as `layer="mixed4 > mixed5"`, `frames`, `size`.

        Yields:
            The frames, (height, width, 3) uint8, as soon as each is finished.

        Raises:
            UserError: An option is wrong.
        """
        recipe = self.resolve(HellscapeRequest.of(**options), picture)
        for event in self._engine.dream(_inputs(picture), recipe, never_stop):
            if isinstance(event, Frame):
                yield event.rgb

    def repeat(self, recipe: Recipe, picture: Image.Image | None = None) -> Dream:
        """Dreams the still of a recipe again. The same picture gives the same pixels.

        Args:
            recipe: From a `Dream`, or `Recipe.from_json(read_recipe(path))`.
            picture: The source, if the recipe needs one.

        Raises:
            ValueError: The recipe needs a picture that is missing, a guide or a mask, or is not of a still.
        """
        if recipe.frames > 1 or recipe.guide or recipe.mask:
            raise ValueError("only recipes of stills without a guide or mask can be repeated here")
        steps = self._engine.dream(_inputs(picture), recipe, never_stop)
        while True:
            try:
                next(steps)
            except StopIteration as finished:
                rgb, _ = finished.value
                return Dream(rgb, recipe)

    def resolve(self, request: Request, picture: Image.Image | None = None) -> Recipe:
        """Resolves a request to a recipe without dreaming it, for instance to read its cost in `flops`.

        Args:
            request: A request of any kind.
            picture: The source.

        Raises:
            UserError: A name is unknown, the picture does not fit, or the dream is too expensive.
        """
        facts = None
        if picture is not None:
            facts = SourceFacts(*picture.size, masking_quantiles(_pixels(picture)))
        return resolve_request(
            request,
            facts,
            seed=secrets.randbits(32),
            models=find_model,
            precision=self.precision,
            max_pixels=self._max_pixels,
        )

    def _finish(self, request: Request, picture: Image.Image | None) -> Dream:
        return self.repeat(self.resolve(request, picture), picture)


def _pixels(picture: Image.Image) -> Pixels:
    return np.asarray(picture.convert("RGB"))


def _inputs(picture: Image.Image | None) -> DreamInputs:
    return DreamInputs(None if picture is None else _pixels(picture))
