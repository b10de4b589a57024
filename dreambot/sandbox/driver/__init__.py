"""The interface for tests and for `dreambot try`: users, guilds, channels and messages as objects."""
