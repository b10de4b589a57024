"""The sandbox's state as Discord's JSON."""
