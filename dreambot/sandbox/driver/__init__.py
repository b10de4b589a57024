"""Handles for tests: people who act, and messages to wait for."""
