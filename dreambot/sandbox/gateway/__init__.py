"""The gateway: WebSockets of bots."""
