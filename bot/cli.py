"""The command line of the process itself: run, simulate, doctor, migrate; the rest stands in `cli_team`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot import cli_team
from bot.cli_base import Config, do, parse_database, read_settings, stop
from core.requests import Line
from core.texts import say

MARKS = {"alert": "✗", "fact": "·"}
"""Before what the doctor found: wrong, worth knowing; everything else is well."""

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Paintbot: draw with Jimeng from the chat you work in.",
)
app.add_typer(cli_team.keys, name="keys")
app.add_typer(cli_team.admins, name="admins")
app.command(context_settings={"ignore_unknown_options": True})(cli_team.grant)
app.add_typer(cli_team.links, name="link")


class ExportForm(StrEnum):
    """What an export looks like."""

    CSV = "csv"
    JSON = "json"


class LogForm(StrEnum):
    """How log lines look."""

    AUTO = "auto"
    JSON = "json"
    CONSOLE = "console"


class LogLevel(StrEnum):
    """From where on lines are written."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"


def main() -> None:
    """The `paintbot` command."""
    app(prog_name="paintbot")


@app.command()
def run(
    config: Config = None,
    log: Annotated[LogForm, typer.Option(help="auto: for people on a terminal, JSON elsewhere.")] = LogForm.AUTO,
    log_level: Annotated[LogLevel, typer.Option(case_sensitive=False)] = LogLevel.INFO,
) -> None:
    """Run the bot until it is told to stop."""
    settings = read_settings(config)
    from bot import logs, wiring

    logs.set_up(log.value, log_level.value, settings.secrets)
    do(settings, wiring.run(settings))


@app.command()
def simulate(
    config: Config = None,
    host: Annotated[str, typer.Option(help="Where to listen.")] = "127.0.0.1",
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="jimeng.simulator_port when not given.")] = None,
) -> None:
    """Run the Jimeng simulator alone."""
    settings = read_settings(config)
    from bot.simulator.config import Config as Simulated
    from bot.simulator.main import run as serve

    try:
        serve(
            Simulated(file=settings.bot.data_dir / "simulator.db"),
            host=host,
            port=settings.jimeng.simulator_port if port is None else port,
        )
    except OSError as error:
        stop(f"cannot listen on {host}: {error.strerror}", 1)


@app.command()
def doctor(
    config: Config = None,
    paint: Annotated[
        bool | None,
        typer.Option(
            "--paint/--no-paint",
            help="Paint one picture that works and one that must fail. By itself with the simulator only: real Jimeng costs money.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Check everything and say what was seen; exit code 1 when something is wrong."""
    settings = read_settings(config)
    from bot import doctor as examination

    def tell(line: Line) -> None:
        typer.echo(f"{MARKS.get(line.tone, '✓')} {say(line, settings.bot.language)}")

    closing = do(settings, examination.examine(settings, paint=paint, tell=tell))
    if any(line.tone == "alert" for line in closing):
        raise typer.Exit(1)


@app.command()
def export(
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="Standard output when not given.")] = None,
    form: Annotated[
        ExportForm | None, typer.Option("--format", help="json is one object a line. By FILE's ending when not given.")
    ] = None,
    days: Annotated[int | None, typer.Option(min=1, help="Only the last days.")] = None,
    words: Annotated[bool, typer.Option(help="With prompts; leaves a trace in the audit.")] = False,
    config: Config = None,
) -> None:
    """Write the record of all paintings, without secrets."""
    settings = read_settings(config)
    from bot import export as record

    if form is None:
        form = ExportForm.JSON if file is not None and file.suffix.lower() in (".json", ".jsonl") else ExportForm.CSV
    do(settings, record.export(settings, form.value, file, days, words))


@app.command()
def migrate(config: Config = None) -> None:
    """Bring the database to the newest schema (run does it by itself)."""
    settings = read_settings(config)
    from bot import operate

    do(settings, operate.migrate(settings))


@app.command()
def move(
    source: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="URL",
            parser=parse_database,
            help="Where everything is now: sqlite:///data/paintbot.db, postgresql://USER@HOST/NAME.",
        ),
    ],
    config: Config = None,
) -> None:
    """Bring everything from another database into the one of the settings, which is empty. Stop the bot first; pictures stay where they are."""
    settings = read_settings(config)
    from bot import operate

    do(settings, operate.move(settings, source))
