"""Circuit bending: a network's insides crossed, cut and fed back while it dreams. Begin at `network.py`."""

from dreambot.engine.bend.network import bent

__all__ = ["bent"]
