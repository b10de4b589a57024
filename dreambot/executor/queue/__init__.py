"""Whose turn it is, and when theirs will have come."""
