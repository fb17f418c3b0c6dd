"""What all commands share: the settings they read, the accounts they take, and how they say what they did."""

import asyncio
import signal
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from pydantic import SecretStr, ValidationError

from bot.settings import Settings, SettingsError, drop_foreign_variables, load_here
from bot.settings_tables import DatabaseTable, account_name
from core.errors import PaintbotError, Refusal
from core.requests import Line
from core.texts import say

Config = Annotated[
    Path | None,
    typer.Option(
        "--config", metavar="FILE", readable=False, help="Settings; config.toml of this folder when not given."
    ),
]


def parse_account(text: str) -> str:
    """An account as the rest of the bot writes it; a usage error otherwise."""
    try:
        return account_name(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


def parse_database(text: str) -> str:
    """The address of a database that is there, as `database.url` takes it; a usage error otherwise."""
    try:
        url = DatabaseTable(url=SecretStr(text)).url.get_secret_value()
    except ValidationError as error:
        raise typer.BadParameter(error.errors()[0]["msg"].removeprefix("Value error, ")) from error
    if url.startswith("sqlite") and not Path(url.partition(":///")[2]).is_file():
        raise typer.BadParameter(f"there is no file {url.partition(':///')[2]}")
    return url


AccountArgument = Annotated[
    str, typer.Argument(metavar="ACCOUNT", parser=parse_account, help="slack:TEAM/USER, telegram:ID")
]


def read_settings(config: Path | None) -> Settings:
    """Read once; wrong settings are one line and exit code 2, before anything was started."""
    try:
        settings = load_here(config)
    except SettingsError as error:
        stop(str(error), 2)
    drop_foreign_variables()
    return settings


def stop(reason: str, code: int) -> NoReturn:
    """Say why on standard error and leave."""
    typer.echo(f"paintbot: {reason}", err=True)
    raise typer.Exit(code)


def do(settings: Settings, work: Coroutine[Any, Any, Sequence[Line]]) -> Sequence[Line]:
    """Run one command's work and say what it did, which is given back; a refusal is one line and exit code 1."""
    try:
        said = asyncio.run(_stoppable(work))
    except Refusal as refusal:
        stop(say(Line(refusal.key, refusal.values), settings.bot.language), 1)
    except PaintbotError as error:
        stop(str(error), 1)
    except asyncio.CancelledError:
        stop("stopped", 128 + signal.SIGTERM)
    for line in said:
        typer.echo(say(line, settings.bot.language))
    return said


async def _stoppable(work: Coroutine[Any, Any, Sequence[Line]]) -> Sequence[Line]:
    """SIGTERM ends a command as Ctrl-C does: what it opened is closed, what it started is stopped (`run` ends in an order of its own)."""
    task = asyncio.current_task()
    if task is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await work
