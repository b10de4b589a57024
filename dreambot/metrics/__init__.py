"""What the bot counts of its own work, for Prometheus. Knows nothing of Discord's library, nor of ours.

`Metrics` is made once and handed to those who count. What is read when somebody looks (the queue, the
devices) is in `dreambot.web`.
"""

from dreambot.metrics.gateway import GatewayWatch
from dreambot.metrics.metrics import Failure, Metrics, Way
from dreambot.metrics.requests import request_trace

__all__ = ["Failure", "GatewayWatch", "Metrics", "Way", "request_trace"]
