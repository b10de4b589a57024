"""A simulated evening with ten thousand servers, for `python -m benchmarks.simulate`."""
