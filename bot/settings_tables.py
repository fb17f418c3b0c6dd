"""The tables of config.toml as frozen models: every key, its default, and what it may hold."""

import platform
import re
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from cryptography.fernet import Fernet
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, field_validator

from core.jimeng.models import table
from core.requests import Account

PLATFORMS = ("slack", "telegram", "page")
DATABASES = ("sqlite", "postgresql", "postgres", "postgresql+asyncpg", "sqlite+aiosqlite")
TELEGRAM_TOKEN = re.compile(r"\d+:\S+")
NEW_KEY = 'python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'


class Table(BaseModel):
    """What all tables share: nothing changes after start, nothing unknown gets in, nothing secret is printed."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is no time zone; write one like Asia/Shanghai") from error
    return name


def account_name(text: str) -> str:
    """An account as the rest of the bot writes it; ValueError for one that nobody could ever have."""
    try:
        account = Account.parse(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is no account; write slack:TEAM/USER, slack:USER or telegram:ID") from error
    if account.platform not in PLATFORMS:
        raise ValueError(f"{text!r} is no account; {account.platform!r} is none of {', '.join(PLATFORMS)}")
    if account.platform == "telegram" and not account.id.isdecimal():
        raise ValueError(f"{text!r} is no account; on Telegram it is a number, which /help shows")
    return str(account)


def _address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{url!r} is no address; write one like https://paint.example.com")
    return url.rstrip("/")


def _has_port(scheme: str, server: str) -> bool:
    """Whether the port in `user:password@host:port/name`, where it has one, is a number; the password may hold any sign but @."""
    try:
        return scheme.startswith("sqlite") or urlsplit(f"//{server.partition('@')[2] or server}").port != 0
    except ValueError:
        return False


def _listed(value: Any) -> Any:
    """`a, b` of an environment variable, or one value alone, as a list."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return value


def _counted(value: Any) -> Any:
    """A switch is no number, though Python counts true as 1."""
    if isinstance(value, bool):
        raise ValueError("must be a number, not true or false")
    return value


Zone = Annotated[str, AfterValidator(_zone)]
AccountName = Annotated[str, AfterValidator(account_name)]
Address = Annotated[str, AfterValidator(_address)]
Count = BeforeValidator(_counted)
Points = Annotated[int, Field(ge=0, le=1_000_000_000), Count]
Port = Annotated[int, Field(ge=0, le=65535), Count]


class BotTable(Table):
    """`secret_key`: Fernet keys; the first encrypts and signs, the others still read. `load` makes one if need be."""

    language: Literal["zh", "en"] = "zh"
    timezone: Zone = "Asia/Shanghai"
    admins: Annotated[tuple[AccountName, ...], BeforeValidator(_listed)] = ()
    data_dir: Path = Path("data")
    secret_key: Annotated[tuple[SecretStr, ...], BeforeValidator(_listed)] = ()

    @field_validator("secret_key")
    @classmethod
    def _fernet(cls, keys: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        for key in keys:
            try:
                Fernet(key.get_secret_value())
            except ValueError as error:
                raise ValueError(f"is no Fernet key; make one with: {NEW_KEY}") from error
        return keys


class WebTable(Table):
    """Where the one web server listens, and under which address the world reaches it ("" = it does not).

    `finish_webhook` is a team's own address that hears of every painting that has ended ("" = none does).
    """

    host: str = "127.0.0.1"
    port: Port = 8080
    public_url: Address | Literal[""] = ""
    finish_webhook: Address | Literal[""] = ""
    finish_secret: SecretStr = SecretStr("")

    @property
    def address(self) -> str:
        """Where people open the page: `public_url`, or this machine by its name where all its addresses are listened on."""
        host = platform.node() if self.host in ("", "0.0.0.0", "::") else self.host
        return self.public_url or f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        return self.host in ("127.0.0.1", "::1", "localhost") and not self.public_url


class DatabaseTable(Table):
    """`url`: sqlite:///file or postgresql://user:password@host/name; a file in `data_dir` when empty."""

    url: SecretStr = SecretStr("")

    @field_validator("url")
    @classmethod
    def _known(cls, url: SecretStr) -> SecretStr:
        text = url.get_secret_value()
        scheme, mark, rest = text.partition("://")
        if text and not (mark and scheme in DATABASES and rest.strip("/") and _has_port(scheme, rest)):
            raise ValueError("is no database; write sqlite:///file or postgresql://user:password@host/name")
        return SecretStr(text.replace("postgres://", "postgresql://", 1))

    @property
    def postgres(self) -> bool:
        """Whether this is PostgreSQL."""
        return self.url.get_secret_value().startswith("postgresql")


class ImagesTable(Table):
    """`url`: file:///folder or s3://bucket/prefix; empty: a folder in `data_dir`. `label`: the AI label on pictures.

    `endpoint` empty is AWS. `public`: Jimeng can reach the bucket. `virtual_hosted`: its name goes into the host name.
    """

    url: str = ""
    label: bool = True
    endpoint: Address | Literal[""] = ""
    region: str = ""
    access_key_id: SecretStr = SecretStr("")
    secret_access_key: SecretStr = SecretStr("")
    virtual_hosted: bool = False
    public: bool = True

    @field_validator("url")
    @classmethod
    def _store(cls, url: str) -> str:
        scheme, mark, rest = url.partition("://")
        if url and not (mark and ((scheme == "s3" and rest) or (scheme == "file" and rest.startswith("/")))):
            raise ValueError(f"{url!r} is no store; write file:///folder or s3://bucket/prefix")
        return url


class SlackTable(Table):
    """Slack is on when there is a `bot_token`. Mode "socket" needs `app_token`, mode "http" needs `signing_secret`."""

    bot_token: SecretStr = SecretStr("")
    app_token: SecretStr = SecretStr("")
    signing_secret: SecretStr = SecretStr("")
    api_url: Address = "https://slack.com/api"
    mode: Literal["socket", "http"] = "socket"

    @property
    def on(self) -> bool:
        """Whether Slack is configured."""
        return bool(self.bot_token.get_secret_value())


class TelegramTable(Table):
    """Telegram is on when there is a `token`. Mode "webhook" needs `web.public_url`."""

    token: SecretStr = SecretStr("")
    api_base: Address = "https://api.telegram.org"
    mode: Literal["polling", "webhook"] = "polling"

    @field_validator("token")
    @classmethod
    def _shape(cls, token: SecretStr) -> SecretStr:
        if token.get_secret_value() and not TELEGRAM_TOKEN.fullmatch(token.get_secret_value()):
            raise ValueError("is no bot token; BotFather gives one like 123456789:AA…")
        return token

    @property
    def on(self) -> bool:
        """Whether Telegram is configured."""
        return bool(self.token.get_secret_value())


class PageTable(Table):
    """The chat in the browser. `enabled` by itself when no other platform is; `token` lets in who is elsewhere."""

    enabled: bool = True
    token: SecretStr = SecretStr("")


class JimengTable(Table):
    """`simulator` is on by itself when neither Slack nor Telegram is; poll times are in seconds.

    `models` changes rows of the capability table, or adds some.
    """

    simulator: bool = True
    simulator_port: Port = 8089
    poll_first: Annotated[float, Field(gt=0, le=60), Count] = 1.0
    poll_longest: Annotated[float, Field(gt=0, le=600), Count] = 3.0
    models: dict[str, dict[str, Any]] = {}

    @field_validator("models")
    @classmethod
    def _rows(cls, models: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
        table(models)
        return models


class PointsTable(Table):
    """Seeds of the first start, then the database rules: prices of a picture, grants (allowance: a month, 0 none)."""

    welcome: Points = 1000
    sd: Points = 100
    hd: Points = 100
    final: Points | None = None
    confirm_above: Points = 400
    allowance: Points = 0


class AccessTable(Table):
    """Whether strangers on Telegram and Slack Connect guests may paint before an admin approves them."""

    open_to_strangers: bool = False
