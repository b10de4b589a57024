"""Discord's JSON for the sandbox's objects."""
