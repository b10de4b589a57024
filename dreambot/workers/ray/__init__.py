"""GPU workers on the machines of a Ray cluster."""
