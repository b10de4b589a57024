"""Files in an object store that several machines share."""

from collections.abc import Iterable
from datetime import timedelta

from dreambot.errors import UserError
from dreambot.extras import how_to_add
from dreambot.jobs.folder import StoredFile

_FOLDER_SCHEMES = ("file:", "memory:", "http:", "https:")
_PATIENCE = timedelta(seconds=30)


class Bucket:
    """A bucket of S3, or whatever speaks its language, Google's or Azure's, of files by their keys.

    Who may write there is read from the environment, as AWS_ACCESS_KEY_ID and so on. Everything raises
    OSError, FileNotFoundError among them, after having tried for half a minute.
    """

    def __init__(self, url: str, patience: timedelta = _PATIENCE) -> None:
        """url: such as s3://bucket/folder. patience: how long a request is tried anew. Raises UserError."""
        self._url = url
        try:
            # An extra, which most bots do without.
            import obstore
            from obstore.store import from_url
        except ImportError as error:
            raise UserError(
                f"DREAMBOT_FILES_URL needs obstore, which is not installed. {how_to_add('objects')} Without "
                "it files are kept in the data folder."
            ) from error
        self._obstore = obstore
        try:
            if url.startswith(_FOLDER_SCHEMES):
                raise ValueError("it names no bucket")
            self._store = from_url(url, retry_config={"retry_timeout": patience})
        except (obstore.exceptions.BaseError, ValueError) as error:
            raise UserError(
                f"DREAMBOT_FILES_URL is {url}, which cannot be used: {_words(error)}. It should look like "
                "s3://bucket/folder, gs://bucket/folder or az://container/folder."
            ) from error

    def __str__(self) -> str:
        return self._url

    async def put(self, key: str, data: bytes) -> None:
        """Writes a file, in place of one of that key."""
        try:
            await self._obstore.put_async(self._store, key, data)
        except (self._obstore.exceptions.BaseError, OSError) as error:
            raise OSError(_words(error)) from error

    async def get(self, key: str) -> bytes:
        """The file's bytes."""
        try:
            found = await self._obstore.get_async(self._store, key)
            return bytes(await found.bytes_async())
        except FileNotFoundError as error:
            raise FileNotFoundError(_words(error)) from error
        except self._obstore.exceptions.BaseError as error:
            raise OSError(_words(error)) from error

    async def files(self, within: str = "") -> list[StoredFile]:
        """All that is kept, or what is kept within a folder of it."""
        try:
            return [
                StoredFile(found["path"], found["size"], found["last_modified"])
                async for page in self._obstore.list(self._store, within or None)
                for found in page
            ]
        except (self._obstore.exceptions.BaseError, OSError) as error:
            raise OSError(_words(error)) from error

    async def remove(self, keys: Iterable[str]) -> None:
        """Removes files, those that are there."""
        try:
            await self._obstore.delete_async(self._store, list(keys))
        except FileNotFoundError:
            pass
        except self._obstore.exceptions.BaseError as error:
            raise OSError(_words(error)) from error


def _words(error: Exception) -> str:
    return str(error).partition("\n")[0].rstrip(".")
