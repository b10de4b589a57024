"""The worker process that runs the dream engine: `python -m dreambot.workers.gpu`.

Only `devices.py` and `torch_engine.py` import torch.
"""
