"""Reading the operator's settings from where they are written: environment, `.env`, `dreambot.toml`."""

import difflib
import os
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from dotenv import dotenv_values
from pydantic import ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from dreambot.config import PREFIX, ConfigError, Settings

# These belong to the test suite, which the operator's bot never reads.
_TEST_PREFIX = f"{PREFIX}TEST_"


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
        if not problem["loc"]:
            yield problem["msg"].removeprefix("Value error, ") + "."
            continue
        name = str(problem["loc"][0])
        secret = name in {"token", "database_url"}
        said = "" if secret else f" is “{str(problem['input'])[:80]}”"
        message = _EXPECTED.get(problem["type"], problem["msg"].removeprefix("Value error, "))
        yield f"{PREFIX}{name.upper()}{said}: {message[0].lower()}{message[1:]}."
