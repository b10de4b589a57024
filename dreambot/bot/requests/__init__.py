"""Parses requests: options of commands, typed text, pasted recipes and forms."""
