"""The whole bot over the sandbox, with many simulated people: `make bench-bot`."""
