"""The sandbox's REST API: what discord.py and its like call, refused where Discord refuses."""
