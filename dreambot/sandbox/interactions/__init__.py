"""Interactions that users start."""
