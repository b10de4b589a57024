"""The people's side of interactions: what Discord's client lets a person ask, and the payload it becomes."""
