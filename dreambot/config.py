"""The operator's settings: environment `DREAMBOT_*`, a `.env` file, a `dreambot.toml`, in that order.

`Settings(…)` looks at nothing but its arguments; `load_settings()` reads the operator's.
"""

import difflib
import ipaddress
import os
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal
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
)
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from dreambot.errors import UserError

PREFIX = "DREAMBOT_"
# These belong to the test suite, which the operator's bot never reads.
_TEST_PREFIX = f"{PREFIX}TEST_"
_DEVICES = re.compile(r"auto|cpu|mps|cuda(:\d+)?(,cuda:\d+)*")


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
    shards: Annotated[int | None, Optional] = Field(
        default=None, ge=1, le=4096, description="How many shards to open; empty lets Discord recommend."
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
        description="A PostgreSQL database, as SQLAlchemy names it; empty is SQLite in the data folder.",
    )
    device: str = Field(
        default="auto", description="What to dream on: auto, cpu, mps, cuda:0, or several as cuda:0,cuda:1."
    )
    precision: Literal["auto", "fp32", "bf16"] = Field(
        default="auto",
        description="How exactly to reckon: fp32, bf16, or auto, which measures what is faster.",
    )
    max_pixels: int = Field(
        default=786_432,
        ge=65_536,
        le=67_108_864,
        description="Larger pictures are dreamed at this many pixels.",
    )
    queue_size: int = Field(default=50, ge=1, le=10_000, description="How many dreams may wait.")
    time_budget: float = Field(
        default=600,
        ge=1,
        le=86_400,
        description="Seconds after which a dream that is still going is stopped.",
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
        description="Where /healthz answers, for health checks; empty is nowhere.",
    )
    http_host: str = Field(
        default="127.0.0.1", description="The address /healthz listens on; 0.0.0.0 lets other machines ask."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="How much is logged: DEBUG, INFO, WARNING or ERROR."
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

    @field_validator("discord_api")
    @classmethod
    def _is_a_safe_api(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.username:
            raise ValueError("expected an address such as https://discord.com/api/v10")
        if parts.scheme == "http" and not is_loopback(parts.hostname):
            raise ValueError("the token would travel in the open: use https, or an address of this machine")
        return value.rstrip("/")

    @property
    def local(self) -> bool:
        """Whether the API is a stand-in on this machine."""
        return is_loopback(urlsplit(self.discord_api).hostname or "")

    @property
    def database(self) -> str:
        """The database's URL."""
        if self.database_url:
            return self.database_url.get_secret_value()
        return f"sqlite+aiosqlite:///{self.data_dir / 'dreambot.db'}"


def is_loopback(host: str) -> bool:
    """Whether a host name or address means this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class _Operators(BaseSettings, Settings):
    """The same settings, read from where an operator writes them."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file_encoding="utf-8", extra="ignore")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        # `init_settings` is what stood in dreambot.toml: the environment goes before it.
        return env_settings, dotenv_settings, init_settings


def load_settings(folder: Path | None = None) -> Settings:
    """The operator's settings, with `.env` and `dreambot.toml` from `folder` (default: the current one).

    Raises ConfigError listing every mistake, unknown keys among them.
    """
    folder = folder or Path()
    env_file = folder / ".env"

    class Here(_Operators):
        model_config = SettingsConfigDict(env_file=env_file)

    toml, mistakes = _toml(folder / "dreambot.toml")
    mistakes += _unknown(os.environ, "the environment")
    mistakes += _unknown(dotenv_values(env_file), str(env_file))
    try:
        values = Here(**toml).model_dump()
    except ValidationError as error:
        mistakes += _in_words(error)
    if mistakes:
        raise ConfigError("\n".join(["The settings need mending:", *(f"  {line}" for line in mistakes)]))
    return Settings(**values)


def _toml(path: Path) -> tuple[dict[str, Any], list[str]]:
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}, []
    except (OSError, ValueError) as error:
        return {}, [f"{path} cannot be read: {error}."]
    known = {key: value for key, value in table.items() if key in Settings.model_fields}
    strange = (key for key in table if key not in known)
    return known, [_no_setting(key, str(path), list(Settings.model_fields)) for key in strange]


def _unknown(values: Iterable[str], where: str) -> list[str]:
    known = [f"{PREFIX}{name.upper()}" for name in Settings.model_fields]
    ours = (
        key for key in values if key.upper().startswith(PREFIX) and not key.upper().startswith(_TEST_PREFIX)
    )
    return [_no_setting(key, where, known) for key in ours if key.upper() not in known]


def _no_setting(key: str, where: str, known: list[str]) -> str:
    near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
    return f"{key} in {where} is no setting" + (f"; did you mean {near[0]}?" if near else ".")


_EXPECTED = {
    "int_parsing": "expected a whole number",
    "float_parsing": "expected a number",
    "bool_parsing": "expected true or false",
}


def _in_words(error: ValidationError) -> Iterator[str]:
    for problem in error.errors(include_url=False):
        name = str(problem["loc"][0])
        secret = name in {"token", "database_url"}
        said = "" if secret else f" is “{str(problem['input'])[:80]}”"
        message = _EXPECTED.get(problem["type"], problem["msg"].removeprefix("Value error, "))
        yield f"{PREFIX}{name.upper()}{said}: {message[0].lower()}{message[1:]}."
