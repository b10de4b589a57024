"""Hand-written backward passes for CPUs."""
