"""Dreams within a mask."""

import numpy as np
import pytest
import torch

from dreambot.engine.finish.mask import at_size, to_mask
from dreambot.errors import UserError
from dreambot.media.inputs import Inputs
from dreambot.media.picture import Pixels
from tests.engine.tiny import dreamed, tiny_network, tiny_recipe

SHA = "a" * 64
CPU = torch.device("cpu")


def masked(mask: Pixels | None, **changes: object) -> tuple[Pixels, Pixels]:
    """(the source, its dream within the mask)."""
    source = np.random.default_rng(0).integers(0, 256, (170, 200, 3), dtype=np.uint8)
    recipe = tiny_recipe(mask=SHA, **changes)
    return source, dreamed(tiny_network(), Inputs(source, mask=mask), recipe)


def test_outside_the_source_stays_to_the_pixel() -> None:
    mask = np.zeros((170, 200), np.uint8)
    mask[40:100, 50:120] = 255
    source, result = masked(mask, light=0.5, keep_colour=True)
    assert np.array_equal(result[mask == 0], source[mask == 0])
    assert np.abs(result[mask > 0].astype(int) - source[mask > 0]).mean() > 5


def test_soft_edges_are_dreamed_softly() -> None:
    mask = np.tile(np.linspace(0, 255, 200).astype(np.uint8), (170, 1))
    source, result = masked(mask, step=0.01)
    change = np.abs(result.astype(int) - source).mean(axis=(0, 2))
    thirds = [float(change[at : at + 60].mean()) for at in (5, 70, 135)]
    assert thirds[0] < 0.6 * thirds[1] < 0.6 * thirds[2]


def test_a_mask_of_another_shape_is_stretched() -> None:
    small = np.zeros((17, 10), np.uint8)
    small[:, :5] = 255
    source, result = masked(small)
    assert np.array_equal(result[:, 112:], source[:, 112:])
    assert not np.array_equal(result[:, :88], source[:, :88])


def test_a_white_mask_is_none() -> None:
    source, within = masked(np.full((170, 200), 255, np.uint8))
    without = dreamed(tiny_network(), Inputs(source), tiny_recipe())
    assert np.abs(within.astype(int) - without).mean() < 0.5


def test_masks_stay_between_nothing_and_all() -> None:
    mask = to_mask(np.random.default_rng(1).integers(0, 2, (30, 40), dtype=np.uint8) * 255, 123, 77, CPU)
    for sized in (mask, at_size(mask, 300, 200), at_size(mask, 20, 10)):
        assert sized.min() >= 0
        assert sized.max() <= 1


def test_a_missing_and_a_black_mask_are_explained() -> None:
    with pytest.raises(UserError, match="mask"):
        masked(None)
    with pytest.raises(UserError, match="black"):
        masked(np.zeros((9, 9), np.uint8))
