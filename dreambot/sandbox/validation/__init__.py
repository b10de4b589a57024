"""Validation of request bodies."""
