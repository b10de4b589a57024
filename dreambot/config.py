"""The operator's settings: environment `DREAMBOT_*`, a `.env` file, a `dreambot.toml`, in that order.

`Settings(...)` reads nothing but its arguments; `load_settings()` reads the operator's.
"""

import difflib
import ipaddress
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from dotenv import dotenv_values
from platformdirs import user_data_path
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from dreambot.errors import UserError

ENV_PREFIX = "DREAMBOT_"
_DATABASE_DRIVERS = {"postgresql": "postgresql+asyncpg", "sqlite": "sqlite+aiosqlite"}
_DATABASE_SCHEMES = (*_DATABASE_DRIVERS, *_DATABASE_DRIVERS.values(), "postgres")
_DEVICE_PATTERN = re.compile(r"auto|cpu|mps|cuda(:\d{1,4})?(,cuda:\d{1,4})*")


class ConfigError(UserError):
    """The settings cannot be used; the message lists every mistake, one a line."""


def _empty_to_none(value: object) -> object:
    # Secrets that were made with `echo` end with a newline.
    return (value.strip() or None) if isinstance(value, str) else value


def _absolute_path(path: Path) -> Path:
    return path.expanduser().absolute()


EmptyAsNone = BeforeValidator(_empty_to_none)
FolderPath = Annotated[Path, AfterValidator(_absolute_path)]


class Settings(BaseModel):
    """The operator's settings. Every field has a description, which `.env.example` repeats."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    token: Annotated[SecretStr | None, EmptyAsNone] = Field(
        default=None, description="The bot's token, from Discord's developer portal. A secret."
    )
    discord_api: str = Field(
        default="https://discord.com/api/v10",
        description="Another API that speaks Discord's; https unless it is on this machine.",
    )
    shard_count: Annotated[int | None, EmptyAsNone] = Field(
        default=None,
        ge=1,
        le=4096,
        description="How many shards there are in all; empty lets Discord recommend.",
    )
    shard_ids: Annotated[str | None, EmptyAsNone] = Field(
        default=None,
        description="Which of them this process opens, as 0-3 or 0,2,4; empty is all. Needs "
        "DREAMBOT_SHARD_COUNT, and a PostgreSQL database that all the processes share.",
    )
    admin_guild: Annotated[int | None, EmptyAsNone] = Field(
        default=None,
        ge=1,
        description="The id of a server of yours, where the bot's owners find /admin; empty is nowhere.",
    )
    source_url: Annotated[str | None, EmptyAsNone] = Field(
        default=None,
        description="Where this bot's source code can be had, for /about, as https://…; empty says nothing.",
    )
    data_dir: FolderPath = Field(
        default_factory=lambda: user_data_path("dreambot"),
        description="Where jobs and their files are kept. One bot to a folder.",
    )
    weights_dir: Annotated[FolderPath | None, EmptyAsNone] = Field(
        default=None, description="A folder with weights you brought yourself; empty downloads them once."
    )
    database_url: Annotated[SecretStr | None, EmptyAsNone] = Field(
        default=None,
        description="A PostgreSQL database as postgresql://user:password@host/name (extra: postgres); empty "
        "is SQLite in the data folder.",
    )
    files_url: Annotated[str | None, EmptyAsNone] = Field(
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
        default="auto",
        description="What to dream on: auto, cpu, mps, cuda (all GPUs), cuda:0, or several as cuda:0,cuda:1.",
    )
    cpu_workers: Literal["auto"] | int = Field(
        default="auto",
        description="How many processes dream where the device is a CPU; auto is several where that is "
        "faster and the memory suffices.",
    )
    memory_gigabytes: float = Field(
        default=2, gt=0, le=1024, description="How much memory a device's process gives to resident networks."
    )
    precision: Literal["auto", "fp32", "bf16", "fp16"] = Field(
        default="auto",
        description="How exactly to compute: fp32, bf16, fp16, or auto, which measures what is faster.",
    )
    max_film_seconds: float = Field(
        default=20.0,
        gt=0,
        le=60,
        description="Seconds a hellscape may have; of longer videos only that much is dreamed.",
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
    http_port: Annotated[int | None, EmptyAsNone] = Field(
        default=None,
        ge=0,
        le=65_535,
        description="Where /healthz and /metrics answer; empty is nowhere.",
    )
    http_host: str = Field(
        default="127.0.0.1", description="The address they listen on; 0.0.0.0 lets other machines ask."
    )
    gallery: bool = Field(
        default=False,
        description="Whether people can share dreams in a gallery, which then answers at /gallery/ on the "
        "same port; needs DREAMBOT_HTTP_PORT.",
    )
    gallery_url: Annotated[str | None, EmptyAsNone] = Field(
        default=None,
        description="Where people reach the gallery, as https://example.org/gallery: the address of your "
        "reverse proxy. Empty sends no links.",
    )
    gallery_gigabytes: float = Field(
        default=5, gt=0, le=100_000, description="The most that the files of the gallery may take."
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
        if not _DEVICE_PATTERN.fullmatch(value):
            raise ValueError("expected auto, cpu, mps, cuda, cuda:0 or several as cuda:0,cuda:1")
        return value

    @field_validator("cpu_workers", mode="before")
    @classmethod
    def _is_a_number_of_workers(cls, value: object) -> object:
        text = str(value).strip()
        if text != "auto" and not (text.isascii() and text.isdecimal() and 1 <= int(text) <= 64):
            raise ValueError("expected auto or a whole number from 1 to 64")
        return text

    @field_validator("database_url")
    @classmethod
    def _is_a_database(cls, value: SecretStr | None) -> SecretStr | None:
        # The URL may hold a password: it is not repeated.
        if value and value.get_secret_value().partition("://")[0] not in _DATABASE_SCHEMES:
            raise ValueError("expected an address such as postgresql://user:password@host/name")
        return value

    @field_validator("source_url")
    @classmethod
    def _is_a_link(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"https://[^\s<>]{1,500}", value):
            raise ValueError("expected an address such as https://example.org/dreambot")
        return value

    @field_validator("gallery_url")
    @classmethod
    def _is_an_address(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"https?://[^\s<>?#/]{1,200}(/[\w.~-]{1,100})*/?", value):
            raise ValueError("expected an address such as https://example.org/gallery")
        return value.rstrip("/") if value else value

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
    def _gallery_has_a_port(self) -> Self:
        if self.gallery and self.http_port is None:
            raise ValueError("DREAMBOT_GALLERY needs DREAMBOT_HTTP_PORT")
        return self

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
            _parse_shard_ids(value)
        return value

    @property
    def shards(self) -> list[int] | None:
        """The shards that this process opens, in order; None for all."""
        return None if self.shard_ids is None else _parse_shard_ids(self.shard_ids)

    @property
    def local(self) -> bool:
        """Whether the API is a stand-in on this machine."""
        return is_loopback(urlsplit(self.discord_api).hostname or "")

    @property
    def database(self) -> str:
        """The database's URL."""
        if self.database_url:
            scheme, colon, rest = self.database_url.get_secret_value().partition("://")
            backend = "sqlite" if scheme.startswith("sqlite") else "postgresql"
            return f"{_DATABASE_DRIVERS[backend]}{colon}{rest}"
        return f"{_DATABASE_DRIVERS['sqlite']}:///{self.data_dir / 'dreambot.db'}"


def require_token(settings: Settings) -> str:
    """Returns the bot's token.

    Args:
        settings: The settings.

    Raises:
        ConfigError: There is none, or it contains more than a token.
    """
    if settings.token is None:
        raise ConfigError("setup-no-token")
    token = settings.token.get_secret_value()
    if not re.fullmatch(r"[!-~]+", token) or token.strip("\"'") != token:
        raise ConfigError("setup-token-malformed")
    return token


def _parse_shard_ids(text: str) -> list[int]:
    """`0-3,6` as numbers.

    Raises:
        ValueError: It is no such list.
    """
    found: set[int] = set()
    for part in text.replace(" ", "").split(","):
        first, dash, last = part.partition("-")
        if not re.fullmatch(r"\d{1,4}(-\d{1,4})?", part) or (dash and int(last) < int(first)):
            raise ValueError("expected shards such as 0-3 or 0,2,4")
        found.update(range(int(first), int(last or first) + 1))
    return sorted(found)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine.

    Args:
        host: A name or an address.
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


# These belong to the test suite, which the operator's bot never reads.
_TEST_ENV_PREFIX = f"{ENV_PREFIX}TEST_"
SECRETS = ("token", "database_url")
"""Settings that may also stand in a file, whose path is in DREAMBOT_…_FILE: Docker's and systemd's way."""
_MAX_SECRET_BYTES = 8192
_SERVICE_LINK = re.compile(
    r"(\w+_)?(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT(_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)"
)
_SERVICE_URL = re.compile(r"(tcp|udp|sctp)://")


def _is_service_link(name: str, value: str | None) -> bool:
    """Whether Kubernetes set a variable, for a Service whose name begins with `dreambot`.

    A Service `dreambot-http` gives DREAMBOT_HTTP_PORT, which is also a setting: its value decides.
    """
    rest = name.upper().removeprefix(ENV_PREFIX)
    if rest.lower() in Settings.model_fields:
        return bool(_SERVICE_URL.match(value or ""))
    return name.upper().startswith(ENV_PREFIX) and bool(_SERVICE_LINK.fullmatch(rest))


class _SettingsFromEnvironment(BaseSettings, Settings):
    """The same settings, read from where an operator writes them."""

    model_config = SettingsConfigDict(env_prefix=ENV_PREFIX, env_file_encoding="utf-8", extra="ignore")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        if isinstance(env_settings, EnvSettingsSource):
            env_settings.env_vars = {
                name: value
                for name, value in env_settings.env_vars.items()
                if not _is_service_link(name, value)
            }
        # `init_settings` is what stood in dreambot.toml and in files: the environment goes before it.
        return env_settings, dotenv_settings, init_settings


def load_settings(folder: Path | None = None) -> Settings:
    """Loads the operator's settings.

    Args:
        folder: Where `.env` and `dreambot.toml` are; None is the current folder.

    Raises:
        ConfigError: Lists every mistake, unknown keys among them.
    """
    folder = folder or Path()
    env_file = folder / ".env"

    class Here(_SettingsFromEnvironment):
        model_config = SettingsConfigDict(env_file=env_file)

    toml, mistakes = _read_toml(folder / "dreambot.toml")
    from_file = dotenv_values(env_file)
    mistakes += _unknown_keys(os.environ, "the environment")
    mistakes += _unknown_keys(from_file, str(env_file))
    secrets, unread = _read_secrets({**from_file, **os.environ})
    mistakes += unread
    try:
        values = Here(**(toml | secrets)).model_dump()
    except ValidationError as error:
        mistakes += _validation_messages(error)
    if mistakes:
        raise ConfigError("setup-settings", excerpt="\n".join(f"  {line}" for line in mistakes))
    return Settings(**values)


def _read_toml(path: Path) -> tuple[dict[str, Any], list[str]]:
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}, []
    except (OSError, ValueError) as error:
        return {}, [f"{path} cannot be read: {error}."]
    known = {key: value for key, value in table.items() if key in Settings.model_fields}
    strange = (key for key in table if key not in known)
    return known, [_unknown_key_message(key, str(path), list(Settings.model_fields)) for key in strange]


def _read_secrets(variables: Mapping[str, str | None]) -> tuple[dict[str, str], list[str]]:
    """Reads the secrets that stand in files; returns them and the mistakes."""
    found: dict[str, str] = {}
    mistakes = []
    for name in SECRETS:
        key = f"{ENV_PREFIX}{name.upper()}"
        path = variables.get(f"{key}_FILE")
        if not path:
            continue
        if variables.get(key):
            mistakes.append(f"{key} and {key}_FILE are both set: keep one of them.")
        try:
            with open(path, encoding="utf-8") as file:
                found[name] = file.read(_MAX_SECRET_BYTES).strip()
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is no text"
            mistakes.append(f"{key}_FILE: {path} cannot be read: {reason}.")
    return found, mistakes


def _unknown_keys(values: Mapping[str, str | None], where: str) -> list[str]:
    known = [f"{ENV_PREFIX}{name.upper()}" for name in Settings.model_fields]
    known += [f"{ENV_PREFIX}{name.upper()}_FILE" for name in SECRETS]
    ours = (
        key
        for key, value in values.items()
        if key.upper().startswith(ENV_PREFIX)
        and not key.upper().startswith(_TEST_ENV_PREFIX)
        and not _is_service_link(key, value)
    )
    return [_unknown_key_message(key, where, known) for key in ours if key.upper() not in known]


def _unknown_key_message(key: str, where: str, known: list[str]) -> str:
    near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
    return f"{key} in {where} is no setting" + (f"; did you mean {near[0]}?" if near else ".")


_TYPE_MESSAGES = {
    "int_parsing": "expected a whole number",
    "float_parsing": "expected a number",
    "bool_parsing": "expected true or false",
}


def _validation_messages(error: ValidationError) -> Iterator[str]:
    for problem in error.errors(include_url=False):
        if not problem["loc"]:
            yield problem["msg"].removeprefix("Value error, ") + "."
            continue
        name = str(problem["loc"][0])
        secret = name in {"token", "database_url"}
        said = "" if secret else f" is “{str(problem['input'])[:80]}”"
        message = _TYPE_MESSAGES.get(problem["type"], problem["msg"].removeprefix("Value error, "))
        yield f"{ENV_PREFIX}{name.upper()}{said}: {message[0].lower()}{message[1:]}."
