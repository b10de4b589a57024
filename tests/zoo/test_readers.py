"""Reading a TorchScript archive without executing it."""

import io
import pickle
import zipfile
from pathlib import Path

import numpy as np
import numpy.typing as npt
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


def _dlib_integer(value: int) -> bytes:
    content = value.to_bytes((value.bit_length() + 7) // 8, "little")
    return bytes([len(content)]) + content


def _dlib_tensor(values: npt.NDArray[np.float32]) -> bytes:
    shape = (values.size, 1, 1, 1)
    return b"".join(map(_dlib_integer, (2, *shape))) + values.astype("<f4").tobytes()


def test_a_network_of_dlib_is_read(tmp_path: Path) -> None:
    kernel = np.arange(2 * 3 * 3 * 3, dtype=np.float32)
    bias, gamma, beta = (np.array(pair, np.float32) for pair in ((1, 2), (3, 4), (5, 6)))
    descriptor = np.arange(6, dtype=np.float32)
    path = tmp_path / "net.dat"
    shape = b"".join(map(_dlib_integer, (1, 1, 2, 1, 1)))
    statistics = [np.array(pair, np.float32) for pair in ((9, 9), (9, 9), (1, 2), (4, 9))]
    path.write_bytes(
        b"input_rgb_image_sized"
        + b"con_4"
        + _dlib_tensor(np.concatenate([kernel, bias]))
        + b"".join(map(_dlib_integer, (2, 3, 3, 1, 1, 1, 1)))
        + b"affine_"
        + _dlib_tensor(np.concatenate([gamma, beta]))
        + b"relu_110con_4"
        + _dlib_tensor(np.concatenate([kernel, bias]))
        + b"".join(map(_dlib_integer, (2, 3, 3, 1, 1, 1, 1)))
        + b"bn_con2"
        + _dlib_tensor(np.concatenate([gamma, beta]))
        + 2 * shape
        + b"".join(map(_dlib_tensor, statistics))
        + b"relu_110fc_2"
        + _dlib_integer(3)
        + _dlib_integer(2)
        + _dlib_tensor(descriptor)
    )
    found = readers.read_dlib(path)
    np.testing.assert_array_equal(found["conv0.weight"], kernel.reshape(2, 3, 3, 3))
    for name, expected in (("bias", bias), ("gamma", gamma), ("beta", beta)):
        np.testing.assert_array_equal(found[f"conv0.{name}"], expected)
    np.testing.assert_allclose(found["conv1.gamma"], (3 / 2, 4 / 3), rtol=1e-4)
    np.testing.assert_allclose(found["conv1.beta"], (5 - 3 / 2, 6 - 8 / 3), rtol=1e-4)
    np.testing.assert_array_equal(found["descriptor.weight"], descriptor.reshape(2, 3).T)


def test_a_cut_off_network_of_dlib_is_rejected(tmp_path: Path) -> None:
    path = tmp_path / "net.dat"
    path.write_bytes(b"con_4" + _dlib_integer(2) + _dlib_integer(900))
    with pytest.raises(ValueError, match="damaged"):
        readers.read_dlib(path)
