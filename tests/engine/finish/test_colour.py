"""The dream's light with the source's colours."""

import torch

from dreambot.engine.finish.colour import keep_colours


def random(seed: int) -> torch.Tensor:
    return torch.rand(1, 3, 20, 30, generator=torch.Generator().manual_seed(seed)) * 2 - 1


def luma(picture: torch.Tensor) -> torch.Tensor:
    return 0.299 * picture[:, 0] + 0.587 * picture[:, 1] + 0.114 * picture[:, 2]


def test_the_light_is_the_dreams() -> None:
    kept = keep_colours(random(1), random(2))
    assert torch.allclose(luma(kept), luma(random(1)), atol=1e-4)
    assert kept.abs().max() <= 1


def test_the_hue_is_the_sources() -> None:
    """What differs from grey points where the source's does, or is too pale to tell."""
    source = random(2)
    kept = keep_colours(random(1), source)
    of_source, of_kept = source - luma(source)[:, None], kept - luma(kept)[:, None]
    seen = of_kept.norm(dim=1) > 0.05
    assert torch.cosine_similarity(of_source, of_kept, dim=1)[seen].min() > 0.99
    assert (of_kept.norm(dim=1) <= of_source.norm(dim=1) + 1e-4).all()


def test_the_source_keeps_its_own_colours() -> None:
    assert torch.allclose(keep_colours(random(2), random(2)), random(2), atol=1e-4)
