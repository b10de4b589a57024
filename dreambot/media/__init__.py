"""Bytes to pixels and back, in processes of their own. This module imports nothing, so that a codec
process loads only what it needs."""
