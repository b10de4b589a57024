"""Settings, limits, blocks and auto-dream of servers and people."""
