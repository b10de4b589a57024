"""The parts of the bot process besides Discord, started in order and closed in reverse order."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from dreambot.config import ConfigError, Settings
from dreambot.guilds.store import GuildStore
from dreambot.jobs import key_value
from dreambot.jobs.files import JobFiles, create_job_files
from dreambot.jobs.forwards import Forwards
from dreambot.jobs.gallery import GalleryStore, create_gallery_files
from dreambot.jobs.history import Comparisons, JobHistory
from dreambot.jobs.key_value import KeyValueStore
from dreambot.jobs.pipeline import JobPipeline
from dreambot.jobs.recovery import JobRecovery
from dreambot.jobs.shared_runs import SharedRuns
from dreambot.jobs.store import JobStore
from dreambot.media.fetch import Fetcher
from dreambot.metrics import Metrics
from dreambot.scheduler.executor import DeviceExecutor, LocalExecutor
from dreambot.scheduler.ray_executor import RayExecutor
from dreambot.scheduler.run import Executor
from dreambot.workers.codec_pool import CodecPool
from dreambot.zoo.registry import find_model

DISCORD_CDN = frozenset({"https://cdn.discordapp.com", "https://media.discordapp.net"})


@dataclass(frozen=True)
class Services:
    """The started parts of the process, shared by commands, buttons and jobs."""

    settings: Settings
    metrics: Metrics
    store: JobStore
    key_values: KeyValueStore
    files: JobFiles
    codecs: CodecPool
    executor: Executor
    pipeline: JobPipeline
    recovery: JobRecovery
    guild_store: GuildStore
    job_history: JobHistory
    comparisons: Comparisons
    forwards: Forwards
    gallery: GalleryStore


def trusted_origins(settings: Settings) -> frozenset[str]:
    """Lists the origins that attachments are downloaded from without further checks.

    Args:
        settings: Settings with the API's URL.

    Returns:
        Discord's CDN; with the sandbox, exactly the sandbox's own origin.
    """
    if not settings.local:
        return DISCORD_CDN
    parts = urlsplit(settings.discord_api)
    return frozenset({f"{parts.scheme}://{parts.netloc}"})


@asynccontextmanager
async def start_services(settings: Settings, executor: Executor | None = None) -> AsyncIterator[Services]:
    """Starts all services and closes them at the end.

    Args:
        settings: The settings.
        executor: The executor to use instead of the one that the settings name; it is not started yet.

    Yields:
        The started services.

    Raises:
        UserError: A service cannot start.
    """
    async with AsyncExitStack() as stack:
        _create_folder(settings.data_dir)
        metrics = Metrics()
        store = JobStore(settings.database)
        await store.open()
        stack.push_async_callback(store.close)
        codecs = CodecPool()
        stack.push_async_callback(codecs.close)
        fetcher = await stack.enter_async_context(Fetcher(trusted_origins(settings)))
        files = create_job_files(
            settings.data_dir / "files",
            settings.files_url,
            fetcher,
            sources_hours=settings.keep_sources_hours,
            results_days=settings.keep_results_days,
            gigabytes=settings.keep_gigabytes,
        )
        await files.open()
        gallery_files = create_gallery_files(settings.data_dir / "gallery", settings.files_url)
        gallery = GalleryStore(
            store.database, gallery_files, max_bytes=int(settings.gallery_gigabytes * 10**9)
        )
        key_values = KeyValueStore(store.database)
        executor = executor or build_executor(settings)
        await key_value.load_speeds(executor, key_values)
        await executor.start()
        stack.push_async_callback(key_value.save_speeds, executor, key_values)
        stack.push_async_callback(executor.close)
        saving_speeds = asyncio.create_task(key_value.save_speeds_periodically(executor, key_values))
        stack.callback(saving_speeds.cancel)
        runs = SharedRuns(executor)
        pipeline = JobPipeline(
            store,
            files,
            codecs,
            runs,
            max_pixels=settings.max_pixels,
            max_seconds=settings.max_film_seconds,
            models=find_model,
            metrics=metrics,
        )
        recovery = JobRecovery(store, files, gallery)
        yield Services(
            settings,
            metrics,
            store,
            key_values,
            files,
            codecs,
            executor,
            pipeline,
            recovery,
            GuildStore(store.database),
            JobHistory(store.database),
            Comparisons(store.database),
            Forwards(store.database),
            gallery,
        )


def _create_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError("setup-data-folder", folder=folder, reason=error) from error


def build_executor(settings: Settings) -> DeviceExecutor:
    """Creates the executor that the settings name. It is not started.

    Args:
        settings: The settings.
    """
    if settings.executor == "ray":
        return RayExecutor(
            settings.ray_address,
            device=settings.device,
            max_queue=settings.queue_size,
            per_person=settings.queue_per_person,
            per_server=settings.queue_per_server,
            time_budget=settings.time_budget,
            previews=settings.previews,
        )
    return LocalExecutor(
        settings.device.split(","),
        cpu_workers=settings.cpu_workers,
        memory_gigabytes=settings.memory_gigabytes,
        per_person=settings.queue_per_person,
        per_server=settings.queue_per_server,
        precision=settings.precision,
        weights_dir=settings.weights_dir,
        max_queue=settings.queue_size,
        time_budget=settings.time_budget,
        previews=settings.previews,
    )
