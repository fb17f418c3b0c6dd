"""The doctor on a real bot with nothing to run beside, and on settings that cannot work."""

import asyncio
import json
import os
import re
import signal
import sys
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import sqlalchemy as sa
from pydantic import SecretStr
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.clock import now
from bot.database import arrived, opened
from bot.doctor.platforms import look_at_platforms
from bot.doctor.saying import Finding
from bot.settings import load
from core import rules
from core.records.tables import members
from core.texts import say
from tests.slack.stand_in import TOKEN
from tests.slack.stand_in import StandIn as SlackStandIn
from tests.telegram.stand_in import TOKEN as TELEGRAM_TOKEN
from tests.telegram.stand_in import StandIn as TelegramStandIn

Run = Callable[..., Result]
ME = {"team": "Paint", "user": "paintbot", "team_id": "T0PAINT01", "bot_id": "B0BOT00001"}


@pytest.fixture
def doctor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`paintbot doctor …` in an empty folder, in English, on free ports."""
    monkeypatch.chdir(tmp_path)
    for name, value in (("BOT__LANGUAGE", "en"), ("WEB__PORT", "0"), ("JIMENG__SIMULATOR_PORT", "0")):
        monkeypatch.setenv(f"PAINTBOT_{name}", value)

    def run(*words: str) -> Result:
        return CliRunner().invoke(app, ["doctor", *words])

    return run


def test_the_doctor_paints_one_that_works_and_one_that_must_fail_and_tells_what_rules(
    doctor: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    first = doctor("--no-paint")
    assert first.exit_code == 0, first.output
    assert "trial" not in first.output

    assert "✓ The books balance" in first.output

    async def dearer() -> None:
        async with opened(load(None, {}), now) as records, records.write() as tx:
            await rules.change(tx, "sd", 70)
            await rules.change(tx, "expected", 100_000)

    asyncio.run(dearer())
    result = doctor()
    assert result.exit_code == 0, result.output
    assert "points.sd is 100 in the configuration, but 70 rules" in result.output
    assert re.search(r"· The pool “default” paints \d+ pictures? at a time.*fewer than the 100,000", result.output)
    assert re.search(
        r"✓ A picture that must work was painted: #\w+ .*→ kept → settled, \d+ s.* 70 points charged", result.output
    )
    assert re.search(
        r"✓ A picture that must fail was refused: #\w+ .*failed → settled.*not charged.* 50412", result.output
    )
    assert result.output.endswith("All is well.\n")
    assert not (tmp_path / "data" / "simulator.ready").exists(), "the simulator went with the doctor"


def test_the_doctor_names_whose_points_were_changed_by_hand(doctor: Run) -> None:
    async def tamper() -> None:
        async with opened(load(None, {}), now) as records, records.write() as tx:
            await arrived(tx, "telegram:7", "en")
            await tx.change(sa.update(members).values(points=members.c.points + 1))

    asyncio.run(tamper())
    result = doctor("--no-paint")
    assert result.exit_code == 1
    assert "✗ The books do not balance for 1: 7." in result.output


def test_the_doctor_names_what_is_wrong_and_never_a_token(doctor: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    silent = "http://127.0.0.1:1"
    for name, value in (
        ("SLACK__BOT_TOKEN", "xoxp-SECRET"),
        ("SLACK__APP_TOKEN", "xapp-SECRET"),
        ("SLACK__API_URL", silent),
        ("TELEGRAM__TOKEN", "1:SECRET"),
        ("TELEGRAM__API_BASE", silent),
    ):
        monkeypatch.setenv(f"PAINTBOT_{name}", value)
    result = doctor()
    assert result.exit_code == 1
    for said in (
        "✗ The pool in use, “default”, has no key that is on",
        "✗ slack.bot_token does not begin with xoxb-",
        "✗ Slack cannot be used: ConnectError",
        "✗ Telegram cannot be used: ConnectError",
        "✗ There is no admin yet.",
        "· Only one reference picture at a time",
        "· No trial painting: with real Jimeng it costs money.",
        "5 things are wrong.",
    ):
        assert said in result.output, result.output
    assert "SECRET" not in result.output


async def test_platforms_that_take_our_tokens_are_named_and_revoked_ones_are_wrong(tmp_path: Path) -> None:
    slack, telegram = SlackStandIn(), TelegramStandIn()
    async with AsyncExitStack() as stack:
        for platform in (slack, telegram):
            await platform.start()
            stack.push_async_callback(platform.stop)
        await _ask_both(slack, telegram, tmp_path)


async def _ask_both(slack: SlackStandIn, telegram: TelegramStandIn, tmp_path: Path) -> None:
    told: list[str] = []
    find = Finding(lambda line: told.append(say(line, "en")))
    settings = load(
        None,
        {
            "PAINTBOT_BOT__DATA_DIR": str(tmp_path),
            "SLACK_BOT_TOKEN": TOKEN,
            "SLACK_APP_TOKEN": "xapp-1",
            "SLACK_API_URL": f"{slack.url}/api",
            "TELEGRAM_BOT_TOKEN": TELEGRAM_TOKEN,
            "TELEGRAM_API_BASE": telegram.base,
        },
    )
    await look_at_platforms(settings, find)
    assert [line.partition(":")[0] for line in told] == ["Slack", "Slack", "Telegram"]
    assert find.wrong == 0

    few = {
        "X-OAuth-Scopes": "app_mentions:read,channels:history,chat:write,commands,files:write,im:history,im:write,users:read"
    }
    slack.faults["auth.test"].append((200, {"ok": True, **ME}, few))
    await look_at_platforms(settings, find)
    assert any("lacks scopes: files:read, groups:history, mpim:history" in one for one in told) and find.wrong == 0

    slack.faults["auth.test"].append((200, {"ok": False, "error": "token_revoked"}, {}))
    await look_at_platforms(settings, find)
    assert "Slack cannot be used: auth.test: token_revoked" in told

    for wrong, sentence in (
        ({"team_id": "E0GRID0001", "bot_id": "B0BOT00001", "is_enterprise_install": True}, "a whole organization"),
        ({"team_id": "T0PAINT01", "user_id": "U0ANN0001"}, "a person"),
    ):
        slack.faults["auth.test"].append((200, {"ok": True, **wrong}, {}))
        await look_at_platforms(settings, find)
        assert any(f"slack.bot_token belongs to {sentence}" in one for one in told)

    twos = settings.slack.model_copy(update={"app_token": SecretStr("xapp-1-A0OTHER001-1-abc")})
    await look_at_platforms(settings.model_copy(update={"slack": twos}), find)
    assert any("slack.bot_token is of the app A0PAINT001, slack.app_token of A0OTHER001" in one for one in told)

    other = settings.model_copy(update={"slack": settings.slack.model_copy(update={"api_url": f"{slack.url}/page"})})
    await look_at_platforms(other, find)
    assert any(f"slack.api_url: no Slack answers at {slack.url}/page (HTTP 200, text/html" in one for one in told)


def test_a_key_of_the_simulator_rests_while_the_real_jimeng_is_asked(doctor: Run) -> None:
    assert doctor("--no-paint").exit_code == 0
    real = CliRunner().invoke(app, ["doctor"], env={"PAINTBOT_JIMENG__SIMULATOR": "false"})
    assert "· Key “simulator” is off (simulator off)." in real.output
    assert "has no key that is on" in real.output
    assert "✓ Key “simulator” (…-key" in doctor("--no-paint").output


async def test_a_doctor_told_to_stop_takes_its_simulator_along(tmp_path: Path) -> None:
    """SIGTERM left it running, and the next doctor or bot found it there."""
    told = {"PAINTBOT_WEB__PORT": "0", "PAINTBOT_JIMENG__SIMULATOR_PORT": "0", "PAINTBOT_BOT__DATA_DIR": str(tmp_path)}
    (tmp_path / "config.toml").touch()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "doctor", "--config", str(tmp_path / "config.toml")),
        cwd=Path(__file__).parents[2],
        env={**os.environ, **told},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    async with asyncio.timeout(60):
        await process.stdout.readuntil(b"SQLite")  # the simulator is up before that is seen
        simulator = json.loads((tmp_path / "simulator.ready").read_text("utf-8"))["pid"]
        process.send_signal(signal.SIGTERM)
        _, said = await process.communicate()
    assert process.returncode == 143 and said.decode().rstrip().endswith("paintbot: stopped")
    assert not (tmp_path / "simulator.ready").exists()
    with pytest.raises(ProcessLookupError):
        os.kill(simulator, 0)
