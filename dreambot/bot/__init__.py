"""The Discord client and what it says: requests, sources, replies, progress, buttons and pages."""
