"""The command line: parses, reads the settings, and calls what does the work."""

import asyncio
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.settings import Settings, SettingsError, drop_foreign_variables, load_here
from core.errors import PaintbotError, Refusal
from core.requests import Account, Line
from core.texts import say

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Paintbot: draw with Jimeng from the chat you work in.",
)
admins = typer.Typer(no_args_is_help=True, help="Who may change how the team paints.")
links = typer.Typer(no_args_is_help=True, help="Log into the page, invite people, join two accounts.")
app.add_typer(admins, name="admins")
app.add_typer(links, name="link")

Config = Annotated[
    Path | None, typer.Option("--config", metavar="FILE", help="Settings; config.toml of this folder when not given.")
]


def _account(text: str) -> str:
    try:
        return str(Account.parse(text))
    except ValueError as error:
        raise typer.BadParameter("write slack:TEAM/USER, slack:USER, telegram:ID or page:NAME") from error


AccountArgument = Annotated[
    str, typer.Argument(metavar="ACCOUNT", parser=_account, help="slack:TEAM/USER, telegram:ID")
]


def main() -> None:
    """The `paintbot` command."""
    app(prog_name="paintbot")


def _settings(config: Path | None) -> Settings:
    """Read once; wrong settings are one line and exit code 2, before anything was started."""
    try:
        settings = load_here(config)
    except SettingsError as error:
        _stop(str(error), 2)
    drop_foreign_variables()
    return settings


def _stop(reason: str, code: int) -> "typer.Exit":
    typer.echo(f"paintbot: {reason}", err=True)
    raise typer.Exit(code)


def _do(settings: Settings, work: Coroutine[Any, Any, Sequence[Line]]) -> None:
    """Run one command's work and say what it did; a refusal is one line and exit code 1."""
    try:
        for line in asyncio.run(work):
            typer.echo(say(line, settings.bot.language))
    except Refusal as refusal:
        _stop(say(Line(refusal.key, refusal.values), settings.bot.language), 1)
    except PaintbotError as error:
        _stop(str(error), 1)


@app.command()
def migrate(config: Config = None) -> None:
    """Bring the database to the newest schema (run does it by itself)."""
    from bot import operate

    settings = _settings(config)
    _do(settings, operate.migrate(settings))


@admins.command("add")
def admins_add(account: AccountArgument, config: Config = None) -> None:
    """Make someone an admin; /help shows people their account."""
    from bot import operate

    settings = _settings(config)
    _do(settings, operate.admins_add(settings, account))


@admins.command("list")
def admins_list(config: Config = None) -> None:
    """Show all admins."""
    from bot import operate

    settings = _settings(config)
    _do(settings, operate.admins_list(settings))


@admins.command("remove")
def admins_remove(account: AccountArgument, config: Config = None) -> None:
    """Make an admin an ordinary member again."""
    from bot import operate

    settings = _settings(config)
    _do(settings, operate.admins_remove(settings, account))


@app.command(context_settings={"ignore_unknown_options": True})
def grant(
    account: AccountArgument,
    points: Annotated[int, typer.Argument(help="A negative number takes them away.")],
    reason: Annotated[str, typer.Argument(help="Stands in the ledger.")],
    config: Config = None,
) -> None:
    """Give a member points."""
    from bot import operate

    settings = _settings(config)
    _do(settings, operate.grant(settings, account, points, reason))


@links.command("login")
def link_login(
    account: AccountArgument,
    minutes: Annotated[int, typer.Option(min=1, max=1440)] = 10,
    config: Config = None,
) -> None:
    """Print a one-time address that opens the page as this account."""
    from bot import operate

    settings = _settings(config)
    _do(settings, operate.link_login(settings, account, minutes))


@links.command("invite")
def link_invite(
    uses: Annotated[int, typer.Option(min=1, max=1000)] = 1,
    days: Annotated[int, typer.Option(min=1, max=365)] = 7,
    config: Config = None,
) -> None:
    """Print an invitation for people on Telegram."""
    from bot import operate

    settings = _settings(config)
    _do(settings, operate.link_invite(settings, uses, days))


@links.command("join")
def link_join(
    account: AccountArgument,
    owner: Annotated[str, typer.Argument(metavar="OWNER", parser=_account, help="Whose points both use.")],
    config: Config = None,
) -> None:
    """Let one person's two accounts share one wallet."""
    from bot import operate

    settings = _settings(config)
    _do(settings, operate.link_join(settings, account, owner))
