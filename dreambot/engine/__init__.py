"""The dream engine: torch, synchronous, without Discord or asyncio."""
