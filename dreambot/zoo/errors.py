"""What can go wrong with weights, for people to read."""

from dreambot.errors import UserError


class WeightsError(UserError):
    """The weights cannot be had; the message tells the operator what to put where.

    network: its name, where it is known.
    """

    def __init__(self, message: str, network: str = "") -> None:
        super().__init__(message)
        self.network = network


def not_installed(network: str) -> str:
    """Returns the sentence for people who cannot install a network themselves."""
    return f"The network {network} is not installed here; choose another one."
