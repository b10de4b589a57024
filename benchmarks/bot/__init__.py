"""Load tests of the whole bot over the sandbox, with many simulated users: `make bench-bot`."""
