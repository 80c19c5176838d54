"""How a server is set up: command line > WENZHENG_… environment > one TOML file > default."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from indexer.errors import SettingsError
from search_api.questions import LONGEST_QUESTION

PREFIX = "WENZHENG_"
CONFIG_VARIABLE = "WENZHENG_CONFIG"


class Settings(BaseSettings):
    """Everything a server can be told. Every field is also `WENZHENG_<FIELD>` and a key of the file."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, extra="forbid", frozen=True)

    index: Path = Field(Path(".index"), description="folder of the index to serve")
    encoder: str | None = Field(None, description="name or folder of the encoder; the shipped one if not set")
    glossary: Path | None = Field(None, description="a glossary of your own, beside the shipped one")
    host: str = Field("127.0.0.1", min_length=1, description="address to listen at")
    port: int = Field(8000, ge=0, le=65_535, description="port to listen at; 0 takes a free one")
    api_key: SecretStr | None = Field(None, min_length=8, description="asked for on /v1 and /metrics, if set")
    cors_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="web origins whose pages may call this server, separated by commas"
    )
    question_length: int = Field(
        LONGEST_QUESTION, ge=1, le=LONGEST_QUESTION, description="longest question, in characters"
    )
    body_bytes: int = Field(1_048_576, ge=1_024, le=67_108_864, description="largest request, in bytes")
    check_seconds: float = Field(0.5, gt=0, le=60, description="how often to look for a new generation")
    log_questions: bool = Field(False, description="write every question to the log")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="what to log")

    @field_validator("cors_origins", mode="before")
    @classmethod
    def _split_at_commas(cls, value: object) -> object:
        """Accept `a, b` from the environment, where a list cannot be written."""
        if not isinstance(value, str):
            return value
        return tuple(part.strip() for part in value.split(",") if part.strip())

    @field_validator("cors_origins")
    @classmethod
    def _only_origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for origin in value:
            scheme, _, rest = origin.partition("://")
            if origin != "*" and (scheme not in ("http", "https") or not rest or "/" in rest):
                raise ValueError("an origin is a scheme and a host without a path: https://www.example.org")
        return value


def load_settings(config: Path | None = None, **command_line: Any) -> Settings:
    """Return the settings in force; a command-line value of None counts as not given.

    `config` is the TOML file, else the one that WENZHENG_CONFIG names, else none is read.
    Raises SettingsError naming key, value and expectation.
    """
    chosen = config or os.environ.get(CONFIG_VARIABLE)
    path = Path(chosen) if chosen else None
    in_file = _read_file(path) if path else {}
    typed = {key: value for key, value in command_line.items() if value is not None}
    below_environment = {key: value for key, value in in_file.items() if not _in_environment(key)}
    try:
        return Settings(**{**below_environment, **typed})
    except ValidationError as error:
        told = [_told(one, typed, below_environment, path) for one in error.errors(include_url=False)]
        raise SettingsError("\n".join(told)) from None


def _in_environment(key: str) -> bool:
    return any(value for name, value in os.environ.items() if name.upper() == f"{PREFIX}{key}".upper())


def _read_file(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            found = tomllib.load(file)
    except OSError as error:
        raise SettingsError(
            f"The settings file {path} cannot be read: {error.strerror}. Expected a TOML file. Give the path "
            f"of one with --config or {CONFIG_VARIABLE}, or leave both out."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"The settings file {path} is not TOML: {error}. Correct it there.") from error
    unknown = [key for key in found if key not in Settings.model_fields]
    if unknown:
        raise SettingsError(_unknown_key(unknown[0], path))
    return found


def _unknown_key(key: str, path: Path) -> str:
    near = difflib.get_close_matches(key, Settings.model_fields, n=1)
    meant = f"Did you mean {near[0]!r}? " if near else ""
    return (
        f"The settings file {path} has a key {key!r} that no setting has. {meant}"
        f"Expected one of: {', '.join(Settings.model_fields)}."
    )


def _told(
    error: ErrorDetails, typed: Mapping[str, Any], in_file: Mapping[str, Any], path: Path | None
) -> str:
    """Put one validation error as: where it was set, the value, what was expected."""
    key = str(error["loc"][0]) if error["loc"] else "?"
    value = "(not shown)" if key == "api_key" else repr(error["input"])
    if key in typed:
        where = f"--{key.replace('_', '-')}"
    elif key in in_file:
        where = f"{key} in {path}"
    else:
        where = f"{PREFIX}{key.upper()}"
    known = Settings.model_fields.get(key)
    purpose = f" ({known.description})" if known else ""
    return f"The setting {where}{purpose} is {value}. Expected: {_expected(error)}."


def _expected(error: ErrorDetails) -> str:
    """Return pydantic's message without its lead, so that it reads as an expectation."""
    message = error["msg"].removeprefix("Value error, ")
    return message.removeprefix("Input should be ").rstrip(".")
