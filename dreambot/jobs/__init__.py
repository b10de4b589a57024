"""The durable job: what was asked is stored before it is promised, and what becomes of it after.

Begin reading at `types.py` and `runner.py`.
"""
