"""The loop of the textbook, which every deep dream begins with."""

import torch

from dreambot.recipe import Recipe


def textbook(asked: Recipe) -> None:
    """google/deepdream's loop as tutorials write it, on torchvision's InceptionV3 (random weights: same
    work): NCHW, float32, autograd, a frozen network with its batch norms, run to its end. Mixed_6c is our
    mixed5."""
    from torchvision.models import inception_v3

    network = inception_v3(weights=None, init_weights=False, aux_logits=False).eval()
    seen: list[torch.Tensor] = []
    network.Mixed_6c.register_forward_hook(lambda _module, _inputs, output: seen.append(output))
    for parameter in network.parameters():
        parameter.requires_grad_(requires_grad=False)
    for width, height in asked.sizes:
        picture = torch.rand(1, 3, height, width)
        for _ in range(asked.steps):
            picture.requires_grad_()
            network(picture)
            (gradient,) = torch.autograd.grad(seen.pop().square().mean(), picture)
            picture = (picture + 0.02 * gradient / gradient.abs().mean()).detach().clamp(-1, 1)
