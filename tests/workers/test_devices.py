"""How a worker selects its device."""

import pytest
import torch

from dreambot.errors import UserError
from dreambot.workers.gpu.devices import device_count, find_device, limit_threads
from tests.support.cuda_on_cpu import CudaOnCpu


def test_workers_share_the_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    threads = [6]
    monkeypatch.setattr(torch, "get_num_threads", lambda: threads[-1])
    monkeypatch.setattr(torch, "set_num_threads", threads.append)
    limit_threads(torch.device("cpu"), 1)
    limit_threads(torch.device("cuda:0"), 3)
    assert threads == [6]
    limit_threads(torch.device("cpu"), 3)
    limit_threads(torch.device("cpu"), 9)
    assert threads == [6, 2, 1]


def test_gpus_are_counted() -> None:
    with CudaOnCpu(((9, 0),) * 3):
        assert find_device("auto") == torch.device("cuda:0")
        assert device_count(find_device("cuda:2")) == 3
        assert device_count(torch.device("cpu")) == 1
        with pytest.raises(UserError, match="only cuda:0 to cuda:2"):
            find_device("cuda:3")
