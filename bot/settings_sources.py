"""Where settings come from: a TOML file and the environment, as nested tables that remember their names."""

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

PREFIX = "PAINTBOT_"
KNOWN_NAMES = {
    "SLACK_BOT_TOKEN": ("slack", "bot_token"),
    "SLACK_APP_TOKEN": ("slack", "app_token"),
    "SLACK_SIGNING_SECRET": ("slack", "signing_secret"),
    "SLACK_API_URL": ("slack", "api_url"),
    "TELEGRAM_BOT_TOKEN": ("telegram", "token"),
    "TELEGRAM_API_BASE": ("telegram", "api_base"),
}
"""Names other tools use for the same thing; PAINTBOT_… of the same key wins."""

Path_ = tuple[str, ...]


class SettingsError(Exception):
    """The bot cannot start with these settings: one line with the file or variable, the key, and what is wrong."""


class EnvironmentSource(PydanticBaseSettingsSource):
    """An environment handed in. `names` says which variable gave which key. Empty variables count as unset."""

    def __init__(self, settings: type[BaseSettings], environ: Mapping[str, str]) -> None:
        super().__init__(settings)
        self.names: dict[Path_, str] = {}
        self._values: dict[str, Any] = {}
        ours = {name: tuple(name[len(PREFIX) :].lower().split("__")) for name in environ if name.startswith(PREFIX)}
        for name, keys in (*KNOWN_NAMES.items(), *sorted(ours.items())):
            if environ.get(name):
                self._put(name, keys, _parsed(name, environ[name]))

    def _put(self, name: str, keys: Path_, value: Any) -> None:
        table = self._values
        for key in keys[:-1]:
            table = table.setdefault(key, {})
            if not isinstance(table, dict):
                raise SettingsError(f"environment: {name}: another variable already gave a value to {key!r}")
        table[keys[-1]] = value
        self.names[keys] = name

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """The table of this name, or None."""
        return self._values.get(field_name), field_name, False

    def __call__(self) -> dict[str, Any]:
        """All tables the environment gives, unknown ones too: the settings refuse them by name."""
        return self._values


def _parsed(name: str, text: str) -> Any:
    """Lists and tables come as JSON, everything else as it stands."""
    if not text.lstrip().startswith(("[", "{")):
        return text
    try:
        return json.loads(text)
    except ValueError as error:
        raise SettingsError(f"environment: {name}: looks like JSON and is not: {error}") from error


def read_file(path: Path) -> dict[str, Any]:
    """The tables of a TOML file; SettingsError when it is missing, unreadable, or not TOML."""
    try:
        if not path.is_file():
            raise SettingsError(f"{path}: there is no such file")
        return tomllib.loads(path.read_text("utf-8-sig"))  # editors on Windows put a mark before the first line
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: is not TOML: {error}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: is not UTF-8: byte {error.start}") from error
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror}") from error


def merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Nested tables, where what is above wins key by key."""
    result = dict(below)
    for key, value in above.items():
        old = result.get(key)
        result[key] = merged(old, value) if isinstance(old, Mapping) and isinstance(value, Mapping) else value
    return result
