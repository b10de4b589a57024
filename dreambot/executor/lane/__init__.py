"""A device's worker: what it is at, and what becomes of that when it ends."""
