"""What each bend does to activations."""

import subprocess
import sys

import pytest
import torch
from torch import Tensor

from dreambot.recipe import bend_effects as effects
from dreambot.recipe.bend_effects import BENDS, BendState

STATE = BendState(seed=1, place=0)


def activations(count: int = 20) -> Tensor:
    """(1, C, 9, 11), every channel different and never silent."""
    x = torch.rand(1, count, 9, 11, generator=torch.Generator().manual_seed(0)) + 0.1
    return x * torch.arange(1, count + 1).view(1, -1, 1, 1)


def silent(f: Tensor) -> set[int]:
    return {c for c in range(f.shape[1]) if not f[:, c].any()}


def test_cut_silences_that_share_and_further_the_same_ones_too() -> None:
    some, more, all_but_one = (silent(effects.cut(activations(), a, STATE)) for a in (0.3, 0.9, 0.99))
    assert (len(some), len(more), len(all_but_one)) == (6, 18, 19)
    assert some < more < all_but_one


def test_solo_keeps_the_loudest_of_every_spot() -> None:
    f = activations()
    out = effects.solo(f, 0.2, STATE)
    assert ((out != 0).sum(dim=1) == 4).all()
    assert torch.equal(out.amax(dim=1), f.amax(dim=1))


@pytest.mark.parametrize(("amount", "moved"), [(0, 0), (0.5, 10), (1, 20)])
def test_swap_moves_that_share_and_loses_none(amount: float, moved: int) -> None:
    f = activations()
    out = effects.swap(f, amount, STATE)
    assert sum(not torch.equal(out[:, c], f[:, c]) for c in range(20)) == moved
    assert torch.equal(out.mean(dim=(0, 2, 3)).sort().values, f.mean(dim=(0, 2, 3)).sort().values)


def test_shift_moves_every_channel_on() -> None:
    f = activations()
    assert torch.equal(effects.shift(f, 3, STATE)[:, 3], f[:, 0])


def test_invert_keeps_the_mean_and_turns_the_rest() -> None:
    f = activations()
    out = effects.invert(f, 1, STATE)
    mean = f.mean(dim=(2, 3), keepdim=True)
    torch.testing.assert_close(out - mean, mean - f)


def test_gain_changes_volumes_alone() -> None:
    f = activations()
    volumes = effects.gain(f, 1, STATE) / f
    assert volumes.std(dim=(2, 3)).max() < 1e-5
    assert 0.5 < volumes.mean(dim=(2, 3)).std() < 2


def test_power_makes_the_loud_louder_and_the_soft_softer() -> None:
    f = activations()
    out = effects.power(f, 2, STATE)
    loud = f >= f.square().mean(dim=(2, 3), keepdim=True).sqrt()
    assert (out[loud] >= f[loud] * 0.999).all()
    assert (out[~loud] < f[~loud]).all()


def test_power_has_a_gradient_where_nothing_is_heard() -> None:
    f = torch.zeros(1, 2, 4, 4, requires_grad=True)
    effects.power(f, 0.5, STATE).sum().backward()
    assert f.grad is not None
    assert f.grad.isfinite().all()


def test_gate_lets_only_peaks_through() -> None:
    f = activations()
    out = effects.gate(f, 1.5, STATE)
    open_ = out != 0
    assert 0.01 < open_.float().mean() < 0.2
    assert torch.equal(out[open_], f[open_])


def test_fold_brings_down_what_is_too_loud_and_leaves_the_soft() -> None:
    f = torch.tensor([0.1, 0.5, 1.0, 1.5, 3.0]).view(1, 1, 1, 5)
    torch.testing.assert_close(effects.fold(f, 0, STATE), f)
    once, twice = (effects.fold(f, amount, STATE).flatten() for amount in (1, 2))
    torch.testing.assert_close(once, torch.tensor([0.1, 0.5, 1.0, 1.5, 0.0]))
    torch.testing.assert_close(twice, torch.tensor([0.1, 0.5, 1.0, 0.5, -1.0]))


def test_matrix_adds_as_loud_a_mixture() -> None:
    f = torch.randn(1, 64, 16, 16, generator=torch.Generator().manual_seed(0))
    added = effects.matrix(f, 0.5, STATE) - f
    assert 0.3 < added.std() / f.std() < 0.7


def test_crosstalk_is_heard_next_door_alone() -> None:
    f = torch.zeros(1, 8, 2, 2)
    f[:, 3] = 1
    assert effects.crosstalk(f, 0.5, STATE)[0, :, 0, 0].tolist() == [0, 0, 0.25, 0.5, 0.25, 0, 0, 0]


def test_feedback_mixes_in_the_step_before() -> None:
    state, first, second = BendState(1, 0), activations(), activations().flip(3)
    assert torch.equal(effects.feedback(first, 0.75, state), first)
    torch.testing.assert_close(effects.feedback(second, 0.75, state), 0.25 * second + 0.75 * first)


def test_delay_is_louder_where_it_was_loud() -> None:
    state, f = BendState(1, 0), torch.ones(1, 1, 1, 4)
    before = torch.tensor([0.0, 0, 0, 2]).view(1, 1, 1, 4)
    effects.delay(before, 1, state)
    assert effects.delay(f, 1, state).flatten().tolist() == [1, 1, 1, 3]


def test_dice_fall_alike_however_often_and_apart_for_each_place() -> None:
    like = torch.zeros(1)
    one, again, other = BendState(5, 0), BendState(5, 0), BendState(5, 1)
    assert torch.equal(one.normal((4,), like), one.normal((4,), like))
    assert torch.equal(one.normal((4,), like), again.normal((4,), like))
    assert not torch.equal(one.normal((4,), like), other.normal((4,), like))
    assert sorted(one.order(9, like.device).tolist()) == list(range(9))


def test_every_bend_has_one_effect() -> None:
    assert all((bend.on_activations is None) != (bend.on_weights is None) for bend in BENDS.values())


def test_the_metadata_does_not_need_torch() -> None:
    script = "import dreambot.recipe.bend_effects, sys; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
