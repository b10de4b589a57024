"""The bot's commands, one file for each group of them."""
