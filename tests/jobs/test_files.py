import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta
from pathlib import Path

import boto3
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from moto.server import ThreadedMotoServer

from dreambot.errors import UserError
from dreambot.jobs.files import FileExpired, JobFiles, RetentionLimits, StorageError, create_job_files
from dreambot.jobs.gallery import GalleryFiles
from dreambot.jobs.models import AttachmentSource, FileSource
from dreambot.jobs.storage import BucketStorage, LocalStorage
from dreambot.media.fetch import Fetcher
from dreambot.media.http_client import FetchError
from tests.support.full_disk import limit_file_size

PICTURE = bytes(range(256)) * 400
ROOMY = RetentionLimits(timedelta(hours=24), timedelta(days=7), 5 * 10**9)
BUCKET = "s3://dreams/some/folder"

Make = Callable[..., JobFiles]
everywhere = pytest.mark.parametrize("place", ["folder", "bucket"])


class Pictures:
    """A server with a picture on it. asked: how often it was asked for one."""

    def __init__(self) -> None:
        self.asked = 0
        self.status = 200

    async def answer(self, _: web.Request) -> web.Response:
        self.asked += 1
        return web.Response(body=PICTURE, status=self.status)

    async def serve(self) -> AsyncIterator[AttachmentSource]:
        app = web.Application()
        app.router.add_get("/a.png", self.answer)
        server = TestServer(app, host="127.0.0.1")
        await server.start_server()
        yield AttachmentSource(str(server.make_url("/a.png")), "a.png", len(PICTURE))
        await server.close()


@pytest.fixture
def pictures() -> Pictures:
    return Pictures()


@pytest.fixture
async def source(pictures: Pictures) -> AsyncIterator[AttachmentSource]:
    async for source in pictures.serve():
        yield source


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """An object store's address."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def place() -> str:
    return "folder"


@pytest.fixture
def bucket(s3: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty bucket, and the environment that leads there."""
    for name, value in {
        "AWS_ENDPOINT_URL": s3,
        "AWS_ALLOW_HTTP": "true",
        "AWS_ACCESS_KEY_ID": "id",
        "AWS_SECRET_ACCESS_KEY": "key",
        "AWS_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    client = boto3.client("s3", endpoint_url=s3)
    client.create_bucket(Bucket="dreams")
    for found in client.list_objects_v2(Bucket="dreams").get("Contents", []):
        client.delete_object(Bucket="dreams", Key=found["Key"])


@pytest.fixture
async def make(
    place: str, tmp_path: Path, source: AttachmentSource, request: pytest.FixtureRequest
) -> AsyncIterator[Make]:
    """Makes the files of a bot; `machine` is where it runs."""
    if place == "bucket":
        request.getfixturevalue("bucket")
    url = BUCKET if place == "bucket" else None
    async with Fetcher(frozenset({source.url.removesuffix("/a.png")})) as fetcher:

        def make(limits: RetentionLimits = ROOMY, machine: str = "here", timeout: float = 60) -> JobFiles:
            folder = LocalStorage(tmp_path / machine / "files")
            return JobFiles(folder, fetcher, limits, BucketStorage(url) if url else None, timeout)

        yield make


def on_disk(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in tmp_path.rglob("*") if path.is_file())


@everywhere
async def test_a_source_is_fetched_once(
    make: Make, pictures: Pictures, source: AttachmentSource, tmp_path: Path
) -> None:
    files = make()
    await files.open()
    assert not await files.has_source("j1")
    async with files.source("j1", source) as path:
        assert path.read_bytes() == PICTURE
    # A later process finds it, although its link may have expired.
    pictures.status = 404
    again = make()
    assert await again.has_source("j1")
    async with again.source("j1", source) as path:
        assert path.read_bytes() == PICTURE
    assert pictures.asked == 1
    await again.remove("j1")
    assert not await again.has_source("j1")
    assert on_disk(tmp_path) == []


@pytest.mark.parametrize("place", ["bucket"])
async def test_another_machine_goes_on_with_it(
    make: Make, pictures: Pictures, source: AttachmentSource, tmp_path: Path
) -> None:
    here, there = make(), make(machine="there")
    async with here.source("j1", source):
        pass
    key = await here.save("j2", b"a dream", "png")
    async with there.source("j1", source) as path:
        assert path.read_bytes() == PICTURE
        assert path.is_relative_to(tmp_path / "there")
    assert await there.load(key) == b"a dream"
    assert pictures.asked == 1


async def test_a_file_of_the_machine_is_left_as_it_is(make: Make, tmp_path: Path) -> None:
    own = tmp_path / "own.png"
    own.write_bytes(PICTURE)
    files = make()
    async with files.source("j1", FileSource(own)) as path:
        assert path == own
    await files.remove("j1")
    assert own.read_bytes() == PICTURE


@everywhere
async def test_a_picture_that_cannot_be_fetched_leaves_nothing(
    make: Make, pictures: Pictures, source: AttachmentSource, tmp_path: Path
) -> None:
    files = make()
    pictures.status = 404
    with pytest.raises(FetchError, match="no longer has that picture"):
        async with files.source("j1", source):
            pass
    assert not await files.has_source("j1")
    assert on_disk(tmp_path) == []
    pictures.status = 200
    async with files.source("j1", source) as path:
        assert path.read_bytes() == PICTURE


@everywhere
async def test_a_dream_is_kept_until_it_is_removed(make: Make) -> None:
    files = make()
    key = await files.save("j1", b"half a dream", "png")
    assert await files.save("j1", b"a dream", "png") == key
    other = await files.save("j11", b"another", "gif")
    assert await make().load(key) == b"a dream"
    await files.remove("j1")
    with pytest.raises(FileExpired, match="deleted it"):
        await files.load(key)
    assert await files.load(other) == b"another"
    await files.remove("j1")
    await files.remove("no such job")


async def test_many_come_and_go_at_once(make: Make, source: AttachmentSource, tmp_path: Path) -> None:
    files = make()

    async def live(number: int) -> None:
        job = f"j{number}"
        async with files.source(job, source):
            key = await files.save(job, job.encode(), "png")
            await files.sweep({job})
            assert await files.load(key) == job.encode()
        await files.remove(job)

    await asyncio.gather(*map(live, range(20)))
    assert on_disk(tmp_path) == []


@everywhere
async def test_what_has_had_its_time_is_swept(make: Make, source: AttachmentSource) -> None:
    files = make(RetentionLimits(timedelta(0), timedelta(days=1), 10**9))
    key = await files.save("j1", b"a dream", "png")
    async with files.source("j1", source):
        pass
    await asyncio.sleep(1.1)  # Object stores count in seconds.
    await files.sweep({"j1"})
    assert not await files.has_source("j1")
    assert await files.load(key) == b"a dream"

    await make(RetentionLimits(timedelta(days=1), timedelta(0), 10**9)).sweep({"j1"})
    with pytest.raises(FileExpired):
        await files.load(key)


@everywhere
async def test_what_is_too_much_is_swept(make: Make) -> None:
    files = make(RetentionLimits(timedelta(days=1), timedelta(days=1), 25))
    keys = [await files.save(f"j{number}", b"ten bytes!", "png") for number in range(4)]
    await files.sweep({"j0", "j1"})
    kept = []
    for key in keys:
        try:
            kept.append(await files.load(key))
        except FileExpired:
            kept.append(b"")
    assert sorted(kept) == [b"", b"", b"ten bytes!", b"ten bytes!"]


async def test_half_files_of_an_earlier_life_are_swept(make: Make, tmp_path: Path) -> None:
    files = make()
    await files.open()
    parts = tmp_path / "here/files/parts"
    (parts / "old").write_bytes(PICTURE)
    (parts / "new").write_bytes(PICTURE)
    os.utime(parts / "old", (time.time() - 4000,) * 2)
    await files.sweep(())
    assert on_disk(tmp_path) == ["new"]


async def test_files_of_an_older_bot_are_swept(make: Make, tmp_path: Path) -> None:
    folder = tmp_path / "here/files"
    folder.mkdir(parents=True)
    (folder / "06h0fk64vnr4zhnay9xh").write_bytes(PICTURE)
    os.utime(folder / "06h0fk64vnr4zhnay9xh", (time.time() - 8 * 24 * 3600,) * 2)
    await make().sweep(())
    assert on_disk(tmp_path) == []


async def test_a_full_disk_is_waited_for(make: Make, source: AttachmentSource, tmp_path: Path) -> None:
    files = make()

    async def both() -> str:
        async with files.source("j1", source) as path:
            assert path.read_bytes() == PICTURE
        return await files.save("j1", PICTURE, "png")

    with limit_file_size(5000):
        work = asyncio.create_task(both())
        await asyncio.sleep(0.3)
        assert not work.done()
        assert not await files.has_source("j1")
    assert await files.load(await work) == PICTURE
    assert on_disk(tmp_path) == ["dream.png", "source"]


async def test_a_disk_that_stays_full_is_told(make: Make, source: AttachmentSource, tmp_path: Path) -> None:
    files = make(timeout=0.3)
    with limit_file_size(5000):
        with pytest.raises(StorageError, match="disk is full"):
            await files.save("j1", PICTURE, "png")
        with pytest.raises(StorageError, match="disk is full"):
            async with files.source("j1", source):
                pass
    assert on_disk(tmp_path) == []


async def test_a_folder_that_is_none_is_told_at_the_start(make: Make, tmp_path: Path) -> None:
    (tmp_path / "here").write_text("a file where a folder should be")
    with pytest.raises(StorageError, match=r"cannot be stored in .*here/files: .*DREAMBOT_DATA_DIR"):
        await make().open()


def test_a_bucket_that_is_none_is_told(tmp_path: Path) -> None:
    for url in ("nonsense", "file:///tmp/x", "https://example.org/x", "ftp://a/b", "az://no-account/b"):
        with pytest.raises(UserError, match=r"DREAMBOT_FILES_URL is .*, which cannot be used: .*s3://bucket"):
            create_job_files(
                tmp_path, url, Fetcher(frozenset()), sources_hours=1, results_days=1, gigabytes=1
            )


def test_a_missing_package_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "obstore", None)
    with pytest.raises(
        UserError, match=r"obstore, which is not installed\. `make setup LOCK=servers`.*Docker"
    ):
        BucketStorage(BUCKET)


@pytest.mark.usefixtures("bucket")
async def test_a_bucket_that_does_not_exist_is_told_at_the_start(tmp_path: Path) -> None:
    files = JobFiles(LocalStorage(tmp_path), Fetcher(frozenset()), ROOMY, BucketStorage("s3://nightmares"))
    with pytest.raises(StorageError, match=r"cannot be stored in s3://nightmares: .*404"):
        await files.open()


@pytest.mark.usefixtures("bucket")
async def test_a_bucket_out_of_reach_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    bucket = BucketStorage(BUCKET, timeout=timedelta(seconds=0.2))
    files = JobFiles(LocalStorage(tmp_path), Fetcher(frozenset()), ROOMY, bucket, timeout=0.5)
    with pytest.raises(StorageError, match="cannot store pictures"):
        await files.save("j1", b"a dream", "png")
    await files.remove("j1")
    await files.sweep(())


async def test_the_gallery_in_a_bucket_is_shared_by_machines_and_not_swept(
    bucket: None, tmp_path: Path
) -> None:
    here, there = (
        GalleryFiles(LocalStorage(tmp_path / machine / "gallery"), BucketStorage(BUCKET))
        for machine in ("here", "there")
    )
    dream, files = "x" * 22, {"aa.png": b"result", "bb.jpg": b"small"}
    await here.put(dream, files)
    assert (await there.path(dream, "aa.png")).read_bytes() == b"result"
    tiny = RetentionLimits(timedelta(0), timedelta(0), 0)
    await JobFiles(LocalStorage(tmp_path / "files"), Fetcher(frozenset()), tiny, BucketStorage(BUCKET)).sweep(
        ()
    )
    assert (await there.path(dream, "bb.jpg")).read_bytes() == b"small"
    await there.remove_file(dream, "bb.jpg")
    with pytest.raises(FileNotFoundError):
        await here.path(dream, "bb.jpg")
    await there.remove([dream])
    for machine in (here, there):
        with pytest.raises(FileNotFoundError):
            await machine.path(dream, "aa.png")
