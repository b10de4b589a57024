"""What keeps a feedback loop from drifting: unheld, colour and contrast run off within forty frames.

Only three numbers of a picture are held, its mean colour and how far its luminance and its colours spread;
what it shows is free.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

_KNEE = 0.8
_TINY = 1e-3
# Nothing is stretched further than this in one frame, so that a flat picture is not blown up to noise.
_MOST = 1.5


@dataclass(frozen=True, eq=False)
class Tone:
    """mean: (1, 3, 1, 1), the mean colour. light, colour: standard deviations of the luminance (the mean
    over RGB) and of what differs from it. All in a [-1, 1] picture."""

    mean: Tensor
    light: float
    colour: float

    def towards(self, other: "Tone", share: float) -> "Tone":
        """The tone that share of the way to another, 0 to 1."""
        return Tone(
            torch.lerp(self.mean, other.mean, share),
            self.light + share * (other.light - self.light),
            self.colour + share * (other.colour - self.colour),
        )


def nightmare(device: torch.device) -> Tone:
    """The tone that a hellscape holds: rather dark, a little warm, full contrast, strong but not garish."""
    return Tone(torch.tensor([-0.02, -0.06, -0.10], device=device).view(1, 3, 1, 1), 0.38, 0.16)


def tone_of(picture: Tensor) -> Tone:
    """The tone of a (1, 3, H, W)."""
    grey = picture.mean(dim=1, keepdim=True)
    spread = (picture - grey) - (picture - grey).mean(dim=(2, 3), keepdim=True)
    return Tone(
        picture.mean(dim=(2, 3), keepdim=True),
        float(grey.std(correction=0)),
        float(spread.square().mean().sqrt()),
    )


def stabilised(picture: Tensor, aim: Tone, hold: float) -> Tensor:
    """A (1, 3, H, W) put right by `hold`, 0 to 1, of the way to the tone aimed at; within [-1, 1]."""
    if hold == 0:
        return softly_clipped(picture)
    now = tone_of(picture)
    light = min(_MOST, (aim.light / max(now.light, _TINY)) ** hold)
    colour = min(_MOST, (aim.colour / max(now.colour, _TINY)) ** hold)
    around = picture - now.mean
    grey = around.mean(dim=1, keepdim=True)
    mean = torch.lerp(now.mean, aim.mean, hold)
    return softly_clipped(mean + light * grey + colour * (around - grey))


def softly_clipped(picture: Tensor) -> Tensor:
    """Values beyond 0.8 bend over and never reach 1: hard clipping would eat away at the brightest spots, a
    little more with each frame."""
    over = (picture.abs() - _KNEE).clamp_min(0)
    bent = _KNEE + (1 - _KNEE) * torch.tanh(over / (1 - _KNEE))
    return torch.where(over > 0, picture.sign() * bent, picture)
