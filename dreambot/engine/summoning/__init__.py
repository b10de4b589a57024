"""Pictures out of nothing: the ascent in a colour-decorrelated spectrum. Begin reading at `summon.py`."""
