"""Bytes to pixels and back: probing, decoding, encoding, videos, metadata and downloads."""
