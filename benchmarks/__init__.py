"""Benchmarks: where the figures in docs/ come from."""
