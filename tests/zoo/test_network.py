"""Networks of stages."""

import pytest
import torch
from torch import Tensor, nn

from dreambot.zoo.blocks import ConvReLU, FoldedConv, MaxPool
from dreambot.zoo.network import Network, StagedNetwork, UnknownLayer


class _NeverRun(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        raise AssertionError("this stage is not needed")


def _conv(channels_in: int, channels_out: int) -> ConvReLU:
    kernel = torch.randn(channels_out, channels_in, 3, 3)
    return ConvReLU(FoldedConv(kernel, torch.randn(channels_out)))


@pytest.fixture
def network() -> StagedNetwork:
    torch.manual_seed(0)
    stages = {"one": _conv(3, 4), "pool0": MaxPool(), "two": _conv(4, 5), "three": _NeverRun()}
    return StagedNetwork("tiny", stages, ("one", "two", "three"))


def test_nothing_runs_after_the_deepest_layer(network: Network) -> None:
    values = network.forward_to(torch.zeros(2, 3, 9, 7), {"two", "one"})
    assert {name: tuple(value.shape) for name, value in values.items()} == {
        "one": (2, 4, 9, 7),
        "two": (2, 5, 4, 3),
    }


def test_an_unknown_layer_is_named(network: Network) -> None:
    with pytest.raises(UnknownLayer, match="one, two, three, but not four"):
        network.forward_to(torch.zeros(1, 3, 9, 9), ["one", "four"])


def test_the_gradient_is_correct(network: Network) -> None:
    network = network.double() if isinstance(network, nn.Module) else network
    x = torch.rand(1, 3, 7, 7, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda x: tuple(network.forward_to(x, ["one", "two"]).values()), x)


def test_no_parameter_requires_a_gradient(network: StagedNetwork) -> None:
    assert not any(parameter.requires_grad for parameter in network.parameters())


def test_a_folded_batch_norm_equals_the_batch_norm() -> None:
    torch.manual_seed(0)
    kernel, x = torch.randn(5, 3, 3, 3), torch.randn(1, 3, 8, 8)
    mean, var, beta = torch.randn(5), torch.rand(5) + 0.01, torch.randn(5)
    folded = FoldedConv.from_batch_norm(kernel, mean=mean, var=var, beta=beta, eps=1e-3)
    expected = nn.functional.batch_norm(
        nn.functional.conv2d(x, kernel, padding=1), mean, var, None, beta, training=False, eps=1e-3
    ).relu()
    torch.testing.assert_close(ConvReLU(folded)(x), expected, rtol=1e-5, atol=1e-5)
