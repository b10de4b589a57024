"""An internet-scale evening on paper, for `python -m benchmarks.simulate`."""
