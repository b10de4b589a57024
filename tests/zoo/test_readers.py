"""Reading a TorchScript archive without executing it."""

import io
import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch

from dreambot.zoo import readers
from tests.zoo import tiny


def test_the_tensors_are_read(tmp_path: Path) -> None:
    path = tmp_path / "net.pt"
    path.write_bytes(tiny.scripted())
    found = readers.read_torchscript(path)
    torch.manual_seed(0)
    expected = torch.nn.Conv2d(3, 4, 3)
    assert set(found) == {"weight", "bias"}
    np.testing.assert_array_equal(found["weight"], expected.weight.detach().numpy())
    np.testing.assert_array_equal(found["bias"], expected.bias.detach().numpy())


class _Execute:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.path,)


def test_a_pickle_that_would_execute_code_is_rejected(tmp_path: Path) -> None:
    path, trace = tmp_path / "net.pt", tmp_path / "trace"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("net/data.pkl", pickle.dumps(_Execute(trace)))
    with pytest.raises(pickle.UnpicklingError, match="no place in a file of weights"):
        readers.read_torchscript(path)
    assert not trace.exists()


def test_a_tensor_larger_than_its_storage_is_rejected(tmp_path: Path) -> None:
    path = tmp_path / "net.pt"
    with zipfile.ZipFile(io.BytesIO(tiny.scripted())) as source, zipfile.ZipFile(path, "w") as archive:
        for name in source.namelist():
            data = source.read(name)
            archive.writestr(name, data[: len(data) // 2] if "/data/" in name else data)
    with pytest.raises((ValueError, pickle.UnpicklingError)):
        readers.read_torchscript(path)
