"""config.toml and the environment, read once into frozen Settings; the only reader of either."""

import difflib
import os
from collections.abc import Iterator, Mapping, MutableMapping
from pathlib import Path
from typing import Any, get_args

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import BaseModel, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.settings_sources import PREFIX, EnvironmentSource, SettingsError, merged, read_file
from bot.settings_tables import (
    NEW_KEY,
    AccessTable,
    BotTable,
    DatabaseTable,
    ImagesTable,
    JimengTable,
    PageTable,
    PointsTable,
    SlackTable,
    TelegramTable,
    WebTable,
)

__all__ = ["CONFIG_FILE", "Settings", "SettingsError", "drop_foreign_variables", "load", "load_here"]

CONFIG_FILE = Path("config.toml")
SECRET_FILE = "secret.key"
FOREIGN = ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET")
A_TABLE = "must be a table: its name in brackets on a line of its own, its keys below"
PLAIN = {
    "model_type": A_TABLE,
    "dict_type": A_TABLE,
    "tuple_type": 'must be a list, like ["one", "two"]',
    "string_type": "must be text, in quotes",
    "path_type": "must be text, in quotes",
    "int_type": "must be a whole number, without quotes",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_parsing": "must be a number",
    "bool_type": "must be true or false, without quotes",
    "bool_parsing": "must be true or false",
}
"""Said to a person where pydantic would speak of its own types."""


class Settings(BaseSettings):
    """Everything the bot was told, frozen. Paths are absolute, `bot.secret_key` holds at least one key."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    bot: BotTable = BotTable()
    web: WebTable = WebTable()
    database: DatabaseTable = DatabaseTable()
    images: ImagesTable = ImagesTable()
    slack: SlackTable = SlackTable()
    telegram: TelegramTable = TelegramTable()
    page: PageTable = PageTable()
    jimeng: JimengTable = JimengTable()
    points: PointsTable = PointsTable()
    access: AccessTable = AccessTable()

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], init_settings: PydanticBaseSettingsSource, *_: Any, **__: Any
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what `load` hands in: the process's own environment must not slip past it."""
        return (init_settings,)

    @property
    def database_url(self) -> str:
        """sqlite:///… or postgresql://…, with its password."""
        return self.database.url.get_secret_value() or f"sqlite:///{self.bot.data_dir / 'paintbot.db'}"

    @property
    def images_url(self) -> str:
        """file:///… or s3://…"""
        return self.images.url or (self.bot.data_dir / "images").as_uri()

    @property
    def secret_keys(self) -> tuple[str, ...]:
        """Fernet keys: the first encrypts, all decrypt."""
        return tuple(key.get_secret_value() for key in self.bot.secret_key)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every secret in these settings, for the log to leave out."""
        tables = (getattr(self, name) for name in type(self).model_fields)
        values = (getattr(table, key) for table in tables for key in type(table).model_fields)
        flat = (one for value in values for one in (value if isinstance(value, tuple) else (value,)))
        return tuple(one.get_secret_value() for one in flat if isinstance(one, SecretStr) and one.get_secret_value())

    def derived(self, purpose: str) -> tuple[bytes, ...]:
        """32 bytes for "links", "sessions" or "webhooks" from each secret key: the first signs, all verify."""
        return tuple(
            HKDF(SHA256(), 32, salt=None, info=f"paintbot {purpose}".encode()).derive(key.encode())
            for key in self.secret_keys
        )


def load(path: Path | None, environ: Mapping[str, str]) -> Settings:
    """A TOML file (or None) and an environment -> Settings. Makes `data_dir`, and a secret key in it if need be.

    Raises SettingsError, one line that names the file or variable and the key, before anything else was started.
    """
    environment = EnvironmentSource(Settings, environ)
    found = merged(read_file(path) if path else {}, environment())
    try:
        settings = Settings(**_by_themselves(found))
    except ValidationError as error:
        raise SettingsError(_sentence(error, path, environment)) from error
    where = str(path) if path else "settings"
    problem = next(_problems(settings), None)
    if problem:
        raise SettingsError(f"{where}: {problem}")
    return _with_secret(settings, where)


def load_here(path: Path | None) -> Settings:
    """The same with this process's environment, and this folder's `config.toml` when no path is given."""
    return load(path or (CONFIG_FILE if os.path.lexists(CONFIG_FILE) else None), os.environ)


def drop_foreign_variables(environ: MutableMapping[str, str] | None = None) -> None:
    """Forget variables that libraries read behind our back: AWS_* (obstore), SLACK_CLIENT_* (Bolt turns OAuth on)."""
    variables = os.environ if environ is None else environ
    for name in [name for name in variables if name.startswith("AWS_") or name in FOREIGN]:
        del variables[name]


def _by_themselves(found: dict[str, Any]) -> dict[str, Any]:
    """Without Slack and Telegram, the page and the simulator are on unless told otherwise; with one of them, off."""
    alone = not (_given(found, "slack", "bot_token") or _given(found, "telegram", "token"))
    return merged({"page": {"enabled": alone}, "jimeng": {"simulator": alone}}, found)


def _given(found: Mapping[str, Any], table: str, key: str) -> bool:
    values = found.get(table)
    return isinstance(values, Mapping) and bool(values.get(key))


def _sentence(error: ValidationError, path: Path | None, environment: EnvironmentSource) -> str:
    problems = error.errors(include_url=False, include_input=False)
    first = problems[0]
    keys = tuple(str(part) for part in first["loc"])
    variable = next((name for given, name in environment.names.items() if given[: len(keys)] == keys), None)
    variable = variable or next(
        (name for given, name in environment.names.items() if keys[: len(given)] == given), None
    )
    where = f"environment: {variable}" if variable else f"{path or 'settings'}: {'.'.join(_named(keys))}"
    others = len({_named(tuple(str(part) for part in problem["loc"])) for problem in problems}) - 1
    more = f" (and {others} more)" if others else ""
    return " ".join(f"{where}: {_reason(first, keys, variable=variable is not None)}{more}".split())


def _named(keys: tuple[str, ...]) -> tuple[str, ...]:
    """A key as written in the file: without the branch of a union that pydantic adds at the end."""
    return tuple(key for key in keys if not key.startswith(("literal[", "function-")))


def _reason(problem: Mapping[str, Any], keys: tuple[str, ...], *, variable: bool) -> str:
    if problem["type"] == "extra_forbidden":
        return _unknown(keys, variable=variable)
    return PLAIN.get(problem["type"]) or str(problem["msg"]).removeprefix("Value error, ")


def _unknown(keys: tuple[str, ...], *, variable: bool) -> str:
    """What an unknown key may have meant: one of this name in another table, or one that is written nearly so beside it."""
    tables = [] if len(keys) > 1 else [name for name in Settings.model_fields if keys[0] in _names_beside((name, ""))]
    if tables and variable:
        return f"unknown; did you mean {PREFIX}{tables[0].upper()}__{keys[0].upper()}?"
    if tables:
        return f"unknown; did you mean {keys[0]!r} under [{tables[0]}]?"
    near = difflib.get_close_matches(keys[-1], _names_beside(keys), n=1, cutoff=0.5)
    return f"unknown; did you mean {near[0]!r}?" if near else "unknown"


def _names_beside(keys: tuple[str, ...]) -> list[str]:
    model: type[BaseModel] = Settings
    for key in keys[:-1]:
        field = model.model_fields.get(key)
        kinds = [] if field is None else [field.annotation, *get_args(field.annotation)]
        inner = next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), None)
        if inner is None:
            return []
        model = inner
    return list(model.model_fields)


def _problems(settings: Settings) -> Iterator[str]:
    """What no single key can know: keys that need another one."""
    slack, telegram, web, images, page = settings.slack, settings.telegram, settings.web, settings.images, settings.page
    yield from _slack_problems(slack)
    if telegram.on and telegram.mode == "webhook" and not web.public_url.startswith("https://"):
        yield 'web.public_url: missing or not https (telegram.mode is "webhook")'
    keys = images.access_key_id.get_secret_value() and images.secret_access_key.get_secret_value()
    if images.url.startswith("s3://") and not (images.region and keys):
        yield "images.region, images.access_key_id and images.secret_access_key: all needed for a bucket"
    if page.enabled and not web.loopback:
        yield from _open_page_problems(page.token.get_secret_value(), elsewhere=slack.on or telegram.on)
    if web.finish_webhook and not web.finish_webhook.startswith("https://"):
        yield "web.finish_webhook: not https; what has ended is nobody else's business"
    if web.finish_webhook and len(web.finish_secret.get_secret_value()) < 16:
        yield "web.finish_secret: missing or under 16 characters; the receiver knows us by it"
    if not (slack.on or telegram.on or page.enabled):
        yield "page.enabled: off, and neither slack.bot_token nor telegram.token is there; nobody could talk to the bot"
    if settings.database.postgres and not settings.bot.secret_key:
        yield f"bot.secret_key: missing; with PostgreSQL all replicas must share one. Make it with: {NEW_KEY}"


def _slack_problems(slack: SlackTable) -> Iterator[str]:
    if not slack.on and slack.app_token.get_secret_value():
        yield "slack.bot_token: missing, though slack.app_token is there"
    if slack.on and slack.mode == "socket" and not slack.app_token.get_secret_value():
        yield 'slack.app_token: missing (slack.mode is "socket")'
    if slack.on and slack.mode == "http" and not slack.signing_secret.get_secret_value():
        yield 'slack.signing_secret: missing (slack.mode is "http")'


def _open_page_problems(token: str, *, elsewhere: bool) -> Iterator[str]:
    """Of a page others can reach; `elsewhere` a platform hands out one-time links."""
    if not (token or elsewhere):
        yield "page.token: missing; others can reach this page, and without a token nobody could log in"
    if 0 < len(token) < 8:
        yield "page.token: under 8 characters; it opens the page as an admin, and others could guess it"


def _with_secret(settings: Settings, where: str) -> Settings:
    """The same settings with an absolute `data_dir` that exists and with a secret key, made on the first start."""
    folder = settings.bot.data_dir.expanduser().absolute()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # prompts and the secret key are nobody else's
        keys = settings.bot.secret_key or (SecretStr(_kept_key(folder / SECRET_FILE)),)
    except FileExistsError as error:
        raise SettingsError(f"{where}: bot.data_dir: {folder} is a file, not a folder") from error
    except OSError as error:
        raise SettingsError(
            f"{where}: bot.data_dir: cannot use {error.filename or folder}: {error.strerror}"
        ) from error
    return settings.model_copy(update={"bot": settings.bot.model_copy(update={"data_dir": folder, "secret_key": keys})})


def _kept_key(path: Path) -> str:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        key = path.read_text("utf-8", "replace").strip()
        try:
            Fernet(key)
        except ValueError as error:
            raise SettingsError(
                f"{path}: holds no Fernet key; put the old one back, or delete it to start anew"
            ) from error
        return key
    key = Fernet.generate_key().decode()
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(key + "\n")
    except OSError:
        path.unlink(missing_ok=True)  # a full disk must not leave half a key for the next start to stumble over
        raise
    return key
