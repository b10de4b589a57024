"""What the pipeline works with: where states and files are stored, and where a job is answered."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Protocol

from dreambot.engine.progress import Progress
from dreambot.errors import UserError
from dreambot.jobs.models import (
    SOURCE_NAME,
    AlbumPicture,
    Job,
    JobState,
    Result,
    ResultFile,
    Source,
    SourceImage,
)
from dreambot.jobs.rendering import OutputFormat
from dreambot.recipe import Recipe


class FileTooLarge(UserError):
    """The receiver did not take a file of this size."""

    def __init__(self) -> None:
        super().__init__("core-too-large")


class JobStates(Protocol):
    """Where the states of jobs are stored; `JobStore` is one."""

    async def get(self, job_id: str) -> Job | None:
        """See `JobStore`.

        Args:
            job_id: The job.
        """

    async def set_source_image(self, job_id: str, image: SourceImage) -> bool:
        """See `JobStore`.

        Args:
            job_id: The job.
            image: Its source.
        """

    async def set_album(self, job_id: str, album: tuple[AlbumPicture, ...]) -> bool:
        """See `JobStore`.

        Args:
            job_id: The job.
            album: Its pictures.
        """

    async def set_state(
        self,
        job_id: str,
        state: JobState,
        *,
        recipe: Recipe | None = None,
        error: str | None = None,
        result: Result | None = None,
        result_message: int | None = None,
    ) -> bool:
        """See `JobStore`.

        Args:
            job_id: The job.
            state: Its new state.
            recipe: Its recipe.
            error: Why there is no dream.
            result: The finished dream.
            result_message: The message that shows it.
        """


class FileStore(Protocol):
    """Where the files of jobs are kept; `JobFiles` is one."""

    def source(
        self, job_id: str, source: Source, name: str = SOURCE_NAME
    ) -> AbstractAsyncContextManager[Path]:
        """See `JobFiles`.

        Args:
            job_id: The job.
            source: Where the file is.
            name: The file's name among the job's files.
        """

    async def save(self, job_id: str, data: bytes, extension: str, number: int = 0) -> str:
        """See `JobFiles`.

        Args:
            job_id: The job.
            data: The file.
            extension: Its extension.
            number: The position of the picture in an album.
        """

    async def load(self, key: str) -> bytes:
        """See `JobFiles`.

        Args:
            key: What `save` returned.
        """

    async def remove(self, job_id: str) -> None:
        """See `JobFiles`.

        Args:
            job_id: The job.
        """


class Responder(Protocol):
    """Shows a job's progress and delivers its outcome: in Discord, or in the terminal."""

    @property
    def output(self) -> OutputFormat:
        """What the file of the result may be."""

    async def find_sources(self, job: Job) -> tuple[SourceImage, ...]:
        """Finds the pictures that the job starts from, where they are not stored yet.

        Args:
            job: The job.

        Returns:
            One picture, or all of a message; none if the job starts from noise.

        Raises:
            UserError: There is none, or it may not be used.
        """

    def working(self, job: Job) -> AbstractAsyncContextManager[None]:
        """Shows progress from the first moment until the dream is done or has failed.

        Args:
            job: The job.

        Raises:
            UserError: The job cannot be answered any more.
        """

    def show_progress(self, progress: Progress, preview: bytes | None) -> None:
        """Shows how far the job is, without making it wait.

        Args:
            progress: The newest progress.
            preview: The picture so far, a small JPEG, now and then.

        Raises:
            UserError: The job would be done too late.
        """

    async def deliver(self, job: Job, files: Sequence[ResultFile]) -> int:
        """Delivers a dream, or all dreams of an album at once, unless an earlier process has.

        Args:
            job: The job.
            files: The dreams.

        Returns:
            The id of the message that shows it.

        Raises:
            FileTooLarge: Smaller files may be taken.
            JobCancelled: The dream is not wanted any more.
        """

    async def fail(self, error: Exception) -> bool:
        """Says why there is no dream; a withdrawn job may be ended without a word.

        Args:
            error: Why.

        Returns:
            Whether the job is over; False if the error can only be reported after the next start.
        """

    async def finished(self, message: int) -> None:
        """Called when a delivered job is stored as done.

        Args:
            message: The id of the message with the result.
        """
