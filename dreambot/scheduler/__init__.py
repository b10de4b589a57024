"""Decides which job runs next on which device, and how long it will take."""
