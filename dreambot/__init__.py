"""dreambot: the Discord bot that dreams posted images."""

__version__ = "0.1.0"
