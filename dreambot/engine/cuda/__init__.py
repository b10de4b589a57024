"""Captured graphs and batches for CUDA devices."""
