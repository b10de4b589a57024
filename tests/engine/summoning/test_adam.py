"""Adam, climbing."""

import torch

from dreambot.engine.summoning.adam import Adam


def test_it_finds_a_top_that_is_far_steeper_one_way() -> None:
    steepness, at = torch.tensor([1.0, 1000.0]), torch.tensor([3.0, -3.0])
    adam = Adam(at)
    for step in range(200):
        at = at + adam.step(-2 * steepness * at, 0.1 * (1 - step / 200))
    assert at.abs().max() < 0.1


def test_nothing_to_climb_is_no_step() -> None:
    assert not Adam(torch.zeros(3)).step(torch.zeros(3), 1.0).any()


def test_the_size_of_gradients_does_not_matter() -> None:
    tiny, huge = (Adam(torch.zeros(1)).step(torch.tensor([size]), 0.5) for size in (1e-15, 1e15))
    assert torch.allclose(tiny, torch.tensor([0.5]))
    assert torch.allclose(huge, torch.tensor([0.5]))
