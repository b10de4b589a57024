"""The film that a hellscape's pictures become: counted, and with in-between pictures."""

from collections.abc import Iterator

import torch
from torch import Tensor

from dreambot.engine.film.camera import Camera
from dreambot.engine.film.frames import Frame
from dreambot.engine.pictures import to_rgb
from dreambot.recipe import Hellscape


class Reel:
    """Takes dreamed pictures in order and gives the frames that are shown.

    How the camera moves is known exactly, so that what is between two pictures can be shown without
    dreaming it: the one moved on and the other moved back, crossfaded.
    """

    def __init__(self, film: Hellscape) -> None:
        self._film, self._camera = film, Camera.of(film)
        self._first: Tensor | None = None
        self._last: Tensor | None = None
        self._index = 0

    def add(self, picture: Tensor) -> Iterator[Frame]:
        """The frames up to this picture, (1, 3, H, W); itself the last of them."""
        if self._last is None:
            self._first = picture
        else:
            yield from self._between(self._last, picture)
        yield from self._frame(picture)
        self._last = picture

    def close(self) -> Iterator[Frame]:
        """What comes after the last picture: in a loop, the way to the first."""
        if self._film.loop and self._first is not None and self._last is not None:
            yield from self._between(self._last, self._first)

    def _between(self, one: Tensor, other: Tensor) -> Iterator[Frame]:
        parts = self._film.between + 1
        for part in range(1, parts):
            share = part / parts
            onward, back = self._camera.move(one, share), self._camera.move(other, share - 1)
            yield from self._frame(torch.lerp(onward, back, share))

    def _frame(self, picture: Tensor) -> Iterator[Frame]:
        if self._index < self._film.frames:
            self._index += 1
            yield Frame(self._index - 1, self._film.frames, to_rgb(picture))
