"""Colour and contrast, held."""

import pytest
import torch

from dreambot.engine.hellscape import default_tone, measure_tone, soft_clip, stabilise_tone

AIM = default_tone(torch.device("cpu"))


def picture(spread: float = 0.2, colour: float = 0.4, mean: float = 0.3) -> torch.Tensor:
    rng = torch.Generator().manual_seed(0)
    grey = torch.randn(1, 1, 60, 60, generator=rng) * spread
    return grey + torch.randn(1, 3, 60, 60, generator=rng) * colour + mean


def test_held_fully_it_has_the_tone_aimed_at() -> None:
    tone = measure_tone(stabilise_tone(picture(), AIM, 1.0))
    assert torch.allclose(tone.mean, AIM.mean, atol=0.03)
    assert tone.light == pytest.approx(AIM.light, rel=0.15)
    assert tone.colour == pytest.approx(AIM.colour, rel=0.15)


@pytest.mark.parametrize("spread", [0.02, 0.2, 1.0])
def test_held_a_little_it_gets_there_frame_by_frame(spread: float) -> None:
    x = picture(spread, colour=0.5 * spread, mean=-0.4)
    for _ in range(40):
        x = stabilise_tone(x, AIM, 0.3)
    tone = measure_tone(x)
    assert torch.allclose(tone.mean, AIM.mean, atol=0.03)
    assert tone.light == pytest.approx(AIM.light, rel=0.15)
    assert tone.colour == pytest.approx(AIM.colour, rel=0.15)


def test_what_is_in_the_picture_stays_where_it_is() -> None:
    before = picture()
    after = stabilise_tone(before, AIM, 0.3)
    assert torch.corrcoef(torch.stack([before.flatten(), after.flatten()]))[0, 1] > 0.95


def test_a_flat_picture_is_not_blown_up_to_noise() -> None:
    flat = torch.full((1, 3, 20, 20), 0.5) + 1e-4 * torch.randn(1, 3, 20, 20)
    assert measure_tone(stabilise_tone(flat, AIM, 1.0)).light < 1e-3


def test_soft_clipping_is_gentle_and_keeps_order() -> None:
    x = torch.linspace(-3, 3, 601)
    y = soft_clip(x)
    assert y.abs().max() <= 1
    assert (y.diff() >= 0).all()
    assert torch.equal(y[x.abs() < 0.8], x[x.abs() < 0.8])


def test_not_held_it_is_only_clipped() -> None:
    assert torch.equal(stabilise_tone(picture(), AIM, 0.0), soft_clip(picture()))
