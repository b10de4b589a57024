"""Source colours, relief lighting, tone and masks."""

import numpy as np
import pytest
import torch

from dreambot.engine.postprocess import (
    bone_tone,
    emboss,
    keep_source_colours,
    mask_to_tensor,
    resize_mask,
)
from dreambot.errors import UserError
from dreambot.media.picture import DreamInputs, Pixels
from tests.engine.tiny import dreamed, tiny_network, tiny_recipe


def random_image(seed: int) -> torch.Tensor:
    return torch.rand(1, 3, 20, 30, generator=torch.Generator().manual_seed(seed)) * 2 - 1


def luma(picture: torch.Tensor) -> torch.Tensor:
    return 0.299 * picture[:, 0] + 0.587 * picture[:, 1] + 0.114 * picture[:, 2]


def test_the_luma_is_that_of_the_dream() -> None:
    kept = keep_source_colours(random_image(1), random_image(2))
    assert torch.allclose(luma(kept), luma(random_image(1)), atol=1e-4)
    assert kept.abs().max() <= 1


def test_the_hue_is_that_of_the_source() -> None:
    """The chroma has the direction of the source's, where it is large enough to have one."""
    source = random_image(2)
    kept = keep_source_colours(random_image(1), source)
    source_chroma, kept_chroma = source - luma(source)[:, None], kept - luma(kept)[:, None]
    visible = kept_chroma.norm(dim=1) > 0.05
    assert torch.cosine_similarity(source_chroma, kept_chroma, dim=1)[visible].min() > 0.99
    assert (kept_chroma.norm(dim=1) <= source_chroma.norm(dim=1) + 1e-4).all()


def test_a_source_without_changes_keeps_its_colours() -> None:
    assert torch.allclose(keep_source_colours(random_image(2), random_image(2)), random_image(2), atol=1e-4)


def test_a_flat_dream_has_no_relief() -> None:
    source = torch.full((1, 3, 20, 30), 0.5)
    embossed = emboss(torch.full_like(source, 0.5), source, 0.8)
    assert torch.allclose(embossed, torch.full_like(source, 0.425), atol=1e-6)


def test_the_light_comes_from_the_upper_left() -> None:
    """A bump is bright on one side and dark on the other, without colour."""
    source = torch.zeros(1, 3, 41, 41)
    across = torch.linspace(-3, 3, 41)
    bump = torch.exp(-(across[:, None] ** 2 + across[None, :] ** 2)).expand(1, 3, 41, 41)
    embossed = emboss(bump, source, 1.0) - 0.15 * bump
    assert embossed[0, 0, 15, 15] > 0.05
    assert embossed[0, 0, 25, 25] < -0.05
    assert torch.allclose(embossed[:, 0], embossed[:, 2], atol=1e-6)


def test_a_single_pixel_can_be_embossed() -> None:
    assert emboss(torch.zeros(1, 3, 1, 1), torch.zeros(1, 3, 1, 1), 1.0).shape == (1, 3, 1, 1)


def test_the_tone_goes_from_ink_to_ivory_and_keeps_the_order_of_light() -> None:
    greys = torch.linspace(-1, 1, 64).expand(1, 3, 1, 64)
    toned = bone_tone(greys)
    assert toned.abs().max() <= 1
    assert (luma(toned).diff() > 0).all()
    black, white = ((toned[0, :, 0, end] + 1) * 127.5 for end in (0, -1))
    assert black.max() < 20
    assert white.tolist() == pytest.approx([239, 230, 208], abs=2)
    assert white[0] > white[1] > white[2]


def test_little_of_the_colour_is_left_by_the_tone() -> None:
    dream = random_image(3)
    colourful = (dream - luma(dream)[:, None]).norm(dim=1)
    toned = bone_tone(dream)
    kept = (toned - luma(toned)[:, None]).norm(dim=1)
    assert kept.mean() < 0.4 * colourful.mean()


SHA = "a" * 64
CPU = torch.device("cpu")


def masked(mask: Pixels | None, **changes: object) -> tuple[Pixels, Pixels]:
    """Returns the source and its dream within the mask."""
    source = np.random.default_rng(0).integers(0, 256, (170, 200, 3), dtype=np.uint8)
    recipe = tiny_recipe(mask=SHA, **changes)
    return source, dreamed(tiny_network(), DreamInputs(source, mask=mask), recipe)


def test_outside_the_mask_every_pixel_is_the_sources() -> None:
    mask = np.zeros((170, 200), np.uint8)
    mask[40:100, 50:120] = 255
    source, result = masked(mask, light=0.5, keep_colour=True)
    assert np.array_equal(result[mask == 0], source[mask == 0])
    assert np.abs(result[mask > 0].astype(int) - source[mask > 0]).mean() > 5


def test_grey_parts_of_a_mask_are_dreamed_less() -> None:
    mask = np.tile(np.linspace(0, 255, 200).astype(np.uint8), (170, 1))
    source, result = masked(mask, step=0.01)
    change = np.abs(result.astype(int) - source).mean(axis=(0, 2))
    thirds = [float(change[at : at + 60].mean()) for at in (5, 70, 135)]
    assert thirds[0] < 0.6 * thirds[1] < 0.6 * thirds[2]


def test_a_mask_of_another_size_is_resized() -> None:
    small = np.zeros((17, 10), np.uint8)
    small[:, :5] = 255
    source, result = masked(small)
    assert np.array_equal(result[:, 112:], source[:, 112:])
    assert not np.array_equal(result[:, :88], source[:, :88])


def test_a_white_mask_changes_nothing() -> None:
    source, with_mask = masked(np.full((170, 200), 255, np.uint8))
    without_mask = dreamed(tiny_network(), DreamInputs(source), tiny_recipe())
    assert np.abs(with_mask.astype(int) - without_mask).mean() < 0.5


def test_masks_stay_between_zero_and_one() -> None:
    mask = mask_to_tensor(
        np.random.default_rng(1).integers(0, 2, (30, 40), dtype=np.uint8) * 255, 123, 77, CPU
    )
    for sized in (mask, resize_mask(mask, 300, 200), resize_mask(mask, 20, 10)):
        assert sized.min() >= 0
        assert sized.max() <= 1


def test_a_missing_and_a_black_mask_are_errors() -> None:
    with pytest.raises(UserError, match="mask"):
        masked(None)
    with pytest.raises(UserError, match="black"):
        masked(np.zeros((9, 9), np.uint8))
