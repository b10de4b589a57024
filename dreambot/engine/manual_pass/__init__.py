"""The hand-written forward and backward pass of networks, on CPUs and on CUDA."""
