"""The operator's settings: environment `DREAMBOT_*`, a `.env` file, a `dreambot.toml`, in that order.

`Settings(…)` looks at nothing but its arguments; `config_files.load_settings()` reads the operator's.
"""

import ipaddress
import re
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from platformdirs import user_data_path
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    field_validator,
    model_validator,
)

from dreambot.errors import UserError

PREFIX = "DREAMBOT_"
_DEVICES = re.compile(r"auto|cpu|mps|cuda(:\d{1,4})?(,cuda:\d{1,4})*")


class ConfigError(UserError):
    """The settings cannot be used; the message lists every mistake, one a line."""


def _nothing_is_none(value: object) -> object:
    return None if value == "" else value


def _in_full(path: Path) -> Path:
    return path.expanduser().absolute()


Optional = BeforeValidator(_nothing_is_none)
Folder = Annotated[Path, AfterValidator(_in_full)]


class Settings(BaseModel):
    """What an operator may set. Every field has a description, which `.env.example` repeats."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    token: Annotated[SecretStr | None, Optional] = Field(
        default=None, description="The bot's token, from Discord's developer portal. A secret."
    )
    discord_api: str = Field(
        default="https://discord.com/api/v10",
        description="Another API that speaks Discord's; https unless it is on this machine.",
    )
    shard_count: Annotated[int | None, Optional] = Field(
        default=None,
        ge=1,
        le=4096,
        description="How many shards there are in all; empty lets Discord recommend.",
    )
    shard_ids: Annotated[str | None, Optional] = Field(
        default=None,
        description="Which of them this process opens, as 0-3 or 0,2,4; empty is all. Needs "
        "DREAMBOT_SHARD_COUNT, and a PostgreSQL database that all the processes share.",
    )
    admin_guild: Annotated[int | None, Optional] = Field(
        default=None,
        ge=1,
        description="The id of a server of yours, where the bot's owners find /admin; empty is nowhere.",
    )
    source_url: Annotated[str | None, Optional] = Field(
        default=None,
        description="Where this bot's source code can be had, for /about, as https://…; empty says nothing.",
    )
    data_dir: Folder = Field(
        default_factory=lambda: user_data_path("dreambot"),
        description="Where jobs and their files are kept. One bot to a folder.",
    )
    weights_dir: Annotated[Folder | None, Optional] = Field(
        default=None, description="A folder with weights you brought yourself; empty downloads them once."
    )
    database_url: Annotated[SecretStr | None, Optional] = Field(
        default=None,
        description="A PostgreSQL database as postgresql://user:password@host/name (extra: postgres); empty "
        "is SQLite in the data folder.",
    )
    files_url: Annotated[str | None, Optional] = Field(
        default=None,
        description="Where several machines share the files of jobs, as s3://bucket/folder (extra: objects); "
        "empty is the data folder.",
    )
    keep_sources_hours: float = Field(
        default=24, gt=0, le=8760, description="After so many hours the picture of an unfinished job goes."
    )
    keep_results_days: float = Field(
        default=7, gt=0, le=365, description="After so many days a dream that could not be delivered goes."
    )
    keep_gigabytes: float = Field(
        default=5,
        gt=0,
        le=100_000,
        description="The most that the files of jobs may take; the oldest go first.",
    )
    executor: Literal["local", "ray"] = Field(
        default="local", description="Where dreams are dreamed: local, on this machine, or ray, on a cluster."
    )
    ray_address: str = Field(
        default="auto",
        description="The cluster of executor ray: auto is the one this machine has joined; or "
        "its address, as 10.0.0.5:6379.",
    )
    device: str = Field(
        default="auto", description="What to dream on: auto, cpu, mps, cuda:0, or several as cuda:0,cuda:1."
    )
    cpu_workers: int = Field(
        default=1, ge=1, le=64, description="How many processes dream where the device is a CPU."
    )
    memory_gigabytes: float = Field(
        default=2, gt=0, le=1024, description="How much memory a device's process gives to resident networks."
    )
    precision: Literal["auto", "fp32", "bf16"] = Field(
        default="auto",
        description="How exactly to reckon: fp32, bf16, or auto, which measures what is faster.",
    )
    max_film_seconds: float = Field(
        default=20.0,
        gt=0,
        le=60,
        description="Seconds a hellscape may have; moving pictures are dreamed for so long.",
    )
    max_pixels: int = Field(
        default=786_432,
        ge=65_536,
        le=67_108_864,
        description="Larger pictures are dreamed at this many pixels.",
    )
    queue_size: int = Field(default=200, ge=1, le=10_000, description="How many dreams may wait in all.")
    queue_per_person: int = Field(
        default=20, ge=1, le=10_000, description="How many dreams one person may have waiting."
    )
    queue_per_server: int = Field(
        default=100, ge=1, le=10_000, description="How many dreams one server may have waiting."
    )
    time_budget: float = Field(
        default=600,
        ge=1,
        le=86_400,
        description="Seconds after which a dream counts as hung; a long one has five times its estimate.",
    )
    drain_seconds: float = Field(
        default=25,
        ge=0,
        le=3600,
        description="Seconds that running dreams have to finish when the bot is told to end; the others go "
        "on after the next start.",
    )
    previews: bool = Field(
        default=True, description="Whether people see the picture while it changes; false saves traffic."
    )
    autodream_per_hour: int = Field(
        default=20,
        ge=1,
        le=3600,
        description="The most pictures an hour that auto-dream takes in one channel.",
    )
    http_port: Annotated[int | None, Optional] = Field(
        default=None,
        ge=0,
        le=65_535,
        description="Where /healthz and /metrics answer; empty is nowhere.",
    )
    http_host: str = Field(
        default="127.0.0.1", description="The address they listen on; 0.0.0.0 lets other machines ask."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="How much is logged: DEBUG, INFO, WARNING or ERROR."
    )
    log_format: Literal["text", "json"] = Field(
        default="text", description="How a log line looks: text, or json for machines that collect logs."
    )

    @field_validator("log_level", mode="before")
    @classmethod
    def _any_case(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("device")
    @classmethod
    def _is_a_device(cls, value: str) -> str:
        if not _DEVICES.fullmatch(value):
            raise ValueError("expected auto, cpu, mps, cuda, cuda:0 or several as cuda:0,cuda:1")
        return value

    @field_validator("source_url")
    @classmethod
    def _is_a_link(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"https://[^\s<>]{1,500}", value):
            raise ValueError("expected an address such as https://example.org/dreambot")
        return value

    @field_validator("discord_api")
    @classmethod
    def _is_a_safe_api(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.username:
            raise ValueError("expected an address such as https://discord.com/api/v10")
        if parts.scheme == "http" and not is_loopback(parts.hostname):
            raise ValueError("the token would travel in the open: use https, or an address of this machine")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _shards_fit(self) -> Self:
        if self.shard_ids is not None:
            if self.shard_count is None:
                raise ValueError("DREAMBOT_SHARD_IDS needs DREAMBOT_SHARD_COUNT")
            if max(self.shards or [0]) >= self.shard_count:
                raise ValueError(
                    f"DREAMBOT_SHARD_IDS counts from 0 to {self.shard_count - 1}, one less than "
                    "DREAMBOT_SHARD_COUNT"
                )
        return self

    @field_validator("shard_ids")
    @classmethod
    def _are_shards(cls, value: str | None) -> str | None:
        if value is not None:
            _shard_list(value)
        return value

    @property
    def shards(self) -> list[int] | None:
        """The shards that this process opens, in order; None for all."""
        return None if self.shard_ids is None else _shard_list(self.shard_ids)

    @property
    def local(self) -> bool:
        """Whether the API is a stand-in on this machine."""
        return is_loopback(urlsplit(self.discord_api).hostname or "")

    @property
    def database(self) -> str:
        """The database's URL."""
        if self.database_url:
            scheme, colon, rest = self.database_url.get_secret_value().partition("://")
            driver = "postgresql+asyncpg" if scheme in {"postgres", "postgresql"} else scheme
            return f"{driver}{colon}{rest}"
        return f"sqlite+aiosqlite:///{self.data_dir / 'dreambot.db'}"


def require_token(settings: Settings) -> str:
    """The bot's token. Raises ConfigError if there is none, or it was copied with more than itself."""
    if settings.token is None:
        raise ConfigError("There is no token. Set DREAMBOT_TOKEN, or try `dreambot try`, which needs none.")
    token = settings.token.get_secret_value()
    if not re.fullmatch(r"[!-~]+", token) or token.strip("\"'") != token:
        raise ConfigError(
            "DREAMBOT_TOKEN has quotes, spaces or a word too many around it; set it to the token alone."
        )
    return token


def _shard_list(text: str) -> list[int]:
    """`0-3,6` as numbers. Raises ValueError."""
    found: set[int] = set()
    for part in text.replace(" ", "").split(","):
        first, dash, last = part.partition("-")
        if not re.fullmatch(r"\d{1,4}(-\d{1,4})?", part) or (dash and int(last) < int(first)):
            raise ValueError("expected shards such as 0-3 or 0,2,4")
        found.update(range(int(first), int(last or first) + 1))
    return sorted(found)


def is_loopback(host: str) -> bool:
    """Whether a host name or address means this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
