"""The commands about the team: keys, admins, points, and links."""

import sys
from typing import Annotated

import typer

from bot.cli_base import AccountArgument, Config, do, parse_account, read_settings

keys = typer.Typer(no_args_is_help=True, help="Credentials of Jimeng, in pools.")
admins = typer.Typer(no_args_is_help=True, help="Who may change how the team paints.")
links = typer.Typer(no_args_is_help=True, help="Log into the page, invite people, join two accounts.")


@admins.command("add")
def admins_add(account: AccountArgument, config: Config = None) -> None:
    """Make someone an admin; /help shows people their account."""
    settings = read_settings(config)
    from bot import operate

    do(settings, operate.admins_add(settings, account))


@admins.command("list")
def admins_list(config: Config = None) -> None:
    """Show all admins."""
    settings = read_settings(config)
    from bot import operate

    do(settings, operate.admins_list(settings))


@admins.command("remove")
def admins_remove(account: AccountArgument, config: Config = None) -> None:
    """Make an admin an ordinary member again."""
    settings = read_settings(config)
    from bot import operate

    do(settings, operate.admins_remove(settings, account))


def grant(
    account: AccountArgument,
    points: Annotated[int, typer.Argument(help="A negative number takes them away.")],
    reason: Annotated[str, typer.Argument(help="Stands in the ledger.")],
    config: Config = None,
) -> None:
    """Give a member points."""
    settings = read_settings(config)
    from bot import operate

    do(settings, operate.grant(settings, account, points, reason))


@links.command("login")
def link_login(
    account: AccountArgument,
    minutes: Annotated[int, typer.Option(min=1, max=1440)] = 10,
    config: Config = None,
) -> None:
    """Print a one-time address that opens the page as this account."""
    settings = read_settings(config)
    from bot import operate

    do(settings, operate.link_login(settings, account, minutes))


@links.command("invite")
def link_invite(
    uses: Annotated[int, typer.Option(min=1, max=1000)] = 1,
    days: Annotated[int, typer.Option(min=1, max=365)] = 7,
    config: Config = None,
) -> None:
    """Print an invitation for people on Telegram."""
    settings = read_settings(config)
    from bot import operate

    do(settings, operate.link_invite(settings, uses, days))


@links.command("join")
def link_join(
    account: AccountArgument,
    owner: Annotated[str, typer.Argument(metavar="OWNER", parser=parse_account, help="Whose points both use.")],
    config: Config = None,
) -> None:
    """Let one person's two accounts share one wallet."""
    settings = read_settings(config)
    from bot import operate

    do(settings, operate.link_join(settings, account, owner))


@keys.command("add")
def keys_add(
    alias: Annotated[str, typer.Argument(metavar="ALIAS", help="How people will call it.")],
    access_key_id: Annotated[str, typer.Option("--access-key-id", help="Its AccessKeyID.")],
    secret_access_key_stdin: Annotated[
        bool,
        typer.Option("--secret-access-key-stdin", help="Read the secret from standard input; else it is asked for."),
    ] = False,
    pool: Annotated[str, typer.Option()] = "default",
    limit: Annotated[int, typer.Option(min=1, max=100, help="Tasks in flight for each capability.")] = 1,
    qps: Annotated[float, typer.Option(min=0.01, max=100, help="Submits a second.")] = 1.0,
    api_url: Annotated[str, typer.Option(help="The door of Jimeng.")] = "https://visual.volcengineapi.com",
    region: Annotated[str, typer.Option()] = "cn-north-1",
    config: Config = None,
) -> None:
    """Add a credential; its secret never stands on the command line."""
    settings = read_settings(config)
    from bot import keys as ring
    from core.keypools import NewCredential

    new = NewCredential(
        alias=alias,
        access_key_id=access_key_id,
        secret_access_key=_secret(secret_access_key_stdin),
        api_url=api_url,
        pool=pool,
        region=region,
        at_once=limit,
        per_second=qps,
    )
    do(settings, ring.add(settings, new))


def _secret(from_stdin: bool) -> str:
    if from_stdin or not sys.stdin.isatty():  # nobody is there to be asked
        return sys.stdin.readline().strip()
    return str(typer.prompt("SecretAccessKey", hide_input=True)).strip()


@keys.command("list")
def keys_list(config: Config = None) -> None:
    """Show all credentials and how they are."""
    settings = read_settings(config)
    from bot import keys as ring

    do(settings, ring.listed(settings))


@keys.command("test")
def keys_test(alias: Annotated[str, typer.Argument(metavar="ALIAS")], config: Config = None) -> None:
    """Try a credential with calls that cost nothing; exit code 1 when one does not work."""
    settings = read_settings(config)
    from bot import keys as ring

    if any(line.key != "keys.test_works" for line in do(settings, ring.test(settings, alias))):
        raise typer.Exit(1)


@keys.command("disable")
def keys_disable(alias: Annotated[str, typer.Argument(metavar="ALIAS")], config: Config = None) -> None:
    """Switch a credential off."""
    settings = read_settings(config)
    from bot import keys as ring

    do(settings, ring.switch(settings, alias, False))


@keys.command("enable")
def keys_enable(alias: Annotated[str, typer.Argument(metavar="ALIAS")], config: Config = None) -> None:
    """Switch a credential on, and forget its troubles."""
    settings = read_settings(config)
    from bot import keys as ring

    do(settings, ring.switch(settings, alias, True))
