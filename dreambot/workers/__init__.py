"""Worker processes: codecs, GPU workers and what the bot needs to talk to them."""
