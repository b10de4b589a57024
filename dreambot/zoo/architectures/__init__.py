"""The network architectures, built from published tensors."""
