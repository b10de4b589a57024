"""The layers of each architecture: one file each."""
