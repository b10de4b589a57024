"""Pictures that move: hellscapes, which are fed back, and films dreamed frame by frame.

Begin reading at `hellscape.py` or `moving.py`.
"""
